"""The documented ``v1_`` views over the data files: what users and the layers above see of a case."""

# ruff: noqa: S608 -- SQL is put together from names of our own; file names pass through literal().

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.store.connection import identifier, literal
from finnet.store.tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from finnet.store.manifest import Manifest

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

# A stub says only that somebody points at an id: where anybody describes it, stubs of it are left out of the party.
_PARTY = """
create view v1_party as
with described as (
    select *, row_number() over (
        partition by canonical_id order by missing, entity_id <> canonical_id, dataset, file, record
    ) as place
    from v1_entity
),
lists as (
    select canonical_id, list_sort(list_distinct(flatten(list(coalesce(countries, []))))) as countries,
        list_sort(list_distinct(flatten(list(coalesce(topics, []))))) as topics,
        list_sort(list_distinct(flatten(list(coalesce(tags, []))))) as tags,
        list_sort(list_distinct(list(dataset))) as datasets,
        bool_and(missing) as missing
    from v1_entity group by canonical_id
),
listed as (
    select canonical_id,
        list_sort(list_distinct(list(program) filter (program is not null))) as programs,
        list_sort(list_distinct(list(authority))) as authorities
    from v1_listing where delisted_on is null group by canonical_id
)
select d.canonical_id, d.caption, d.schema, d.country, l.countries, l.topics, l.tags,
    coalesce(s.programs, []) as programs, coalesce(s.authorities, []) as authorities, l.datasets, l.missing
from described d
join lists l using (canonical_id)
left join listed s using (canonical_id)
where d.place = 1
"""


def make_views(
    connection: DuckDBPyConnection,
    case: Path,
    manifest: Manifest,
    *,
    canonical: Mapping[str, str],
    tags: Mapping[str, Sequence[str]],
) -> None:
    """Create the views in an empty connection. ``canonical`` holds only ids that were merged."""
    for table, columns in TABLES.items():
        _stored(connection, table, columns, [str(case / "data" / name) for name in manifest.files_of(table)])
    _canonical(connection, canonical)
    _tags(connection, tags)
    merged = bool(canonical)
    entity = _resolved("e.entity_id", merged)
    connection.execute(f"""
        create view v1_entity as
        select e.entity_id, {entity.value} as canonical_id, e.schema, e.caption, e.country, e.countries, e.topics,
            list_sort(list_distinct(list_concat(coalesce(e.tags, []), coalesce(t.tags, [])))) as tags,
            e.flags, coalesce(e.missing, false) as missing, e.first_seen, e.last_seen, e.basis, e.reliability,
            e.credibility, e.dataset, e.file, e.record, e.byte_offset, e.properties
        from stored_entities e left join analyst_tag t on t.entity_id = e.entity_id {entity.join}
    """)
    source, target = _resolved("l.source_id", merged, "cs"), _resolved("l.target_id", merged, "ct")
    connection.execute(f"""
        create view v1_link as
        select l.* replace ({source.value} as source_id, {target.value} as target_id),
            l.source_id as stated_source_id, l.target_id as stated_target_id
        from stored_links l {source.join} {target.join}
    """)
    payer, payee = _resolved("p.payer_id", merged, "cp"), _resolved("p.beneficiary_id", merged, "cb")
    middle = _resolved("p.intermediary_id", merged, "cm")
    connection.execute(f"""
        create view v1_payment as
        select p.* replace ({payer.value} as payer_id, {payee.value} as beneficiary_id,
            {middle.value} as intermediary_id)
        from stored_payments p {payer.join} {payee.join} {middle.join}
    """)
    listed = _resolved("l.entity_id", merged)
    connection.execute(f"""
        create view v1_listing as
        select l.*, {listed.value} as canonical_id from stored_listings l {listed.join}
    """)
    connection.execute("create view v1_detail as select * from stored_details")
    connection.execute(_PARTY)
    _sources(connection, manifest)


def _stored(connection: DuckDBPyConnection, table: str, columns: Mapping[str, str], files: Sequence[str]) -> None:
    if files:
        names = ", ".join(identifier(column) for column in columns)
        listed = ", ".join(literal(file) for file in files)
        select = f"select {names} from read_parquet([{listed}], hive_partitioning = false)"
    else:
        nothing = ", ".join(f"cast(null as {kind}) as {identifier(name)}" for name, kind in columns.items())
        select = f"select {nothing} where false"
    connection.execute(f"create view stored_{table} as {select}")


class _resolved:
    """How a column of ids is turned into canonical ids; without merges the column itself, at no cost."""

    def __init__(self, column: str, merged: bool, alias: str = "c") -> None:
        self.value = f"coalesce({alias}.canonical_id, {column})" if merged else column
        self.join = f"left join canonical {alias} on {alias}.entity_id = {column}" if merged else ""


def _canonical(connection: DuckDBPyConnection, canonical: Mapping[str, str]) -> None:
    connection.execute("create table canonical (entity_id varchar, canonical_id varchar)")
    _insert(connection, "canonical", sorted(canonical.items()))


def _tags(connection: DuckDBPyConnection, tags: Mapping[str, Sequence[str]]) -> None:
    connection.execute("create table analyst_tag (entity_id varchar, tags varchar[])")
    _insert(connection, "analyst_tag", sorted((entity, list(names)) for entity, names in tags.items()))


def _sources(connection: DuckDBPyConnection, manifest: Manifest) -> None:
    connection.execute("""
        create table v1_source (dataset varchar, list_date varchar, file varchar, sha256 varchar, format varchar,
            records bigint, loaded bigint, rejected bigint, skipped bigint, licence varchar, title varchar,
            grade varchar)
    """)
    _insert(
        connection,
        "v1_source",
        [
            (
                one.dataset, one.list_date, file.name, file.sha256, one.format, file.records, file.loaded,
                file.rejected, file.skipped, one.licence, one.title, one.grade,
            )
            for one in manifest.active
            for file in one.files
        ],
    )  # fmt: skip


def _insert(connection: DuckDBPyConnection, table: str, rows: Iterable[Sequence[object]]) -> None:
    rows = list(rows)
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(f"insert into {identifier(table)} values ({marks})", rows)
