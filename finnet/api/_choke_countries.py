"""The question whose enforcement would matter: who is acted against is given, countries are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from finnet.analysis.interdiction.enforcement import standing
from finnet.analysis.interdiction.jurisdictions import JurisdictionSituation
from finnet.analysis.interdiction.situation import numbers
from finnet.api._choke_asked import Asked, Found
from finnet.api._choke_enforcers import codes
from finnet.errors import UsageError
from finnet.graph.network import IntArray

if TYPE_CHECKING:
    from finnet.api._choke_law import Law
    from finnet.api._choke_question import Named

__all__ = ["country_question"]


def country_question(
    named: Named, asked: Asked, seeds: IntArray, exits: IntArray, target: str | None, law: Law | None
) -> Found:
    """The situation in which countries are chosen. In force are those named, else all who are listed.

    Raises: UsageError for words that mean nothing here, or where no country is recorded.
    """
    for option, value in (("--cost", asked.cost), ("--without", asked.without), ("--only", asked.only)):
        if value is not None:
            raise UsageError(
                f"{option} has no meaning with --by jurisdiction", hint="--enforcers names who acts already"
            )
    network = named.network
    where = standing(network)
    if not len(where.names):
        raise UsageError("this network records no countries", hint="--by jurisdiction needs parties with countries")
    if asked.in_force is not None:
        in_force = named.inside("--in-force", asked.in_force)
    else:
        listed = network.vertices.get("authorities", ())
        in_force = numbers(place for place, names in enumerate(listed) if names)
        if not len(in_force):
            named.warnings.append("nobody in this graph is listed: say with --in-force whom the countries act against")
    cascade = None if law is None else law.cascade(network, named.ids(asked.in_force or "listed"))
    captured = np.empty(0, np.int64) if cascade is None else np.setdiff1d(cascade.vertices_at_first, in_force)
    exclude = dict.fromkeys((code.casefold() for code in codes(asked.exclude or "")), "excluded by --exclude")
    if target is not None:
        exclude[target] = f"the target state ({target.upper()})"
    base = () if asked.enforcers.casefold() == "all" else codes(asked.enforcers)
    situation = JurisdictionSituation.between(
        network,
        sources=seeds,
        exits=exits,
        in_force=in_force,
        captured=captured,
        enforcers=base,
        candidates=None if asked.candidates is None else {code.casefold() for code in codes(asked.candidates)},
        exclude=exclude,
        forced=[code.casefold() for code in codes(asked.forced or "")],
        where=where,
    )
    return Found(
        situation=situation,
        enforcers=", ".join(sorted(code.upper() for code in base)) or "nobody but the chosen",
        target_state=target,
        regime="none" if law is None else law.words,
        cascade=cascade,
        warnings=named.warnings,
    )
