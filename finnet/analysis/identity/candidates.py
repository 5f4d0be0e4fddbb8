"""Which pairs of profiles are worth comparing: those that share an identifier or words by sound, or have like names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process

from finnet.analysis.identity.name_key import skeleton
from finnet.analysis.identity.profile import Profile

__all__ = ["candidate_pairs", "like_names"]

_LARGEST = 400  # members of a block: beyond that two words say nothing about anybody
_LARGEST_OF_ONE_WORD = 40  # one word says less
_WORDS = 6  # of a name that make keys: longer names are told apart by their first six in sorted order
_CELLS = 20_000_000  # of a table of likenesses held at once

Pairs = list[tuple[int, int]]


def candidate_pairs(left: Sequence[Profile], right: Sequence[Profile] | None = None) -> tuple[Pairs, int]:
    """Pairs (number in ``left``, number in ``right``) to compare, sorted; and how many keys were too common to use.

    Without ``right`` the pairs are within ``left``, each once, the smaller number first. Two share a key if an
    identifier is equal, or two words of a name sound alike, or one word that few have.

    >>> from finnet.analysis.identity.profile import profile_of
    >>> names = ["Petroff Invented", "Petrov, Invented", "Somebody Else"]
    >>> candidate_pairs([profile_of(str(n), name, [("Person", "d", {})]) for n, name in enumerate(names)])
    ([(0, 1)], 0)
    """
    mine = _blocks(left)
    theirs = mine if right is None else _blocks(right)
    found: set[tuple[int, int]] = set()
    too_common = 0
    for key, members in mine.items():
        others = theirs.get(key, ())
        most = _LARGEST_OF_ONE_WORD if key[0] == "." else _LARGEST
        if len(members) * len(others) > most**2:
            too_common += key[0] != "."
        elif right is None:
            found.update(combinations(members, 2))
        else:
            found.update((one, other) for one in members for other in others)
    return sorted(found), too_common


def like_names(left: Sequence[Profile], right: Sequence[Profile], *, alike: int = 80) -> Pairs:
    """Pairs with names of which ``alike`` per cent of the letters agree: every name is compared with every other.

    >>> from finnet.analysis.identity.profile import profile_of
    >>> one, other = (profile_of(name, name, [("Company", "d", {})]) for name in ("Kvangsongg", "Kwangsong"))
    >>> like_names([one], [other])
    [(0, 0)]
    """
    mine, my_owners = _names(left)
    theirs, their_owners = _names(right)
    if not mine or not theirs:
        return []
    found: set[tuple[int, int]] = set()
    step = max(1, _CELLS // len(theirs))
    for start in range(0, len(mine), step):
        part = mine[start : start + step]
        table = process.cdist(part, theirs, scorer=fuzz.ratio, score_cutoff=alike, dtype=np.uint8, workers=-1)
        rows, columns = np.nonzero(table)
        found.update(zip(my_owners[start + rows].tolist(), their_owners[columns].tolist(), strict=True))
    return sorted(found)


def _names(profiles: Sequence[Profile]) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    keys = [(name.spelled, number) for number, profile in enumerate(profiles) for name in profile.names]
    return [key for key, _ in keys], np.fromiter((number for _, number in keys), np.int64, len(keys))


def _blocks(profiles: Sequence[Profile]) -> dict[str, list[int]]:
    blocks: dict[str, list[int]] = defaultdict(list)
    for number, profile in enumerate(profiles):
        for key in sorted(set(_keys(profile))):
            blocks[key].append(number)
    return blocks


def _keys(profile: Profile) -> Iterator[str]:
    for _, value in profile.identifiers:
        yield f"#{value}"
    for name in profile.names:
        yield f"={skeleton(name.joined)}"
        words = sorted({skeleton(word) for word in name.spelled.split()})[:_WORDS]
        for word in words:
            yield f".{word}"
        for one, other in combinations(words, 2):
            yield f"{one} {other}"
