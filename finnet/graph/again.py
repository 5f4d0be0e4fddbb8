"""What a recipe selects once more, under the choices that a network was built with."""

from __future__ import annotations

from finnet.graph.network import Network
from finnet.graph.recipe import Recipe, load_recipe
from finnet.graph.selection import Queries, Selection, select_ties

__all__ = ["selected_again"]


def selected_again(case: Queries, network: Network, recipe: Recipe | None = None) -> Selection | None:
    """The ties behind a network's edges; None where no case made it.

    Give ``recipe`` where the network was not built from one that ships.
    """
    if network.recipe is None:
        return None
    choices = network.choices
    return select_ties(
        case,
        recipe or load_recipe(network.recipe),
        edges=choices.get("edges"),
        currency=choices.get("currency"),
        as_of=choices.get("as_of"),
        min_grade=choices.get("min_grade"),
        params=choices.get("params"),
    )
