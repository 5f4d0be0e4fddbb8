"""A Situation: a network, who may be chosen, what is in force already, and what a choice takes out of the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from finnet.graph.network import IntArray, Network

__all__ = ["BoolArray", "Closure", "Situation", "numbers"]

BoolArray = NDArray[np.bool_]

# Whom a rule captures once these vertices are blocked (they themselves may be among the answer), as vertex numbers;
# never fewer for more.
Closure = Callable[[IntArray], IntArray]


def numbers(values: Iterable[int]) -> IntArray:
    """Vertex numbers as a sorted array without repetitions.

    >>> numbers([3, 1, 3]).tolist()
    [1, 3]
    """
    return np.unique(np.fromiter(values, dtype=np.int64))


@dataclass(frozen=True, kw_only=True, eq=False)
class Situation:
    """What an objective looks at: ``value(situation, chosen)`` is what is left once ``chosen`` is acted on.

    All arrays of vertex numbers are sorted. ``candidates`` may be chosen (``forced`` must be, and are candidates);
    seeds, exits and what is ``in_force`` are never among them. ``cost`` has one integer per vertex. ``excluded``
    counts, by reason, who was not let in as a candidate. ``enforced`` says per edge whether an enforcer stands there
    (None: everywhere). ``captured`` are blocked by rule before anybody is chosen, ``closure`` says who is blocked by
    rule besides those named and these (None: nobody); ``together`` are groups of candidates that the rule gives a
    reason to choose together.

    B(C) = in_force ∪ captured ∪ C and all that the closure captures from it. A link is severed if an end of it is in
    B(C) and an enforcer stands there; a seed or exit that is itself in force loses a link only through the link's other
    end.

    >>> chain = Network.of(("Acme", "Mule", 200), ("Mule", "Shell", 190))
    >>> situation = Situation.of(chain, sources=["Acme"], exits=["Shell"])
    >>> situation.candidates.tolist(), situation.severed([1]).tolist()
    ([1], [True, True])

    Source: our own definition; docs/choke.md gives the reasons.
    """

    network: Network
    sources: IntArray
    exits: IntArray
    candidates: IntArray
    in_force: IntArray
    cost: IntArray
    forced: IntArray
    excluded: Mapping[str, int] = field(default_factory=dict)
    enforced: BoolArray | None = None
    closure: Closure | None = None
    captured: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    together: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        if self.enforced is not None and len(self.enforced) != self.network.edge_count:
            raise ValueError("enforced needs one truth value per edge")
        if np.intersect1d(self.sources, self.exits).size:
            raise ValueError("a party is both seed and exit")
        self._check_choices()

    def _check_choices(self) -> None:
        if self.cost.shape != (self.network.size,) or (len(self.cost) and self.cost.min() < 1):
            raise ValueError("cost needs one integer above 0 per vertex")
        barred = np.concatenate([self.sources, self.exits, self.in_force])
        if np.intersect1d(self.candidates, barred).size:
            raise ValueError("a seed, an exit or a party in force is among the candidates")
        if np.setdiff1d(self.forced, self.candidates).size:
            raise ValueError("a forced member is not among the candidates")

    @classmethod
    def of(
        cls,
        network: Network,
        *,
        sources: Iterable[str] = (),
        exits: Iterable[str] = (),
        candidates: Iterable[str] | None = None,
        exclude: Iterable[str] = (),
        in_force: Iterable[str] = (),
        forced: Iterable[str] = (),
        cost: Mapping[str, int] | None = None,
        enforced: BoolArray | None = None,
        closure: Closure | None = None,
        captured: Iterable[str] = (),
        together: tuple[tuple[int, ...], ...] = (),
    ) -> Situation:
        """A situation from ids; everybody who is neither seed, exit, in force nor excluded is a candidate."""
        number = network.number
        seeds, ends, held = (numbers(number[name] for name in names) for names in (sources, exits, in_force))
        offered = numbers(range(network.size)) if candidates is None else numbers(number[name] for name in candidates)
        barred = np.concatenate([seeds, ends, held, numbers(number[name] for name in exclude)])
        prices = np.ones(network.size, np.int64)
        for name, price in (cost or {}).items():
            prices[number[name]] = price
        return cls(
            network=network,
            sources=seeds,
            exits=ends,
            candidates=np.setdiff1d(offered, barred),
            in_force=held,
            cost=prices,
            forced=numbers(number[name] for name in forced),
            enforced=enforced,
            closure=closure,
            captured=numbers(number[name] for name in captured),
            together=together,
        )

    @property
    def chooses_parties(self) -> bool:
        """Whether what is chosen are vertices (they may be countries: jurisdictions.py)."""
        return True

    @property
    def is_plain(self) -> bool:
        """Whether to choose a party is to take it out with all its links, and nothing else.

        Then ``severed(chosen)`` is ``base`` and the links of ``chosen``, and solvers may work on vertices alone.
        """
        return self.closure is None and self.enforced is None

    @property
    def is_separable(self) -> bool:
        """Whether each choice severs its own links whatever else is chosen, so that ``cuts`` says it all."""
        return self.closure is None

    @cached_property
    def base(self) -> BoolArray:
        """Per edge: severed before anything is chosen (``forced`` members count as chosen, not as in force)."""
        return self.severed(())

    @cached_property
    def removed_before(self) -> BoolArray:
        """Per vertex: acted on before anything is chosen."""
        return self.removed(())

    def removed(self, chosen: Iterable[int]) -> BoolArray:
        """Per vertex: whether it is in B(chosen)."""
        held = np.concatenate([self.in_force, self.captured, np.fromiter(chosen, dtype=np.int64)])
        mask = np.zeros(self.network.size, bool)
        mask[held] = True
        if self.closure is not None and held.size:
            mask[self.closure(np.flatnonzero(mask))] = True
        return mask

    def severed(self, chosen: Iterable[int]) -> BoolArray:
        """Per edge: whether it is severed once ``chosen`` is acted on."""
        acting = self.removed(chosen)
        acting[self._exempt] = False
        severed = acting[self.network.source] | acting[self.network.target]
        return severed if self.enforced is None else severed & self.enforced

    @cached_property
    def cuts(self) -> tuple[IntArray, IntArray]:
        """Which choice severs which edge by itself: pairs (edge, choice), sorted, of edges that ``base`` leaves.

        Says everything only where ``is_separable``.
        """
        return self._cuts()

    def _cuts(self) -> tuple[IntArray, IntArray]:
        eligible = np.zeros(self.network.size, bool)
        eligible[self.candidates] = True
        open_edges = ~self.base if self.enforced is None else ~self.base & self.enforced
        tails = np.flatnonzero(open_edges & eligible[self.network.source])
        heads = np.flatnonzero(
            open_edges & eligible[self.network.target] & (self.network.source != self.network.target)
        )
        edges = np.concatenate([tails, heads])
        choices = np.concatenate([self.network.source[tails], self.network.target[heads]])
        order = np.lexsort((choices, edges))
        return edges[order], choices[order]

    def total_cost(self, chosen: Iterable[int]) -> int:
        """What the chosen cost together."""
        return int(self.cost[np.fromiter(chosen, dtype=np.int64)].sum())

    @cached_property
    def _exempt(self) -> IntArray:
        return np.intersect1d(np.concatenate([self.sources, self.exits]), self.in_force)
