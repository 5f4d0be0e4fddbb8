"""Networks and cases handed over to other tools as files."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from finnet.api._attribution import check_licences, sources_of, write_sources
from finnet.api._backbone import thinned
from finnet.api._network import CaseLike, as_network
from finnet.api._redacted import RedactedCase, redaction_of
from finnet.api._scope import scoped
from finnet.api.pages import stamp_of
from finnet.errors import UsageError, quoted
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer, Row
from finnet.report.exports import EXPORTS
from finnet.report.redaction import redacted_network

__all__ = ["export"]

_COLUMNS = ("output", "format", "vertices", "edges", "bytes", "sha256")


def export(
    subject: CaseLike | Network,
    format_: str,
    *,
    output: Path | str | None = None,
    selection: str | None = None,
    backbone: str | None = None,
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    redact: bool = False,
    licence: str | None = None,
) -> Answer:
    """Write a network, or with ``ftm`` or ``bods`` the whole case, in a format of another tool; one row per file.

    ``selection`` exports these parties and their neighbours only, ``backbone`` only the edges that stand out. An
    invented case is stamped INVENTED in what is written: as a column ``stamp`` of its parties, and in the file's name
    of the network. Beside what a case exports lies ``NAME-sources.csv``: the file, day and licence of each dataset.
    ``redact`` hides people, accounts, addresses and numbers. ``licence="commercial"`` refuses data that may not be used
    so.

    Raises: UnknownNameError for a format that does not exist; UsageError for options that it has no use for, or a
    licence that keeps the use out.
    """
    plugin = EXPORTS[format_]
    place = Path(output) if output is not None else Path(f"network{plugin.SUFFIX}")
    stamp = stamp_of(subject)
    sources = [] if isinstance(subject, Network) else sources_of(subject)
    notes = check_licences(sources, licence)
    if plugin.SUBJECT == "case":
        _refuse(format_, subject, selection=selection, backbone=backbone, graph=graph, edges=edges, currency=currency,
                rates=rates, as_of=as_of, min_grade=min_grade)  # fmt: skip
        files = plugin.write(_shown(subject, redact=redact), place)
        size: tuple[int | None, int | None] = (None, None)
    else:
        network = as_network(
            subject, graph=graph, edges=edges, currency=currency, rates=rates, as_of=as_of, min_grade=min_grade
        )
        network = thinned(scoped(subject, network, selection), backbone)
        if redact:
            hidden = None if isinstance(subject, Network) else redaction_of(subject)
            network, _ = redacted_network(network, hidden)
        if stamp is not None:
            marked = {**network.vertices, "stamp": [stamp] * network.size}
            network = replace(network, vertices=marked, title=f"{network.title} ({stamp})")
        files = plugin.write(network, place)
        size = (network.size, network.edge_count)
        notes = (*notes, *network.notes)
    if sources:
        files = (*files, write_sources(place, sources, stamp=stamp))
    if redact:
        notes = (*notes, "people, accounts, addresses and numbers are hidden; firms and vessels are not")
    if stamp is not None:
        notes = (*notes, f"this case is {stamp}")
    rows: list[Row] = []
    for file in files:
        written = file.read_bytes()
        rows.append(
            {
                "output": str(file),
                "format": format_,
                "vertices": size[0],
                "edges": size[1],
                "bytes": len(written),
                "sha256": hashlib.sha256(written).hexdigest(),
            }
        )
    return Answer(
        command="export",
        columns=_COLUMNS,
        rows=rows,
        summary={
            "format": plugin.TITLE,
            "stamp": stamp,
            "licences": sorted({str(row["licence"] or "not stated") for row in sources}),
        },
        notes=notes,
        params={
            "format": format_,
            "selection": selection,
            "graph": graph,
            "edges": edges,
            "currency": currency,
            "redact": redact,
            "licence": licence,
        },
    )


def _shown(subject: Any, *, redact: bool) -> Any:
    return RedactedCase(subject, redaction_of(subject)) if redact else subject


def _refuse(format_: str, subject: CaseLike | Network, **options: object) -> None:
    if isinstance(subject, Network):
        raise UsageError(f"format {quoted(format_)} is for a case, and this is a network")
    given = [name for name, value in options.items() if value is not None]
    if given:
        # A selection is the only one of them that has no dashes.
        named = ", ".join("a selection" if name == "selection" else f"--{name.replace('_', '-')}" for name in given)
        raise UsageError(
            f"format {quoted(format_)} writes the whole case: it cannot take {named}", hint="leave that out"
        )
