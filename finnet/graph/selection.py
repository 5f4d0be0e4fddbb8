"""A recipe's SELECT with the user's choices bound to it: which ties count, and from when."""

# ruff: noqa: S608 -- SQL is put together from column names and integers of our own; values are always bound.

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from finnet.errors import RecipeError, UnknownNameError, UsageError, nearest, quoted
from finnet.graph.recipe import Parameter, Recipe
from finnet.model.edge_class import EDGE_CLASSES

__all__ = ["Queries", "Selection", "select_ties", "worst_grade"]


class Queries(Protocol):
    """What the graph layer asks of a case: read-only SQL over its views, with bound values."""

    def rows(self, sql: str, values: Mapping[str, Any] | None = None, /) -> list[dict[str, Any]]:
        """The result, row by row."""
        ...

    def columns(self, sql: str, values: Mapping[str, Any] | None = None, /) -> dict[str, NDArray[Any]]:
        """The result, column by column; the names are there even when no row is."""
        ...

    def held(self, sql: str, values: Mapping[str, Any] | None = None, /) -> AbstractContextManager[str]:
        """The result as a table, for questions about it: its name, good until the context ends."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The ties that count: a common table expression ``tie``, the values bound in it, and its columns.

    The engine holds all ties, with all their columns, while a query mentions them twice; ``is_read_again`` makes it
    read them again each time instead, of which only the columns that are needed.
    """

    sql: str
    values: Mapping[str, Any]
    columns: frozenset[str]
    classes: tuple[str, ...]
    is_read_again: bool = False

    @property
    def is_money(self) -> bool:
        """Whether ties are amounts in currencies."""
        return {"amount", "currency"} <= self.columns

    def rows(self, case: Queries, query: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query over ``tie``."""
        return case.rows(*self._statement(query, values))

    def arrays(self, case: Queries, query: str, values: Mapping[str, Any] | None = None) -> dict[str, NDArray[Any]]:
        """The columns of a query over ``tie``."""
        return case.columns(*self._statement(query, values))

    def held(self, case: Queries, query: str, values: Mapping[str, Any] | None = None) -> AbstractContextManager[str]:
        """The result of a query over ``tie`` as a table, for questions about it."""
        return case.held(*self._statement(query, values))

    def _statement(self, query: str, values: Mapping[str, Any] | None) -> tuple[str, dict[str, Any]]:
        """The engine refuses values that a statement does not mention, as it refuses missing ones."""
        sql = f"with tie as {'not materialized ' * self.is_read_again}({self.sql})\n{query}"
        bound = {**self.values, **(values or {})}
        return sql, {name: value for name, value in bound.items() if re.search(rf"\${name}\b", sql)}


def select_ties(
    case: Queries,
    recipe: Recipe,
    *,
    edges: str | Sequence[str] | None = None,
    currency: str | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    leave_out: str | None = None,
    params: Mapping[str, Parameter] | None = None,
) -> Selection:
    """The recipe's ties under these choices; those of the dataset ``leave_out`` do not count.

    A tie counts as of a date unless it surely ended before or began after: ``2019`` overlaps ``2019-03``, and a missing
    date means always. A grade counts as at least ``C3`` if its letter is A to C and its number 1 to 3.

    Raises: UsageError where a choice means nothing to this recipe.
    """
    classes = _classes(recipe, edges)
    values: dict[str, Any] = {"classes": list(classes), **_params(recipe, params or {})}
    names = Selection(sql=recipe.edges, values=values, columns=frozenset(), classes=classes).arrays(
        case, "select * from tie limit 0"
    )
    columns = frozenset(names)
    if not {"source", "target"} <= columns:
        raise RecipeError(f"recipe {recipe.name}: edges has to select source and target")
    conditions = []
    if currency is not None:
        _needs(recipe, columns, "currency", "--currency")
        conditions.append("currency = $chosen_currency")
        values["chosen_currency"] = currency
    if as_of is not None:
        conditions.append(_overlap(recipe, columns))
        values["as_of_first"], values["as_of_last"] = as_of, f"{as_of}~"
    if min_grade is not None:
        _needs(recipe, columns, "reliability", "--min-grade")
        values["reliability"], values["credibility"] = worst_grade(min_grade)
        conditions.append("reliability between 'A' and $reliability and credibility between '1' and $credibility")
    if leave_out is not None:
        _needs(recipe, columns, "dataset", "--ablate")
        conditions.append("dataset <> $left_out")
        values["left_out"] = leave_out
    where = f"\nwhere {' and '.join(conditions)}" if conditions else ""
    sql = f"select * from ({recipe.unordered}){where}"
    return Selection(sql=sql, values=values, columns=columns, classes=classes)


def _classes(recipe: Recipe, edges: str | Sequence[str] | None) -> tuple[str, ...]:
    if edges is None:
        return recipe.classes
    if not recipe.uses_classes:
        raise UsageError(f"recipe {recipe.name} has no edge classes to choose from", hint="leave --edges away")
    names = [name.strip() for name in edges.split(",")] if isinstance(edges, str) else list(edges)
    for name in names:
        if name not in EDGE_CLASSES:
            raise UnknownNameError(f"no edge class called {quoted(name)}", hint=nearest(name, EDGE_CLASSES))
    return tuple(sorted(set(names), key=EDGE_CLASSES.index))


def _params(recipe: Recipe, given: Mapping[str, Parameter]) -> dict[str, Parameter]:
    for name, value in given.items():
        if name not in recipe.params:
            known = ", ".join(sorted(recipe.params)) or "none"
            raise UsageError(f"recipe {recipe.name} has no parameter {quoted(name)}", hint=f"it has: {known}")
        if isinstance(value, bool) is not isinstance(recipe.params[name], bool):
            raise UsageError(f"recipe {recipe.name}: parameter {name} is like {recipe.params[name]!r}, not {value!r}")
    return {**recipe.params, **given}


def _needs(recipe: Recipe, columns: frozenset[str], column: str, option: str) -> None:
    if column not in columns:
        raise UsageError(f"recipe {recipe.name} selects no {column}", hint=f"leave {option} away")


def _overlap(recipe: Recipe, columns: frozenset[str]) -> str:
    """ISO text of any precision compares as it should once the later end carries a "~", which sorts after it all."""
    if "booked_on" in columns:
        return "(booked_on is null or booked_on <= $as_of_last)"
    if {"start_date", "end_date"} <= columns:
        began, not_over = "start_date <= $as_of_last", "end_date || '~' >= $as_of_first"
        return f"(start_date is null or {began}) and (end_date is null or {not_over})"
    raise UsageError(f"recipe {recipe.name} selects no dates", hint="leave --as-of away")


def worst_grade(text: str) -> tuple[str, str]:
    """The last letter and the last number that still count under ``--min-grade``.

    >>> worst_grade("c3")
    ('C', '3')

    Raises: UsageError for what is no grade.
    """
    if not re.fullmatch(r"[A-Fa-f][1-6]", text):
        raise UsageError(f"grade {quoted(text)} is not a letter A to F and a number 1 to 6", hint="as in B2")
    return text[0].upper(), text[1]
