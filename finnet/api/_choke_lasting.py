"""Choke points over a horizon: the set whose bite lasts while the network rewires, with the instant one beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from finnet.analysis.interdiction.adaptation import ADAPTS, Adaptation
from finnet.analysis.interdiction.adaptation_search import best_lasting
from finnet.analysis.interdiction.course import Course
from finnet.analysis.interdiction.flow_network import capacities
from finnet.analysis.interdiction.rewiring import Rewiring, load_rewiring
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Solution
from finnet.api._choke_posed import Posed
from finnet.api._choke_rows import names_of
from finnet.errors import UsageError, quoted
from finnet.graph.network import IntArray, Network
from finnet.report.answer import Row

__all__ = ["Horizon", "horizon_of", "lasting_amount"]

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_LONGEST = 36_500  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """So many days, and how the network is assumed to rewire in them."""

    days: int
    rewiring: Rewiring

    def adapting(self, posed: Posed) -> Adaptation:
        """The situation as one that rewires."""
        return self.of(posed.name, posed.situation, posed.limits.seed)

    def of(self, name: str, situation: Situation, seed: int, edge_key: IntArray | None = None) -> Adaptation:
        """A situation as one that rewires; ``edge_key`` as in ``Adaptation``."""
        return Adaptation(
            situation=situation, objective=name, rewiring=self.rewiring, horizon=self.days, seed=seed,
            edge_key=edge_key,
        )  # fmt: skip

    def solve(self, posed: Posed, instant: Solution) -> Solution:
        """The set whose bite lasts."""
        return best_lasting(self.adapting(posed), instant, posed.limits)

    def warnings(self, instant: Solution, solution: Solution) -> list[str]:
        """That nothing lasts, where nothing does."""
        if solution.chosen or not instant.chosen:
            return []
        return [
            f"no set bites over {self.days} days, as the network is assumed to rewire: whoever is acted on, on average "
            "as much is left as before, or more"
        ]

    def _varied(self, posed: Posed) -> Iterator[tuple[str, Adaptation]]:
        for change, rewiring in self.rewiring.varied().items():
            yield change, replace(self, rewiring=rewiring).adapting(posed)

    def complete(
        self, posed: Posed, instant: Solution, solution: Solution, naive: Mapping[str, Sequence[int]], rows: list[Row]
    ) -> dict[str, Any]:
        """Fill in the rows' ``lasting``, and say what the summary says of the horizon."""
        adaptation = self.adapting(posed)
        number = {
            name: one for one, name in zip(solution.chosen, names_of(posed.situation, solution.chosen), strict=True)
        }
        course = adaptation.course(solution.chosen)
        for row in rows:
            rest = [one for one in solution.chosen if one != number[row["id"]]]
            row["lasting"] = _shown(posed, adaptation.left(rest) - course.average)
        beside = course if instant.chosen == solution.chosen else adaptation.course(instant.chosen)
        by_parties = posed.situation.chooses_parties
        return {
            "horizon": f"{self.days}d",
            "gap": None,
            "says": f"best set found over {self.days} days, as the network is assumed to rewire; nothing is proved",
            "lasting": {
                "bite": _shown(posed, course.lasting),
                "bite_share": course.lasting / course.before,
                "left_on_average": _shown(posed, course.average),
                "left_at_the_end": _shown(posed, course.at_end),
                "half_recovery_days": course.half_recovery,
                "hydra": course.is_hydra,
                "closed_form": _shown(posed, adaptation.estimate(solution.chosen)) if by_parties else None,
                "assumptions": self.rewiring.name,
                "runs": self.rewiring.runs,
            },
            "instant": {
                "chosen": names_of(posed.situation, instant.chosen),
                "after": _shown(posed, beside.at_once),
                "lasting": _shown(posed, beside.lasting),
            },
            "naive_lasting": {
                name: _shown(posed, course.before - adaptation.left(chosen)) for name, chosen in naive.items()
            },
            "lasting_if": {
                change: {
                    "bite": _shown(posed, adaptation.before - other.left(solution.chosen)),
                    "instant_set": _shown(posed, adaptation.before - other.left(instant.chosen)),
                }
                for change, other in self._varied(posed)
            },
            "took_over": {
                posed.situation.network.ids[party]: {
                    "newly formed" if one is None else posed.situation.network.ids[one]: share for one, share in taken
                }
                for party, taken in course.took_over.items()
                if party in solution.chosen and by_parties
            },
            "over_time": _points(posed, course, beside),
        }


def horizon_of(horizon: str, rewiring: str | Path | None, objective: str, *, curve: bool) -> Horizon | None:
    """The horizon that the words say; None where it is no time at all.

    Raises: UsageError for words that are no length of time, or a question that cannot be followed over time.
    """
    found = re.fullmatch(r"\s*(\d{1,6})\s*([dwmy]?)\s*", horizon)
    if not found:
        raise UsageError(f"--horizon {quoted(horizon)}: should be a number of days", hint="as in 180d, 26w, 6m or 1y")
    days = int(found[1]) * _DAYS[found[2] or "d"]
    if days > _LONGEST:
        raise UsageError(f"--horizon {quoted(horizon)}: more than a hundred years", hint="as in 180d")
    if not days:
        if rewiring is not None:
            raise UsageError("--rewiring says how networks adapt, and there is no horizon", hint="say --horizon 180d")
        return None
    if objective not in ADAPTS:
        raise UsageError(
            f"--horizon with --objective {objective}: an order of removals is not followed over time",
            hint=f"use {', '.join(ADAPTS)}",
        )
    if curve:
        raise UsageError("--curve and --horizon together are too much", hint="leave one of them away")
    return Horizon(days=days, rewiring=load_rewiring(rewiring))


def lasting_amount(objective: str, network: Network, value: float) -> int | float | Decimal:
    """An average in the unit of the network: to the minor unit where amounts are exact."""
    if objective != "flow":
        return round(value, 2)
    if network.minor is not None:
        return network.amount(round(value))
    return round(value / capacities(network)[1], 6)


def _shown(posed: Posed, value: float) -> int | float | Decimal:
    return lasting_amount(posed.name, posed.situation.network, value)


def _points(posed: Posed, course: Course, instant: Course) -> list[dict[str, Any]]:
    return [
        {
            "day": day,
            "left": _shown(posed, left),
            "low": _shown(posed, low),
            "high": _shown(posed, high),
            "left_by_instant_set": _shown(posed, other),
        }
        for day, left, low, high, other in zip(
            course.days, course.left, course.low, course.high, instant.left, strict=True
        )
    ]
