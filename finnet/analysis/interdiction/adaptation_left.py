"""What is left after each move of a network that rewires: the flow, the parties reached, the pairs still connected.

Each move that adds a relation only mends the value before it; the whole is worked out anew where one is severed.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.analysis.interdiction.adaptation_moves import Moves
from finnet.analysis.interdiction.flow_maximum import LARGEST, adjacency, push
from finnet.analysis.interdiction.situation import BoolArray
from finnet.graph.network import IntArray

__all__ = ["flow_left", "pairs_left_over_time", "reach_left"]


def flow_left(
    node: IntArray,
    tail: IntArray,
    head: IntArray,
    capacity: IntArray,
    alive: BoolArray,
    moved: Moves,
    both: bool,
    *,
    step: int = 1,
) -> IntArray:
    """The maximum flow from node 0 to node 1 at first and after each move.

    ``node`` is the node of each party, 0 for seeds and 1 for exits; ``both`` says that edges carry either way. With a
    ``step`` above 1 only every so many moves are worked out, and those between lie on a line; where something is
    severed all are.
    """
    if (moved.capacity == 0).any():
        step = 1
    return np.asarray(
        _flow_left(
            node, tail, head, capacity, alive, moved.time, moved.edge, moved.tail, moved.head, moved.capacity, both,
            step,
        )
    )  # fmt: skip


def reach_left(
    seeds: IntArray, worth: IntArray, tail: IntArray, head: IntArray, alive: BoolArray, moved: Moves, both: bool
) -> IntArray:
    """The worth of all who are reached from the seeds at first and after each move."""
    return np.asarray(
        _reach_left(
            seeds, worth, tail, head, alive, moved.time, moved.edge, moved.tail, moved.head, moved.capacity, both
        )
    )


def pairs_left_over_time(size: int, tail: IntArray, head: IntArray, alive: BoolArray, moved: Moves) -> IntArray:
    """The connected pairs of parties at first and after each move."""
    return np.asarray(
        _pairs_left(size, tail, head, alive, moved.time, moved.edge, moved.tail, moved.head, moved.capacity)
    )


@njit(cache=True)
def _arcs(tail, head, alive, moved_edge, moved_tail, moved_head, moved_capacity, both):  # type: ignore[no-untyped-def]
    # Every arc there will ever be: those alive, then one per move that adds; place[move] is the arc a move opens or
    # closes, and with both, arc + half runs the other way.
    known = np.full(len(tail), -1, np.int64)
    count = 0
    for edge in range(len(tail)):
        if alive[edge]:
            known[edge] = count
            count += 1
    first = count
    for move in range(len(moved_edge)):
        if moved_capacity[move] > 0:
            count += 1
    half = count
    tails = np.empty(2 * count if both else count, np.int64)
    heads = np.empty(len(tails), np.int64)
    for edge in range(len(tail)):
        if alive[edge]:
            tails[known[edge]], heads[known[edge]] = tail[edge], head[edge]
    place = np.empty(len(moved_edge), np.int64)
    free = first
    for move in range(len(moved_edge)):
        if moved_capacity[move] > 0:
            tails[free], heads[free] = moved_tail[move], moved_head[move]
            known[moved_edge[move]] = free
            free += 1
        place[move] = known[moved_edge[move]]
    if both:
        for arc in range(half):
            tails[half + arc], heads[half + arc] = heads[arc], tails[arc]
    return tails, heads, place, half


@njit(cache=True)
def _goes_on(move, moved_time, moved_capacity):  # type: ignore[no-untyped-def]
    # Whether more is severed at the same moment: it is counted once all of it is.
    following = move + 1
    return following < len(moved_time) and moved_capacity[following] == 0 and moved_time[following] == moved_time[move]


@njit(cache=True)
def _flow_left(  # type: ignore[no-untyped-def]
    node, tail, head, capacity, alive, moved_time, moved_edge, moved_tail, moved_head, moved_capacity, both, step
):
    tails, heads, place, half = _arcs(tail, head, alive, moved_edge, moved_tail, moved_head, moved_capacity, both)
    now = np.zeros(len(tails), np.int64)
    arc = 0
    for edge in range(len(tail)):
        if alive[edge]:
            now[arc] = capacity[edge]
            if both:
                now[half + arc] = capacity[edge]
            arc += 1
    size = 0
    for one in node:
        size = max(size, one + 1)
    size = max(size, 2)
    tails, heads = node[tails], node[heads]
    for arc in range(len(tails)):
        # Nothing is to be gained by way of a seed or past an exit; a closed arc with equal ends is harmless.
        if heads[arc] == 0 or tails[arc] == 1:
            heads[arc] = tails[arc]
    pointers, entries = adjacency(size, tails, heads)
    ends = np.empty(2 * len(tails), np.int64)
    residual = np.zeros(2 * len(tails), np.int64)
    for arc in range(len(tails)):
        ends[2 * arc], ends[2 * arc + 1] = heads[arc], tails[arc]
        residual[2 * arc] = now[arc]
    left = np.empty(len(moved_edge) + 1, np.int64)
    left[0] = push(pointers, entries, ends, residual, 0, 1, LARGEST)
    worked_out = 0
    for move in range(len(moved_edge)):
        for way in range(2 if both else 1):
            arc = place[move] + way * half
            now[arc] = moved_capacity[move]
            residual[2 * arc] = now[arc]
        if (move + 1) % step and move + 1 < len(moved_edge):
            continue
        before, worked_out = worked_out, move + 1
        if moved_capacity[move] > 0:
            left[worked_out] = left[before] + push(pointers, entries, ends, residual, 0, 1, LARGEST)
        elif _goes_on(move, moved_time, moved_capacity):
            left[worked_out] = left[before]
        else:
            for arc in range(len(tails)):
                residual[2 * arc], residual[2 * arc + 1] = now[arc], 0
            left[worked_out] = push(pointers, entries, ends, residual, 0, 1, LARGEST)
        gained, moves = left[worked_out] - left[before], worked_out - before
        for skipped in range(1, moves):
            left[before + skipped] = left[before] + gained * skipped // moves
    return left


@njit(cache=True)
def _spread(start, pointers, entries, ends, opened, seen, queue):  # type: ignore[no-untyped-def]
    # Who is newly reached from start over open arcs; they stand in queue up to the number returned.
    queue[0] = start
    seen[start] = True
    first, last = 0, 1
    while first < last:
        one = queue[first]
        first += 1
        for spot in range(pointers[one], pointers[one + 1]):
            entry = entries[spot]
            if entry % 2 == 0 and opened[entry // 2] and not seen[ends[entry]]:
                seen[ends[entry]] = True
                queue[last] = ends[entry]
                last += 1
    return last


@njit(cache=True)
def _reach_left(  # type: ignore[no-untyped-def]
    seeds, worth, tail, head, alive, moved_time, moved_edge, moved_tail, moved_head, moved_capacity, both
):
    tails, heads, place, half = _arcs(tail, head, alive, moved_edge, moved_tail, moved_head, moved_capacity, both)
    size = len(worth)
    pointers, entries = adjacency(size, tails, heads)
    ends = np.empty(2 * len(tails), np.int64)
    for arc in range(len(tails)):
        ends[2 * arc], ends[2 * arc + 1] = heads[arc], tails[arc]
    opened = np.zeros(len(tails), np.bool_)
    count = 0
    for edge in range(len(tail)):
        if alive[edge]:
            opened[count] = True
            if both:
                opened[half + count] = True
            count += 1
    seen = np.zeros(size, np.bool_)
    queue = np.empty(size, np.int64)
    left = np.zeros(len(moved_edge) + 1, np.int64)
    for seed in seeds:
        if not seen[seed]:
            for spot in range(_spread(seed, pointers, entries, ends, opened, seen, queue)):
                left[0] += worth[queue[spot]]
    for move in range(len(moved_edge)):
        added = moved_capacity[move] > 0
        for way in range(2 if both else 1):
            opened[place[move] + way * half] = added
        left[move + 1] = left[move]
        if added:
            for way in range(2 if both else 1):
                arc = place[move] + way * half
                if seen[tails[arc]] and not seen[heads[arc]]:
                    for spot in range(_spread(heads[arc], pointers, entries, ends, opened, seen, queue)):
                        left[move + 1] += worth[queue[spot]]
        elif not _goes_on(move, moved_time, moved_capacity):
            seen[:] = False
            left[move + 1] = 0
            for seed in seeds:
                if not seen[seed]:
                    for spot in range(_spread(seed, pointers, entries, ends, opened, seen, queue)):
                        left[move + 1] += worth[queue[spot]]
    return left


@njit(cache=True)
def _root(parent, one):  # type: ignore[no-untyped-def]
    while parent[one] != one:
        parent[one] = parent[parent[one]]
        one = parent[one]
    return one


@njit(cache=True)
def _joined(parent, members, one, other):  # type: ignore[no-untyped-def]
    one, other = _root(parent, one), _root(parent, other)
    if one == other:
        return 0
    if members[one] < members[other]:
        one, other = other, one
    gained = members[one] * members[other]
    parent[other] = one
    members[one] += members[other]
    return gained


@njit(cache=True)
def _pairs_left(size, tail, head, alive, moved_time, moved_edge, moved_tail, moved_head, moved_capacity):  # type: ignore[no-untyped-def]
    tails, heads, place, _ = _arcs(tail, head, alive, moved_edge, moved_tail, moved_head, moved_capacity, False)
    opened = np.zeros(len(tails), np.bool_)
    for arc in range(np.sum(alive)):
        opened[arc] = True
    parent, members = np.arange(size), np.ones(size, np.int64)
    left = np.zeros(len(moved_edge) + 1, np.int64)
    for arc in range(len(tails)):
        if opened[arc]:
            left[0] += _joined(parent, members, tails[arc], heads[arc])
    for move in range(len(moved_edge)):
        arc = place[move]
        opened[arc] = moved_capacity[move] > 0
        left[move + 1] = left[move]
        if opened[arc]:
            left[move + 1] += _joined(parent, members, tails[arc], heads[arc])
        elif not _goes_on(move, moved_time, moved_capacity):
            parent, members = np.arange(size), np.ones(size, np.int64)
            left[move + 1] = 0
            for other in range(len(tails)):
                if opened[other]:
                    left[move + 1] += _joined(parent, members, tails[other], heads[other])
    return left
