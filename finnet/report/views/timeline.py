"""Who was active when: a lane per party, from its first recorded link to its last, and when it was listed."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from finnet.errors import UsageError
from finnet.graph.network import Network
from finnet.report.views.content import PageContent, ranks
from finnet.report.views.drawing import Drawing, Line, Ring, Shape, Text
from finnet.report.views.frame import INK, ORANGE, QUIET, VERMILION, Mark, framed
from finnet.text import one_line

__all__ = ["timeline"]

_WIDTH, _LEFT, _LANE, _LANES = 1200, 260, 26, 36


def timeline(network: Network, content: PageContent) -> Drawing:
    """Choke points, seeds and exits first, then the strongest parties; those without any date have no lane.

    Each bar is one link from its first recorded date to its last, thicker for a larger one; a triangle is a listing. A
    date of less precision stands at its beginning where a link starts, at its end where it ends.

    Raises: UsageError where nothing in the network has a date.
    """
    columns = network.edges
    firsts = columns.get("first", columns.get("start_date", [None] * network.edge_count))
    lasts = columns.get("last", columns.get("end_date", [None] * network.edge_count))
    spans: dict[int, list[tuple[float, float, int]]] = {}
    for edge, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        start, end = _day(first, False), _day(last, True)
        start, end = end if start is None else start, start if end is None else end
        if start is None or end is None:
            continue
        for vertex in {int(network.source[edge]), int(network.target[edge])}:
            spans.setdefault(vertex, []).append((start, max(start, end), edge))
    listings = {
        vertex: sorted(day for row in rows if (day := _day(row.get("listed_on"), False)) is not None)
        for vertex, rows in ((network.number.get(one), rows) for one, rows in content.evidence.listings.items())
        if vertex is not None
    }
    dated = [v for v in range(network.size) if v in spans or listings.get(v)]
    if not dated:
        raise UsageError("nothing in this network has a date", hint="choose another --graph or another kind")
    ranked, ends = ranks(content.choke), {*content.seeds, *content.exits}
    strength = network.in_strength + network.out_strength
    dated.sort(key=lambda v: (ranked.get(network.ids[v], 10**9), network.ids[v] not in ends, -strength[v], v))
    lanes = dated[:_LANES]
    days = [day for v in lanes for one in spans.get(v, []) for day in one[:2]]
    days = days or [day for v in lanes for day in listings.get(v, [])]
    low, high = min(days), max(max(days), min(days) + 30)
    most = float(np.abs(network.weight).max()) or 1.0

    def across(day: float) -> float:
        return _LEFT + (day - low) / (high - low) * (_WIDTH - _LEFT - 30)

    height = _LANE * len(lanes) + 50
    marks: list[Mark] = []
    for year in range(datetime.date.fromordinal(int(low)).year, datetime.date.fromordinal(int(high)).year + 2):
        day = datetime.date(year, 1, 1).toordinal()
        if low <= day <= high:
            marks.append(Line(points=((across(day), 0), (across(day), height - 42)), colour="#d5dae0", width=1))
            marks.append(Text(x=across(day), y=height - 28, text=str(year), size=11, colour=QUIET, anchor="middle"))
    for text, day, anchor in ((low, low, "start"), (high, high, "end")):
        date = datetime.date.fromordinal(int(text)).isoformat()
        marks.append(Text(x=across(day), y=height - 10, text=date, size=10, colour=QUIET, anchor=anchor))
    captions = network.vertices.get("caption", network.ids)
    for lane, v in enumerate(lanes):
        y = _LANE * lane + 14.0
        label = network.ids[v]
        name = one_line(str(captions[v] or label), 32)
        marks.append(Text(x=_LEFT - 26, y=y + 4, text=name, anchor="end", bold=label in ranked))
        if label in ranked:
            marks.append(Ring(x=_LEFT - 13, y=y, radius=8, colour=ORANGE, fill=ORANGE))
            marks.append(Text(x=_LEFT - 13, y=y + 4, text=str(ranked[label]), size=10, bold=True, anchor="middle"))
        elif label in ends:
            words = "▶" if label in set(content.seeds) else "■"
            marks.append(Text(x=_LEFT - 13, y=y + 4, text=words, size=11, anchor="middle"))
        marks.append(Line(points=((_LEFT, y), (_WIDTH - 30, y)), colour="#eef0f2", width=1))
        for start, end, edge in sorted(spans.get(v, [])):
            share = abs(float(network.weight[edge])) / most
            points = ((across(start), y), (max(across(end), across(start) + 2), y))
            marks.append(Line(points=points, colour="#0072b2", width=round(2 + 9 * share**0.4, 2), opacity=0.28))
        for listed in listings.get(v, []):
            x = across(min(max(listed, low), high))
            marks.append(Shape(x=x, y=y, radius=6, shape="triangleDown", fill=VERMILION))
            if not low <= listed <= high:
                date = datetime.date.fromordinal(int(listed)).isoformat()
                marks.append(Text(x=x + 9 if listed < low else x - 9, y=y + 4, text=date, size=10, colour=VERMILION,
                                  anchor="start" if listed < low else "end", halo=True))  # fmt: skip
    left = len(dated) - len(lanes)
    said = [
        f"Lanes: {len(lanes):,} of {len(dated):,} parties with a date"
        f"{f' ({left:,} are not drawn)' if left else ''}; {network.size - len(dated):,} parties have none."
    ]
    legend: list[tuple[Mark, str]] = [
        (Line(points=((-9.0, 0.0), (9.0, 0.0)), colour="#0072b2", width=6, opacity=0.5),
         "a link, first to last recorded date; thicker: larger"),
        (Shape(x=0, y=0, radius=6, shape="triangleDown", fill=VERMILION),
         "listed on; with its date where that lies outside"),
    ]  # fmt: skip
    if ranked:
        legend.append((Ring(x=0, y=0, radius=6, colour=ORANGE, fill=ORANGE), "choke point"))
    if ends:
        legend.append((Text(x=-4, y=4, text="▶ ■", size=10, colour=INK), "  seed, exit"))
    return framed(network, content, marks, width=_WIDTH, height=height, legend=legend, said=said)


def _day(text: Any, is_end: bool) -> float | None:
    """An ISO date of any precision as a day number; None for what is none."""
    if not isinstance(text, str) or not text:
        return None
    try:
        parts = [int(part) for part in text[:10].split("-")]
        if len(parts) == 3:
            return float(datetime.date(*parts).toordinal())
        year, month = parts[0], parts[1] if len(parts) == 2 else 12 if is_end else 1
        first = datetime.date(year, month, 1)
        if not is_end:
            return float(first.toordinal())
        # The month's last day: the day before the next month begins.
        return float(datetime.date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
    except (ValueError, TypeError):
        return None
