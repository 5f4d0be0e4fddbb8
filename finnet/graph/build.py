"""Recipe and case in, Network out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from finnet.errors import UsageError
from finnet.graph.links import link_edges
from finnet.graph.money import currencies_of, money_edges
from finnet.graph.network import Column, Network
from finnet.graph.parties import party_columns
from finnet.graph.rates import RateTable
from finnet.graph.recipe import Parameter, Recipe, load_recipe
from finnet.graph.selection import Queries, select_ties

__all__ = ["build", "currencies_in"]


def build(
    case: Queries,
    recipe: str | Recipe,
    *,
    edges: str | Sequence[str] | None = None,
    currency: str | None = None,
    rates: RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    leave_out: str | None = None,
    params: Mapping[str, Parameter] | None = None,
    counts_ties: bool = False,
) -> Network:
    """The network that a recipe makes of a case, or of all its datasets but ``leave_out``.

    ``source`` and ``target`` are canonical ids; a tie without one of them is in no edge, and a note counts it. A recipe
    that selects ``amount`` and ``currency`` makes one edge per source, target and currency: amounts are added exactly,
    reversals reduce them, and what nets to nothing or less is left out with a note. Any other makes one edge per
    source, target and class: its weight is the sum of ``weight``, else the number of distinct values of ``tie``, else
    1, so that what several datasets repeat counts once. For what looks at no weight, ``counts_ties`` takes amounts in
    several currencies side by side: an edge then weighs 1.

    Raises: UsageError (E2001) for amounts in several currencies with neither ``currency`` nor ``rates``; FinnetError
    (E2002) for a missing rate.
    """
    recipe = load_recipe(recipe) if isinstance(recipe, str) else recipe
    ties = select_ties(
        case, recipe, edges=edges, currency=currency, as_of=as_of, min_grade=min_grade, leave_out=leave_out,
        params=params,
    )  # fmt: skip
    if rates is not None and not ties.is_money:
        raise UsageError(f"recipe {recipe.name} has no amounts to convert", hint="leave --rates away")
    if ties.is_money:
        made = money_edges(case, ties, currency=currency, rates=rates, counts_ties=counts_ties)
    else:
        made = link_edges(case, ties, recipe)
    choices = {
        "edges": None if edges is None else list(ties.classes),
        "currency": currency,
        "rates": made.rates,
        "as_of": as_of,
        "min_grade": min_grade,
        "params": dict(params) if params else None,
    }
    return Network(
        ids=made.ids,
        source=made.source,
        target=made.target,
        weight=made.weight,
        unit=made.unit,
        directed=recipe.directed,
        minor=made.minor,
        scale=made.scale,
        title=recipe.title,
        recipe=recipe.name,
        choices={name: value for name, value in choices.items() if value is not None},
        edge_policy=ties.classes or (("money",) if ties.is_money else ()),
        vertices=party_columns(case, made.ids) if recipe.vertex == "party" else _country_columns(made.ids),
        edges=made.edges,
        notes=made.notes,
    )


def currencies_in(
    case: Queries,
    recipe: str,
    *,
    edges: str | Sequence[str] | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
) -> list[str]:
    """The currencies of the amounts that a recipe's edges would be made of, sorted; none for a graph of links."""
    ties = select_ties(case, load_recipe(recipe), edges=edges, as_of=as_of, min_grade=min_grade)
    return currencies_of(case, ties) if ties.is_money else []


def _country_columns(ids: tuple[str, ...]) -> dict[str, Column]:
    """Countries are called by their code; ``unknown`` is the one place that has none."""
    return {"caption": [code.upper() for code in ids], "country": [None if code == "unknown" else code for code in ids]}
