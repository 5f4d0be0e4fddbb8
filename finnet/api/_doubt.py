"""How sure each link and holding is: who states it, and what its grades are taken to mean."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from finnet.analysis.interdiction.grades import Grades, load_grades
from finnet.analysis.interdiction.worlds import Holdings
from finnet.api._network import CaseLike
from finnet.errors import UsageError, quoted
from finnet.graph.evidence import Stated, stated_by
from finnet.graph.network import FloatArray, Network

if TYPE_CHECKING:
    from finnet.analysis.interdiction.cascade import Cascade
    from finnet.analysis.interdiction.situation import BoolArray
    from finnet.api._choke_law import Law

__all__ = ["doubtful_holdings", "grades_of", "likely_links", "statements_of"]

_GRADE = re.compile(r"[A-Fa-f][1-6]")
_MOST_WORLDS = 100_000


def grades_of(worlds: int, grades: str | Path | None) -> Grades | None:
    """What grades are taken to mean; None where no worlds are asked for.

    Raises: UsageError for a number of worlds that is none, or grades without worlds.
    """
    if not 0 <= worlds <= _MOST_WORLDS:
        raise UsageError(f"--worlds {worlds}: should be a number from 0 to {_MOST_WORLDS:,}")
    if not worlds:
        if grades is not None:
            raise UsageError("--grades says how likely records are, and there are no worlds", hint="say --worlds 200")
        return None
    return load_grades(grades)


def statements_of(subject: CaseLike | Network, network: Network) -> list[Stated]:
    """Who states each edge; for a network from a file its column ``grade``, of one dataset, the file."""
    if not isinstance(subject, Network):
        return stated_by(subject, network)
    column = next((values for name, values in network.edges.items() if name.casefold() == "grade"), None)
    if column is None:
        return [()] * network.edge_count
    return [(("file", str(grade or "")),) for grade in column]


def likely_links(stated: Sequence[Stated], grades: Grades, notes: list[str]) -> FloatArray:
    """How likely each link is taken to be true; grades that are none, or that are missing everywhere, are noted."""
    strange = sorted({grade for one in stated for _, grade in one if grade and not _GRADE.fullmatch(grade)})
    if strange:
        count = sum(1 for one in stated if any(grade in strange for _, grade in one))
        notes.append(f"{count:,} links have a grade that is none ({quoted(strange[0])}): they count as F6")
    if not any(stated):
        notes.append("no grades are recorded: every link counts as F6, which cannot be judged")
    return np.array([grades.pooled(one) for one in stated], np.float64)


def doubtful_holdings(law: Law, network: Network, cascade: Cascade | None, grades: Grades) -> Holdings:
    """The register of a law as something that may be wrong, for what is in force by that cascade (None: by measures).

    A holding that is a link of the network too has the fate of that link.
    """
    register = law.register
    known = functools.cache(grades.pooled)
    likely = np.array([known(one) for one in law.statements.stated(register)], np.float64)
    link = np.full(len(likely), -1, np.int64)
    classes = network.edges.get("class")
    if classes is not None:
        owns = np.flatnonzero([one == "ownership" for one in classes])
        ends = zip(network.source[owns].tolist(), network.target[owns].tolist(), strict=True)
        at = {
            (network.ids[tail], network.ids[head]): edge for (tail, head), edge in zip(ends, owns.tolist(), strict=True)
        }
        ties = zip(register.owner.tolist(), register.owned.tolist(), strict=True)
        link = np.array([at.get((register.ids[owner], register.ids[owned]), -1) for owner, owned in ties], np.int64)

    def rule(held: BoolArray) -> Callable[[frozenset[str]], Cascade]:
        part = law.with_stakes(held)
        return lambda ids: part.cascade(network, sorted(ids))

    seeds = () if cascade is None else (register.ids[one] for one in cascade.seeds.tolist())
    return Holdings(likely=likely, link=link, rule=rule, in_force=frozenset(seeds))
