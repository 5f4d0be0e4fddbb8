"""The critical node problem on plain arrays: which vertices to take out so that least pairs stay connected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit

from finnet.analysis.interdiction.situation import BoolArray, Situation
from finnet.graph.network import IntArray

__all__ = ["PairsProblem", "components", "compressed", "connected_pairs"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PairsProblem:
    """A simple undirected graph in which each vertex stands for some parties, and some vertices may be taken out.

    ``weight`` says how many parties a vertex stands for while it is there; once it is taken out they are all apart.
    What is left after taking out a set is ``offset`` and, over the components, C(their weight, 2). ``vertex`` is the
    number in the network of the party that stands for taking out this vertex, -1 where it is not ``eligible``.
    ``cost`` has integers above 0; what is taken out may cost ``budget`` together.
    """

    pointers: IntArray
    neighbours: IntArray
    weight: IntArray
    cost: IntArray
    eligible: BoolArray
    vertex: IntArray
    budget: int
    offset: int = 0

    @classmethod
    def of(cls, situation: Situation, budget: int) -> PairsProblem:
        """The question of a situation; forced members are taken out already and paid for.

        Where an enforcer stands at some of a party's links only, the party keeps the others: it becomes a vertex that
        stays, with those, and a vertex of weight 0 beside it that may be taken out, with the enforced ones.

        Raises: ValueError if a closure couples the choices, or the forced members cost more than the budget.
        """
        if not situation.is_separable:
            raise ValueError("what is captured depends on the whole choice: not a question of single vertices")
        network, forced = situation.network, situation.forced
        left = budget - situation.total_cost(forced.tolist())
        if left < 0:
            raise ValueError(f"the forced members cost {budget - left}, more than the budget of {budget}")
        kept = np.flatnonzero(~situation.severed(forced.tolist()))
        eligible = np.zeros(network.size, bool)
        eligible[situation.candidates] = True
        eligible[forced] = False
        lasting = np.zeros(len(kept), bool) if situation.enforced is None else ~situation.enforced[kept]
        tails, heads = network.source[kept], network.target[kept]
        stays = np.zeros(network.size, bool)
        stays[tails[lasting]] = stays[heads[lasting]] = True
        twin = np.arange(network.size)  # the vertex that carries the enforced links
        split = np.flatnonzero(stays & eligible)
        twin[split] = network.size + np.arange(len(split))
        vertex = np.concatenate([np.where(eligible & ~stays, np.arange(network.size), -1), split])
        pointers, neighbours = compressed(
            network.size + len(split),
            np.concatenate([np.where(lasting, tails, twin[tails]), split]),
            np.concatenate([np.where(lasting, heads, twin[heads]), twin[split]]),
        )
        return cls(
            pointers=pointers,
            neighbours=neighbours,
            weight=np.concatenate([np.ones(network.size, np.int64), np.zeros(len(split), np.int64)]),
            cost=np.concatenate([situation.cost, situation.cost[split]]),
            eligible=vertex >= 0,
            vertex=vertex,
            budget=left,
        )

    @property
    def size(self) -> int:
        """How many vertices."""
        return len(self.weight)

    @cached_property
    def pairs(self) -> tuple[IntArray, IntArray]:
        """The edges, each once, as (lower end, higher end)."""
        tails = np.repeat(np.arange(self.size), np.diff(self.pointers))
        keep = tails < self.neighbours
        return tails[keep], self.neighbours[keep]

    def value(self, chosen: Iterable[int]) -> int:
        """What is left once these vertices are taken out."""
        out = np.zeros(self.size, bool)
        out[np.fromiter(chosen, dtype=np.int64)] = True
        low, high = self.pairs
        keep = ~out[low] & ~out[high]
        return self.offset + connected_pairs(self.size, low[keep], high[keep], np.where(out, 0, self.weight))


def connected_pairs(size: int, tails: IntArray, heads: IntArray, weight: IntArray | None = None) -> int:
    """Σ over the components of C(weight, 2); every vertex weighs 1 unless said otherwise.

    >>> connected_pairs(5, np.array([0, 1]), np.array([1, 2]))
    3
    """
    label = components(size, tails, heads)
    total = np.zeros(size, np.int64)
    np.add.at(total, label, 1 if weight is None else weight)
    return int((total * (total - 1) // 2).sum())


def components(size: int, tails: IntArray, heads: IntArray) -> IntArray:
    """The component of each vertex, named by the lowest vertex in it.

    >>> components(4, np.array([3]), np.array([1])).tolist()
    [0, 1, 2, 1]
    """
    return np.asarray(_components(size, tails, heads))


@njit(cache=True)
def _components(size, tails, heads):  # type: ignore[no-untyped-def]
    label = np.arange(size)
    for edge in range(len(tails)):
        low, high = tails[edge], heads[edge]
        while label[low] != low:
            label[low] = label[label[low]]
            low = label[low]
        while label[high] != high:
            label[high] = label[label[high]]
            high = label[high]
        if low != high:
            label[max(low, high)] = min(low, high)
    for vertex in range(size):
        label[vertex] = label[label[vertex]]
    return label


def compressed(size: int, tails: IntArray, heads: IntArray) -> tuple[IntArray, IntArray]:
    """CSR (pointers, neighbours sorted) of the simple undirected graph with these edges, self-loops left out."""
    keep = tails != heads
    low, high = np.minimum(tails[keep], heads[keep]), np.maximum(tails[keep], heads[keep])
    codes = np.unique(low * size + high) if size else np.empty(0, np.int64)
    low, high = codes // max(size, 1), codes % max(size, 1)
    ends, others = np.concatenate([low, high]), np.concatenate([high, low])
    order = np.lexsort((others, ends))
    pointers = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=size), out=pointers[1:])
    return pointers, others[order]
