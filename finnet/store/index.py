"""The case's SQLite index: one party with its links, and names, in milliseconds. Derived, rebuilt when stale."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from finnet.store.name_search import search_names
from finnet.text import folded

if TYPE_CHECKING:
    from finnet.store.case import Case

__all__ = ["Lookup", "is_made", "make_at_once", "open_lookup"]

_VERSION = 3
_INDEX = "index.sqlite"

_NOT_INDEXED = frozenset({"note", "tag", "untag"})

# Up to here an ingest makes the index at once (5 s of work per million rows); above, the first look-up does.
_AT_ONCE = 200_000


class Lookup:
    """Look-ups by id and by name. Rows are dictionaries under the columns of the views."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def entity(self, label: str) -> list[dict[str, Any]]:
        """The statements about an entity, by its own or its canonical id; first the one it is called by."""
        from finnet.store.index_build import ENTITY_REST

        if not _can_be_recorded(label):
            return []
        found = [
            {
                "entity_id": entity,
                "canonical_id": canonical or entity,
                **dict(zip(ENTITY_REST, orjson.loads(rest), strict=True)),
                "properties": properties,
            }
            for entity, canonical, rest, properties in self._database.execute(
                "select * from entity where entity_id = ?1 union all "
                "select * from entity where canonical_id = ?1 and entity_id <> ?1",
                (label,),
            )
        ]
        return sorted(found, key=_best_first)

    def links(self, label: str, limit: int | None = 10_000) -> list[dict[str, Any]]:
        """The links with the party at one end, at most ``limit`` (None: all), sorted by class and ends."""
        found = self._links(
            "select * from link where source_id = ?1 union all select * from link where target_id = ?1 and "
            "source_id <> ?1 limit ?2",
            label,
            -1 if limit is None else limit,
        )
        return sorted(
            found, key=lambda row: (row["class"], row["source_id"], row["target_id"], row["link_id"], row["dataset"])
        )

    def link_count(self, label: str) -> int:
        """How many statements of links have the party at one end."""
        (found,) = self._database.execute(
            "select (select count(*) from link where source_id = ?1) + "
            "(select count(*) from link where target_id = ?1 and source_id <> ?1)",
            (label,),
        )
        return int(found[0])

    def neighbours(self, label: str) -> set[str]:
        """The parties that share a link with this one."""
        found = self._database.execute(
            "select target_id from link where source_id = ?1 union select source_id from link where target_id = ?1",
            (label,),
        )
        return {other for (other,) in found} - {label, None}

    def listings(self, label: str) -> list[dict[str, Any]]:
        """The listings of a party."""
        return self._rows(
            "select * from listing where canonical_id = ?1 or entity_id = ?1 "
            "order by authority, program, reference, dataset, file, record",
            label,
        )

    def details(self, label: str) -> list[dict[str, Any]]:
        """Which records the values of an entity come from, where that is not the entity's own record."""
        return self._rows(
            "select * from detail where entity_id = ?1 order by property, value, dataset, file, record", label
        )

    def named(self, text: str) -> list[str]:
        """The canonical ids of those recorded under exactly this name (without case and accents), sorted."""
        rows = self._rows("select distinct canonical_id from name where folded = ?1 order by 1", folded(text))
        return [row["canonical_id"] for row in rows]

    def beginning_with(self, text: str, limit: int) -> list[str]:
        """The canonical ids of entities whose id begins with the text, sorted."""
        if not _can_be_recorded(text):
            return []
        rows = self._rows(
            "select distinct coalesce(canonical_id, entity_id) as label from entity "
            "where entity_id >= ?1 and entity_id < ?1 || char(1114111) order by 1 limit ?2",
            text,
            limit,
        )
        return [row["label"] for row in rows]

    def search(self, text: str, limit: int | None = None) -> list[tuple[str, str, float]]:
        """(canonical id, best name, score 0 to 1), best first, ties by id, at most ``limit``.

        Near spellings are tried where no name has the words.
        """
        return search_names(self._database, text)[:limit]

    def _links(self, sql: str, *values: object) -> list[dict[str, Any]]:
        from finnet.store.index_build import LINK_REST

        found = []
        for source, target, link, rest in self._database.execute(sql, values):
            row = dict(zip(LINK_REST, orjson.loads(rest), strict=True))
            if row["amount"] is not None:
                row["amount"] = Decimal(row["amount"])
            found.append({"link_id": link, "source_id": source, "target_id": target, **row})
        return found

    def _rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        cursor = self._database.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _can_be_recorded(text: str) -> bool:
    """Whether UTF-8 can say the text: what the command line read from bytes that are none stands in no record."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _best_first(row: dict[str, Any]) -> tuple[Any, ...]:
    # The order in which v1_party chooses who names and places a party.
    return (
        row["missing"],
        row["caption"] == row["entity_id"],
        row["country"] is None,
        row["entity_id"] != row["canonical_id"],
        row["dataset"],
        row["file"],
        row["record"],
    )


def open_lookup(case: Case) -> Lookup:
    """The index of the case, made now if it is missing or belongs to other data.

    A case that cannot be written to, or is looked at as it was once, gets an index in the user's temporary folder.
    """
    key = _key(case)
    path = case.path / _INDEX if case.known_at is None else _elsewhere() / f"{case.logical_sha256}.sqlite"
    if not _is_current(path, key):
        from finnet.store.index_build import build_index

        try:
            build_index(case, path, key)
        except (OSError, sqlite3.OperationalError):
            path = _elsewhere() / f"{case.logical_sha256}.sqlite"
            if not _is_current(path, key):
                build_index(case, path, key)
    return Lookup(_opened(path))


def is_made(case: Case) -> bool:
    """Whether the next look-up finds the index as it is."""
    return _is_current(case.path / _INDEX, _key(case))


def _key(case: Case) -> str:
    """What the index was made of, and with which columns: writing a note or giving a tag changes nothing in it."""
    from finnet.store.index_build import ENTITY_REST, LINK_REST

    moved = [one for one in case.decisions if one.get("do") not in _NOT_INDEXED]
    made_of = orjson.dumps([ENTITY_REST, LINK_REST, moved], option=orjson.OPT_SORT_KEYS)
    return f"{_VERSION}:{case.data_sha256}:{hashlib.sha256(made_of).hexdigest()}"


def make_at_once(case: Case) -> None:
    """Make the index of a case just written, unless that would take longer than an ingest should."""
    rows = sum(data.rows for one in case.manifest.active for data in one.data if data.table != "payments")
    if rows <= _AT_ONCE:
        open_lookup(case).close()


def _elsewhere() -> Path:
    """A folder of ours alone in the temporary folder: another user must not be able to put an index there."""
    folder = Path(tempfile.gettempdir()) / f"finnet-index-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077 or not folder.is_dir() or folder.is_symlink():
        return Path(tempfile.mkdtemp(prefix="finnet-index-"))
    return folder


def _opened(path: Path) -> sqlite3.Connection:
    from urllib.parse import quote

    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)


def _is_current(path: Path, key: str) -> bool:
    if not path.is_file():
        return False
    try:
        database = _opened(path)
        try:
            found = database.execute("select value from meta where name = 'key'").fetchone()
            return bool(found == (key,))
        finally:
            database.close()
    except sqlite3.Error:
        return False  # damaged: it is derived, so it is made again
