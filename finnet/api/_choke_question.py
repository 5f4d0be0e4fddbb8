"""A question about choke points, read from the verb's words: who is meant, who may be chosen, what choosing does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from finnet.analysis.interdiction.eligibility import eligible, majority_country
from finnet.analysis.interdiction.situation import Situation, numbers
from finnet.api._choke_asked import Asked, Found
from finnet.api._choke_countries import country_question
from finnet.api._choke_enforcers import costs, enforced_edges, enforcers_of
from finnet.api._choke_levers import lever_question
from finnet.errors import UsageError, quoted
from finnet.graph.network import IntArray, Network

if TYPE_CHECKING:
    from collections.abc import Callable

    from finnet.analysis.interdiction.cascade import Cascade
    from finnet.analysis.interdiction.lever_file import LeverFile
    from finnet.api._choke_law import Law

__all__ = ["Named", "check_choice", "situation_of"]

_CHOICES = ("entity", "jurisdiction", "lever")


def check_choice(*, by: str, levers: str | None) -> None:
    """Refuse what cannot be chosen among, and measures without a file of them or a file without measures.

    Raises: UsageError.
    """
    if by not in _CHOICES:
        raise UsageError(f"--by {quoted(by)} is not known", hint=f"there are: {', '.join(_CHOICES)}")
    if (by == "lever") != (levers is not None):
        raise UsageError(
            "--by lever and --levers FILE go together", hint="`--by lever --levers measures` takes the example"
        )


@dataclass(slots=True, kw_only=True)
class Named:
    """Whom selectors name, in the case and in this network, with what there is to warn of."""

    network: Network
    select: Callable[[str], Sequence[str]]
    warnings: list[str] = field(default_factory=list)

    def ids(self, selector: str | None) -> tuple[str, ...]:
        """All whom the selector names, in the network or not."""
        return () if selector is None else tuple(self.select(selector))

    def inside(self, option: str, selector: str | None) -> IntArray:
        """Those of them who are in the network."""
        if selector is None:
            return np.empty(0, np.int64)
        named = self.ids(selector)
        inside = numbers(self.network.number[name] for name in named if name in self.network.number)
        if not len(inside):
            why = "it matches nobody" if not named else f"none of the {len(named):,} it matches is in this graph"
            self.warnings.append(f"{option} {selector}: {why}")
        elif len(inside) < len(named):
            self.warnings.append(f"{option}: {len(named) - len(inside):,} of {len(named):,} are not in this graph")
        return inside


def situation_of(
    network: Network,
    objective: ModuleType,
    asked: Asked,
    select: Callable[[str], Sequence[str]],
    *,
    law: Law | None = None,
    levers: LeverFile | None = None,
    budget: int = 0,
) -> Found:
    """The Situation that these words describe in this network, under this law.

    Raises: UsageError where the words contradict each other or the objective lacks what it needs.
    """
    _needs(objective, asked)
    named = Named(network=network, select=select)
    seeds, exits = _ends(named, asked)
    target = asked.target_state.casefold() if asked.target_state else majority_country(network, seeds)
    if asked.by == "jurisdiction":
        return country_question(named, asked, seeds, exits, target, law)
    if levers is not None:
        return lever_question(named, asked, seeds, exits, target, law, levers)
    in_force, cascade = _in_force(named, asked, law)
    captured = np.empty(0, np.int64) if cascade is None else np.setdiff1d(cascade.vertices_at_first, in_force)
    if len(ends := np.intersect1d(captured, np.concatenate([seeds, exits]))):
        named.warnings.append(
            f"{len(ends):,} of --from and --to are blocked by rule themselves and lose their links; to ask what still "
            "flows from them as from those who are listed, name them in --in-force"
        )
    offered = None if asked.candidates is None else named.inside("--candidates", asked.candidates)
    who = eligible(
        network,
        in_force=in_force,
        captured=captured,
        seeds=seeds,
        exits=exits,
        offered=offered,
        excluded=named.inside("--exclude", asked.exclude),
        target_state=target,
    )
    forced = named.inside("--forced", asked.forced)
    wrong = np.setdiff1d(forced, who.candidates)
    if len(wrong):
        raise UsageError(
            f"--forced {quoted(network.ids[int(wrong[0])])} may not be chosen", hint="see `excluded` without --forced"
        )
    acting, words = enforcers_of(asked.enforcers, without=asked.without, only=asked.only)
    together = () if cascade is None else cascade.groups(who.candidates, budget)
    # A rule by which nobody who may be chosen captures anybody leaves every choice to sever its own links alone.
    captures = cascade is not None and (together or cascade.capturing_alone(who.candidates))
    situation = Situation(
        network=network,
        sources=seeds,
        exits=exits,
        candidates=who.candidates,
        in_force=in_force,
        cost=costs(network, asked.cost, who.candidates),
        forced=forced,
        excluded=who.excluded,
        enforced=enforced_edges(network, acting),
        closure=cascade if captures else None,
        captured=captured,
        together=together,
    )
    return Found(
        situation=situation,
        enforcers=words,
        target_state=target,
        regime="none" if law is None else law.words,
        cascade=cascade,
        warnings=named.warnings,
    )


def _ends(named: Named, asked: Asked) -> tuple[IntArray, IntArray]:
    seeds, exits = named.inside("--from", asked.from_), named.inside("--to", asked.to)
    both = np.intersect1d(seeds, exits)
    if len(both):
        shown = quoted(named.network.ids[int(both[0])])
        more = f" (and {len(both) - 1:,} more)" if len(both) > 1 else ""
        raise UsageError(
            f"{shown}{more} is both in --from and in --to",
            hint="take it out of one of them, as in country:ch+!country:ru",
        )
    return seeds, exits


def _in_force(named: Named, asked: Asked, law: Law | None) -> tuple[IntArray, Cascade | None]:
    """What is in force: those named, else under a law those it lists; in this network, and what they capture."""
    inside = named.inside("--in-force", asked.in_force)
    if law is None:
        return inside, None
    ids = law.listed if asked.in_force is None else named.ids(asked.in_force)
    network = named.network
    return (
        numbers(network.number[one] for one in ids if one in network.number),
        law.cascade(network, ids),
    )


def _needs(objective: ModuleType, asked: Asked) -> None:
    name = objective.__name__.rsplit(".", 1)[-1]
    for option, value in (("from", asked.from_), ("to", asked.to)):
        if option in objective.NEEDS and value is None:
            raise UsageError(f"--objective {name} needs --{option}", hint="give a selector")
        if option not in objective.NEEDS and value is not None:
            hint = "leave it away" if objective.NEEDS else "use --scope to look at a part of the network"
            raise UsageError(f"--objective {name} takes no --{option}", hint=hint)
