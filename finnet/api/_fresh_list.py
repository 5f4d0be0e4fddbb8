"""Whether a fresh version of a list still says what the case says of it, listing by listing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finnet.errors import UsageError
from finnet.report.answer import Row
from finnet.text import folded

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["moved_since"]


def moved_since(case: Case, fresh: Path) -> tuple[list[Row], dict[str, Any]]:
    """A row per listing that a fresh version of its list does not have, or has otherwise; and what was compared.

    Only listings with a reference can be found again.

    Raises: UsageError if the file is no list.
    """
    from finnet import api

    with tempfile.TemporaryDirectory(prefix="finnet-check-") as folder:
        place = Path(folder) / "fresh.finnet"
        api.ingest([fresh], case=place)
        with api.open_case(place) as other:
            now = _by_reference(other)
    if not now:
        raise UsageError(f"--against {fresh.name}: no listing in it", hint="give a sanctions list")
    authorities = {authority for authority, _ in now}
    rows, compared = [], 0
    for key, then in sorted(_by_reference(case).items()):
        if key[0] not in authorities:
            continue
        compared += 1
        found = now.get(key)
        if found is None:
            rows.append(
                _moved("not on the fresh list", "conflict", key, then, f"{key[0]} {key[1]} is not in {fresh.name}")
            )
            continue
        if not then["names"] & found["names"]:
            says = f"{fresh.name} has {key[0]} {key[1]} as {', '.join(sorted(found['captions']))}"
            rows.append(_moved("another name", "conflict", key, then, says))
        gone = then["programs"] - found["programs"]
        if gone:
            rows.append(_moved("another programme", "odd", key, then, f"no longer under {', '.join(sorted(gone))}"))
    return rows, {"against": fresh.name, "authorities": sorted(authorities), "compared": compared}


def _moved(problem: str, severity: str, key: tuple[str, str], then: dict[str, Any], detail: str) -> Row:
    return {
        "problem": problem,
        "severity": severity,
        "id": then["id"],
        "caption": sorted(then["captions"])[0] if then["captions"] else key[1],
        "detail": detail,
        "dataset": then["dataset"],
        "record": then["record"],
    }


def _by_reference(case: Case) -> dict[tuple[str, str], dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in case.rows(
        """
        select l.authority, l.reference, l.program, l.canonical_id as id, l.dataset, l.record, e.caption,
            flatten([coalesce(from_json(e.properties -> name, '["varchar"]'), [])
                for name in ['name', 'alias', 'weakAlias', 'previousName']]) as names
        from v1_listing l join v1_entity e on e.entity_id = l.entity_id and e.dataset = l.dataset
        where l.reference is not null and l.delisted_on is null
        order by l.authority, l.reference, l.dataset, l.record, l.program
        """
    ):
        entry = found.setdefault(
            (row["authority"], row["reference"]),
            {"names": set(), "captions": set(), "programs": set(), **{k: row[k] for k in ("id", "dataset", "record")}},
        )
        entry["captions"].add(row["caption"])
        entry["names"] |= {_key(name) for name in [row["caption"], *row["names"]] if name}
        if row["program"]:
            entry["programs"].add(row["program"])
    return found


def _key(name: str) -> str:
    # "KIM, Chol Sam" on one list is "Kim Chol Sam" on another.
    return " ".join(sorted("".join(c if c.isalnum() else " " for c in folded(name)).split()))
