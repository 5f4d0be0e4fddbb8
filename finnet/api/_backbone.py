"""A network thinned to the edges that stand out: `--backbone disparity:0.05`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from finnet.catalogue import Catalogue
from finnet.errors import UsageError, quoted
from finnet.graph.network import Network

__all__ = ["BACKBONES", "thinned"]

BACKBONES = Catalogue("finnet.analysis.backbones", kind="backbone", verbs=("keep", "DEFAULT", "DEFINITION"))


def thinned(network: Network, backbone: str | None) -> Network:
    """The edges that a backbone keeps, NAME or NAME:LEVEL, with all vertices; a note says how many and what they carry.

    Raises: UnknownNameError for no such backbone, UsageError for a level that is not a number.
    """
    if backbone is None:
        return network
    name, _, said = backbone.partition(":")
    plugin = BACKBONES[name]
    try:
        level = float(said) if said else float(plugin.DEFAULT)
    except ValueError:
        level = float("nan")
    if not 0 <= level < float("inf"):
        raise UsageError(
            f"--backbone {quoted(backbone)}: the level is not a number", hint=f"as in {name}:{plugin.DEFAULT}"
        )
    kept = np.flatnonzero(plugin.keep(network, level))
    left = network.with_edges(kept)
    share = left.weight.sum() / network.weight.sum() if network.edge_count else 0.0
    note = (
        f"backbone {name}:{level:g} keeps {len(kept):,} of {network.edge_count:,} edges with {100 * share:.1f} % of "
        f"the weight: {plugin.DEFINITION}"
    )
    return replace(left, choices={**network.choices, "backbone": f"{name}:{level:g}"}, notes=(*network.notes, note))
