"""How severed relations find somebody else: each waits, then attaches to a substitute, chosen by a rule.

Chance is a hash of run, purpose and relation, not a stream: whatever else is removed, the same relation waits equally
long and throws the same dice, so that sets are compared under the same chances (common random numbers).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numba import njit

from finnet.analysis.interdiction.situation import BoolArray
from finnet.graph.network import FloatArray, IntArray

__all__ = ["ALIVE", "LOST", "WAITING", "Ground", "Moves", "moves"]

ALIVE, WAITING, LOST = 0, 1, 2  # the states of a relation

# What chance is asked for; each purpose has a key of its own.
_DELAY_TAIL, _DELAY_HEAD, _SHELL, _TAKEN, _WHO, _FOLLOW = range(6)
_PURPOSES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a network rewires on. There are 2n parties: party n + r is the one newly formed in place of party r.

    ``pool`` are the numbers, sorted, of those who may take over; ``role`` and ``days`` (the mean delay) are per party
    of the network, ``degree`` its links, ``near_pointers`` and ``near`` the network as its neighbours. ``edge_key``
    numbers each edge for chance. ``rule`` is a place in ``rewiring.SUBSTITUTES``.
    """

    tail: IntArray
    head: IntArray
    capacity: IntArray
    pool: IntArray
    role: IntArray
    days: FloatArray
    degree: IntArray
    near_pointers: IntArray
    near: IntArray
    edge_key: IntArray
    rule: int
    capacity_share: float
    is_amount: bool  # whether the share is of what a relation carries, or of whether it comes back at all
    new_shell_share: float
    follow_up_per_day: float
    horizon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What happens, in order of time: relation ``edge`` now runs from ``tail`` to ``head`` and carries ``capacity``.

    A capacity of 0 means that it is severed in turn, by a follow-up.
    """

    time: FloatArray
    edge: IntArray
    tail: IntArray
    head: IntArray
    capacity: IntArray


def moves(ground: Ground, state: IntArray, gone: BoolArray, *, seed: int, run: int) -> Moves:
    """One throw of the dice up to the horizon. ``state`` is per relation, ``gone`` per party; neither is changed."""
    keys = np.random.SeedSequence([seed, run]).generate_state(_PURPOSES, np.uint64)
    found = _moves(
        len(ground.role), ground.tail.copy(), ground.head.copy(), ground.capacity.copy(), state.copy(), gone.copy(),
        ground.pool, ground.role, ground.days, ground.degree, ground.near_pointers, ground.near, ground.edge_key,
        ground.rule, ground.capacity_share, ground.is_amount, ground.new_shell_share, ground.follow_up_per_day,
        ground.horizon, keys,
    )  # fmt: skip
    return Moves(time=found[0], edge=found[1], tail=found[2], head=found[3], capacity=found[4])


@njit(cache=True)
def _chance(key, index):  # type: ignore[no-untyped-def]
    # Steele, Lea, Flood, Fast splittable pseudorandom number generators (2014): splitmix64 of a counter.
    word = key + np.uint64(index + 1) * np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    word = word ^ (word >> np.uint64(31))
    return (float(word >> np.uint64(11)) + 0.5) * 2.0**-53


@njit(cache=True)
def _walk(pool, weight, chance, gone, role, wanted, other):  # type: ignore[no-untyped-def]
    # A place in the pool drawn by weight among those of a role (any role if below 0), then on to the first that is
    # still there: the same chance leads to the same party whoever else is gone.
    total = 0.0
    for place in range(len(pool)):
        if wanted < 0 or role[pool[place]] == wanted:
            total += weight[pool[place]]
    aim, seen, start = chance * total, 0.0, -1
    for place in range(len(pool)):
        if wanted < 0 or role[pool[place]] == wanted:
            seen += weight[pool[place]]
            if seen >= aim and start < 0:
                start = place
    if start < 0:
        return -1
    for step in range(len(pool)):
        one = pool[(start + step) % len(pool)]
        if (wanted < 0 or role[one] == wanted) and not gone[one] and one != other:
            return one
    return -1


@njit(cache=True)
def _nearest(start, pointers, near, allowed, gone, role, degree):  # type: ignore[no-untyped-def]
    # The nearest who may take over, one of the same role before all others; of equally near ones who has most links.
    size = len(pointers) - 1
    depth = np.full(size, -1, np.int64)
    queue = np.empty(size, np.int64)
    depth[start], queue[0] = 0, start
    first, last = 0, 1
    alike, other = -1, -1
    while first < last:
        node = queue[first]
        first += 1
        if node != start and allowed[node] and not gone[node]:
            if role[node] == role[start]:
                if alike < 0 or (depth[node] == depth[alike] and (-degree[node], node) < (-degree[alike], alike)):
                    alike = node
                elif depth[node] > depth[alike]:
                    break
            elif other < 0 or (depth[node] == depth[other] and (-degree[node], node) < (-degree[other], other)):
                other = node
        for place in range(pointers[node], pointers[node + 1]):
            if depth[near[place]] < 0:
                depth[near[place]] = depth[node] + 1
                queue[last] = near[place]
                last += 1
    return alike if alike >= 0 else other


@njit(cache=True)
def _roomiest(pool, gone, role, wanted, other, room):  # type: ignore[no-untyped-def]
    best, most = -1, 0
    for place in range(len(pool)):
        one = pool[place]
        if (wanted < 0 or role[one] == wanted) and not gone[one] and one != other and room[one] > most:
            best, most = one, room[one]
    return best


@njit(cache=True)
def _moves(  # type: ignore[no-untyped-def]
    size, tail, head, capacity, state, gone, pool, role, days, degree, near_pointers, near, edge_key,
    rule, capacity_share, is_amount, new_shell_share, follow_up, horizon, keys,
):  # fmt: skip
    allowed = np.zeros(size, np.bool_)
    for one in pool:
        allowed[one] = True
    equal, by_degree = np.ones(size), degree.astype(np.float64)
    successor = np.full(size, -2, np.int64)
    surplus = np.zeros(2 * size, np.int64)  # what comes in and does not go out
    for edge in range(len(tail)):
        if state[edge] == 0:
            surplus[head[edge]] += capacity[edge]
            surplus[tail[edge]] -= capacity[edge]
    followed = np.zeros(2 * size, np.bool_)
    # (time, relation or party, round): rounds count how often a relation was severed; a party's round is -1.
    heap = [(horizon, np.int64(0), np.int64(0))]
    heap.pop()
    for edge in range(len(tail)):
        if state[edge] == 1:
            heap.append((_wait(edge, 0, tail, head, size, gone, days, edge_key, keys), np.int64(edge), np.int64(0)))
    heapq.heapify(heap)
    rounds = np.zeros(len(tail), np.int64)
    when, which, tails, heads, carried = [0.0], [np.int64(0)], [np.int64(0)], [np.int64(0)], [np.int64(0)]
    while len(heap) > 0:
        time, what, turn = heapq.heappop(heap)
        if time >= horizon:
            break
        if turn < 0:  # a follow-up designates a substitute: all its relations wait again
            gone[what] = True
            for edge in range(len(tail)):
                if state[edge] == 0 and (tail[edge] == what or head[edge] == what):
                    state[edge] = 1
                    rounds[edge] += 1
                    surplus[head[edge]] -= capacity[edge]
                    surplus[tail[edge]] += capacity[edge]
                    again = time + _wait(edge, rounds[edge], tail, head, size, gone, days, edge_key, keys)
                    heapq.heappush(heap, (again, np.int64(edge), rounds[edge]))
                    when.append(time)
                    which.append(np.int64(edge))
                    tails.append(tail[edge])
                    heads.append(head[edge])
                    carried.append(np.int64(0))
            continue
        number = edge_key[what] * 8 + turn
        left = capacity[what]
        if is_amount:
            # Rounded up as often as the fraction says, or small whole numbers would vanish.
            left = np.int64(np.floor(left * capacity_share + _chance(keys[3], number)))
        elif _chance(keys[3], number) >= capacity_share:
            left = np.int64(0)
        ends = (tail[what], head[what])
        found = [tail[what], head[what]]
        for side in range(2):
            one, other = ends[side], found[1 - side]
            if not gone[one]:
                continue
            new = np.int64(-1)
            if one < size and not gone[size + one] and _chance(keys[2], number) < new_shell_share:
                new = size + one
            origin = one if one < size else one - size
            if new < 0 and rule == 3:
                room = surplus if side == 0 else -surplus
                new = _roomiest(pool, gone, role, role[origin], other, room)
                if new < 0:
                    new = _roomiest(pool, gone, role, -1, other, room)
            if new < 0:
                if successor[origin] < 0 or gone[successor[origin]]:
                    chance = _chance(keys[4], origin)
                    if rule == 0 or rule == 2:
                        weight = equal if rule == 0 else by_degree
                        successor[origin] = _walk(pool, weight, chance, gone, role, role[origin], origin)
                        if successor[origin] < 0:
                            successor[origin] = _walk(pool, weight, chance, gone, role, -1, origin)
                    else:
                        successor[origin] = _nearest(origin, near_pointers, near, allowed, gone, role, degree)
                new = successor[origin]
            found[side] = new
        if left <= 0 or found[0] < 0 or found[1] < 0 or found[0] == found[1]:
            state[what] = 2
            continue
        for side in range(2):
            one = found[side]
            if follow_up > 0 and one != ends[side] and not followed[one]:
                followed[one] = True
                designated = time - np.log(1 - _chance(keys[5], one)) / follow_up
                heapq.heappush(heap, (designated, np.int64(one), np.int64(-1)))
        tail[what], head[what], capacity[what], state[what] = found[0], found[1], left, 0
        surplus[found[1]] += left
        surplus[found[0]] -= left
        when.append(time)
        which.append(what)
        tails.append(np.int64(found[0]))
        heads.append(np.int64(found[1]))
        carried.append(np.int64(left))
    return (
        np.array(when[1:]), np.array(which[1:]), np.array(tails[1:]), np.array(heads[1:]), np.array(carried[1:])
    )  # fmt: skip


@njit(cache=True)
def _wait(edge, turn, tail, head, size, gone, days, edge_key, keys):  # type: ignore[no-untyped-def]
    # Each end that is gone has to be replaced: the later of the two counts. Where neither is gone, the relation itself
    # was cut and comes back between the same two, at the pace of the slower role.
    number = edge_key[edge] * 8 + turn
    ends = (tail[edge], head[edge])
    longest, slowest = 0.0, 0.0
    for side in range(2):
        mean = days[ends[side] if ends[side] < size else ends[side] - size]
        slowest = max(slowest, mean)
        if gone[ends[side]]:
            longest = max(longest, -mean * np.log(1 - _chance(keys[side], number)))
    if not gone[ends[0]] and not gone[ends[1]]:
        longest = -slowest * np.log(1 - _chance(keys[0], number))
    return longest
