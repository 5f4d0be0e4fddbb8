"""The documented ``v1_`` views over the data files: what users and the layers above see of a case."""

# ruff: noqa: S608 -- SQL is put together from names of our own; file names pass through literal().

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finnet.model.listed import SANCTIONED, UNSPECIFIED
from finnet.store.analyst import analyst_rows, retracted
from finnet.store.bulk_tables import no_rows
from finnet.store.connection import literal
from finnet.store.data_rows import whole_rows
from finnet.store.decisions import tags
from finnet.store.tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from finnet.store.manifest import DataFile, Manifest

__all__ = ["VIEWS", "make_views"]

VIEWS: tuple[str, ...] = (
    "v1_detail",
    "v1_entity",
    "v1_link",
    "v1_listing",
    "v1_party",
    "v1_payment",
    "v1_source",
)

_LISTED = """
listed as (
    select canonical_id,
        list_sort(list_distinct(list(program) filter (program is not null))) as programs,
        list_sort(list_distinct(list(authority))) as authorities
    from v1_listing where delisted_on is null group by canonical_id
)
"""
# As finnet/model/listed.py has it.
_SHOWN = f"""
select p.canonical_id, p.caption, p.schema, p.country, p.countries, p.topics, p.tags,
    coalesce(s.programs, []) as programs,
    case when s.authorities is not null then s.authorities
        when list_contains(p.topics, {literal(SANCTIONED)}) then [{literal(UNSPECIFIED)}] else [] end as authorities,
    p.datasets, p.missing
"""

# Where each party has one statement there is nothing to put together.
_PARTY_OF_ONE = f"""
create view v1_party as
with {_LISTED},
p as (
    select canonical_id, caption, schema, country, list_sort(list_distinct(countries)) as countries,
        list_sort(list_distinct(topics)) as topics, tags, [dataset] as datasets, missing
    from v1_entity
)
{_SHOWN} from p left join listed s using (canonical_id)
"""

# A stub says only that somebody points at an id: where anybody describes it, stubs of it are left out of the party.
# Who names it goes before a table that knows its id only, who knows its country before who does not.
_PARTY = f"""
create view v1_party as
with {_LISTED},
repeated as materialized (select canonical_id from v1_entity group by canonical_id having count(*) > 1),
best as (
    select canonical_id,
        arg_min({{caption: caption, schema: schema, country: country}},
            (missing, caption = entity_id, country is null, entity_id <> canonical_id, dataset, file, record)) as said,
        list_sort(list_distinct(flatten(list(countries)))) as countries,
        list_sort(list_distinct(flatten(list(topics)))) as topics,
        list_sort(list_distinct(flatten(list(tags)))) as tags,
        list_sort(list_distinct(list(dataset))) as datasets,
        bool_and(missing) as missing
    from v1_entity semi join repeated using (canonical_id) group by canonical_id
),
p as (
    select canonical_id, caption, schema, country, list_sort(list_distinct(countries)) as countries,
        list_sort(list_distinct(topics)) as topics, tags, [dataset] as datasets, missing
    from v1_entity anti join repeated using (canonical_id)
    union all
    select canonical_id, said.caption, said.schema, said.country, countries, topics, tags, datasets, missing
    from best
)
{_SHOWN} from p left join listed s using (canonical_id)
"""


def make_views(
    connection: DuckDBPyConnection,
    case: Path,
    manifest: Manifest,
    *,
    canonical: Mapping[str, str],
    decisions: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Create the views in an empty connection.

    ``canonical`` holds only ids that were merged; ``decisions`` are all that analysts took: their tags, their own links
    and the parties they made stand beside what files state, what they retracted is left out. In ``v1_link`` and
    ``v1_payment`` the ends are canonical ids, in ``v1_listing`` the entity is the one stated, with the canonical id
    beside it.
    """
    for table in TABLES:
        _stored(connection, table, case / "data", manifest.files_of(table))
    _canonical(connection, canonical)
    given_tags = tags(decisions)
    _tags(connection, given_tags)
    links, entities, payments = _with_decisions(connection, decisions)
    merged = bool(canonical)
    entity = _resolved("e.entity_id", merged)
    given = "coalesce(t.tags, [])" if given_tags else "[]"
    tagged = "left join analyst_tag t on t.entity_id = e.entity_id" if given_tags else ""
    connection.execute(f"""
        create view v1_entity as
        select e.entity_id, {entity.value} as canonical_id, e.schema, e.caption, e.country,
            coalesce(e.countries, []) as countries, coalesce(e.topics, []) as topics,
            list_sort(list_distinct(list_concat(coalesce(e.tags, []), {given}))) as tags,
            coalesce(e.flags, []) as flags, coalesce(e.missing, false) as missing, e.first_seen, e.last_seen, e.basis,
            e.reliability, e.credibility, e.dataset, e.file, e.record, e.byte_offset, e.properties
        from {entities} e {tagged} {entity.join}
    """)
    source, target = _resolved("l.source_id", merged, "cs"), _resolved("l.target_id", merged, "ct")
    connection.execute(f"""
        create view v1_link as
        select l.* replace ({source.value} as source_id, {target.value} as target_id),
            l.source_id as stated_source_id, l.target_id as stated_target_id
        from {links} l {source.join} {target.join}
    """)
    payer, payee = _resolved("p.payer_id", merged, "cp"), _resolved("p.beneficiary_id", merged, "cb")
    middle = _resolved("p.intermediary_id", merged, "cm")
    connection.execute(f"""
        create view v1_payment as
        select p.* replace ({payer.value} as payer_id, {payee.value} as beneficiary_id,
            {middle.value} as intermediary_id)
        from {payments} p {payer.join} {payee.join} {middle.join}
    """)
    listed = _resolved("l.entity_id", merged)
    connection.execute(f"""
        create view v1_listing as
        select l.*, {listed.value} as canonical_id from stored_listings l {listed.join}
    """)
    connection.execute("create view v1_detail as select * from stored_details")
    is_once = not merged and entities == "stored_entities" and _states_once(manifest)
    connection.execute(_PARTY_OF_ONE if is_once else _PARTY)
    _sources(connection, manifest)


def _stored(connection: DuckDBPyConnection, table: str, folder: Path, files: Sequence[DataFile]) -> None:
    alike = groupby(files, key=lambda file: file.lacks)
    rows = [whole_rows(table, lacks, *(folder / file.name for file in some)) for lacks, some in alike]
    connection.execute(f"create view stored_{table} as {' union all '.join(rows) or no_rows(table)}")


def _with_decisions(connection: DuckDBPyConnection, decisions: Sequence[Mapping[str, Any]]) -> tuple[str, str, str]:
    """What links, entities and payments are read from: the stored ones, with what analysts added and took away."""
    links, entities, payments = "stored_links", "stored_entities", "stored_payments"
    if analyst_rows(connection, decisions):
        links = f"(select * from {links} union all select * from analyst_links)"
        entities = f"(select * from {entities} union all select * from analyst_entities)"
    gone = sorted(retracted(decisions))
    if gone:
        connection.execute("create table retracted as select unnest($ids) as item", {"ids": gone})
        links = f"(select * from {links} anti join retracted on link_id = item)"
        payments = f"(select * from {payments} anti join retracted on payment_id = item)"
    return links, entities, payments


def _states_once(manifest: Manifest) -> bool:
    """Whether no id has two statements: one ingest, and as many rows as different ids."""
    told = [(data.rows, one) for one in manifest.active for data in one.data if data.table == "entities"]
    return all(rows == one.counts["entities"] + one.counts["stubs"] for rows, one in told) and len(told) <= 1


class _resolved:
    """How a column of ids is turned into canonical ids; without merges the column itself, at no cost."""

    def __init__(self, column: str, merged: bool, alias: str = "c") -> None:
        self.value = f"coalesce({alias}.canonical_id, {column})" if merged else column
        self.join = f"left join canonical {alias} on {alias}.entity_id = {column}" if merged else ""


def _canonical(connection: DuckDBPyConnection, canonical: Mapping[str, str]) -> None:
    connection.execute("create table canonical (entity_id varchar, canonical_id varchar)")
    if canonical:
        ids = sorted(canonical)
        connection.execute(
            "insert into canonical select unnest($ids), unnest($into)",
            {"ids": ids, "into": [canonical[label] for label in ids]},
        )


def _tags(connection: DuckDBPyConnection, given: Mapping[str, Sequence[str]]) -> None:
    connection.execute("create table analyst_tag (entity_id varchar, tags varchar[])")
    if given:
        entities = sorted(given)
        connection.execute(
            "insert into analyst_tag select unnest($entities), unnest($tags)",
            {"entities": entities, "tags": [list(given[entity]) for entity in entities]},
        )


def _sources(connection: DuckDBPyConnection, manifest: Manifest) -> None:
    connection.execute("""
        create table v1_source (dataset varchar, list_date varchar, file varchar, sha256 varchar, format varchar,
            records bigint, loaded bigint, rejected bigint, skipped bigint, licence varchar, title varchar,
            grade varchar)
    """)
    rows = [
        (
            one.dataset, one.list_date, file.name, file.sha256, one.format, file.records, file.loaded, file.rejected,
            file.skipped, one.licence, one.title, one.grade,
        )
        for one in manifest.active
        for file in one.files
    ]  # fmt: skip
    if rows:
        connection.executemany(f"insert into v1_source values ({', '.join('?' for _ in rows[0])})", rows)
