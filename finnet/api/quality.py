"""What is wrong, odd or contradictory in the data of a case, each with its record; and whether a fresh list agrees."""

# ruff: noqa: E501 -- SQL is easier to read whole

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finnet.errors import UsageError
from finnet.report.answer import Answer, Row
from finnet.text import folded, visible

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["check"]

_COLUMNS = ("problem", "severity", "id", "caption", "detail", "dataset", "record")

# problem -> (severity, SQL with id, caption, detail, dataset, record). Severity: wrong (cannot be), conflict (two
# records disagree), odd (may be right, look at it).
_CHECKS: dict[str, tuple[str, str]] = {
    "share over the whole": (
        "wrong",
        """
        with certain as (
            select target_id, source_id, max(coalesce(share_min_ppm, 0)) as share,
                string_agg(distinct dataset || ':' || record, ', ' order by dataset || ':' || record) as records,
                min(dataset) as dataset, min(record) as record
            from v1_link where class = 'ownership' and end_date is null and not list_contains(coalesce(flags, []), 'indirect')
            group by target_id, source_id
        )
        select target_id as id, null as caption,
            'recorded shares add up to ' || round(sum(share) / 10000.0, 4) || ' % (' || string_agg(records, ', ' order by records) || ')'
                as detail, min(dataset) as dataset, min(record) as record
        from certain group by target_id having sum(share) > 1000000 order by 1
        """,
    ),
    "share bounds": (
        "wrong",
        """
        select link_id as id, null as caption,
            'a share of ' || coalesce(share_min_ppm / 10000.0, 0) || ' to ' || coalesce(share_max_ppm / 10000.0, 100) || ' %' as detail,
            dataset, record
        from v1_link where share_min_ppm > share_max_ppm or share_min_ppm < 0 or share_max_ppm > 1000000
        order by id, dataset, record
        """,
    ),
    "ends before it begins": (
        "wrong",
        """
        select link_id as id, null as caption, start_date || ' to ' || end_date as detail, dataset, record
        from v1_link where substr(end_date, 1, least(length(start_date), length(end_date)))
            < substr(start_date, 1, least(length(start_date), length(end_date)))
        order by id, dataset, record
        """,
    ),
    "delisted before listed": (
        "wrong",
        """
        select canonical_id as id, null as caption, authority || ': ' || listed_on || ' to ' || delisted_on as detail, dataset, record
        from v1_listing where delisted_on < listed_on order by id, dataset, record
        """,
    ),
    "holds itself": (
        "odd",
        """
        select link_id as id, source_id as caption, class || ' of itself' as detail, dataset, record
        from v1_link where source_id = target_id order by id, dataset, record
        """,
    ),
    "stub": (
        "odd",
        """
        select e.canonical_id as id, e.caption, 'somebody points at it, nobody describes it' as detail, e.dataset, e.record
        from v1_entity e join v1_party p using (canonical_id)
        where p.missing order by id, e.dataset, e.record
        """,
    ),
    "orphan": (
        "odd",
        """
        with tied as (
            select source_id as id from v1_link union select target_id from v1_link
            union select payer_id from v1_payment union select beneficiary_id from v1_payment
            union select intermediary_id from v1_payment union select canonical_id from v1_listing
        )
        select e.canonical_id as id, e.caption, 'no link, payment or listing names it' as detail, e.dataset, e.record
        from v1_entity e where e.canonical_id not in (select id from tied where id is not null)
            and e.schema not in ('Address', 'Identification', 'Passport', 'Note', 'Sanction')
        order by id, e.dataset, e.record
        """,
    ),
    "conflict: country": (
        "conflict",
        """
        select a.canonical_id as id, a.caption, a.dataset || ' says ' || a.country || ', ' || b.dataset || ' says ' || b.country
            as detail, a.dataset, a.record
        from v1_entity a join v1_entity b on a.canonical_id = b.canonical_id and a.dataset < b.dataset
        where a.country <> b.country and not list_contains(b.countries, a.country) and not list_contains(a.countries, b.country)
        order by id, a.dataset, a.record, b.dataset
        """,
    ),
    "conflict: share": (
        "conflict",
        """
        select a.target_id as id, a.source_id as caption, a.dataset || ':' || a.record || ' says ' || a.share_min_ppm / 10000.0
            || ' to ' || a.share_max_ppm / 10000.0 || ' %, ' || b.dataset || ':' || b.record || ' says ' || b.share_min_ppm / 10000.0
            || ' to ' || b.share_max_ppm / 10000.0 || ' %' as detail, a.dataset, a.record
        from v1_link a join v1_link b on a.source_id = b.source_id and a.target_id = b.target_id and a.class = b.class
            and (a.dataset, a.record) < (b.dataset, b.record)
        where a.class = 'ownership' and a.end_date is null and b.end_date is null and not list_contains(coalesce(a.flags, []), 'indirect')
            and not list_contains(coalesce(b.flags, []), 'indirect')
            and (a.share_max_ppm < b.share_min_ppm or b.share_max_ppm < a.share_min_ppm)
        order by id, caption, a.dataset, a.record, b.dataset, b.record
        """,
    ),
    "payment to oneself": (
        "odd",
        """
        select payment_id as id, payer_id as caption, amount || ' ' || currency as detail, dataset, record
        from v1_payment where payer_id = beneficiary_id and payer_account is not distinct from beneficiary_account
        order by dataset, record
        """,
    ),
    "reversal": (
        "odd",
        """
        select payment_id as id, payer_id as caption, amount || ' ' || currency as detail, dataset, record
        from v1_payment where amount < 0 order by dataset, record
        """,
    ),
    "payment of nothing": (
        "odd",
        """
        select payment_id as id, payer_id as caption, amount || ' ' || currency as detail, dataset, record
        from v1_payment where amount = 0 order by dataset, record
        """,
    ),
}

# Facts of which a party has one: two datasets with no value in common disagree.
_SINGLE = ("birthDate", "incorporationDate", "registrationNumber", "imoNumber", "jurisdiction", "gender")


def check(case: Case, *, against: Path | str | None = None, limit: int | None = 200) -> Answer:
    """Look at the data: impossible shares and dates, stubs, orphans, contradictions, equal names, odd text.

    Two records with one name are listed as *same name*; they are a possible match and are never merged for it. With
    ``against``, a fresh version of a list, the rows are instead the case's listings by that authority that the fresh
    list does not have, has under another name or under other programmes.

    Raises: UsageError if the file is no list.
    """
    if against is not None:
        return _against(case, Path(against), limit)
    rows = [row for problem, (severity, sql) in _CHECKS.items() for row in _rows(case, problem, severity, sql)]
    rows += [*_facts(case), *_names(case)]
    return _answer(
        rows,
        limit,
        {"datasets": [row["dataset"] for row in case.rows("select distinct dataset from v1_source order by 1")]},
    )


def _answer(rows: list[Row], limit: int | None, about: dict[str, Any]) -> Answer:
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
            select a.canonical_id as id, a.caption, a.found as left_values, b.found as right_values, a.dataset, a.record,
                b.dataset as other
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


def _against(case: Case, fresh: Path, limit: int | None) -> Answer:
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
    return _answer(rows, limit, {"against": fresh.name, "authorities": sorted(authorities), "compared": compared})


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
