"""Critical nodes against the published values: ``python -m benchmarks.choke [--seconds 60] [instance …]``.

One table: best known value, ours, the gap to it, our bound, whether it is proved, processor seconds; what the same
number by degree and by betweenness (igraph) leaves; and what HiGHS alone reaches and proves: the integer programme on
the whole network, from the set by degree, without kernel, annealing or elimination. Values are counted by networkx.
Reads ../shared/data and ../shared/vectors beside the repository, and says so if they are missing.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

import networkx
import numpy as np

from finnet.analysis.interdiction.pairs_exact import prove
from finnet.analysis.interdiction.pairs_problem import PairsProblem
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Clock, Limits
from finnet.analysis.objectives.pairs import search
from finnet.graph.files import read_network
from finnet.graph.network import Network

__all__ = ["main"]

SHARED = Path(__file__).resolve().parents[2] / "shared"


def main(words: Sequence[str]) -> int:
    """Solve every instance once and print a line for each; 2 if the data are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instances", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0, help="wall clock per instance")
    parser.add_argument("--highs", type=float, default=60.0, help="the same for HiGHS alone; 0 leaves it out")
    asked = parser.parse_args(words)
    if not SHARED.is_dir():
        print(f"the published instances are not here: {SHARED}", file=sys.stderr)
        return 2
    print(
        f"{'instance':<20} {'k':>4} {'best known':>10} {'finnet':>8} {'gap %':>6} {'bound':>8} {'proved':>6}"
        f" {'cpu s':>6} {'degree':>8} {'betweenness':>11} {'HiGHS':>8} {'its bound':>9}",
        flush=True,
    )
    for name, path, budget, best in _instances():
        if asked.instances and name not in asked.instances:
            continue
        network = read_network(path, directed=False)
        started = process_time()
        found = search(Situation.of(network), Limits(budget=budget, seconds=asked.seconds))
        spent = process_time() - started
        left = _pairs(network, found.chosen)
        if left != found.after:
            print(f"{name}: networkx counts {left}, finnet says {found.after}", file=sys.stderr)
            return 1
        bound = "-" if found.bound is None else f"{found.bound:.0f}"
        by_degree = _top(network, budget, "degree")
        reached, proved = _highs_alone(network, by_degree, asked.highs) if asked.highs else ("-", "-")
        print(
            f"{name:<20} {budget:>4} {best:>10} {left:>8} {100 * (left - best) / best:>6.2f} {bound:>8} "
            f"{'yes' if found.optimal else 'no':>6} {spent:>6.1f} {_pairs(network, by_degree):>8} "
            f"{_pairs(network, _top(network, budget, 'betweenness')):>11} {reached:>8} {proved:>9}",
            flush=True,
        )
    return 0


def _highs_alone(network: Network, first: list[int], seconds: float) -> tuple[str, str]:
    problem = PairsProblem.of(Situation.of(network), len(first))
    proof = prove(problem, [np.array(sorted(first), np.int64)], Clock(seconds))
    return str(proof.value), str(proof.bound)


def _instances() -> Iterator[tuple[str, Path, int, int]]:
    for vectors, folder, best in (
        ("icij_colombia.csv", "icij_colombia", "published_best"),
        ("cnp_best_known.csv", "cnp", "best_known"),
    ):
        with (SHARED / "vectors" / vectors).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                path = SHARED / "data" / folder / f"{row['instance']}.txt"
                if path.is_file():
                    yield row["instance"], path, int(row["k"]), int(row[best])


def _pairs(network: Network, gone: Sequence[int]) -> int:
    graph = networkx.Graph(network.networkx)
    graph.remove_nodes_from([network.ids[one] for one in gone])
    return sum(len(part) * (len(part) - 1) // 2 for part in networkx.connected_components(graph))


def _top(network: Network, budget: int, measure: str) -> list[int]:
    graph = network.igraph.simplify()
    score = graph.degree() if measure == "degree" else graph.betweenness(directed=False)
    return sorted(range(network.size), key=lambda one: (-score[one], one))[:budget]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
