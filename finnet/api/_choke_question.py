"""A question about choke points, read from the verb's words: what is refused, who is meant, what is searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from finnet.analysis.interdiction.eligibility import eligible, majority_country
from finnet.analysis.interdiction.enforcement import coalition, standing
from finnet.analysis.interdiction.jurisdictions import JurisdictionSituation
from finnet.analysis.interdiction.situation import BoolArray, Situation, numbers
from finnet.errors import UnknownNameError, UsageError, nearest, quoted
from finnet.graph.network import IntArray, Network

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Asked", "refuse_later_options", "situation_of"]

Select = "Callable[[str], tuple[str, ...]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The words of the question that say who is meant; ids in the network are found with ``select``."""

    from_: str | None = None
    to: str | None = None
    by: str = "entity"
    candidates: str | None = None
    exclude: str | None = None
    forced: str | None = None
    in_force: str | None = None
    target_state: str | None = None
    cost: str | None = None
    enforcers: str = "all"
    without: str | None = None
    only: str | None = None
    scope: str | None = None


@dataclass(slots=True, kw_only=True)
class Found:
    """The situation, and what the summary says about how it was read."""

    situation: Situation
    enforcers: str
    target_state: str | None
    warnings: list[str] = field(default_factory=list)


def refuse_later_options(*, by: str, regime: str, horizon: str, worlds: int, ablate: bool, levers: str | None) -> None:
    """Say what this version does not have, rather than answer another question than was asked."""
    if by not in {"entity", "jurisdiction"}:
        if by == "lever":
            raise UsageError("--by lever: this version has no levers", hint="use --by entity or --by jurisdiction")
        raise UsageError(f"--by {quoted(by)} is not known", hint="there are: entity, jurisdiction")
    if levers is not None:
        raise UsageError("--levers: this version has no levers", hint="use --by entity or --by jurisdiction")
    if regime != "none":
        raise UsageError(
            f"--regime {quoted(regime)}: this version of choke has no ownership rule; use --regime none",
            hint="`finnet blocked --regime …` says who is captured",
        )
    if horizon.rstrip("dwm") not in {"0", ""}:
        raise UsageError(f"--horizon {quoted(horizon)}: this version does not let networks adapt", hint="use 0d")
    if worlds != 0:
        raise UsageError(f"--worlds {worlds}: this version does not resample links", hint="leave --worlds away")
    if ablate:
        raise UsageError("--ablate: this version does not drop datasets in turn", hint="leave --ablate away")


def situation_of(
    network: Network, objective: ModuleType, asked: Asked, select: Callable[[str], Sequence[str]]
) -> Found:
    """The Situation that these words describe in this network.

    Raises: UsageError where the words contradict each other or the objective lacks what it needs.
    """
    warnings: list[str] = []

    def members(option: str, selector: str | None) -> IntArray:
        if selector is None:
            return np.empty(0, np.int64)
        named = select(selector)
        inside = numbers(network.number[name] for name in named if name in network.number)
        if not len(inside):
            why = "it matches nobody" if not named else f"none of the {len(named):,} it matches is in this graph"
            warnings.append(f"{option} {selector}: {why}")
        elif len(inside) < len(named):
            warnings.append(f"{option}: {len(named) - len(inside):,} of {len(named):,} are not in this graph")
        return inside

    _needs(objective, asked)
    seeds, exits = members("--from", asked.from_), members("--to", asked.to)
    both = np.intersect1d(seeds, exits)
    if len(both):
        shown = quoted(network.ids[int(both[0])])
        more = f" (and {len(both) - 1:,} more)" if len(both) > 1 else ""
        raise UsageError(
            f"{shown}{more} is both in --from and in --to",
            hint="take it out of one of them, as in country:ch+!country:ru",
        )
    in_force = members("--in-force", asked.in_force)
    target = asked.target_state.casefold() if asked.target_state else majority_country(network, seeds)
    if asked.by == "jurisdiction":
        return _jurisdictions(network, asked, seeds, exits, in_force, target, warnings)
    offered = None if asked.candidates is None else members("--candidates", asked.candidates)
    who = eligible(
        network,
        in_force=in_force,
        seeds=seeds,
        exits=exits,
        offered=offered,
        excluded=members("--exclude", asked.exclude),
        target_state=target,
    )
    forced = members("--forced", asked.forced)
    wrong = np.setdiff1d(forced, who.candidates)
    if len(wrong):
        raise UsageError(
            f"--forced {quoted(network.ids[int(wrong[0])])} may not be chosen", hint="see `excluded` without --forced"
        )
    enforced, words = _enforced(network, asked)
    situation = Situation(
        network=network,
        sources=seeds,
        exits=exits,
        candidates=who.candidates,
        in_force=in_force,
        cost=_costs(network, asked.cost, who.candidates),
        forced=forced,
        excluded=who.excluded,
        enforced=enforced,
    )
    return Found(situation=situation, enforcers=words, target_state=target, warnings=warnings)


def _needs(objective: ModuleType, asked: Asked) -> None:
    name = objective.__name__.rsplit(".", 1)[-1]
    for option, value in (("from", asked.from_), ("to", asked.to)):
        if option in objective.NEEDS and value is None:
            raise UsageError(f"--objective {name} needs --{option}", hint="give a selector")
        if option not in objective.NEEDS and value is not None:
            hint = "leave it away" if objective.NEEDS else "use --scope to look at a part of the network"
            raise UsageError(f"--objective {name} takes no --{option}", hint=hint)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _enforced(network: Network, asked: Asked) -> tuple[BoolArray | None, str]:
    """Per edge whether an enforcer stands there, and in words who enforces."""
    said = [
        word
        for word in (asked.enforcers if asked.enforcers.casefold() != "all" else None, asked.without, asked.only)
        if word
    ]
    if len(said) > 1:
        raise UsageError("--enforcers, --without and --only exclude each other", hint="give one of them")
    if not said:
        return None, "all"
    where = standing(network)
    if not len(where.names):
        raise UsageError("this network records no countries: nobody can be told to enforce", hint="use --enforcers all")
    codes = coalition(_codes(said[0]))
    if asked.without is None:
        return where.of(codes), ", ".join(sorted(code.upper() for code in _codes(said[0])))
    # Where nothing is known of a link it is severed, as it is when all enforce.
    left = where.of([name for name in where.names if name not in codes])
    return left | ~where.known, f"all but {', '.join(sorted(code.upper() for code in _codes(said[0])))}"


def _costs(network: Network, column: str | None, candidates: IntArray) -> IntArray:
    if column is None:
        return np.ones(network.size, np.int64)
    if column not in network.vertices:
        raise UnknownNameError(
            f"--cost: parties have no column {quoted(column)}", hint=nearest(column, list(network.vertices) or ["none"])
        )
    prices = np.ones(network.size, np.int64)
    values = network.vertices[column]
    for place in candidates.tolist():
        try:
            price = int(str(values[place]))
        except ValueError:
            price = 0
        if price < 1:
            raise UsageError(
                f"--cost {column}: {quoted(network.ids[place])} has {quoted(values[place])}",
                hint="whole numbers above 0",
            )
        prices[place] = price
    return prices


def _jurisdictions(
    network: Network,
    asked: Asked,
    seeds: IntArray,
    exits: IntArray,
    in_force: IntArray,
    target: str | None,
    warnings: list[str],
) -> Found:
    for option, value in (("--cost", asked.cost), ("--without", asked.without), ("--only", asked.only)):
        if value is not None:
            raise UsageError(
                f"{option} has no meaning with --by jurisdiction", hint="--enforcers names who acts already"
            )
    where = standing(network)
    if not len(where.names):
        raise UsageError("this network records no countries", hint="--by jurisdiction needs parties with countries")
    if asked.in_force is None:
        listed = network.vertices.get("authorities", ())
        in_force = numbers(place for place, names in enumerate(listed) if names)
        if not len(in_force):
            warnings.append("nobody in this graph is listed: say with --in-force whom the countries act against")
    exclude = dict.fromkeys((code.casefold() for code in _codes(asked.exclude or "")), "excluded by --exclude")
    if target is not None:
        exclude[target] = f"the target state ({target.upper()})"
    base = () if asked.enforcers.casefold() == "all" else _codes(asked.enforcers)
    situation = JurisdictionSituation.between(
        network,
        sources=seeds,
        exits=exits,
        in_force=in_force,
        enforcers=base,
        candidates=None if asked.candidates is None else {code.casefold() for code in _codes(asked.candidates)},
        exclude=exclude,
        forced=[code.casefold() for code in _codes(asked.forced or "")],
        where=where,
    )
    words = ", ".join(sorted(code.upper() for code in base)) or "nobody but the chosen"
    return Found(situation=situation, enforcers=words, target_state=target, warnings=warnings)
