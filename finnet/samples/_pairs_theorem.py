"""How many pairs of parties stay connected when some are taken out, as a formula, and which three are provably best.

In a group each of four parents holds a part of every company: whichever up to three parties are taken out, a parent and
a company are left over and the group stays in one piece. A nominee sits on four boards in each of two groups and so
stays tied to both. What falls apart is therefore only the tree of groups, at nominees who are taken out:

    F(C) = sum over pieces of n (n - 1) / 2,   n = parties left in the groups of a piece + nominees left in it.

All other ties make small pieces of their own. To take a party out of one saves at most the pairs of the largest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement

from finnet.samples._groups import NOMINEES, PARENTS_PER_GROUP, SEATS, Group

__all__ = ["PairsAnswer", "pairs_left", "pieces", "planted_pairs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsAnswer:
    """The best set, connected pairs before and after, and the least that any other set of that size can leave."""

    chosen: tuple[str, ...]
    before: int
    after: int
    others_leave: int


def pairs_left(groups: Sequence[Group], taken: Mapping[str, int], nominees: Collection[str]) -> int:
    """F(C) within the groups: ``taken`` says how many parties are taken out of each, ``nominees`` which of those."""
    root = {group.name: group.name for group in groups}

    def find(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    left = [nominee for nominee in NOMINEES if nominee not in nominees]
    for nominee in left:
        one, other = NOMINEES[nominee]
        root[find(one)] = find(other)
    size: dict[str, int] = defaultdict(int)
    for group in groups:
        size[find(group.name)] += group.size - taken.get(group.name, 0)
    for nominee in left:
        size[find(NOMINEES[nominee][0])] += 1
    return sum(number * (number - 1) // 2 for number in size.values())


def pieces(ties: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The connected pieces of ties read both ways, the largest first."""
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in ties:
        near[one].add(other)
        near[other].add(one)
    found, seen = [], set[str]()
    for start in sorted(near):
        if start not in seen:
            piece, front = {start}, [start]
            while front:
                fresh = near[front.pop()] - piece
                piece |= fresh
                front += fresh
            seen |= piece
            found.append(piece)
    return sorted(found, key=lambda piece: (-len(piece), min(piece)))


def planted_pairs(groups: Sequence[Group], ties: Sequence[tuple[str, str]], budget: int) -> PairsAnswer:
    """The only best set of ``budget`` nominees, by going through what C can take out of each group.

    ``ties`` are all that count as influence; those of the groups must make one piece.

    Raises: ValueError if the ties have another shape, or no set is the only best one.
    """
    found = pieces(ties)
    in_groups = {name for group in groups for name in (*group.parents, *group.companies)} | set(NOMINEES)
    if found[0] != in_groups or budget >= min(PARENTS_PER_GROUP, SEATS, *(len(group.companies) for group in groups)):
        raise ValueError("the groups are not one piece that holds together when as many as the budget are taken out")
    small = [len(piece) * (len(piece) - 1) // 2 for piece in found[1:]]
    most_saved, rest = max(small, default=0), sum(small)
    values: list[tuple[int, int, tuple[str, ...]]] = []
    for count in range(budget + 1):
        for nominees in combinations(sorted(NOMINEES), count):
            room = budget - count
            # Each of the others comes out of one of the groups, or out of a small piece ("").
            for places in combinations_with_replacement([*(group.name for group in groups), ""], room):
                taken = {group.name: places.count(group.name) for group in groups}
                value = pairs_left(groups, taken, nominees) - most_saved * places.count("")
                values.append((value, room, nominees))
    values.sort()
    (least, room, chosen), (second, *_) = values[:2]
    if room or least >= second:
        raise ValueError("no set of nominees is provably the only best one")
    return PairsAnswer(
        chosen=chosen, before=pairs_left(groups, {}, ()) + rest, after=least + rest, others_leave=second + rest
    )
