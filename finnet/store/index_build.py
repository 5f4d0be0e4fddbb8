"""Making index.sqlite: parties, links from both ends, names; read from the engine as a stream."""

# ruff: noqa: S608 -- SQL is put together from table and column names of our own.

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.store.connection import identifier
from finnet.store.name_search import searchable
from finnet.text import folded

if TYPE_CHECKING:
    from finnet.store.case import Case

__all__ = ["ENTITY_REST", "LINK_REST", "LISTING", "build_index"]

# Columns that are only shown, never looked for, travel and lie in the index as one JSON text: a third of the time.
ENTITY_REST = ("schema", "caption", "country", "topics", "missing", "dataset", "file", "record", "byte_offset")
LINK_REST = (
    "class", "schema", "role", "share_min_ppm", "share_max_ppm", "amount", "currency", "commodity", "start_date",
    "end_date", "basis", "reliability", "credibility", "dataset", "file", "record", "byte_offset",
)  # fmt: skip
LISTING = (
    "entity_id", "canonical_id", "authority", "program", "reference", "listed_on", "delisted_on", "dataset", "file",
    "record", "byte_offset",
)  # fmt: skip
_DETAIL = ("entity_id", "property", "value", "dataset", "file", "record", "byte_offset")
# Short names first: those that a search meets first are then those most like a short query. An id that stands in for
# a name is no name.
_NAMES = """
with said as (
    select canonical_id, entity_id, caption, unnest(list_distinct(flatten([
        [caption],
        coalesce(from_json(properties -> 'name', '["varchar"]'), []),
        coalesce(from_json(properties -> 'alias', '["varchar"]'), []),
        coalesce(from_json(properties -> 'weakAlias', '["varchar"]'), []),
        coalesce(from_json(properties -> 'previousName', '["varchar"]'), [])
    ]))) as shown
    from v1_entity
)
select distinct canonical_id, shown from said where shown is not null and shown <> entity_id
order by length(shown), shown, canonical_id
"""
_BATCH = 50_000

# A crash leaves a temporary file, never half an index: no journal is needed.
_SETTINGS = """
pragma page_size = 8192;
pragma journal_mode = off;
pragma synchronous = off;
pragma locking_mode = exclusive;
pragma temp_store = file;
pragma cache_size = -200000;
"""
_TABLES = f"""
create table entity (entity_id, canonical_id, rest, properties);
create table link (source_id, target_id, link_id, rest);
create table listing ({", ".join(LISTING)});
create table detail ({", ".join(_DETAIL)});
create table name (canonical_id, folded, shown);
create virtual table name_word using fts5(words, content='', detail=none, columnsize=0, tokenize='unicode61');
create virtual table vocabulary using fts5vocab('name_word', 'row');
create table meta (name, value);
"""
_INDEXES = """
create index entity_by_id on entity(entity_id);
create index entity_by_party on entity(canonical_id) where canonical_id is not null;
create index link_by_source on link(source_id);
create index link_by_target on link(target_id);
create index listing_by_party on listing(canonical_id);
create index listing_by_id on listing(entity_id);
create index detail_by_entity on detail(entity_id);
create index name_by_text on name(folded);
"""


def build_index(case: Case, path: Path, key: str) -> None:
    """Make the index beside the old one, then switch by renaming; ``key`` says of which data it is.

    Raises: OSError or sqlite3.OperationalError where it cannot be written.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".index-", suffix=".sqlite")
    os.close(handle)
    try:
        database = sqlite3.connect(temporary, isolation_level=None)
        try:
            _run(database, _SETTINGS)
            database.execute("begin")
            _run(database, _TABLES)
            _fill(case, database)
            _run(database, _INDEXES)
            _add_words(database)
            database.execute("insert into meta values ('key', ?)", (key,))
            database.execute("commit")
        finally:
            database.close()
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _run(database: sqlite3.Connection, statements: str) -> None:
    # Not executescript: that would commit first.
    for statement in statements.split(";\n"):
        if statement.strip():
            database.execute(statement)


def _fill(case: Case, database: sqlite3.Connection) -> None:
    _copy(case, database, "link", ["source_id", "target_id", "link_id", _packed(LINK_REST)], "v1_link")
    _copy(case, database, "listing", [*map(identifier, LISTING)], "v1_listing")
    _copy(case, database, "detail", [*map(identifier, _DETAIL)], "v1_detail")
    columns = ["entity_id", "nullif(canonical_id, entity_id)", _packed(ENTITY_REST), "properties"]
    _copy(case, database, "entity", columns, "v1_entity")
    for batch in case.batches(_NAMES, _BATCH):
        database.executemany(
            "insert into name values (?, ?, ?)", [(party, folded(shown), shown) for party, shown in batch]
        )


def _packed(columns: Sequence[str]) -> str:
    # An amount is text in there: JSON's readers make a binary fraction of a number.
    told = (f"cast({identifier(name)} as varchar)" if name == "amount" else identifier(name) for name in columns)
    return f"cast(json_array({', '.join(told)}) as varchar)"


def _copy(case: Case, database: sqlite3.Connection, table: str, columns: Sequence[str], view: str) -> None:
    marks = ", ".join("?" * len(columns))
    # The files are sorted and read in order; look-ups sort what they find.
    for batch in case.batches(f"select {', '.join(columns)} from {view}", _BATCH):
        database.executemany(f"insert into {table} values ({marks})", batch)


def _add_words(database: sqlite3.Connection) -> None:
    database.create_function("searchable", 1, searchable, deterministic=True)
    # What is plain ASCII is searchable as it is: SQLite copies it without asking Python. In the order of row numbers:
    # anything else makes FTS5 begin anew at each step down.
    database.execute(
        "insert into name_word(rowid, words) select rowid, "
        "case when folded glob '*[^ -~]*' then searchable(folded) else folded end from name order by rowid"
    )
    database.execute("insert into name_word(name_word) values ('optimize')")
