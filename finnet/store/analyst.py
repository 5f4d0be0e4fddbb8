"""What analysts state themselves and what they retract, out of ``decisions.jsonl``, as rows of the stored tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from finnet.store.decisions import DECISIONS
from finnet.store.tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["ANALYST", "analyst_rows", "decision_id", "notes_about", "retracted"]

# The dataset of what analysts state; no file can be ingested under this name.
ANALYST = "analyst"

_LINK = (
    "class", "schema", "source_id", "target_id", "role", "share_min_ppm", "share_max_ppm", "country", "commodity",
    "start_date", "end_date",
)  # fmt: skip


def decision_id(record: int) -> str:
    """What a decision is called: its line in the file.

    >>> decision_id(3)
    'analyst-3'
    """
    return f"{ANALYST}-{record}"


def retracted(decisions: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The links, payments and notes that were retracted and not restored since, each with the decision that says so.

    >>> done = [("retract", "l1"), ("retract", "l2"), ("restore", "l1")]
    >>> sorted(retracted({"do": what, "item": item} for what, item in done))
    ['l2']
    """
    found: dict[str, Mapping[str, Any]] = {}
    for decision in decisions:
        if decision.get("do") == "retract":
            found[str(decision["item"])] = decision
        elif decision.get("do") == "restore":
            found.pop(str(decision["item"]), None)
    return found


def notes_about(decisions: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The notes that stand, by what they are about, in the order they were written."""
    decisions = list(decisions)
    gone = retracted(decisions)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for decision in decisions:
        if decision.get("do") == "note" and decision_id(decision["record"]) not in gone:
            found.setdefault(str(decision["about"]), []).append(decision)
    return found


def analyst_rows(connection: DuckDBPyConnection, decisions: Iterable[Mapping[str, Any]]) -> bool:
    """Make the tables ``analyst_links`` and ``analyst_entities``; False where no analyst stated a link."""
    made = [decision for decision in decisions if decision.get("do") == "link"]
    if not made:
        return False
    described = {one["id"]: (one, decision) for decision in made for one in decision.get("create", ())}
    _table(connection, "links", [_link_row(decision) for decision in made])
    _table(connection, "entities", [_entity_row(one, decision) for one, decision in described.values()])
    return True


def _link_row(decision: Mapping[str, Any]) -> dict[str, Any]:
    stated = {name: decision.get(name) for name in _LINK}
    return {"link_id": decision_id(decision["record"]), **stated, "flags": [], "properties": None, **_origin(decision)}


def _entity_row(one: Mapping[str, Any], decision: Mapping[str, Any]) -> dict[str, Any]:
    import orjson

    return {
        "entity_id": one["id"],
        "schema": one["schema"],
        "caption": one["name"],
        "countries": [],
        "topics": [],
        "tags": [],
        "flags": [],
        "missing": False,
        "properties": orjson.dumps({"name": [one["name"]]}).decode(),
        **_origin(decision),
    }


def _origin(decision: Mapping[str, Any]) -> dict[str, Any]:
    grade = decision.get("grade") or "F6"
    return {
        "basis": "analyst",
        "reliability": grade[0],
        "credibility": grade[1],
        "dataset": ANALYST,
        "file": DECISIONS,
        "record": decision["record"],
        "byte_offset": decision["byte_offset"],
    }


def _table(connection: DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    columns = TABLES[table]
    declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"create table analyst_{table} ({declared})")
    if rows:
        marks = ", ".join("?" * len(columns))
        connection.executemany(
            f"insert into analyst_{table} values ({marks})",  # noqa: S608 -- names of our own
            [[row.get(name) for name in columns] for row in rows],
        )
