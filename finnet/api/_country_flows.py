"""What crosses each country's border in one network, with sink and conduit scores against a size."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np

from finnet.analysis.borders import UNKNOWN, Borders, cross_border
from finnet.analysis.flows.sink_conduit import PUBLISHED_THRESHOLD, country_scores, ownership_chunks
from finnet.errors import UsageError, quoted
from finnet.graph.network import FloatArray, Network
from finnet.model.countries import alpha2
from finnet.report.answer import Row

__all__ = ["CHAINED", "Flows", "file_record", "flows_of"]

CHAINED = ("conduit_in", "holders")
_WHOLE_PPM = 1e6
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Per country with a party in the network its flow columns; how they were scored, and what to know of it."""

    rows: dict[str, Row]
    is_chained: bool
    summary: dict[str, Any]
    notes: tuple[str, ...]


def flows_of(network: Network, *, size: str | Path, revenue: str | Path | None) -> Flows:
    """The flows of one network: across borders, or where its edges are holdings along their chains."""
    where = [code or UNKNOWN for code in network.vertices.get("country", [None] * network.size)]
    borders = cross_border(network, where)
    sizes = _sizes(size, borders)
    said: dict[str, Any] = {} if sizes is None else {"size": str(size) if str(size) == "volume" else Path(size).name}
    is_chained = network.edge_policy == ("ownership",) and "share_min_ppm" in network.edges
    if revenue is not None and not is_chained:
        raise UsageError("--revenue values the companies of a graph of holdings", hint="take --graph ownership")
    exact = network.minor is not None
    sink, conduit = borders.sink(sizes), borders.conduit(sizes)
    rows: dict[str, Row] = {
        code: {
            **{
                name: network.amount(int(values[place])) if exact else _plain(float(values[place]))
                for name, values in (("in", borders.received), ("out", borders.sent), ("through", borders.through))
            },
            "currency": network.unit if exact else None,
            "sink": _score(sink[place]),
            "conduit": _score(conduit[place]),
            **dict.fromkeys(CHAINED),
        }
        for place, code in enumerate(borders.countries)
    }
    if not is_chained:
        return Flows(rows=rows, is_chained=False, summary=said, notes=())
    threshold = 0.0 if sizes is None or str(size) == "volume" else PUBLISHED_THRESHOLD
    value, notes = (None, ()) if revenue is None else _revenues(network, Path(revenue))
    _follow_chains(network, where, rows, sizes=sizes, threshold=threshold, value=value)
    undisclosed = sum(1 for share in network.edges["share_min_ppm"] if share is None)
    if undisclosed:
        notes = (*notes, f"{undisclosed:,} holdings state no share: chains end there")
    said |= {
        "scores": "along chains of holdings, from the owned to the owner, by the least share on record",
        "sink_above": threshold,
    }
    return Flows(rows=rows, is_chained=True, summary=said, notes=notes)


def file_record(said: str | Path | None) -> str | dict[str, str] | None:
    """What an answer says of a table that it was measured by: its name and sha256; a word stays the word."""
    if said is None or str(said) in {"none", "volume"}:
        return None if said is None else str(said)
    path = Path(said)
    return {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _follow_chains(
    network: Network,
    where: list[str],
    rows: dict[str, Row],
    *,
    sizes: Mapping[str, float] | None,
    threshold: float,
    value: FloatArray | None,
) -> None:
    least = [0 if share is None else share for share in network.edges["share_min_ppm"]]
    share = np.minimum(np.array(least, np.float64) / _WHOLE_PPM, 1.0)
    scores = country_scores(ownership_chunks(network, where, share, value=value), sizes, threshold=threshold)
    holding: dict[str, set[int]] = {}
    for owner, owned in zip(network.source.tolist(), network.target.tolist(), strict=True):
        if where[owner] != where[owned]:
            holding.setdefault(where[owner], set()).add(owner)
    for code, row in rows.items():
        score = scores.get(code)
        row["sink"] = 0.0 if score is None else _score(score.sink)
        row["conduit"] = 0.0 if score is None else _score(score.conduit_out)
        row["conduit_in"] = 0.0 if score is None else _score(score.conduit_in)
        row["holders"] = len(holding.get(code, ()))


def _score(value: float) -> float | None:
    """None for a country without a size."""
    return None if isnan(value) else float(value)


def _plain(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _sizes(size: str | Path, borders: Borders) -> Mapping[str, float] | None:
    """The size of each country: none, what crosses its border, or what a table says."""
    if str(size) == "none":
        return None
    if str(size) == "volume":
        return borders.volume()
    sizes: dict[str, float] = {}
    for place, said, number in _table(Path(size), ("country", "size"), hint="as in de,4500"):
        code = alpha2(said)
        if code is None or number == 0:
            raise UsageError(f"{place}: {quoted(f'{said},{number:g}')} is not country,size", hint="as in de,4500")
        if code in sizes:
            raise UsageError(f"{place}: {quoted(said)} stands there twice")
        sizes[code] = number
    return sizes


def _revenues(network: Network, path: Path) -> tuple[FloatArray, tuple[str, ...]]:
    """What each party is worth at the begin of its chains; who is not in the table is worth nothing, and counted."""
    said = {label: number for _, label, number in _table(path, ("id", "revenue"), hint="as in acme-1,120000")}
    value = np.array([said.get(label, 0.0) for label in network.ids], np.float64)
    left = sum(1 for label in network.ids if label not in said)
    return value, (f"{left:,} parties are not in {path.name} and begin no chain",) if left else ()


def _table(path: Path, header: tuple[str, str], *, hint: str) -> list[tuple[str, str, float]]:
    """Place, first cell and number of each line of a CSV of two columns; a header may be there."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        words = ",".join(header)
        raise UsageError(f"{quoted(str(path))}: cannot be read", hint=f"a CSV file: {words}") from error
    rows = []
    for number, row in enumerate(lines, start=1):
        if number == 1 and [cell.strip().casefold() for cell in row[:2]] == list(header):
            continue
        place = f"{path.name} line {number}"
        if len(row) != 2 or not row[0].strip() or not _NUMBER.fullmatch(row[1].strip()):
            raise UsageError(f"{place}: {quoted(','.join(row))} is not {','.join(header)}", hint=hint)
        rows.append((place, row[0].strip(), float(row[1])))
    return rows
