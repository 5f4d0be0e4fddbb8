"""Traced money as a network: from whom to whom it went, and how much."""

from __future__ import annotations

import numpy as np

from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.traced import Traced
from finnet.graph.network import LazyColumns, Network, taken

__all__ = ["traced_links"]


def traced_links(passage: Passage, traced: Traced) -> Network:
    """One edge per payer and beneficiary between whom traced money went; its weight is the traced part alone.

    In minor units, a haircut's rounded to the nearest. Edges run as the payments did, backwards too. ``count``,
    ``first`` and ``last`` are those of the legs that carried it. Ends that no record names, and payments to oneself,
    are left out. Empty where nothing is traced.

    >>> from finnet.analysis.flows.tracing import trace_by
    >>> from finnet.graph.ledger import Ledger
    >>> ledger = Ledger.of(("Acme", "Mule", 200, 1), ("Mule", "Shell", 150, 2), ("Pub", "Mule", 9, 3))
    >>> chain = Passage.of(ledger, sources=[0])
    >>> network = traced_links(chain, trace_by("fifo", chain))
    >>> network.ids, network.minor.tolist()
    (('Acme', 'Mule', 'Shell'), [20000, 15000])

    Source: our own definition.
    """
    ledger = passage.ledger
    part = np.rint(traced.on).astype(np.int64)
    is_named = (ledger.payer >= 0) & (ledger.beneficiary >= 0) & (ledger.payer != ledger.beneficiary)
    places = np.flatnonzero((part > 0) & is_named)
    pairs, edge = np.unique(
        np.column_stack([ledger.payer[places], ledger.beneficiary[places]]), axis=0, return_inverse=True
    )
    minor = np.zeros(len(pairs), np.int64)
    np.add.at(minor, edge, part[places])
    first, last = np.full(len(pairs), np.iinfo(np.int64).max), np.full(len(pairs), np.iinfo(np.int64).min)
    np.minimum.at(first, edge, ledger.time[places])
    np.maximum.at(last, edge, ledger.time[places])
    there = np.unique(pairs)
    vertices = ledger.vertices
    return Network(
        ids=tuple(ledger.ids[number] for number in there.tolist()),
        source=np.searchsorted(there, pairs[:, 0]).astype(np.int64),
        target=np.searchsorted(there, pairs[:, 1]).astype(np.int64),
        weight=minor / ledger.scale,
        unit=ledger.currency,
        minor=minor,
        scale=ledger.scale,
        edge_policy=("money",),
        vertices=vertices.taken(there)
        if isinstance(vertices, LazyColumns)
        else {name: taken(column, there) for name, column in vertices.items()},
        edges={
            "currency": [ledger.currency] * len(pairs),
            "count": np.bincount(edge, minlength=len(pairs)),
            "first": [ledger.when(time) for time in first.tolist()],
            "last": [ledger.when(time) for time in last.tolist()],
        },
    )
