"""The kernel of a dismantling problem: a few parties that may be taken out, and lumps of all the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from finnet.analysis.interdiction.pairs_problem import PairsProblem, components, compressed
from finnet.graph.network import IntArray

__all__ = ["DismantlingKernel", "kernel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DismantlingKernel:
    """Vertices 0…count - 1 may be taken out (``vertex`` names them in the problem), the others always stay.

    ``floor`` is the weight of the heaviest lump: the largest component is never lighter.
    """

    pointers: IntArray
    neighbours: IntArray
    weight: IntArray
    vertex: IntArray
    floor: int

    @property
    def count(self) -> int:
        """How many vertices may be taken out."""
        return len(self.vertex)


def kernel(problem: PairsProblem, offered: IntArray) -> DismantlingKernel:
    """The same largest component, for every set among those ``offered``, on fewer vertices.

    All others stay, so that those of them who are connected become one lump. A lump beside a single vertex weighs with
    it: while the vertex is out the lump stands alone, and ``floor`` counts it.
    """
    count = len(offered)
    free = np.zeros(problem.size, bool)
    free[offered] = True
    low, high = problem.pairs
    stay = ~free[low] & ~free[high]
    label = components(problem.size, low[stay], high[stay])
    lumps, which = np.unique(label[~free], return_inverse=True)
    place = np.empty(problem.size, np.int64)
    place[offered] = np.arange(count)
    place[~free] = count + which
    weight = np.concatenate([problem.weight[offered], np.zeros(len(lumps), np.int64)])
    np.add.at(weight, place[~free], problem.weight[~free])
    floor = int(weight[count:].max(initial=0))
    pointers, neighbours = compressed(len(weight), place[low], place[high])
    degree = np.diff(pointers)
    leaf = np.flatnonzero((degree == 1) & (np.arange(len(weight)) >= count))
    np.add.at(weight, neighbours[pointers[leaf]], weight[leaf])
    kept = np.concatenate([np.arange(count), count + np.flatnonzero(degree[count:] > 1)])
    renumber = np.full(len(weight), -1)
    renumber[kept] = np.arange(len(kept))
    tails = renumber[np.repeat(np.arange(len(weight)), degree)]
    heads = renumber[neighbours]
    inside = (tails >= 0) & (heads >= 0)
    pointers, neighbours = compressed(len(kept), tails[inside], heads[inside])
    return DismantlingKernel(
        pointers=pointers, neighbours=neighbours, weight=weight[kept], vertex=np.asarray(offered), floor=floor
    )
