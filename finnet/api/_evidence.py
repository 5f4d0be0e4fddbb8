"""What the case's records say about the parties in an answer, row by row, for reports."""

# ruff: noqa: S608 -- SQL is put together from column names and numbers of our own; values are always bound.

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from finnet.graph.selection import Queries
from finnet.report.answer import Row

__all__ = ["people_among", "places_of", "statements_about"]

_LINKS, _PAYMENTS, _ENTITIES = 8, 5, 3  # of each party, at most
_ORIGIN = "dataset, file, record, byte_offset, basis, reliability, credibility"
_MAY_BE_A_PERSON = ("Person", "LegalEntity", "Thing")

_STATED = f"""
with wanted as (select unnest($ids::varchar[]) as id)
select 'entity' as kind, w.id, e.caption, e.schema, e.country, {_ORIGIN}
from wanted w join v1_entity e on e.canonical_id = w.id
where not e.missing
-- A table of payments knows of a party its id only: that says nothing where another record names it.
qualify row_number() over (partition by w.id order by e.caption = e.entity_id, e.dataset, e.file, e.record)
    <= {_ENTITIES} and (e.caption <> e.entity_id or not bool_or(e.caption <> e.entity_id) over (partition by w.id))
order by w.id, e.dataset, e.file, e.record
"""
_LISTED = f"""
with wanted as (select unnest($ids::varchar[]) as id)
select 'listing' as kind, w.id, p.caption, l.authority, l.program, l.reference, l.listed_on, l.delisted_on, {_ORIGIN}
from wanted w join v1_listing l on l.canonical_id = w.id join v1_party p on p.canonical_id = w.id
order by w.id, l.authority, l.program, l.reference, l.dataset, l.file, l.record
"""
_TIED = f"""
with wanted as (select unnest($ids::varchar[]) as id),
tied as (
    select w.id as wanted_id, l.* from wanted w join v1_link l on l.source_id = w.id
    union all
    select w.id, l.* from wanted w join v1_link l on l.target_id = w.id and l.source_id <> w.id
)
select 'link' as kind, l.wanted_id, l.source_id, l.target_id, s.caption as source_caption, t.caption as target_caption,
    l.class, l.role, l.share_min_ppm, l.share_max_ppm, l.start_date, l.end_date, {_ORIGIN}
from tied l
left join v1_party s on s.canonical_id = l.source_id
left join v1_party t on t.canonical_id = l.target_id
where l.class not in ('co_location', 'co_mention')
qualify row_number() over (partition by l.wanted_id
    order by l.class, l.source_id, l.target_id, l.link_id, l.dataset, l.file, l.record) <= {_LINKS}
order by l.wanted_id, l.class, l.source_id, l.target_id, l.link_id, l.dataset, l.file, l.record
"""
_PAID = f"""
with wanted as (select unnest($ids::varchar[]) as id),
paid as (
    select w.id as wanted_id, p.* from wanted w join v1_payment p on p.payer_id = w.id
    union all
    select w.id, p.* from wanted w join v1_payment p on p.beneficiary_id = w.id and p.payer_id is distinct from w.id
    union all
    select w.id, p.* from wanted w join v1_payment p
    on p.intermediary_id = w.id and p.payer_id is distinct from w.id and p.beneficiary_id is distinct from w.id
)
select 'payment' as kind, m.wanted_id, m.payer_id, m.beneficiary_id, a.caption as payer_caption,
    b.caption as beneficiary_caption, m.intermediary_id, m.amount, m.currency, m.count, m.booked_on, {_ORIGIN}
from paid m
left join v1_party a on a.canonical_id = m.payer_id
left join v1_party b on b.canonical_id = m.beneficiary_id
qualify row_number() over (partition by m.wanted_id
    order by m.amount desc, m.currency, m.payment_id, m.dataset, m.file, m.record) <= {_PAYMENTS}
order by m.wanted_id, m.amount desc, m.currency, m.payment_id, m.dataset, m.file, m.record
"""


def statements_about(case: Queries, ids: Sequence[str]) -> list[Row]:
    """Rows of entities, listings, links and payments about these parties, party by party, each record once.

    Payments of different currencies are not compared: the largest numbers come first, whatever they are counted in.
    """
    found: dict[str, list[Row]] = {label: [] for label in ids}
    for sql in (_STATED, _LISTED, _TIED, _PAID):
        for row in case.rows(sql, {"ids": list(ids)}):
            found[str(row.pop("wanted_id", row.get("id")))].append(row)
    seen: set[tuple[Any, ...]] = set()
    rows = []
    for row in (one for label in ids for one in found[label]):
        key = (row["kind"], *(str(value) for name, value in row.items()))
        if key not in seen:
            seen.add(key)
            rows.append(row)
    return rows


def people_among(case: Queries, ids: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Of these parties those who are or may be natural persons: their caption, and whether a death is recorded."""
    rows = case.rows(
        """
        select p.canonical_id, p.caption, coalesce(bool_or(
            json_extract_string(e.properties, '$.deathDate[0]') is not null), false) as is_dead
        from v1_party p join v1_entity e using (canonical_id)
        where p.canonical_id in (select unnest($ids::varchar[])) and list_contains($kinds::varchar[], p.schema)
        group by p.canonical_id, p.caption
        order by p.canonical_id
        """,
        {"ids": list(ids), "kinds": list(_MAY_BE_A_PERSON)},
    )
    return {row["canonical_id"]: (str(row["caption"]), bool(row["is_dead"])) for row in rows}


def places_of(case: Queries, records: Sequence[str]) -> dict[str, Row]:
    """Where records lie that are named as ``dataset:record``: file, byte offset and grade.

    Where several files of a dataset have a record of that number, nobody can tell which is meant: it is left out.
    """
    named = [(name, *name.rpartition(":")[::2]) for name in dict.fromkeys(records)]
    asked = [(name, dataset, int(number)) for name, dataset, number in named if number.isdecimal()]
    rows = case.rows(
        f"""
        with named as (
            select unnest($names::varchar[]) as name, unnest($datasets::varchar[]) as dataset,
                unnest($numbers::bigint[]) as record
        ),
        stated as (
            select {_ORIGIN} from v1_link union select {_ORIGIN} from v1_payment
            union select {_ORIGIN} from v1_listing union select {_ORIGIN} from v1_entity
        )
        select n.name, s.* from named n join stated s on s.dataset = n.dataset and s.record = n.record
        qualify count(distinct s.file) over (partition by n.name) = 1
            and row_number() over (partition by n.name order by s.basis, s.reliability, s.credibility) = 1
        order by n.name
        """,
        {
            "names": [one[0] for one in asked],
            "datasets": [one[1] for one in asked],
            "numbers": [one[2] for one in asked],
        },
    )
    return {str(row["name"]): row for row in rows}
