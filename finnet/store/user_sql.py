"""A user's own SQL: one SELECT over the documented views, and nothing else of the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from finnet.errors import UsageError, nearest, quoted
from finnet.store.views import VIEWS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["check_select"]

_FUNCTIONS = frozenset({"generate_series", "json_each", "json_tree", "range", "repeat", "unnest"})


def check_select(connection: DuckDBPyConnection, sql: str) -> None:
    """Let pass one SELECT (or DESCRIBE, SUMMARIZE) whose tables are ``v1_`` views, its own WITHs, or made on the spot.

    Raises: UsageError saying what is not allowed.
    """
    row = connection.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchone()
    document = json.loads(row[0]) if row else {}
    views = f"there are: {', '.join(VIEWS)}"
    if document.get("error"):
        if document.get("error_type") == "parser":
            raise UsageError(f"SQL: {quoted(document.get('error_message'), 200)}")
        raise UsageError("only a SELECT can be run", hint=views)
    if len(document["statements"]) != 1:
        raise UsageError(f"{len(document['statements'])} statements where one SELECT is expected")
    nodes = list(_nodes(document))
    named = {entry["key"].lower() for node in nodes for entry in node.get("cte_map", {}).get("map", ())}
    for node in nodes:
        match node.get("type"):
            case "BASE_TABLE" if node["table_name"].lower() not in named | set(VIEWS) or node["schema_name"]:
                raise UsageError(
                    f"no view called {quoted(node['table_name'])}", hint=nearest(node["table_name"], VIEWS)
                )
            case "TABLE_FUNCTION" if node["function"]["function_name"].lower() not in _FUNCTIONS:
                raise UsageError(f"{quoted(node['function']['function_name'])} is not available here", hint=views)
            case "SHOW_REF" if node["table_name"]:
                raise UsageError("only a SELECT can be run", hint=views)


def _nodes(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _nodes(one)
