"""Where the data cannot carry an answer about choke points, in sentences beside it."""

from __future__ import annotations

import datetime

from finnet.analysis.interdiction.situation import Situation
from finnet.api._network import CaseLike
from finnet.graph.caution import cautions
from finnet.graph.network import Network

__all__ = ["old_lists", "warnings_about"]

_NEARLY_ALL = 0.8
_OLD_DAYS = 30


def warnings_about(network: Network, situation: Situation, *, by: str) -> list[str]:
    """Few links, one statement, nearly all listed already: nothing where there is nothing to say."""
    said = list(cautions(network))
    listed = sum(1 for names in network.vertices.get("authorities", ()) if names)
    if by == "entity" and network.size and listed >= _NEARLY_ALL * network.size:
        said.append(
            f"{listed:,} of {network.size:,} parties are on a list already: ask whose enforcement would matter "
            "(--by jurisdiction), not whom to list"
        )
    if by == "jurisdiction" and not len(situation.in_force):
        said.append("nobody is in force: there is nothing that countries could enforce")
    return said


def old_lists(subject: CaseLike | Network, as_of: str | None) -> list[str]:
    """Which lists are more than thirty days older than the date that is looked at; without a date nothing is said here,
    or the answer would depend on the clock."""
    if isinstance(subject, Network) or as_of is None:
        return []
    rows = subject.rows(
        "select dataset, max(list_date) as said_on from v1_source where list_date is not null group by 1 order by 1", {}
    )
    looked_at = _first_day(as_of)
    return [
        f"{row['dataset']} is of {row['said_on']}, more than {_OLD_DAYS} days before --as-of {as_of}"
        for row in rows
        if (looked_at - _first_day(row["said_on"])).days > _OLD_DAYS
    ]


def _first_day(date: str) -> datetime.date:
    """2019 and 2019-03 begin on their first day."""
    parts = [*(int(part) for part in date[:10].split("-")), 1, 1]
    return datetime.date(*parts[:3])
