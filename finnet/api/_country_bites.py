"""What each country's enforcement would take away: alone, and added to those who enforce already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from finnet.analysis.interdiction.jurisdictions import JurisdictionSituation
from finnet.analysis.objectives import OBJECTIVES
from finnet.api._choke_asked import Asked
from finnet.api._choke_law import Law
from finnet.api._choke_question import situation_of
from finnet.api._choke_rows import printed
from finnet.api._network import CaseLike
from finnet.api._selection import selected
from finnet.graph.network import Network
from finnet.report.answer import Row

__all__ = ["BITES", "Bites", "bites_of", "default_graph"]

BITES = ("bite_alone", "bite_added")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bites:
    """Columns by country code, what the summary says, and what there is to warn of."""

    rows: dict[str, Row]
    summary: dict[str, Any]
    notes: Sequence[str]


def default_graph(from_: str | None, to: str | None) -> str:
    """The recipe of the objective that is asked about; all ties where none is."""
    return "everything" if from_ is None else str(OBJECTIVES["flow" if to is not None else "reach"].GRAPH)


def bites_of(
    subject: CaseLike | Network,
    network: Network,
    *,
    from_: str,
    to: str | None,
    in_force: str | None,
    enforcers: str,
    law: Law | None,
) -> Bites:
    """By the objective ``flow`` with ``to``, else ``reach``, against all who are listed, or ``in_force``.

    ``bite_alone`` is what is left less if this country enforces and nobody else does, ``bite_added`` if it joins those
    named in ``enforcers`` (``all``: nobody is named, and the two are equal). Countries that stand at no link of anybody
    in force have neither, nor has the target state; those who enforce already have no ``bite_added``.
    """
    name = "flow" if to is not None else "reach"
    objective = OBJECTIVES[name]
    asked = Asked(from_=from_, to=to, by="jurisdiction", in_force=in_force)
    alone: dict[str, Any] = {}
    added: dict[str, Any] = {}
    summary: dict[str, Any] = {"objective": name, "unit": objective.unit(network)}
    notes: list[str] = []
    for column, coalition in ((alone, "all"), (added, enforcers)):
        found = situation_of(
            network,
            objective,
            replace(asked, enforcers=coalition),
            lambda sel: selected(subject, network, sel),
            law=law,
        )
        situation = found.situation
        assert isinstance(situation, JurisdictionSituation)
        show = printed(objective, situation)
        before = objective.value(situation, ())
        for place in situation.candidates.tolist():
            column[situation.places[place]] = show(before - objective.value(situation, (place,)))
        summary |= {"before": show(before), "enforcers": found.enforcers, "in_force": len(situation.in_force)}
        notes = found.warnings
    codes = sorted({*alone, *added})
    return Bites(
        rows={code: {"bite_alone": alone.get(code), "bite_added": added.get(code)} for code in codes},
        summary=summary,
        notes=notes,
    )
