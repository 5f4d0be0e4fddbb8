"""One file per objective: what is left of a network that has lost some parties."""

from __future__ import annotations

from finnet.catalogue import Catalogue

__all__ = ["OBJECTIVES"]

# The contract of a plug-in is finnet.analysis.interdiction.solution.Objective.
OBJECTIVES = Catalogue("finnet.analysis.objectives", kind="objective", verbs=("NEEDS", "GRAPH", "unit", "value"))
