"""A package of measures over a case: read from a lever file and selectors, and put on the networks that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from finnet.analysis.interdiction.enforcement import Enforcers
from finnet.analysis.interdiction.measures import Measures
from finnet.analysis.interdiction.situation import BoolArray, Situation, numbers
from finnet.api._choke_law import Law, law_of
from finnet.api._choke_rows import printed
from finnet.api._levers import effects_of, measures_of, programs_of
from finnet.api._network import CaseLike
from finnet.api._selection import selected
from finnet.errors import UsageError, quoted
from finnet.graph.network import IntArray, Network, taken

if TYPE_CHECKING:
    from finnet.analysis.interdiction.lever_file import Lever

__all__ = ["Ground", "Package", "ends_in", "ground_of", "left_by"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What stands before any measure of the package: the law, who is in force (ids), who enforces."""

    subject: CaseLike | Network
    law: Law | None
    in_force: tuple[str, ...]
    programs: dict[str, frozenset[str]]
    enforcers: Enforcers
    words: str


@dataclass(slots=True, kw_only=True)
class Package:
    """Measures in the order of the file, on one network after another."""

    ground: Ground
    levers: Sequence[Lever]
    from_: str | None = None
    to: str | None = None
    warnings: list[str] = field(default_factory=list)

    def on(self, network: Network) -> Measures:
        """What the levers do in this network."""
        ground = self.ground
        effects = effects_of(self.levers, network, lambda sel: selected(ground.subject, network, sel), self.warnings)
        sources, exits = ends_in(ground.subject, network, self.from_, self.to)
        measures = measures_of(
            network,
            effects,
            in_force=ground.in_force,
            programs=ground.programs,
            enforcers=ground.enforcers,
            law=ground.law,
            exempt=np.union1d(sources, exits),
        )
        for number, lever in enumerate(self.levers):
            if lever.gives_relief and not measures.freed(number):
                self.warnings.append(
                    f"{lever.id}: nobody in force is listed under this and nothing else, so it frees nobody"
                )
        return measures


def ground_of(
    subject: CaseLike | Network,
    network: Network,
    *,
    regime: str,
    in_force: str | None,
    acting: tuple[Enforcers, str],
    as_of: str | None,
) -> Ground:
    """In force is whom the selector names, else whom the regime's authorities list, else everybody who is listed."""
    law = law_of(subject, regime, as_of)
    if in_force is not None:
        named = selected(subject, network, in_force)
    elif law is not None:
        named = law.listed
    elif isinstance(subject, Network):
        listed = network.vertices.get("authorities", ())
        named = tuple(label for label, names in zip(network.ids, listed, strict=False) if names)
    else:
        named = tuple(subject.select("listed"))
    return Ground(
        subject=subject,
        law=law,
        in_force=tuple(named),
        # Of those whom the selector names, all listings count, whoever made them.
        programs=programs_of(subject, law if in_force is None else None, as_of),
        enforcers=acting[0],
        words=acting[1],
    )


def ends_in(
    subject: CaseLike | Network, network: Network, from_: str | None, to: str | None
) -> tuple[IntArray, IntArray]:
    """The seeds and exits that are in this network.

    Raises: UsageError where a party is both.
    """
    found = []
    for selector in (from_, to):
        named = () if selector is None else selected(subject, network, selector)
        found.append(numbers(network.number[one] for one in named if one in network.number))
    if len(both := np.intersect1d(found[0], found[1])):
        raise UsageError(
            f"{quoted(network.ids[int(both[0])])} is both in --from and in --to",
            hint="take it out of one of them, as in country:ch+!country:ru",
        )
    return found[0], found[1]


def left_by(objective: ModuleType, network: Network, severed: BoolArray, sources: IntArray, exits: IntArray) -> Decimal:
    """The objective's value once these links are gone, in the network's unit.

    Relief opens links that were closed: so each state is looked at as a network of its own.
    """
    open_edges = np.flatnonzero(~severed)
    rest = replace(
        network,
        source=network.source[open_edges],
        target=network.target[open_edges],
        weight=network.weight[open_edges],
        minor=None if network.minor is None else network.minor[open_edges],
        edges={name: taken(column, open_edges) for name, column in network.edges.items() if name == "class"},
    )
    nothing = np.empty(0, np.int64)
    situation = Situation(
        network=rest, sources=sources, exits=exits, candidates=nothing, in_force=nothing,
        cost=np.ones(rest.size, np.int64), forced=nothing,
    )  # fmt: skip
    return Decimal(str(printed(objective, situation)(objective.value(situation, ()))))
