"""A selector against a case, as SQL with bound values."""

# ruff: noqa: S608 -- SQL is put together from conditions of our own; values are always bound.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from finnet.model.selector import Term, parse

if TYPE_CHECKING:
    from finnet.store.case import Case

__all__ = ["select"]

# What each key looks at in v1_party; lists match if any of their values does.
_ONE = {"id": "canonical_id", "name": "caption", "schema": "schema"}
_MANY = {
    "topic": "topics",
    "country": "list_append(coalesce(countries, []), country)",
    "program": "programs",
    "dataset": "datasets",
    "list": "authorities",
    "tag": "tags",
}


def select(case: Case, selector: str) -> tuple[str, ...]:
    """The canonical ids that a selector stands for, sorted. A name is any name or alias by which a party is recorded.

    Raises: SelectorError for what cannot be read.
    """
    values: dict[str, Any] = {}
    groups = []
    for group in parse(selector):
        groups.append(" and ".join(_condition(term, values) for term in group))
    where = " or ".join(f"({group})" for group in groups)
    rows = case.rows(f"select canonical_id from v1_party where {where} order by canonical_id", values)
    return tuple(row["canonical_id"] for row in rows)


def _condition(term: Term, values: dict[str, Any]) -> str:
    name = f"v{len(values)}"
    sql = _positive(term, name, values)
    return f"not coalesce({sql}, false)" if term.negated else f"coalesce({sql}, false)"


def _positive(term: Term, name: str, values: dict[str, Any]) -> str:
    if term.key == "listed":
        return "len(authorities) > 0"
    if term.key == "ids":
        values[name] = sorted(term.values)
        return f"canonical_id in (select unnest(${name})) or canonical_id in (select canonical_id from v1_entity where entity_id in (select unnest(${name})))"  # noqa: E501
    if term.key == "group":
        return "false"  # no grouping is saved in this case
    if term.key == "schema" and not term.prefix:
        from finnet.model.schema import descendants

        values[name] = sorted({one.casefold() for one in descendants(term.value)} | {term.value})
        return f"lower(schema) in (select unnest(${name}))"
    values[name] = term.value
    if term.key in _ONE:
        direct = _compare(f"lower({_ONE[term.key]})", name, term)
        if term.key == "id":
            return f"({direct} or canonical_id in (select canonical_id from v1_entity where {_compare('lower(entity_id)', name, term)}))"  # noqa: E501
        if term.key == "name":
            return f"({direct} or canonical_id in ({_by_name(name, term)}))"
        return direct
    return f"len(list_filter({_MANY[term.key]}, lambda one: {_compare('lower(one)', name, term)})) > 0"


def _compare(column: str, name: str, term: Term) -> str:
    return f"starts_with({column}, ${name})" if term.prefix else f"{column} = ${name}"


def _by_name(name: str, term: Term) -> str:
    names = (
        "flatten([coalesce(from_json(properties -> property, '[\"varchar\"]'), []) for property in ['name', 'alias']])"
    )
    return (
        "select canonical_id from v1_entity where properties is not null and "
        f"len(list_filter({names}, lambda one: {_compare('lower(one)', name, term)})) > 0"
    )
