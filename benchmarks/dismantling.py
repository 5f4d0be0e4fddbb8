"""Dismantling against the best areas seen: ``python -m benchmarks.dismantling [--iterations N] [network …]``.

One table: the best area seen, ours, the same counted again by igraph removal by removal, the gap, the number of
removals, processor seconds, and the areas of the adaptive lists. Reads ../shared/data and ../shared/vectors beside the
repository, and says so if they are missing.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

import igraph
import numpy as np
from scipy.integrate import simpson

from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.objectives.largest_component import search
from finnet.graph.files import read_network
from finnet.graph.network import Network

__all__ = ["dismantling_table", "main"]

SHARED = Path(__file__).resolve().parents[2] / "shared"
UNTIL = 0.1


def main(words: Sequence[str]) -> int:
    """Print the table; 2 if the data are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*")
    parser.add_argument("--iterations", type=int, default=None)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(words)
    if not SHARED.is_dir():
        print(f"the published networks are not here: {SHARED}", file=sys.stderr)
        return 2
    for line in dismantling_table(asked.networks, iterations=asked.iterations, seed=asked.seed):
        print(line, flush=True)
    return 0


def dismantling_table(networks: Sequence[str] = (), *, iterations: int | None = None, seed: int = 0) -> Iterator[str]:
    """The lines of the table, each as soon as its network is done."""
    yield (
        f"{'network':<24} {'n':>6} {'best seen':>9} {'finnet':>9} {'igraph':>9} {'gap %':>6} {'K':>4} {'cpu s':>6}"
        f" {'adaptive degree':>15} {'adaptive betweenness':>20}"
    )
    with (SHARED / "vectors" / "dismantling.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        name, best = row["network"], float(row["best_seen_auc"])
        if networks and name not in networks:
            continue
        network = _network(name, int(row["n"]))
        started = process_time()
        solution = search(
            Situation.of(network), Limits(budget=network.size, until=UNTIL, iterations=iterations, seed=seed)
        )
        took = process_time() - started
        counted = _recounted(network, solution.chosen)
        yield (
            f"{name:<24} {network.size:>6} {best:>9} {solution.after:>9.4f} {counted:>9.4f}"
            f" {100 * (counted / best - 1):>6.2f} {len(solution.chosen):>4} {took:>6.1f}"
            f" {row['adaptive_degree_auc']:>15} {row['adaptive_betweenness_auc']:>20}"
        )


def _network(name: str, size: int) -> Network:
    """The network with all the vertices that are counted, those without links too."""
    read = read_network(SHARED / "data" / "dismantling" / f"{name}.csv", directed=False)
    return Network.build(
        source=[read.ids[one] for one in read.source],
        target=[read.ids[one] for one in read.target],
        weight=read.weight.tolist(),
        unit="links",
        directed=False,
        isolated=[f"without links {one}" for one in range(size - read.size)],
    )


def _recounted(network: Network, order: Sequence[int]) -> float:
    graph = igraph.Graph(n=network.size, edges=np.column_stack([network.source, network.target]))
    graph.vs["number"] = list(range(network.size))
    found = []
    for one in order:
        graph.delete_vertices(graph.vs.find(number=one))
        found.append(max(graph.connected_components().sizes(), default=0) / network.size)
        if found[-1] <= UNTIL:
            break
    return float(simpson(found, dx=1.0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
