"""A selector against a case, as SQL with bound values."""

# ruff: noqa: S608 -- SQL is put together from conditions of our own; values are always bound.

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from finnet.errors import SelectorError, nearest, quoted
from finnet.model.listed import UNSPECIFIED
from finnet.model.schema import all_schemata, descendants
from finnet.model.selector import Term, parse
from finnet.store.connection import literal

if TYPE_CHECKING:
    from finnet.store.case import Case

__all__ = ["select"]

# What each key looks at in v1_party; lists match if any of their values does.
_MANY = {
    "topic": "topics",
    "country": "list_append(countries, country)",
    "program": "programs",
    "dataset": "datasets",
    "list": "authorities",
    "tag": "tags",
}
_NAMES = "flatten([coalesce(from_json(properties -> one, '[\"varchar\"]'), []) for one in ['name', 'alias']])"


def select(case: Case, selector: str) -> tuple[str, ...]:
    """The canonical ids that a selector stands for, sorted. A name is any name or alias by which a party is recorded.

    Raises: SelectorError for what cannot be read.
    """
    values: dict[str, Any] = {}
    groups = (" and ".join(_condition(term, values) for term in group) for group in parse(selector))
    where = " or ".join(f"({group})" for group in groups)
    rows = case.columns(f"select canonical_id from v1_party where {where} order by canonical_id", values)
    return tuple(rows["canonical_id"].tolist())


def _condition(term: Term, values: dict[str, Any]) -> str:
    name = f"v{len(values)}"
    sql = _positive(term, name, values)
    return f"not coalesce({sql}, false)" if term.negated else f"coalesce({sql}, false)"


def _positive(term: Term, name: str, values: dict[str, Any]) -> str:
    match term.key:
        case "listed":
            return "len(authorities) > 0"
        case "group":
            raise SelectorError("group: no grouping is saved in this case")
        case "ids":
            values[name] = sorted(term.values)
            chosen = f"in (select unnest(${name}))"
            stated = f"select canonical_id from v1_entity where entity_id {chosen}"
            return f"(canonical_id {chosen} or canonical_id in ({stated}))"
    values[name] = term.value
    match term.key:
        case "schema" if not term.prefix:
            if not descendants(term.value):
                known = nearest(term.value, (one.lower() for one in all_schemata()))
                raise SelectorError(f"schema: {quoted(term.value)} is none of FollowTheMoney's", hint=known)
            values[name] = sorted(one.lower() for one in descendants(term.value))
            return f"lower(schema) in (select unnest(${name}))"
        case "schema":
            return _is("lower(schema)", name, term)
        case "id":
            stated = f"select canonical_id from v1_entity where {_is('lower(entity_id)', name, term)}"
            return f"({_is('lower(canonical_id)', name, term)} or canonical_id in ({stated}))"
        case "name":
            return f"canonical_id in ({_named(name, term, values)})"
    anybody = f" or one = {literal(UNSPECIFIED)}" if term.key == "list" else ""
    return f"len(list_filter({_MANY[term.key]}, lambda one: {_is('lower(one)', name, term)}{anybody})) > 0"


def _is(column: str, name: str, term: Term) -> str:
    return f"starts_with({column}, ${name})" if term.prefix else f"{column} = ${name}"


def _named(name: str, term: Term, values: dict[str, Any]) -> str:
    # Looking for the text in the JSON as it stands spares most of it from being taken apart.
    values[f"{name}j"] = json.dumps(term.value, ensure_ascii=False)[1:-1]
    return (
        f"select canonical_id from v1_entity where {_is('lower(caption)', name, term)} or ("
        f"contains(lower(properties), ${name}j) and "
        f"len(list_filter({_NAMES}, lambda one: {_is('lower(one)', name, term)})) > 0)"
    )
