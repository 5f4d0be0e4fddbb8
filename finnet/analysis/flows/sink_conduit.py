"""Sink and conduit scores of countries, from chains along which value passes from country to country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from finnet.graph.network import FloatArray, IntArray, Network

__all__ = ["PUBLISHED_THRESHOLD", "Chunks", "CountryScore", "country_scores", "ownership_chunks"]

PUBLISHED_THRESHOLD = 10.0  # of the sink score with GDP as size, in the paper named below
_LONGEST = 10  # holdings in a chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunks:
    """Value by pairs (from, to) and triples (from, through, to) of different neighbouring countries on chains."""

    pairs: Mapping[tuple[str, str], float]
    triples: Mapping[tuple[str, str, str], float]

    @classmethod
    def of(cls, chains: Iterable[tuple[Sequence[str], float]]) -> Chunks:
        """The chunks of chains of countries, each with its value; neighbours in one country are one.

        A chain that stays in one country has none; one that comes back to a country counts each visit.

        >>> Chunks.of([(["de", "de", "nl", "bm"], 100.0)])
        Chunks(pairs={('de', 'nl'): 100.0, ('nl', 'bm'): 100.0}, triples={('de', 'nl', 'bm'): 100.0})
        """
        pairs: dict[tuple[str, str], float] = {}
        triples: dict[tuple[str, str, str], float] = {}
        for chain, value in chains:
            visits = [code for place, code in enumerate(chain) if place == 0 or code != chain[place - 1]]
            for pair in pairwise(visits):
                pairs[pair] = pairs.get(pair, 0.0) + value
            for triple in zip(visits, visits[1:], visits[2:], strict=False):
                triples[triple] = triples.get(triple, 0.0) + value
        return cls(pairs=pairs, triples=triples)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryScore:
    """``sink`` and, where there are triples, the two conduit scores of one country; NaN without a size."""

    sink: float
    is_sink: bool
    conduit_out: float
    conduit_in: float


def country_scores(
    chunks: Chunks, size: Mapping[str, float] | None = None, *, threshold: float = 0.0
) -> dict[str, CountryScore]:
    """Per country, sorted by code, with the normaliser N = sum of all sizes / its own size (1 without sizes).

    ``sink`` = (value in - value out) / all value of pairs · N; a country above ``threshold`` is a sink. ``conduit_out``
    = value of triples through it that end in a sink / all value of triples · N; ``conduit_in`` likewise where they
    begin in one. All 0 where nothing crosses a border. Small sizes make large scores: one payment into a micro-state is
    enough, which is why the size is the reader's choice.

    These are finnet's readings of published formulas, on finnet's data. They do not make a country one of the
    published sink-OFCs or conduit-OFCs.

    >>> scores = country_scores(Chunks.of([(["de", "nl", "bm"], 100.0), (["fr", "nl", "bm"], 50.0)]))
    >>> scores["bm"].sink, scores["nl"].sink, scores["nl"].conduit_out
    (0.5, 0.0, 1.0)

    Source: after Garcia-Bernardo, Fichtner, Takes, Heemskerk, Uncovering offshore financial centers (2017), which has
    GDP for size and 10 for the threshold of a sink.
    """
    total = sum(chunks.pairs.values())
    net: dict[str, float] = {}
    for (origin, end), value in chunks.pairs.items():
        net[origin] = net.get(origin, 0.0) - value
        net[end] = net.get(end, 0.0) + value
    factor = _normaliser(net, size)
    sink = {code: value / total * factor[code] if total else 0.0 for code, value in net.items()}
    through = sum(chunks.triples.values())
    onward, inward = dict.fromkeys(net, 0.0), dict.fromkeys(net, 0.0)
    for (origin, middle, end), value in chunks.triples.items():
        onward[middle] += value * (sink[end] > threshold)
        inward[middle] += value * (sink[origin] > threshold)
    return {
        code: CountryScore(
            sink=sink[code],
            is_sink=sink[code] > threshold,
            conduit_out=onward[code] / through * factor[code] if through else 0.0,
            conduit_in=inward[code] / through * factor[code] if through else 0.0,
        )
        for code in sorted(net)
    }


def _normaliser(codes: Iterable[str], size: Mapping[str, float] | None) -> dict[str, float]:
    if size is None:
        return dict.fromkeys(codes, 1.0)
    whole = sum(size.get(code, 0.0) for code in codes)
    return {code: whole / size[code] if size.get(code, 0.0) > 0 else float("nan") for code in codes}


def ownership_chunks(
    network: Network,
    country: Sequence[str],
    share: FloatArray,
    *,
    value: FloatArray | None = None,
    longest: int = _LONGEST,
    least: float = 1e-6,
) -> Chunks:
    """The chunks of all chains of holdings: each company's value passes up to its owners by their shares.

    ``network`` runs from owner to owned, ``share`` is each edge's part of the whole, 0 to 1. What reaches an owner is
    the product of the shares on the way; less than ``least`` is dropped, and so is what lies more than ``longest``
    holdings away, where loops would run for ever. ``value`` is what each company is worth, its revenue; without it all
    count alike, as 1: revenues are seldom known.

    >>> chain = Network.of(("bm-1", "nl-1"), ("nl-1", "de-1"))
    >>> ownership_chunks(chain, [label[:2] for label in chain.ids], np.array([0.5, 0.8])).pairs
    {('de', 'nl'): 0.8, ('nl', 'bm'): 0.9}

    Of nl-1 half belongs to bm-1; of de-1 0.8 · 0.5: 0.5 + 0.4.
    """
    names = sorted(set(country))
    number = {code: place for place, code in enumerate(names)}
    where = np.array([number[code] for code in country], dtype=np.int64)
    pointers, owners, entry = network.incoming
    parts = np.asarray(share, dtype=np.float64)[entry]
    count = len(names)
    pairs: list[tuple[IntArray, FloatArray]] = []
    triples: list[tuple[IntArray, FloatArray]] = []
    # What is under way: at which company, from which country before the present one (count: none), how much.
    at = np.arange(network.size, dtype=np.int64)
    before = np.full(network.size, count, np.int64)
    value = np.ones(network.size) if value is None else np.asarray(value, dtype=np.float64)
    least = least * float(value.max(initial=1.0))
    for _ in range(longest):
        places, lot = _up(pointers, at)
        reached, passed = owners[places], value[lot] * parts[places]
        origin, end, earlier = where[at[lot]], where[reached], before[lot]
        crosses = (origin != end) & (passed >= least)
        pairs.append((origin[crosses] * count + end[crosses], passed[crosses]))
        third = crosses & (earlier < count)
        triples.append(((earlier[third] * count + origin[third]) * count + end[third], passed[third]))
        state = reached * (count + 1) + np.where(origin != end, origin, earlier)
        kept = passed >= least
        states, value = _together(state[kept], passed[kept])
        at, before = states // (count + 1), states % (count + 1)
        if not len(at):
            break
    two, by_two = _together(*_joined(pairs))
    three, by_three = _together(*_joined(triples))
    return Chunks(
        pairs={(names[i // count], names[i % count]): v for i, v in zip(two.tolist(), by_two.tolist(), strict=True)},
        triples={
            (names[i // count**2], names[i // count % count], names[i % count]): v
            for i, v in zip(three.tolist(), by_three.tolist(), strict=True)
        },
    )


def _joined(lots: Sequence[tuple[IntArray, FloatArray]]) -> tuple[IntArray, FloatArray]:
    keys = [np.empty(0, np.int64), *(key for key, _ in lots)]
    return np.concatenate(keys), np.concatenate([np.empty(0), *(value for _, value in lots)])


def _together(keys: IntArray, values: FloatArray) -> tuple[IntArray, FloatArray]:
    """Each key once, sorted, with the sum of its values."""
    once, place = np.unique(keys, return_inverse=True)
    return once, np.bincount(place, values, len(once)).astype(np.float64)


def _up(pointers: IntArray, at: IntArray) -> tuple[IntArray, IntArray]:
    """All holdings in the companies under way, and which lot each belongs to."""
    many = pointers[at + 1] - pointers[at]
    lot = np.repeat(np.arange(len(at), dtype=np.int64), many)
    first = np.repeat(pointers[at] - np.concatenate([[0], np.cumsum(many)[:-1]]), many)
    return first + np.arange(int(many.sum()), dtype=np.int64), lot
