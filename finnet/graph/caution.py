"""Where a network cannot carry a ranking: said beside every answer that ranks."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import Network

__all__ = ["cautions"]

# With less than two ties for the average party a network is a forest: most parties have one tie, and no choice of ways.
_FEW_TIES = 2.0
_STAR_SHARE = 0.9
_SMALLEST = 4


def cautions(network: Network) -> tuple[str, ...]:
    """What a reader has to know before believing a rank, in sentences; nothing where there is nothing to say.

    >>> cautions(Network.of(("Hub", "A"), ("Hub", "B"), ("Hub", "C"), ("Hub", "D")))[0]
    'one party has a part in every tie: this is what one statement or one list entry looks like, a star by construction'
    """
    if network.edge_count == 0:
        return ("there are no ties: nothing to rank",)
    said = []
    pointers, _ = network.neighbours
    degree = np.diff(pointers)
    ties = int(degree.sum()) // 2
    linked = int(np.count_nonzero(degree))
    if linked >= _SMALLEST and ties and degree.max() >= _STAR_SHARE * ties:
        part = "every tie" if degree.max() == ties else f"{100 * degree.max() // ties} % of the ties"
        said.append(
            f"one party has a part in {part}: this is what one statement or one list entry looks like, "
            "a star by construction"
        )
    elif linked and degree.sum() / linked < _FEW_TIES:
        said.append(
            f"few ties per party ({degree.sum() / linked:.2f} on average among the {linked:,} that have any): a rank "
            "shows whom the records mention together, not how a network works"
        )
    return tuple(said)
