"""A graph in arrays with its unit: what every analysis takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from finnet.graph.compressed import compressed, first_of_pair, symmetric, transposed

if TYPE_CHECKING:
    import igraph
    import networkx
    import pandas

__all__ = ["Column", "FloatArray", "IntArray", "LazyColumns", "Network", "taken"]

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Column = Sequence[Any] | NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Network:
    """Vertices sorted by id, edges sorted by (source, target), weights in ``unit``.

    ``ids`` are the vertices' ids; vertex number i is ``ids[i]``. ``source``, ``target`` (vertex numbers) and ``weight``
    (float64, in ``unit``) have one entry per edge; parallel edges and self-loops are allowed and kept. In an undirected
    network each edge stands once. ``vertices`` and ``edges`` hold further columns, each as long as ids or edges.

    Exact amounts: where weights are money, ``minor`` holds each edge's weight as an integer number of minor units and
    ``scale`` says how many of them make one ``unit`` (100 where the unit is USD and minor units are cents, 1 for JPY):
    ``weight == minor / scale``. It is None where weights are not amounts. ``amount`` turns a sum of minor units back
    into a Decimal. Sums and flows that are published are computed on ``minor``; the floats are for what may be
    approximate.

    Vertex columns where a case knows them: caption, schema, country (alpha-2 or None), countries, topics, tags,
    programs, datasets, authorities (tuples), missing (bool). Edge columns of networks of payments: currency, count,
    first, last (ISO dates or None); of networks of links: class, schema, role, country (where the link itself has one:
    a representative's host; of several the first, all in countries), share_min_ppm, share_max_ppm, links (tuple of link
    ids), records (tuple of ``dataset:record``).

    ``recipe`` and ``choices`` say what a network was built from: with them ``finnet.graph.ties`` finds the records
    behind an edge.

    >>> chain = Network.of(("Acme", "Mule", 200), ("Mule", "Shell", 190), unit="EUR")
    >>> chain.ids, chain.out_strength.tolist()
    (('Acme', 'Mule', 'Shell'), [200.0, 190.0, 0.0])

    Raises: ValueError if columns differ in length or an edge ends nowhere.
    """

    ids: tuple[str, ...]
    source: IntArray
    target: IntArray
    weight: FloatArray
    unit: str
    directed: bool = True
    minor: IntArray | None = None
    scale: int = 1
    title: str = ""
    recipe: str | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)
    edge_policy: tuple[str, ...] = ()
    vertices: Mapping[str, Column] = field(default_factory=dict)
    edges: Mapping[str, Column] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lengths = {len(self.source), len(self.target), len(self.weight), *(len(c) for c in self.edges.values())}
        if self.minor is not None:
            lengths.add(len(self.minor))
        elif self.scale != 1:
            raise ValueError("a scale without minor units")
        if len(lengths) > 1:
            raise ValueError(f"edge columns of different lengths: {sorted(lengths)}")
        if len(self.source) and min(self.source.min(), self.target.min()) < 0:
            raise ValueError("an edge ends at a vertex below 0")
        if len(self.source) and max(self.source.max(), self.target.max()) >= len(self.ids):
            raise ValueError(f"an edge ends at a vertex that is not there: there are {len(self.ids)}")

    @classmethod
    def of(
        cls, *edges: tuple[str, str] | tuple[str, str, float], unit: str = "links", directed: bool = True
    ) -> Network:
        """A small network from tuples (source, target[, weight]), for examples and tests."""
        return cls.build(
            source=[edge[0] for edge in edges],
            target=[edge[1] for edge in edges],
            weight=[float(edge[2]) if len(edge) == 3 else 1.0 for edge in edges],
            unit=unit,
            directed=directed,
        )

    @classmethod
    def build(
        cls,
        *,
        source: Sequence[str],
        target: Sequence[str],
        weight: Sequence[float] | FloatArray,
        unit: str,
        directed: bool = True,
        isolated: Iterable[str] = (),
        minor: Sequence[int] | IntArray | None = None,
        edges: Mapping[str, Column] | None = None,
        **rest: Any,
    ) -> Network:
        """A network from labels: ids sorted, edges sorted by (source, target) and stable within equal ends."""
        ids = tuple(sorted({*source, *target, *isolated}))
        number = {label: place for place, label in enumerate(ids)}
        tails = np.fromiter((number[label] for label in source), dtype=np.int64, count=len(source))
        heads = np.fromiter((number[label] for label in target), dtype=np.int64, count=len(target))
        order = np.lexsort((heads, tails))
        return cls(
            ids=ids,
            source=tails[order],
            target=heads[order],
            weight=np.asarray(weight, dtype=np.float64)[order],
            unit=unit,
            directed=directed,
            minor=None if minor is None else np.asarray(minor, dtype=np.int64)[order],
            edges={name: taken(column, order) for name, column in (edges or {}).items()},
            **rest,
        )

    @property
    def size(self) -> int:
        """How many vertices."""
        return len(self.ids)

    @property
    def edge_count(self) -> int:
        """How many edges, parallel ones counted each."""
        return len(self.source)

    @cached_property
    def number(self) -> dict[str, int]:
        """Vertex number by id."""
        return {label: place for place, label in enumerate(self.ids)}

    def amount(self, minor: int) -> Decimal:
        """A number of minor units as an exact amount in ``unit``.

        >>> Network.of(("Acme", "Mule", 200), unit="EUR").amount(200)
        Decimal('200')
        """
        return (Decimal(int(minor)) / self.scale).quantize(Decimal(1) / self.scale)

    @cached_property
    def outgoing(self) -> tuple[IntArray, IntArray, IntArray]:
        """CSR of out-edges: (pointers of length size + 1, head of each edge, edge number of each entry)."""
        return compressed(self.source, self.target, self.size)

    @cached_property
    def incoming(self) -> tuple[IntArray, IntArray, IntArray]:
        """CSR of in-edges: (pointers, tail of each edge, edge number of each entry)."""
        return transposed(self.outgoing)

    @cached_property
    def neighbours(self) -> tuple[IntArray, IntArray]:
        """CSR of the simple undirected graph: (pointers, neighbours sorted), without self-loops or parallel edges."""
        keep = np.flatnonzero(self.source != self.target)
        low = np.minimum(self.source[keep], self.target[keep])
        high = np.maximum(self.source[keep], self.target[keep])
        return symmetric(low, high, self.size)

    @cached_property
    def arcs(self) -> tuple[IntArray, IntArray, FloatArray]:
        """CSR of the simple directed graph: (pointers, heads sorted, weights).

        Parallel edges are added up, self-loops and edges of weight 0 left out; an undirected edge goes both ways.
        """
        tails, heads, weight = self.source, self.target, self.weight
        if not self.directed:
            tails, heads = np.concatenate([tails, heads]), np.concatenate([heads, tails])
            weight = np.concatenate([weight, weight])
        keep = np.flatnonzero((tails != heads) & (weight > 0))
        pointers, heads, order = compressed(tails[keep], heads[keep], self.size)
        weight = weight[keep[order]]
        tails = np.repeat(np.arange(self.size), np.diff(pointers))
        starts = np.flatnonzero(first_of_pair(tails, heads))
        pointers = np.searchsorted(starts, pointers)
        return pointers, heads[starts], np.add.reduceat(weight, starts) if len(starts) else weight

    @cached_property
    def out_strength(self) -> FloatArray:
        """Sum of the weights of out-edges, in ``unit``, one per vertex."""
        return np.bincount(self.source, self.weight, self.size).astype(np.float64)

    @cached_property
    def in_strength(self) -> FloatArray:
        """Sum of the weights of in-edges, in ``unit``, one per vertex."""
        return np.bincount(self.target, self.weight, self.size).astype(np.float64)

    def without(self, removed: Iterable[int]) -> Network:
        """The network after these vertices and all their edges are gone; numbers shift, ids stay."""
        gone = np.zeros(self.size, bool)
        gone[list(removed)] = True
        left = np.flatnonzero(~gone)
        renumber = np.cumsum(~gone) - 1
        kept = np.flatnonzero(~gone[self.source] & ~gone[self.target])
        return replace(
            self,
            ids=tuple(self.ids[i] for i in left),
            source=renumber[self.source[kept]],
            target=renumber[self.target[kept]],
            weight=self.weight[kept],
            minor=None if self.minor is None else self.minor[kept],
            vertices=_taken_all(self.vertices, left),
            edges=_taken_all(self.edges, kept),
        )

    def with_edges(self, kept: IntArray) -> Network:
        """The network with these edges (numbers, ascending) alone; all vertices stay."""
        return replace(
            self,
            source=self.source[kept],
            target=self.target[kept],
            weight=self.weight[kept],
            minor=None if self.minor is None else self.minor[kept],
            edges=_taken_all(self.edges, kept),
        )

    @cached_property
    def igraph(self) -> igraph.Graph:
        """The same network as an igraph Graph: vertex attribute ``name``, edge attribute ``weight``."""
        from finnet.graph.convert import to_igraph

        return to_igraph(self)

    @cached_property
    def networkx(self) -> networkx.MultiDiGraph[str] | networkx.MultiGraph[str]:
        """The same network as a networkx multigraph over ids, edge attribute ``weight``."""
        from finnet.graph.convert import to_networkx

        return to_networkx(self)

    @cached_property
    def frame(self) -> pandas.DataFrame:
        """The edges as a DataFrame: source, target, weight and the further edge columns."""
        from finnet.graph.convert import to_frame

        return to_frame(self)


def taken(column: Column, places: IntArray) -> Column:
    """The values at these places, in their order; an array stays an array."""
    return column[places] if isinstance(column, np.ndarray) else [column[place] for place in places.tolist()]


def _taken_all(columns: Mapping[str, Column], places: IntArray) -> Mapping[str, Column]:
    if isinstance(columns, LazyColumns):
        return columns.taken(places)
    return {name: taken(column, places) for name, column in columns.items()}


class LazyColumns(Mapping[str, Column]):
    """Columns that are read when the first of them is asked for: a large case's names are seldom all needed.

    >>> columns = LazyColumns(("caption",), lambda: {"caption": ["Acme", "Mule"]})
    >>> list(columns), columns.taken(np.array([1]))["caption"]
    (['caption'], ['Mule'])
    """

    def __init__(
        self,
        names: Sequence[str],
        read: Callable[[], Mapping[str, Column]],
        read_at: Callable[[IntArray], Mapping[str, Column]] | None = None,
    ) -> None:
        self._names, self._read, self._read_at = tuple(names), read, read_at

    @cached_property
    def _columns(self) -> Mapping[str, Column]:
        return self._read()

    def __getitem__(self, name: str) -> Column:
        if name not in self._names:
            raise KeyError(name)
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def taken(self, places: IntArray) -> LazyColumns:
        """The same columns at these places; still not read, and with ``read_at`` read at these places only."""
        if (read_at := self._read_at) is not None:
            return LazyColumns(self._names, lambda: read_at(places), lambda further: read_at(places[further]))
        return LazyColumns(self._names, lambda: {name: taken(column, places) for name, column in self._columns.items()})
