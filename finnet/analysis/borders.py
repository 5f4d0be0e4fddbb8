"""What crosses borders: a network folded into countries, with what comes in, goes out and passes through each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finnet.graph.network import FloatArray, IntArray, Network

__all__ = ["UNKNOWN", "Borders", "cross_border"]

UNKNOWN = "unknown"

# Minor units as integers, or weights as floats.
Weights = NDArray[np.number[Any]]


@dataclass(frozen=True, kw_only=True)
class Borders:
    """One entry per country, sorted by code; parties of unknown country count together under ``unknown``.

    ``received`` and ``sent`` are the weights of edges from and to other countries, ``inside`` those within; ``through``
    adds up, over the parties there, the smaller of what each receives from abroad and sends abroad. In minor units
    where the network has them, else in its unit.
    """

    countries: tuple[str, ...]
    parties: IntArray
    received: Weights
    sent: Weights
    inside: Weights
    through: Weights

    def sink(self, size: Mapping[str, float] | None = None) -> FloatArray:
        """(received - sent) / all that crosses borders; times all sizes / the country's own where sizes are given.

        From -1 to 1 without sizes: 1 where everything that crosses a border ends up here. With sizes (GDP) it is how
        disproportionate that is, without limits, and NaN for a country without a size. 0 where nothing crosses a
        border.

        Source: Garcia-Bernardo, Fichtner, Takes, Heemskerk, Uncovering offshore financial centers (2017), the sink
        centrality; the normaliser is theirs to us as an option.
        """
        total = float(self.received.sum())
        net = (self.received - self.sent).astype(np.float64)
        share = net / total if total else np.zeros(len(net))
        return share if size is None else share * self._factor(size)

    def conduit(self, size: Mapping[str, float] | None = None) -> FloatArray:
        """The country's share of all that passes through a country on its way between two others; 0 if nothing does.

        Sizes do with it what they do with ``sink``.

        Source: our own definition, after the conduits of the paper named above, which follow ownership chains.
        """
        total = float(self.through.sum())
        share = self.through.astype(np.float64) / total if total else np.zeros(len(self.through))
        return share if size is None else share * self._factor(size)

    def volume(self) -> dict[str, float]:
        """What crosses each country's border, in and out: a size that the data themselves know."""
        return dict(zip(self.countries, (self.received + self.sent).astype(np.float64).tolist(), strict=True))

    def _factor(self, size: Mapping[str, float]) -> FloatArray:
        sizes = np.array([size.get(country) or np.nan for country in self.countries], dtype=np.float64)
        factor: FloatArray = np.nansum(sizes) / sizes
        return factor


def cross_border(network: Network, country: Sequence[str | None]) -> Borders:
    """The network folded into countries; ``country`` has one code or None per vertex.

    >>> chain = Network.of(("A", "B", 100), ("B", "C", 90), ("B", "D", 10))
    >>> borders = cross_border(chain, ["kp", "cn", "sg", "cn"])
    >>> borders.countries, borders.received.tolist(), borders.through.tolist()
    (('cn', 'kp', 'sg'), [100.0, 0.0, 90.0], [90.0, 0.0, 0.0])

    In an undirected network an edge counts as one each way.
    """
    labels = [code or UNKNOWN for code in country]
    countries = tuple(sorted(set(labels)))
    number = {code: place for place, code in enumerate(countries)}
    where = np.array([number[code] for code in labels], dtype=np.int64)
    weight: Weights = network.weight if network.minor is None else network.minor
    tails, heads = network.source, network.target
    if not network.directed:
        tails, heads, weight = np.concatenate([tails, heads]), np.concatenate([heads, tails]), np.tile(weight, 2)
    crosses = where[tails] != where[heads]
    received, sent = (np.zeros(network.size, weight.dtype) for _ in range(2))
    np.add.at(received, heads[crosses], weight[crosses])
    np.add.at(sent, tails[crosses], weight[crosses])
    inside = np.zeros(len(countries), weight.dtype)
    np.add.at(inside, where[tails[~crosses]], weight[~crosses])

    def per_country(values: Weights) -> Weights:
        total = np.zeros(len(countries), values.dtype)
        np.add.at(total, where, values)
        return total

    return Borders(
        countries=countries,
        parties=np.bincount(where, minlength=len(countries)),
        received=per_country(received),
        sent=per_country(sent),
        inside=inside if network.directed else inside // 2 if inside.dtype == np.int64 else inside / 2,
        through=per_country(np.minimum(received, sent)),
    )
