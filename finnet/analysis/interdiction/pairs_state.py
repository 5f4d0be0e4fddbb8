"""What is left after a choice, kept up to date: components, and what taking out any one vertex would separate.

Each component carries a depth-first tree. A vertex's subtrees that hang on it alone (Tarjan's condition) are what its
removal cuts off, so what removing any vertex, or swapping any two, would change is read from the tree in time of their
degrees; the tree is grown anew only for the components that an accepted change touches.

Source: Tarjan, Depth-first search and linear graph algorithms (1972), for the condition; reading swaps off the tree is
our own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from finnet.graph.network import IntArray

__all__ = ["State", "gain", "loss", "put_back", "start", "swap", "swap_change", "take_out"]

# Columns of ``tree``: 8 numbers of 8 bytes, so that all that is asked of a vertex lies in one cache line.
_LABEL = 0  # component number; -1: taken out
_PARENT = 1  # in the depth-first tree; -1: root
_FOUND = 2  # when the search found it, from 0 in each component
_LOW = 3  # the earliest found vertex that its subtree is linked to
_LAST = 4  # when the last vertex of its subtree was found
_BELOW = 5  # weight of its subtree
_APART = 6  # weight of the subtrees that hang on it alone
_SPLIT = 7  # pairs within those subtrees, each by itself


class State(NamedTuple):
    """A graph, its components and their trees. Only the functions of this module change it."""

    pointers: IntArray
    neighbours: IntArray
    weight: IntArray
    tree: IntArray  # one row per vertex, columns as above
    total: IntArray  # weight of a component, by its number
    unused: IntArray  # stack of free component numbers; its height is counters[0]
    stack: IntArray
    cursor: IntArray
    mark: IntArray  # by component number: the last stamp that met it
    counters: IntArray  # free numbers, last stamp
    old: IntArray  # component numbers to be released

    @property
    def value(self) -> int:
        """The connected pairs."""
        return int((self.total * (self.total - 1) // 2).sum())


def start(pointers: IntArray, neighbours: IntArray, weight: IntArray, out: IntArray) -> State:
    """The state after these vertices are taken out.

    >>> from finnet.analysis.interdiction.pairs_problem import compressed
    >>> path = compressed(5, np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4]))
    >>> state = start(*path, np.ones(5, np.int64), np.array([1]))
    >>> state.value, gain(state, 3), loss(state, 1), swap_change(state, 1, 2)
    (3, 3, 7, -1)
    """
    size = len(weight)
    state = State(
        pointers=pointers,
        neighbours=neighbours,
        weight=weight,
        tree=np.zeros((size, 8), np.int64),
        total=np.zeros(2 * size + 1, np.int64),
        unused=np.arange(2 * size + 1, dtype=np.int64)[::-1].copy(),
        stack=np.zeros(size + 1, np.int64),
        cursor=np.zeros(size + 1, np.int64),
        mark=np.zeros(2 * size + 1, np.int64),
        counters=np.array([2 * size + 1, 0], np.int64),
        old=np.zeros(size + 1, np.int64),
    )
    state.tree[:, _LABEL] = -2
    state.tree[out, _LABEL] = -1
    _grow_all(state)
    return state


@njit(cache=True)
def _grow_all(state):  # type: ignore[no-untyped-def]
    for root in range(len(state.weight)):
        if state.tree[root, _LABEL] == -2:
            _grow(state, root)


@njit(cache=True)
def _grow(state, root):  # type: ignore[no-untyped-def]
    # A new component from root over all vertices that are there, with its tree.
    pointers, neighbours, weight, tree = state.pointers, state.neighbours, state.weight, state.tree
    stack, cursor = state.stack, state.cursor
    state.counters[0] -= 1
    fresh = state.unused[state.counters[0]]
    _found(tree, root, fresh, -1, 0, weight[root])
    cursor[root] = pointers[root]
    stack[0] = root
    height, clock = 1, 1
    while height > 0:
        vertex = stack[height - 1]
        place, end = cursor[vertex], pointers[vertex + 1]
        above = tree[vertex, _PARENT]
        early = tree[vertex, _LOW]
        deeper = False
        while place < end:
            other = neighbours[place]
            place += 1
            label = tree[other, _LABEL]
            if label == fresh:
                if tree[other, _FOUND] < early and other != above:
                    early = tree[other, _FOUND]
            elif label != -1:
                _found(tree, other, fresh, vertex, clock, weight[other])
                cursor[other] = pointers[other]
                stack[height] = other
                height += 1
                clock += 1
                deeper = True
                break
        cursor[vertex] = place
        tree[vertex, _LOW] = early
        if not deeper:
            height -= 1
            tree[vertex, _LAST] = clock - 1
            if above >= 0:
                mass = tree[vertex, _BELOW]
                tree[above, _BELOW] += mass
                if early < tree[above, _LOW]:
                    tree[above, _LOW] = early
                if early >= tree[above, _FOUND]:
                    tree[above, _APART] += mass
                    tree[above, _SPLIT] += mass * (mass - 1) // 2
    state.total[fresh] = tree[root, _BELOW]


@njit(cache=True)
def _found(tree, vertex, label, parent, clock, weight):  # type: ignore[no-untyped-def]
    tree[vertex, _LABEL], tree[vertex, _PARENT] = label, parent
    tree[vertex, _FOUND], tree[vertex, _LOW] = clock, clock
    tree[vertex, _BELOW], tree[vertex, _APART], tree[vertex, _SPLIT] = weight, 0, 0


@njit(cache=True)
def _pairs(weight):  # type: ignore[no-untyped-def]
    return weight * (weight - 1) // 2


@njit(cache=True)
def gain(state, vertex):  # type: ignore[no-untyped-def]
    """How many pairs fewer are connected once a vertex that is there is taken out."""
    tree = state.tree
    whole = state.total[tree[vertex, _LABEL]]
    return _pairs(whole) - tree[vertex, _SPLIT] - _pairs(whole - state.weight[vertex] - tree[vertex, _APART])


@njit(cache=True)
def loss(state, vertex):  # type: ignore[no-untyped-def]
    """How many pairs more are connected once a vertex that is out is put back."""
    state.counters[1] += 1
    stamp = state.counters[1]
    joined, before = state.weight[vertex], 0
    for place in range(state.pointers[vertex], state.pointers[vertex + 1]):
        number = state.tree[state.neighbours[place], _LABEL]
        if number >= 0 and state.mark[number] != stamp:
            state.mark[number] = stamp
            joined += state.total[number]
            before += _pairs(state.total[number])
    return _pairs(joined) - before


@njit(cache=True)
def swap_change(state, back, out):  # type: ignore[no-untyped-def]
    """By how much the connected pairs grow once ``back`` is put back and ``out`` is taken out, both at once."""
    pointers, neighbours, tree, total = state.pointers, state.neighbours, state.tree, state.total
    home, begun, ended = tree[out, _LABEL], tree[out, _FOUND], tree[out, _LAST]
    rest = total[home] - state.weight[out] - tree[out, _APART]
    state.counters[1] += 1
    stamp = state.counters[1]
    joined, before = state.weight[back], _pairs(total[home])
    rest_joined = False
    subtrees = 0  # pairs within the subtrees of out that back joins
    for place in range(pointers[back], pointers[back + 1]):
        other = neighbours[place]
        number = tree[other, _LABEL]
        if number < 0 or other == out:
            continue
        if number != home:
            if state.mark[number] != stamp:
                state.mark[number] = stamp
                joined += total[number]
                before += _pairs(total[number])
            continue
        found = tree[other, _FOUND]
        if tree[out, _APART] == 0 or found < begun or found > ended:
            rest_joined = True
            continue
        # The subtree of out that other lies in: the child whose time span holds it.
        for link in range(pointers[out], pointers[out + 1]):
            child = neighbours[link]
            if (
                tree[child, _PARENT] == out
                and tree[child, _LABEL] == home
                and tree[child, _FOUND] <= found <= tree[child, _LAST]
            ):
                if tree[child, _LOW] < begun:
                    rest_joined = True
                elif state.cursor[child] != -stamp:
                    state.cursor[child] = -stamp
                    joined += tree[child, _BELOW]
                    subtrees += _pairs(tree[child, _BELOW])
                break
    after = tree[out, _SPLIT] - subtrees
    if rest_joined:
        joined += rest
    else:
        after += _pairs(rest)
    return after + _pairs(joined) - before


@njit(cache=True)
def take_out(state, out):  # type: ignore[no-untyped-def]
    """Take out a vertex that is there."""
    home = state.tree[out, _LABEL]
    state.tree[out, _LABEL] = -1
    for place in range(state.pointers[out], state.pointers[out + 1]):
        other = state.neighbours[place]
        if state.tree[other, _LABEL] == home:
            _grow(state, other)
    _release(state, home)


@njit(cache=True)
def put_back(state, back):  # type: ignore[no-untyped-def]
    """Put back a vertex that is out."""
    count = _around(state, back, -1)
    _grow(state, back)
    for place in range(count):
        _release(state, state.old[place])


@njit(cache=True)
def swap(state, back, out):  # type: ignore[no-untyped-def]
    """Put one back and take the other out: each component touched is grown anew once."""
    home = state.tree[out, _LABEL]
    state.tree[out, _LABEL] = -1
    count = _around(state, back, home)
    _grow(state, back)
    for place in range(state.pointers[out], state.pointers[out + 1]):
        other = state.neighbours[place]
        if state.tree[other, _LABEL] == home:
            _grow(state, other)
    _release(state, home)
    for place in range(count):
        _release(state, state.old[place])


@njit(cache=True)
def _around(state, back, home):  # type: ignore[no-untyped-def]
    # The components around back, without home, into state.old. They are released only when no vertex carries their
    # numbers any more: _grow must never be given a number that it meets.
    state.counters[1] += 1
    stamp = state.counters[1]
    count = 0
    for place in range(state.pointers[back], state.pointers[back + 1]):
        number = state.tree[state.neighbours[place], _LABEL]
        if number >= 0 and number != home and state.mark[number] != stamp:
            state.mark[number] = stamp
            state.old[count] = number
            count += 1
    return count


@njit(cache=True)
def _release(state, number):  # type: ignore[no-untyped-def]
    state.total[number] = 0
    state.unused[state.counters[0]] = number
    state.counters[0] += 1
