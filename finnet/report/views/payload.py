"""A network and what is said about it as the one JSON document inside a page."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from finnet.graph.network import Column, FloatArray, Network
from finnet.report.answer import Row
from finnet.report.render import cell_text
from finnet.report.views.comparison import EXACT, answer_of, check_of, is_plain, objective_of, removal_set
from finnet.report.views.content import Evidence, PageContent, captured, ranks, removal_sets
from finnet.report.views.kinds import layout_of
from finnet.report.views.marks import FAMILIES, LINK_COLOURS, PALETTE, family_of
from finnet.report.views.nesting import nested
from finnet.report.views.opening import opening_of, over_time_of, reasons_of
from finnet.report.views.reduction import Reduction
from finnet.report.views.words import LONGEST, Words, shown
from finnet.text import visible

__all__ = ["packed", "payload", "radii_of", "script_safe"]

_MOST_RECORDS = 40
_PARTY_LISTS = ("countries", "topics", "tags", "programs", "authorities", "datasets")
_TIE_WORDS = ("class", "schema", "role", "currency")
_TIE_NUMBERS = ("count", "share_min_ppm", "share_max_ppm")
_RECORD_COLUMNS = (
    "dataset",
    "record",
    "byte_offset",
    "file",
    "link_id",
    "payment_id",
    "class",
    "role",
    "amount",
    "currency",
    "count",
    "booked_on",
    "start_date",
    "end_date",
    "basis",
    "reliability",
    "credibility",
    "authority",
    "program",
    "reference",
    "listed_on",
    "delisted_on",
    "purpose",
)
_UNSAFE = {"&": "\\u0026", "<": "\\u003c", ">": "\\u003e", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def payload(whole: Network, content: PageContent, reduction: Reduction | None) -> dict[str, Any]:
    """All that the page's script needs for its first drawing. Untrusted text is made visible."""
    network = whole if reduction is None else reduction.network
    words = Words()
    sets = removal_sets(content.choke)
    number = network.number
    return {
        "unit": shown(network.unit),
        "directed": network.directed,
        "scale": network.scale if network.minor is not None else None,
        "stamp": content.stamp,
        "title": shown(content.title),
        "nodes": _nodes(network, content, words, whole, reduction),
        "ties": _ties(network, content.evidence, words, reduction.cut if reduction else frozenset()),
        "words": words.all,
        "families": [[family.name, family.shape, family.colour] for family in FAMILIES],
        "palette": PALETTE,
        "linkColours": LINK_COLOURS,
        "sets": [removal_set(one, number, content) for one in sets],
        "choke": answer_of(content, number),
        "opening": opening_of(content, number),
        "about": [shown(one) for one in dict.fromkeys([*content.notes, *whole.notes])],
        "reasons": reasons_of(content, number),
        "overTime": over_time_of(content),
        "objective": objective_of(network, content),
        "exact": reduction is None and is_plain(network, content),
        "check": check_of(network, content),
        "folded": reduction is not None and (reduction.is_folded or content.kind == "jurisdictions"),
        "kind": content.kind,
        "reduced": reduction is not None,
    }


def packed(whole: Network, content: PageContent, reduction: Reduction | None) -> str:
    """What the page reads after its first drawing: every record, and every party and link that is not drawn yet.

    One JSON document in columns, deflated (RFC 1950) and in base64: a tenth to a fifth of its size.
    """
    document: dict[str, Any] = {"records": _evidence(whole, content), "whole": _whole(whole, content, reduction)}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def script_safe(document: Mapping[str, Any]) -> str:
    r"""JSON that may stand in a script element: nothing in it can end the element or a line.

    >>> script_safe({"name": "</script><!-- &"})
    '{"name":"\\u003c/script\\u003e\\u003c!-- \\u0026"}'
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, escape in _UNSAFE.items():
        text = text.replace(character, escape)
    return text


def _whole(whole: Network, content: PageContent, reduction: Reduction | None) -> dict[str, Any] | None:
    """Everybody in the network with all links, and the groups they are folded into; None where all of it is drawn."""
    if reduction is None:
        return None
    words = Words()
    nodes = {**_parties(whole, content, words), "drawn": reduction.inside.tolist()}
    groups: dict[str, Any] | None = None
    if reduction.is_folded or content.kind == "jurisdictions":
        nesting = nested(whole, reduction, radii_of(whole), seed=content.seed)
        places = np.rint(nesting.places).astype(np.int64)
        nodes |= {"home": nesting.home.tolist(), "x": places[:, 0].tolist(), "y": places[:, 1].tolist()}
        groups = {
            "parent": nesting.parent,
            "vertex": nesting.vertex,
            "name": [shown(one) for one in nesting.names],
            "members": nesting.members,
            "x": [round(x) for x, _ in nesting.group_places],
            "y": [round(y) for _, y in nesting.group_places],
        }
    return {"nodes": nodes, "ties": _ties(whole, content.evidence, words), "groups": groups, "words": words.all}


def _column(columns: Mapping[str, Column], name: str, size: int, default: object = None) -> list[Any]:
    if name not in columns:
        return [default] * size
    column = columns[name]
    return list(column.tolist() if isinstance(column, np.ndarray) else column)


def _nodes(
    network: Network, content: PageContent, words: Words, whole: Network, reduction: Reduction | None
) -> dict[str, Any]:
    columns = network.vertices
    nodes = _parties(network, content, words)
    laid_out = layout_of(network, content, radii_of(network))
    nodes |= {
        "x": laid_out.places[:, 0].tolist(),
        "y": laid_out.places[:, 1].tolist(),
        "group": laid_out.groups.tolist(),
    }
    for name in ("folded", "links_inside"):
        if name in columns:
            nodes[name] = _column(columns, name, network.size)
    if reduction is not None:
        nodes["vertex"] = [whole.number.get(one, -1) for one in network.ids]
    return nodes


def _parties(network: Network, content: PageContent, words: Words) -> dict[str, Any]:
    size, columns = network.size, network.vertices
    seeds, exits, taken = frozenset(content.seeds), frozenset(content.exits), captured(content.choke)
    ranked = ranks(content.choke)
    captions = _column(columns, "caption", size)
    schemata = _column(columns, "schema", size)
    return {
        "id": [shown(one) for one in network.ids],
        "name": [shown(caption or label) for caption, label in zip(captions, network.ids, strict=True)],
        "schema": words.numbers(schemata),
        "family": [family_of(schema) for schema in schemata],
        "country": [words.number(c.upper() if c else None) for c in _column(columns, "country", size)],
        "r": radii_of(network).tolist(),
        "rank": [ranked.get(one, 0) for one in network.ids],
        "role": [1 if one in seeds else 2 if one in exits else 0 for one in network.ids],
        "missing": [int(bool(one)) for one in _column(columns, "missing", size, False)],
        **({"captured": [int(one in taken) for one in network.ids]} if taken else {}),
        "lists": {
            name: [words.numbers(value) for value in _column(columns, name, size, ())]
            for name in _PARTY_LISTS
            if name in columns
        },
    }


def radii_of(network: Network) -> FloatArray:
    """Larger where more passes through, by the 0.4th power: amounts span many orders of magnitude."""
    strength = network.in_strength + network.out_strength
    most = float(strength.max()) if network.size else 0.0
    share = np.clip(strength / most, 0.0, 1.0) if most > 0 else np.zeros(network.size)
    return np.asarray(np.round(6.0 + 16.0 * share**0.4, 1), dtype=np.float64)


def _ties(
    network: Network, evidence: Evidence, words: Words, cut: frozenset[tuple[str, str]] = frozenset()
) -> dict[str, Any]:
    size, columns = network.edge_count, network.edges
    ties: dict[str, Any] = {"s": network.source.tolist(), "t": network.target.tolist()}
    if network.minor is not None:
        ties["minor"] = [one if abs(one) < EXACT else str(one) for one in network.minor.tolist()]
    else:
        ties["w"] = [_finite(one) for one in network.weight.tolist()]
    for name in _TIE_WORDS:
        if name in columns:
            ties[name] = words.numbers(_column(columns, name, size))
    for name in _TIE_NUMBERS:
        if name in columns:
            ties[name] = [None if one is None or one != one else int(one) for one in _column(columns, name, size)]
    for name, stated in (("first", "start_date"), ("last", "end_date")):
        column = name if name in columns else stated
        if column in columns and any(columns[column]):
            ties[name] = words.numbers(_column(columns, column, size))
    if not evidence.certainty and not cut:
        return ties
    pairs = [(network.ids[s], network.ids[t]) for s, t in zip(ties["s"], ties["t"], strict=True)]
    if cut:
        ties["cut"] = [int(pair in cut) for pair in pairs]
    if evidence.certainty:
        known = [evidence.certainty.get(pair, (None, False)) for pair in pairs]
        ties["grade"] = words.numbers([grade for grade, _ in known])
        if any(inferred for _, inferred in known):
            ties["inferred"] = [int(inferred) for _, inferred in known]
    return ties


def _finite(value: float) -> float:
    return float(f"{value:.12g}") if np.isfinite(value) else 0.0


def _evidence(network: Network, content: PageContent) -> dict[str, Any]:
    evidence, number = content.evidence, network.number
    pairs = {pair: rows for pair, rows in evidence.ties.items() if pair[0] in number and pair[1] in number}
    return {
        "columns": _RECORD_COLUMNS,
        "parties": {str(number[one]): _records(rows) for one, rows in evidence.parties.items() if one in number},
        "listings": {str(number[one]): _records(rows) for one, rows in evidence.listings.items() if one in number},
        "ties": {f"{number[source]}-{number[target]}": _records(rows) for (source, target), rows in pairs.items()},
    }


def _records(rows: Sequence[Row]) -> dict[str, Any]:
    entries = []
    for row in rows[:_MOST_RECORDS]:
        cells: list[Any] = [
            None if row.get(column) is None else shown(cell_text(row[column]) if column == "amount" else row[column])
            for column in _RECORD_COLUMNS
        ]
        while cells and cells[-1] is None:
            cells.pop()
        entries.append({"r": cells, **({"u": link} if (link := _link(row.get("url"))) else {})})
    return {"rows": entries, "more": max(0, len(rows) - _MOST_RECORDS)}


def _link(address: object) -> str | None:
    """An address that may become a link: http or https with a host, and no character that hides anything."""
    if not isinstance(address, str) or address != visible(address) or len(address) > LONGEST:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None
