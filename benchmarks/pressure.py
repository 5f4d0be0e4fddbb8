"""How long lasting pressure and doubt take: ``python -m benchmarks.pressure [--parties N] [--worlds N] [--days N]``.

One table over a synthetic heavy-tailed network of payments in three layers, graded A1 to C3: the plain question, with a
horizon, with worlds, with both. Processor seconds of one process.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from time import process_time
from typing import Any

import numpy as np

from finnet import api
from finnet.graph.network import Network

__all__ = ["main", "pressure_table"]

_GRADES = ("A1", "B1", "B2", "C3")


def main(words: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parties", type=int, default=500)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--budget", type=int, default=5)
    asked = parser.parse_args(words)
    for line in pressure_table(asked.parties, worlds=asked.worlds, days=asked.days, budget=asked.budget):
        print(line, flush=True)
    return 0


def pressure_table(parties: int, *, worlds: int, days: int, budget: int, seed: int = 0) -> Iterator[str]:
    """The lines of the table, each as soon as it is known."""
    network = layered(parties, seed)
    ends: dict[str, Any] = {"from_": "id:s*", "to": "id:t*", "budget": budget}
    api.choke(network, **ends, horizon="1d", worlds=1)  # compile first
    yield f"{network.size} parties, {network.edge_count} links, k = {budget}"
    yield f"{'question':<32} {'cpu s':>7} {'lasting share':>14} {'chosen in (mean)':>17}"
    questions: dict[str, dict[str, Any]] = {
        "plain": {},
        f"{days} days": {"horizon": f"{days}d"},
        f"{worlds} worlds": {"worlds": worlds},
        f"{days} days in {worlds} worlds": {"horizon": f"{days}d", "worlds": worlds},
    }
    for title, more in questions.items():
        started = process_time()
        answer = api.choke(network, **ends, **more)
        seconds = process_time() - started
        lasting = answer.summary.get("lasting", {}).get("bite_share")
        chosen = [row["chosen_in"] for row in answer.rows if row["chosen_in"] is not None]
        shares = (f"{lasting:.3f}" if lasting is not None else "-", f"{np.mean(chosen):.3f}" if chosen else "-")
        yield f"{title:<32} {seconds:>7.1f} {shares[0]:>14} {shares[1]:>17}"


def layered(parties: int, seed: int) -> Network:
    """Seeds pay a first half of the parties, these pay others, those pay exits; amounts are heavy-tailed."""
    random = np.random.default_rng(seed)
    ends = max(2, parties // 25)
    middle = [f"h{number:05}" for number in range(parties - 2 * ends)]
    seeds, exits = ([f"{letter}{number:04}" for number in range(ends)] for letter in "st")
    edges: list[tuple[str, str, float]] = []
    third = len(middle) // 3
    for payers, payees, count in (
        (seeds, middle[: 2 * third], 1.2),
        (middle[: 2 * third], middle[third:], 2.0),
        (middle[third:], exits, 1.2),
    ):
        for _ in range(round(count * parties)):
            amount = float(int(random.pareto(1.2) * 1000) + 1)
            edges.append((str(random.choice(payers)), str(random.choice(payees)), amount))
    edges = [edge for edge in edges if edge[0] != edge[1]]
    return Network.build(
        source=[edge[0] for edge in edges],
        target=[edge[1] for edge in edges],
        weight=[edge[2] for edge in edges],
        unit="EUR",
        edges={"grade": [str(random.choice(_GRADES)) for _ in edges]},
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
