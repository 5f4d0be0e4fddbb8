"""The verbs: the same words as the command line, each returning one Answer.

A verb's module is imported when the verb is first used: a look-up in the terminal never pays for a solver.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from finnet.api.annotation import link, note, retract, tag
    from finnet.api.changes import diff
    from finnet.api.circles import loops
    from finnet.api.connections import path
    from finnet.api.controllers import control
    from finnet.api.countries import jurisdictions
    from finnet.api.country_pairs import corridors
    from finnet.api.exploration import explore
    from finnet.api.fetching import fetch
    from finnet.api.grouping import groups
    from finnet.api.handover import export
    from finnet.api.identity import match, merge, split
    from finnet.api.intake import info, ingest, rejects, sniff
    from finnet.api.interdict import choke
    from finnet.api.look import find, show, source, sql
    from finnet.api.machine import doctor
    from finnet.api.open import Case, open_case, open_network
    from finnet.api.outline import shape
    from finnet.api.ownership import blocked
    from finnet.api.packages import whatif
    from finnet.api.pages import view
    from finnet.api.payment_patterns import patterns
    from finnet.api.quality import check
    from finnet.api.reasons import why
    from finnet.api.removal import purge
    from finnet.api.screening import screen
    from finnet.api.shareholders import holdings, owners
    from finnet.api.steps import ladder
    from finnet.api.structure import rank
    from finnet.api.surroundings import around
    from finnet.api.synthesis import synth
    from finnet.api.tracing import trace

# Where each public name lives. A module is never called like a verb: importing it would hide the verb.
_HOMES = {
    "Case": "open",
    "around": "surroundings",
    "blocked": "ownership",
    "check": "quality",
    "choke": "interdict",
    "control": "controllers",
    "diff": "changes",
    "corridors": "country_pairs",
    "doctor": "machine",
    "explore": "exploration",
    "export": "handover",
    "fetch": "fetching",
    "find": "look",
    "groups": "grouping",
    "holdings": "shareholders",
    "info": "intake",
    "ingest": "intake",
    "jurisdictions": "countries",
    "ladder": "steps",
    "link": "annotation",
    "loops": "circles",
    "match": "identity",
    "merge": "identity",
    "note": "annotation",
    "open_case": "open",
    "open_network": "open",
    "owners": "shareholders",
    "patterns": "payment_patterns",
    "path": "connections",
    "purge": "removal",
    "rank": "structure",
    "rejects": "intake",
    "retract": "annotation",
    "screen": "screening",
    "shape": "outline",
    "show": "look",
    "sniff": "intake",
    "source": "look",
    "split": "identity",
    "sql": "look",
    "synth": "synthesis",
    "trace": "tracing",
    "tag": "annotation",
    "view": "pages",
    "whatif": "packages",
    "why": "reasons",
}

__all__ = [
    "Case",
    "around",
    "blocked",
    "check",
    "choke",
    "control",
    "corridors",
    "diff",
    "doctor",
    "explore",
    "export",
    "fetch",
    "find",
    "groups",
    "holdings",
    "info",
    "ingest",
    "jurisdictions",
    "ladder",
    "link",
    "loops",
    "match",
    "merge",
    "note",
    "open_case",
    "open_network",
    "owners",
    "path",
    "patterns",
    "purge",
    "rank",
    "rejects",
    "retract",
    "screen",
    "shape",
    "show",
    "sniff",
    "source",
    "split",
    "sql",
    "synth",
    "tag",
    "trace",
    "view",
    "whatif",
    "why",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'finnet.api' has no attribute {name!r}")
    return getattr(importlib.import_module(f"finnet.api.{_HOMES[name]}"), name)
