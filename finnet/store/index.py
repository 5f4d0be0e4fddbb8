"""The case's SQLite index: one entity with its links, and names, in milliseconds. Derived, rebuilt when stale."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from finnet.text import folded

if TYPE_CHECKING:
    from finnet.store.case import Case

__all__ = ["Lookup", "open_lookup"]

_VERSION = 1
_BATCH = 20_000
_NAMES = ("name", "alias", "weakAlias", "previousName")

_ENTITY = (
    "entity_id", "canonical_id", "schema", "caption", "country", "missing", "dataset", "file", "record", "byte_offset",
    "properties",
)  # fmt: skip
_LINK = (
    "link_id", "class", "schema", "source_id", "target_id", "role", "share_min_ppm", "share_max_ppm", "start_date",
    "end_date", "dataset", "file", "record", "byte_offset",
)  # fmt: skip
_LISTING = ("entity_id", "canonical_id", "authority", "program", "reference", "listed_on", "delisted_on", "dataset",
            "file", "record", "byte_offset")  # fmt: skip
_DETAIL = ("entity_id", "property", "value", "dataset", "file", "record", "byte_offset")


class Lookup:
    """Look-ups by id and by name. Rows are dictionaries under the columns of the views."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def entity(self, label: str) -> list[dict[str, Any]]:
        """The statements about an entity, by its own or its canonical id; what describes it before stubs."""
        return self._rows(
            "select * from entity where canonical_id = ?1 or entity_id = ?1 order by missing, dataset, file, record",
            label,
        )

    def links(self, label: str, limit: int = 10_000) -> list[dict[str, Any]]:
        """The links with the party at one end, at most ``limit``."""
        return self._rows(
            "select * from (select * from link where source_id = ?1 union select * from link where target_id = ?1) "
            "order by class, source_id, target_id, link_id limit ?2",
            label,
            limit,
        )

    def link(self, label: str) -> list[dict[str, Any]]:
        """The statements of the link with this id."""
        return self._rows("select * from link where link_id = ? order by dataset, file, record", label)

    def listings(self, label: str) -> list[dict[str, Any]]:
        """The listings of a party."""
        return self._rows(
            "select * from listing where canonical_id = ?1 or entity_id = ?1 "
            "order by authority, program, dataset, record",
            label,
        )

    def details(self, label: str) -> list[dict[str, Any]]:
        """Which records the values of an entity come from, where that is not the entity's own record."""
        return self._rows("select * from detail where entity_id = ? order by property, value, dataset, record", label)

    def named(self, text: str) -> list[str]:
        """The canonical ids of those recorded under exactly this name (without case and accents), sorted."""
        rows = self._rows("select distinct canonical_id from name where folded = ? order by canonical_id", folded(text))
        return [row["canonical_id"] for row in rows]

    def search(self, text: str, limit: int) -> list[tuple[str, str, float]]:
        """(canonical id, best name, score 0 to 1), best first, ties by id.

        Near spellings are tried where no name has the words.
        """
        from rapidfuzz import fuzz, process

        wanted = folded(text)
        words = [word for word in "".join(c if c.isalnum() else " " for c in wanted).split() if word]
        if not words:
            return []
        query = " ".join(f'"{word}"*' for word in words)
        found = self._rows(
            "select n.canonical_id, n.folded, n.shown from name_search s join name n on n.rowid = s.rowid "
            "where s.folded match ? limit 2000",
            query,
        )
        if not found:
            pool = self._rows("select canonical_id, folded, shown from name")
            near = process.extract(
                wanted, [row["folded"] for row in pool], scorer=fuzz.WRatio, limit=limit * 3, score_cutoff=70
            )
            found = [pool[place] for _, _, place in near]
        best: dict[str, tuple[str, float]] = {}
        for row in found:
            score = fuzz.token_sort_ratio(wanted, row["folded"]) / 100
            if wanted == row["folded"]:
                score = 1.0
            if score > best.get(row["canonical_id"], ("", -1.0))[1]:
                best[row["canonical_id"]] = (row["shown"], score)
        ordered = sorted(best.items(), key=lambda item: (-item[1][1], item[0]))
        return [(label, shown, round(score, 4)) for label, (shown, score) in ordered]

    def _rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return [dict(row) for row in self._database.execute(sql, values)]


def open_lookup(case: Case) -> Lookup:
    """The index of the case, made now if it is missing or belongs to other data.

    A case that cannot be written to gets an index in the temporary folder.
    """
    path = case.path / "index.sqlite"
    key = f"{_VERSION}:{case.logical_sha256}"
    if not _is_current(path, key):
        try:
            _build(case, path, key)
        except OSError:
            path = Path(tempfile.gettempdir()) / f"finnet-index-{os.getuid()}-{case.logical_sha256[:16]}.sqlite"
            if not _is_current(path, key):
                _build(case, path, key)
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    database.row_factory = sqlite3.Row
    return Lookup(database)


def _is_current(path: Path, key: str) -> bool:
    if not path.is_file():
        return False
    try:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return database.execute("select value from meta where name = 'key'").fetchone() == (key,)
        finally:
            database.close()
    except sqlite3.Error:
        return False  # damaged: it is derived, so it is made again


def _build(case: Case, path: Path, key: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".index-", suffix=".sqlite")
    os.close(handle)
    try:
        database = sqlite3.connect(temporary)
        try:
            database.executescript(
                "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000;"
                f"create table entity ({', '.join(_ENTITY)});"
                f"create table link ({', '.join(_LINK)});"
                f"create table listing ({', '.join(_LISTING)});"
                f"create table detail ({', '.join(_DETAIL)});"
                "create table name (canonical_id, folded, shown);"
                "create virtual table name_search using fts5(folded, content='name', tokenize='unicode61');"
                "create table meta (name, value);"
            )
            _fill(case, database)
            database.executescript(
                "insert into name_search(name_search) values ('rebuild');"
                "create index entity_by_id on entity(entity_id); create index entity_by_party on entity(canonical_id);"
                "create index link_by_source on link(source_id); create index link_by_target on link(target_id);"
                "create index link_by_id on link(link_id); create index listing_by_party on listing(canonical_id);"
                "create index listing_by_id on listing(entity_id); create index detail_by_entity on detail(entity_id);"
                "create index name_by_text on name(folded);"
            )
            database.execute("insert into meta values ('key', ?)", (key,))
            database.commit()
        finally:
            database.close()
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _fill(case: Case, database: sqlite3.Connection) -> None:
    for table, columns, view, order in (
        ("link", _LINK, "v1_link", "link_id, dataset, file, record"),
        ("listing", _LISTING, "v1_listing", "entity_id, dataset, file, record, program"),
        ("detail", _DETAIL, "v1_detail", "entity_id, property, value, dataset, file, record"),
    ):
        for batch in _batches(case, columns, view, order):
            database.executemany(f"insert into {table} values ({', '.join('?' * len(columns))})", batch)  # noqa: S608
    for batch in _batches(case, _ENTITY, "v1_entity", "entity_id, dataset, file, record"):
        database.executemany(f"insert into entity values ({', '.join('?' * len(_ENTITY))})", batch)  # noqa: S608
        names = [entry for row in batch for entry in _names(row)]
        database.executemany("insert into name values (?, ?, ?)", names)


def _names(row: tuple[Any, ...]) -> Iterator[tuple[str, str, str]]:
    canonical, caption, properties = row[1], row[3], row[10]
    stated = orjson.loads(properties) if properties else {}
    shown = [caption] if caption else []
    for name in _NAMES:
        shown += stated.get(name, ())
    for text in dict.fromkeys(shown):
        yield canonical, folded(text), text


def _batches(case: Case, columns: tuple[str, ...], view: str, order: str) -> Iterator[list[tuple[Any, ...]]]:
    names = ", ".join(f'"{name}"' for name in columns)
    cursor = case.connection.execute(f"select {names} from {view} order by {order}")  # noqa: S608
    while batch := cursor.fetchmany(_BATCH):
        yield batch
