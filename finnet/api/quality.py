"""What is wrong, odd or contradictory in the data of a case, each with its record; and whether a fresh list agrees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finnet.api._data_checks import CHECKS
from finnet.report.answer import Answer, Row
from finnet.text import folded, visible

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["check"]

_COLUMNS = ("problem", "severity", "id", "caption", "detail", "dataset", "record")

# Facts of which a party has one: two datasets with no value in common disagree.
_SINGLE = ("birthDate", "incorporationDate", "registrationNumber", "imoNumber", "jurisdiction", "gender")


def check(case: Case, *, against: Path | str | None = None, limit: int | None = 200) -> Answer:
    """Look at the data: impossible shares and dates, stubs, orphans, contradictions, payments listed twice, odd text.

    Two records with one name are listed as *same name*; they are a possible match and are never merged for it. With
    ``against``, a fresh version of a list, the rows are instead the case's listings by that authority that the fresh
    list does not have, has under another name or under other programmes.

    Raises: UsageError if the file is no list.
    """
    if against is not None:
        from finnet.api._fresh_list import moved_since

        return _answer(*moved_since(case, Path(against)), limit)
    rows = [row for problem, (severity, sql) in CHECKS.items() for row in _rows(case, problem, severity, sql)]
    rows += [*_facts(case), *_names(case)]
    datasets = [row["dataset"] for row in case.rows("select distinct dataset from v1_source order by 1")]
    return _answer(rows, {"datasets": datasets}, limit)


def _answer(rows: list[Row], about: dict[str, Any], limit: int | None) -> Answer:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["problem"]] = counts.get(row["problem"], 0) + 1
    order = {"wrong": 0, "conflict": 1, "odd": 2}
    rows = sorted(rows, key=lambda row: (order[row["severity"]], row["problem"]))
    return Answer(
        command="check",
        columns=_COLUMNS,
        rows=rows[:limit],
        summary={"problems": counts, **about},
        truncated=limit is not None and len(rows) > limit,
        total=len(rows),
    )


def _rows(case: Case, problem: str, severity: str, sql: str) -> Iterator[Row]:
    for row in case.rows(sql):
        yield {"problem": problem, "severity": severity, **row}


def _facts(case: Case) -> Iterator[Row]:
    for name in _SINGLE:
        for row in case.rows(
            """
            with said as (
                select canonical_id, caption, dataset, record,
                    from_json(properties -> $name, '["varchar"]') as found
                from v1_entity where properties is not null
            )
            select a.canonical_id as id, a.caption, a.found as left_values, b.found as right_values,
                a.dataset, a.record, b.dataset as other
            from said a join said b on a.canonical_id = b.canonical_id and a.dataset < b.dataset
            where len(a.found) > 0 and len(b.found) > 0
            order by id, a.dataset, a.record, other
            """,
            {"name": name},
        ):
            if _agree(row["left_values"], row["right_values"]):
                continue
            left, right = ", ".join(row["left_values"]), ", ".join(row["right_values"])
            yield {
                "problem": f"conflict: {name}",
                "severity": "conflict",
                "id": row["id"],
                "caption": row["caption"],
                "detail": f"{row['dataset']} says {left}, {row['other']} says {right}",
                "dataset": row["dataset"],
                "record": row["record"],
            }


def _agree(left: list[str], right: list[str]) -> bool:
    # A date that is less precise does not contradict one that it contains.
    return any(one.startswith(other) or other.startswith(one) for one in left for other in right)


def _names(case: Case) -> Iterator[Row]:
    known: dict[str, dict[str, Row]] = {}
    for row in case.rows(
        "select canonical_id as id, caption, dataset, record from v1_entity where not missing "
        "order by canonical_id, dataset, record"
    ):
        text = str(row["caption"] or "")
        if visible(text) != text:
            yield {"problem": "suspicious text", "severity": "odd", **row, "detail": f"shown as {visible(text)}"}
        known.setdefault(folded(text), {}).setdefault(row["id"], row)
    for name, parties in sorted(known.items()):
        if name and len(parties) > 1:
            first, *others = parties.values()
            yield {
                "problem": "same name",
                "severity": "odd",
                **first,
                "detail": "possible match (name only) with " + ", ".join(other["id"] for other in others[:8]),
            }
