"""Tables of partial answers to the critical node problem: what is settled, seen from the vertices still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from finnet.graph.network import FloatArray, IntArray

__all__ = ["Table", "forget", "join", "joined_rows", "least", "reduce", "star"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One row per partial answer; one column of ``label`` and ``weight`` per open vertex.

    ``label`` is 0 where the open vertex is taken out, else 1 + the place of the first open vertex that it is connected
    to. ``weight`` stands at that first place: how much of what is settled hangs on the block, without the weights of
    the open vertices. ``spent`` and ``value`` are the cost and the pairs of what is settled and closed. ``trace`` says
    how the row came about: whether the vertex settled last is taken out, then the row of each table joined.
    """

    label: IntArray
    weight: IntArray
    spent: IntArray
    value: IntArray
    trace: IntArray

    def __len__(self) -> int:
        return len(self.value)

    def rows(self, chosen: IntArray) -> Table:
        """These rows, in this order."""
        return Table(
            label=self.label[chosen],
            weight=self.weight[chosen],
            spent=self.spent[chosen],
            value=self.value[chosen],
            trace=self.trace[chosen],
        )


def star(linked: Sequence[bool], eligible: Sequence[bool]) -> Table:
    """A vertex, at place 0, and all the ways in which it and the others can be there; it knows the ``linked`` ones.

    >>> star([True, True], [True, False]).label.tolist()
    [[0, 2], [1, 1]]
    """
    width = len(linked)
    there = (np.arange(2**width)[:, None] >> np.arange(width)) & 1
    there = there[(there.astype(bool) | np.asarray(eligible, bool)).all(axis=1)]
    label = there * np.arange(1, width + 1)
    for place in range(1, width):
        if linked[place]:
            label[(there[:, 0] == 1) & (there[:, place] == 1), place] = 1
    count = len(label)
    return Table(
        label=label,
        weight=np.zeros((count, width), np.int64),
        spent=np.zeros(count, np.int64),
        value=np.zeros(count, np.int64),
        trace=(label[:, :1] == 0).astype(np.int64) if width else np.zeros((count, 1), np.int64),
    )


def joined_rows(table: Table, other: Table, places: Sequence[int]) -> int:
    """How many rows ``join`` makes before any is dropped."""
    mine, theirs = _agreement(table, other, places)
    size = 2 ** len(places)
    return int(np.bincount(mine, minlength=size) @ np.bincount(theirs, minlength=size))


def join(table: Table, other: Table, places: Sequence[int]) -> Table:
    """Both at once: column i of ``other`` is the open vertex at ``places[i]``; they agree on who is taken out."""
    mine, theirs = _agreement(table, other, places)
    order = np.argsort(theirs, kind="stable")
    count = np.bincount(theirs, minlength=2 ** len(places))
    times = count[mine]
    left = np.repeat(np.arange(len(table)), times)
    within = np.arange(len(left)) - (np.cumsum(times) - times)[left]
    right = order[(np.cumsum(count) - count)[mine[left]] + within]
    label, weight = table.label[left], table.weight[left]
    their_label, their_weight = other.label[right], other.weight[right]
    at = np.asarray(places, np.int64)
    for column, place in enumerate(places):
        rows = np.flatnonzero((their_label[:, column] > 0) & (their_label[:, column] != column + 1))
        one, two = label[rows, place], label[rows, at[their_label[rows, column] - 1]]
        apart = one != two
        rows, low, high = rows[apart], np.minimum(one, two)[apart], np.maximum(one, two)[apart]
        label[rows] = np.where(label[rows] == high[:, None], low[:, None], label[rows])
        weight[rows, low - 1] += weight[rows, high - 1]
        weight[rows, high - 1] = 0
    for column, place in enumerate(places):
        rows = np.flatnonzero(their_label[:, column] == column + 1)
        weight[rows, label[rows, place] - 1] += their_weight[rows, column]
    return Table(
        label=label,
        weight=weight,
        spent=table.spent[left] + other.spent[right],
        value=table.value[left] + other.value[right],
        trace=np.column_stack([table.trace[left], right]),
    )


def _agreement(table: Table, other: Table, places: Sequence[int]) -> tuple[IntArray, IntArray]:
    powers = 1 << np.arange(len(places), dtype=np.int64)
    return (table.label[:, list(places)] > 0) @ powers, (other.label > 0) @ powers


def forget(table: Table, weight: int, cost: int) -> Table:
    """Settle the vertex at place 0: it is paid for, or its block grows by its weight; a block without others closes."""
    label, heavy = table.label, table.weight.copy()
    out = label[:, 0] == 0
    heavy[~out, 0] += weight
    others = label[:, 1:] == 1
    goes_on = others.any(axis=1)
    value = table.value + np.where(out | goes_on, 0, heavy[:, 0] * (heavy[:, 0] - 1) // 2)
    rows = np.flatnonzero(goes_on)
    if len(rows):
        first = np.argmax(others[rows], axis=1) + 1
        heavy[rows, first] = heavy[rows, 0]
        label = label.copy()
        label[rows] = np.where(label[rows] == 1, first[:, None] + 1, label[rows])
    label = label[:, 1:]
    return Table(
        label=np.where(label > 0, label - 1, 0),
        weight=heavy[:, 1:],
        spent=table.spent + np.where(out, cost, 0),
        value=value,
        trace=table.trace,
    )


def least(table: Table, price: float) -> FloatArray:
    """What each row comes to at least, its cost at this price: blocks only grow."""
    inside = (table.weight * (table.weight - 1) // 2).sum(axis=1)
    return np.asarray(table.value + inside + price * table.spent, np.float64)


def reduce(table: Table, price: float, most: float, budget: int) -> Table:
    """Without rows that come to more than ``most``, cost more than the budget or are beaten by one alike.

    One is beaten by another with the same open blocks that costs no more and leaves no more.
    """
    table = table.rows(np.flatnonzero((least(table, price) <= most) & (table.spent <= budget)))
    if len(table) < 2:
        return table
    keys: list[IntArray] = []
    key, span = np.zeros(len(table), np.int64), 1
    for column in (*table.label.T, *table.weight.T):
        base = int(column.max()) + 1
        if span * base >= 2**62:
            keys.append(key)
            key, span = np.zeros(len(table), np.int64), 1
        key, span = key * base + column, span * base
    keys.append(key)
    order = np.lexsort((table.value, table.spent, *keys))
    fresh = np.ones(len(order), bool)
    fresh[1:] = np.any([one[order][1:] != one[order][:-1] for one in keys], axis=0)
    # Within a group of the same blocks cost rises: only those stay that leave less than all before them.
    shifted = table.value[order] - np.cumsum(fresh) * (int(table.value.max()) + 1)
    fresh[1:] |= shifted[1:] < np.minimum.accumulate(shifted)[:-1]
    return table.rows(order[fresh])
