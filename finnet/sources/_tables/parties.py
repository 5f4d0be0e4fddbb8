"""The entities that a table of payments or links names on the way: one per id, all its names kept."""
# ruff: noqa: S608  # what is pasted into SQL is ours; values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from finnet.sources._tables.columns import Columns

__all__ = ["Party", "described_parties", "named_only"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of the parties of a row, in SQL over a good row; null where the row does not say."""

    id: str
    name: str
    country: str  # as written
    schema: str

    @classmethod
    def of(cls, columns: Columns, word: str, *, has_account: bool = True) -> Party:
        """The id is the id column, else the account, else the exact name."""
        parts = [word, *([f"{word}_account"] if has_account else []), f"{word}_name"]
        said = [columns.text(part) for part in parts if columns.has(part)]
        return cls(
            id=f"coalesce({', '.join(said)})" if said else "cast(null as varchar)",
            name=columns.text(f"{word}_name"),
            country=columns.text(f"{word}_country"),
            schema=columns.text(f"{word}_schema"),
        )


def named_only(sources: Sequence[tuple[str, str]]) -> str:
    """Entities of which nothing is known but an id: from columns of the stored rows, as (relation, column).

    They are called by what follows the first ``$prefix_length`` characters of the id.
    """
    arms = " union all ".join(
        f"select {column} as id, record, byte_offset from {relation} where {column} is not null"
        for relation, column in sources
    )
    return (
        "select id as entity_id, substr(id, $prefix_length + 1) as caption, min(record) as record, "
        "min(byte_offset) as byte_offset "
        f"from ({arms}) group by id"
    )


def described_parties(parties: Sequence[Party], *, schema: str, only_described: bool = False) -> str:
    """Entities with their names, countries and schema; the first record that says so comes first.

    ``only_described`` leaves out those of whom no row gives a name, country or schema.
    """
    arms = " union all ".join(
        f"select {party.id} as id, {party.name} as name, {party.country} as place, {party.schema} as schema, "
        f"cast(min(record) as bigint) * 8 + {order} as first, min(byte_offset) as byte_offset "
        f"from good where {party.id} is not null group by 1, 2, 3, 4"
        for order, party in enumerate(parties)
    )
    described = "where name is not null or place is not null or schema is not null" if only_described else ""
    has_places = any("null as varchar" not in party.country for party in parties)
    country = (
        "(select l.alpha2 from lookup_country as l where l.word = place)" if has_places else "cast(null as varchar)"
    )
    return f"""
with mention as materialized (
    select id, name, {country} as country, schema, first, byte_offset from ({arms}) {described}
),
one as (
    select id, min(first) as first, min(byte_offset) as byte_offset,
        arg_min(schema, first) filter (where schema is not null) as schema
    from mention group by id
),
name as (
    select id, list(name order by first, name) as names
    from (select id, name, min(first) as first from mention where name is not null group by id, name) group by id
),
place as (
    select id, list(country order by first, country) as countries
    from (select id, country, min(first) as first from mention where country is not null group by id, country)
    group by id
)
select one.id as entity_id, coalesce(one.schema, {schema}) as schema, coalesce(names[1], one.id) as caption,
    countries[1] as country, coalesce(countries, []) as countries,
    '{{' || concat_ws(',',
        case when countries is not null then '"country":' || to_json(countries) end,
        case when names is not null then '"name":' || to_json(names) end) || '}}' as properties,
    one.first // 8 as record, one.byte_offset
from one left join name on one.id = name.id left join place on one.id = place.id
"""
