"""What a chosen set does, member by member: bites, their order, what is left on the way, who is hit besides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Value

__all__ = ["Member", "along", "collateral", "in_order", "replacements"]

_REPLACEMENTS = 3
_TRIED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """``bite`` is what would be left more without this member; ``left`` what the members up to this one leave.

    In an order of removals ``bite`` is what went when this member did.
    """

    number: int
    bite: Value
    left: Value


def in_order(value: Callable[[Sequence[int]], Value], chosen: Sequence[int]) -> list[Member]:
    """The members, found from the back: the last one is whose removal from the set matters least, and so on.

    Ties: the larger number further back (ids are sorted).
    """
    whole = value(sorted(chosen))
    bites = {one: value([other for other in chosen if other != one]) - whole for one in chosen}
    rest = list(chosen)
    left = {}
    now: Value = whole
    while rest:
        after = now
        # All cost something to give back; who costs least goes last.
        options = [(value([other for other in rest if other != one]), -one) for one in rest]
        now, minus = min(options)
        left[-minus] = after
        rest.remove(-minus)
    return [Member(number=one, bite=bites[one], left=left[one]) for one in reversed(left)]


def along(order: Sequence[int], course: Sequence[Value]) -> list[Member]:
    """The members of an order of removals as they come; ``course`` has what is there before any and after each.

    >>> [member.bite for member in along([7, 4], [10, 6, 5])]
    [4, 1]
    """
    return [
        Member(number=one, bite=before - after, left=after)
        for one, before, after in zip(order, course, course[1:], strict=False)
    ]


def collateral(situation: Situation, number: int) -> tuple[int, int]:
    """What acting on this party alone severs: minor units (or links) received and sent, whichever is more, and parties.

    Parties are those at the other end, seeds, exits and what is in force not counted.
    """
    network = situation.network
    severed = np.flatnonzero(situation.severed([number]) & ~situation.base)
    weight = network.minor if network.minor is not None else network.weight
    received = weight[severed[network.target[severed] == number]].sum()
    sent = weight[severed[network.source[severed] == number]].sum()
    others = np.setdiff1d(
        np.concatenate([network.source[severed], network.target[severed]]),
        np.concatenate([[number], situation.sources, situation.exits, situation.in_force]),
    )
    whole = max(received, sent) if network.directed else received + sent
    return round(float(whole)) if network.minor is None else int(whole), len(others)


def replacements(
    value: Callable[[Sequence[int]], Value],
    situation: Situation,
    chosen: Sequence[int],
    member: int,
    likely: Sequence[int],
) -> tuple[int, ...]:
    """Who, chosen instead of this member, takes away most, at most three: the next best for its place.

    Only the first of ``likely`` (an order of the candidates) are tried.
    """
    rest = [one for one in chosen if one != member]
    left = situation.total_cost([member])
    base = value(rest)
    tried = [one for one in likely if one not in chosen and situation.total_cost([one]) <= left][:_TRIED]
    gains = sorted((value(sorted([*rest, one])) - base, one) for one in tried)
    return tuple(one for gain, one in gains[:_REPLACEMENTS] if gain < 0)
