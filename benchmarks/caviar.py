"""Adaptation against what was observed: ``python -m benchmarks.caviar [--days N] [--runs N]``.

The CAVIAR phases are wiretapped contacts in six periods of about two months each. Two questions for each pair of
phases, each answered by the rewiring model, by "no change" and by preferential attachment:

1. The leader of a phase is removed, the network rewires, and what then is there is compared with the next phase.
2. Those who are not seen in the next phase are removed (known only afterwards), and the relations that come back are
   compared with the relations that are new in the next phase.

Reads ../shared/data/caviar beside the repository, and says so if it is missing.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.stats import spearmanr

from finnet.analysis.interdiction.adaptation import Adaptation
from finnet.analysis.interdiction.rewiring import Rewiring, load_rewiring
from finnet.analysis.interdiction.situation import Situation
from finnet.graph.files import read_network
from finnet.graph.network import Network

__all__ = ["caviar_table", "main"]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "caviar"
PHASES = range(1, 7)

Pair = tuple[str, str]


def main(words: Sequence[str]) -> int:
    """Print the tables; 2 if the data are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--data", type=Path, default=DATA)
    asked = parser.parse_args(words)
    if not asked.data.is_dir():
        print(f"the phases are not here: {asked.data}", file=sys.stderr)
        return 2
    for line in caviar_table(asked.data, days=asked.days, runs=asked.runs):
        print(line, flush=True)
    return 0


def caviar_table(data: Path, *, days: int = 60, runs: int = 100) -> Iterator[str]:
    """The lines of both tables."""
    phases = [_phase(data / f"phase{number}.csv") for number in PHASES]
    rewiring = replace(load_rewiring(), runs=runs)
    yield "1. the leader removed: the next phase as a whole (means over phases 1 to 5)"
    yield f"{'method':<30} {'precision':>9} {'recall':>7} {'degrees':>8} {'largest':>8} {'first':>6} {'5 first':>8}"
    methods: dict[str, Callable[[Network], _Forecast]] = {
        "no change": _Forecast.of,
        "leader gone, nobody adapts": lambda phase: _Forecast.of(phase.without([_leader(phase)])),
        "preferential attachment": _preferential,
    }
    for rule in ("nearest", "degree", "random"):
        methods[f"leader gone, rewired ({rule})"] = partial(_without_leader, replace(rewiring, substitute=rule), days)
    for name, method in methods.items():
        found = [_compared(method(now), now, later) for now, later in pairwise(phases)]
        mean = np.nanmean(np.array(found), axis=0)
        widths = (9, 7, 8, 8, 6, 8)
        yield f"{name:<30} " + " ".join(f"{value:>{width}.3f}" for value, width in zip(mean, widths, strict=True))
    observed = [_share_in_largest(_pairs(later), later.ids) for later in phases[1:]]
    yield f"(largest: mean error of the largest part's share, which was {np.mean(observed):.3f}; degrees: Spearman)"
    yield ""
    yield "2. those who left removed: relations that are new in the next phase, among those who stay (sums over phases)"
    yield f"{'method':<28} {'proposed':>9} {'observed':>9} {'hits':>7} {'precision':>10}"
    for rule in ("nearest", "degree", "random"):
        yield _new_relations(f"rewired ({rule})", phases, replace(rewiring, substitute=rule), days)
    yield _new_by_degree(phases)
    yield _new_by_chance(phases)


@dataclass(frozen=True, slots=True)
class _Forecast:
    """What is expected: how sure each pair is to be in contact, how many contacts there are, the largest part."""

    score: dict[Pair, float]
    count: int
    largest: float

    @classmethod
    def of(cls, network: Network) -> _Forecast:
        pairs = _pairs(network)
        return cls(dict.fromkeys(pairs, 1.0), len(pairs), _share_in_largest(pairs, network.ids))

    @property
    def pairs(self) -> set[Pair]:
        """The surest ones, as many as are expected."""
        order = sorted(self.score, key=lambda pair: (-self.score[pair], pair))
        return set(order[: self.count])

    def degree(self) -> Counter[str]:
        counted: Counter[str] = Counter()
        for (one, other), score in self.score.items():
            counted[one] += score  # type: ignore[assignment]  # expected numbers are no whole numbers
            counted[other] += score  # type: ignore[assignment]
        return counted


def _phase(path: Path) -> Network:
    """A phase as an undirected network of who is in contact, how often."""
    phase = read_network(path)
    counted: Counter[Pair] = Counter()
    for tail, head, weight in zip(phase.source.tolist(), phase.target.tolist(), phase.weight.tolist(), strict=True):
        if tail != head:
            one, other = sorted((phase.ids[tail], phase.ids[head]))
            counted[one, other] += weight
    pairs = sorted(counted)
    return Network.build(
        source=[one for one, _ in pairs], target=[other for _, other in pairs], weight=[counted[one] for one in pairs],
        unit="contacts", directed=False,
    )  # fmt: skip


def _pairs(network: Network) -> set[Pair]:
    ids = network.ids
    ends = zip(network.source.tolist(), network.target.tolist(), strict=True)
    return {(min(ids[a], ids[b]), max(ids[a], ids[b])) for a, b in ends if a != b}


def _degree(network: Network) -> Counter[str]:
    return Counter(one for pair in _pairs(network) for one in pair)


def _leader(network: Network) -> int:
    degree = _degree(network)
    return network.number[min(degree, key=lambda one: (-degree[one], one))]


def _share_in_largest(pairs: set[Pair], ids: Sequence[str]) -> float:
    """The largest part's share of those who are in contact with anybody."""
    linked = sorted({one for pair in pairs for one in pair})
    if not linked:
        return 0.0
    number = {one: place for place, one in enumerate(linked)}
    ends = (
        np.array([number[one] for one, _ in sorted(pairs)]),
        np.array([number[other] for _, other in sorted(pairs)]),
    )
    graph = coo_matrix((np.ones(len(pairs)), ends), shape=(len(linked), len(linked)))
    return float(np.bincount(connected_components(graph, directed=False)[1]).max() / max(len(ids), 1))


def _after(phase: Network, gone: Sequence[int], rewiring: Rewiring, days: int) -> Iterator[set[Pair]]:
    """The contacts at the end, in each throw."""
    adaptation = Adaptation(situation=Situation.of(phase), objective="pairs", rewiring=rewiring, horizon=days)
    for run in range(rewiring.runs):
        yield _pairs(adaptation.network_after(gone, run=run))


def _without_leader(rewiring: Rewiring, days: int, phase: Network) -> _Forecast:
    return _rewired(phase, [_leader(phase)], rewiring, days)


def _rewired(phase: Network, gone: Sequence[int], rewiring: Rewiring, days: int) -> _Forecast:
    counted: Counter[Pair] = Counter()
    sizes, largest = [], []
    for pairs in _after(phase, gone, rewiring, days):
        counted.update(pairs)
        sizes.append(len(pairs))
        largest.append(_share_in_largest(pairs, phase.ids))
    score = {pair: count / rewiring.runs for pair, count in counted.items()}
    return _Forecast(score, round(float(np.mean(sizes))), float(np.mean(largest)))


def _preferential(phase: Network) -> _Forecast:
    """Whoever has many contacts meets whoever has many: pairs by the product of their degrees, as many as there are.

    Source: Liben-Nowell, Kleinberg, The link-prediction problem for social networks (2007).
    """
    degree = _degree(phase)
    names = sorted(degree)
    product = {(a, b): float(degree[a] * degree[b]) for a in names for b in names if a < b}
    forecast = _Forecast(product, len(_pairs(phase)), 0.0)
    kept = forecast.pairs
    return _Forecast(dict.fromkeys(kept, 1.0), len(kept), _share_in_largest(kept, phase.ids))


def _compared(forecast: _Forecast, now: Network, later: Network) -> tuple[float, ...]:
    """Precision and recall of contacts, correlation of degrees among those of either phase, error of the largest part,
    whether the first but the old leader is named, and the overlap of the first five but the old leader."""
    seen, proposed = _pairs(later), forecast.pairs
    hits = len(seen & proposed)
    expected, observed = forecast.degree(), _degree(later)
    names = sorted({*now.ids, *later.ids})
    known = [one for one in names if one in now.number]
    correlation = float(spearmanr([expected[one] for one in known], [observed[one] for one in known])[0])
    old = now.ids[_leader(now)]

    def order(counted: Counter[str]) -> list[str]:
        return sorted((one for one in counted if one != old and one in names), key=lambda one: (-counted[one], one))

    first = order(expected)[:5], order(observed)[:5]
    return (
        hits / max(len(proposed), 1), hits / len(seen), correlation,
        abs(forecast.largest - _share_in_largest(seen, later.ids)),
        float(first[0][:1] == first[1][:1]), len(set(first[0]) & set(first[1])) / 5,
    )  # fmt: skip


def _changes(phases: Sequence[Network]) -> Iterator[tuple[Network, list[int], set[Pair], list[str]]]:
    """Per pair of phases: the first, who left it, the new contacts among those who stay, and who these are."""
    for now, later in pairwise(phases):
        left = [number for number, one in enumerate(now.ids) if one not in later.number]
        stay = [one for one in now.ids if one in later.number]
        new = {pair for pair in _pairs(later) - _pairs(now) if pair[0] in now.number and pair[1] in now.number}
        yield now, left, new, stay


def _new_relations(name: str, phases: Sequence[Network], rewiring: Rewiring, days: int) -> str:
    proposed, hits, observed = 0.0, 0.0, 0
    for now, left, new, _ in _changes(phases):
        before = _pairs(now)
        observed += len(new)
        for pairs in _after(now, left, rewiring, days):
            fresh = {pair for pair in pairs - before if not any("newly formed" in one for one in pair)}
            proposed += len(fresh) / rewiring.runs
            hits += len(fresh & new) / rewiring.runs
    return _line(name, proposed, observed, hits)


def _line(name: str, proposed: float, observed: int, hits: float) -> str:
    precision = f"{hits / proposed:>10.3f}" if proposed else f"{'-':>10}"
    return f"{name:<28} {proposed:>9.1f} {observed:>9} {hits:>7.1f} {precision}"


def _new_by_degree(phases: Sequence[Network]) -> str:
    """As many as were observed of the pairs not in contact, those first whose degrees have the largest product."""
    hits, observed = 0, 0
    for now, _, new, stay in _changes(phases):
        degree, before = _degree(now), _pairs(now)
        free = [(a, b) for a in stay for b in stay if a < b and (a, b) not in before]
        free.sort(key=lambda pair: (-degree[pair[0]] * degree[pair[1]], pair))
        hits += len(set(free[: len(new)]) & new)
        observed += len(new)
    return _line("preferential attachment", observed, observed, hits)


def _new_by_chance(phases: Sequence[Network]) -> str:
    """What as many pairs as were observed, drawn from all who stay and were not in contact, would hit on average."""
    hits, observed = 0.0, 0
    for now, _, new, stay in _changes(phases):
        before = _pairs(now)
        free = sum(1 for a in stay for b in stay if a < b and (a, b) not in before)
        hits += len(new) ** 2 / max(free, 1)
        observed += len(new)
    return _line("any pair, by chance", observed, observed, hits)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
