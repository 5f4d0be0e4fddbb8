"""A network as a static picture: places, shapes, colours and rings as on the page, and the ten names that matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import hypot
from typing import Any

import numpy as np

from finnet.graph.network import FloatArray, Network
from finnet.report.views.content import PageContent, captured, ranks
from finnet.report.views.drawing import Drawing, Line, Ring, Shape, Text
from finnet.report.views.frame import INK, ORANGE, PURPLE, VERMILION, Mark, framed
from finnet.report.views.kinds import layout_of
from finnet.report.views.marks import FAMILIES, LINK_COLOURS, PALETTE, family_of
from finnet.report.views.payload import radii_of
from finnet.report.views.reduction import Reduction
from finnet.text import one_line

__all__ = ["picture"]

_WIDTH, _HIGHEST, _RIM = 1200, 1000, 70
_LABELS = 10
_GREY = "#a3abb4"
_Box = tuple[float, float, float, float]  # left, top, right, bottom


def picture(whole: Network, content: PageContent, reduction: Reduction | None) -> Drawing:
    """The drawing of what is drawn of a network. Names beyond the ten most important are left to the page."""
    network = whole if reduction is None else reduction.network
    radii = radii_of(network)
    places, scale, height = _fitted(layout_of(network, content, radii).places)
    radii = np.maximum(radii * min(1.0, scale), 2.0)
    ranked, taken = ranks(content.choke), captured(content.choke)
    colours = _colours(network, content)
    cut = reduction.cut if reduction else frozenset()
    marks: list[Mark] = [*_lines(network, content, places, radii, cut)]
    authorities = network.vertices.get("authorities", [()] * network.size)
    families = [FAMILIES[family_of(schema)] for schema in network.vertices.get("schema", [None] * network.size)]
    for v in np.argsort(-radii, kind="stable").tolist():
        x, y, radius, label = float(places[v, 0]), float(places[v, 1]), float(radii[v]), network.ids[v]
        marks.append(Shape(x=x, y=y, radius=radius, shape=families[v].shape, fill=colours[v]))
        if label in ranked:
            marks.append(Ring(x=x, y=y, radius=radius + 4, colour=ORANGE, width=3))
        if authorities[v]:
            marks.append(Ring(x=x, y=y, radius=radius + (8 if label in ranked else 3), colour=VERMILION, dashes=(4, 3)))
        if label in taken:
            marks.append(Ring(x=x, y=y, radius=radius + 3, colour=PURPLE, dashes=(1.5, 3)))
    marks += _badges(network, content, places, radii)
    marks += _labels(network, content, places, radii, height)
    return framed(
        whole,
        content,
        marks,
        width=_WIDTH,
        height=height,
        legend=_legend(network, content, bool(cut)),
        said=[reduction.sentence] if reduction else [],
    )


def _fitted(places: FloatArray) -> tuple[FloatArray, float, int]:
    """The places inside the width, the scale and the height that this takes."""
    if not len(places):
        return places, 1.0, 200
    low, high = places.min(axis=0), places.max(axis=0)
    wide, tall = np.maximum(high - low, 1.0)
    scale = float(min((_WIDTH - 2 * _RIM) / wide, (_HIGHEST - 2 * _RIM) / tall, 1.6))
    height = round(tall * scale + 2 * _RIM)
    middle = (low + high) / 2
    return (places - middle) * scale + np.array([_WIDTH / 2, height / 2]), scale, height


def _colours(network: Network, content: PageContent) -> list[str]:
    """By jurisdiction where there are several parties in several, else by type."""
    homes = network.vertices.get("country", [None] * network.size)
    counts = Counter(home for home in homes if home)
    if len(counts) < 2 or content.kind == "jurisdictions":
        return [FAMILIES[family_of(s)].colour for s in network.vertices.get("schema", [None] * network.size)]
    named = dict(zip(_first(counts), PALETTE, strict=False))
    return [named.get(home, _GREY) for home in homes]


def _first(counts: Counter[Any]) -> list[str]:
    return [home for home, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))][: len(PALETTE)]


def _lines(
    network: Network, content: PageContent, places: FloatArray, radii: FloatArray, cut: frozenset[tuple[str, str]]
) -> list[Mark]:
    sizes = np.abs(network.weight)
    most = float(sizes.max(initial=0.0))
    is_even = bool((sizes == most).all())
    crowd = min(1.0, (900 / max(1, network.edge_count)) ** 0.5)
    classes = network.edges.get("class", [None] * network.edge_count)
    is_mixed = len(set(classes)) > 1
    order = np.argsort(sizes, kind="stable").tolist()
    found: list[Mark] = []
    shares: list[Mark] = []
    taken: list[_Box] = []
    for e in order:
        s, t = int(network.source[e]), int(network.target[e])
        (ax, ay), (bx, by) = places[s].tolist(), places[t].tolist()
        length = hypot(bx - ax, by - ay)
        if s == t or length < 1:
            continue
        is_cut = (network.ids[s], network.ids[t]) in cut
        inferred = content.evidence.certainty.get((network.ids[s], network.ids[t]), (None, False))[1]
        share = 0.1 if is_even else float(sizes[e]) / most if most else 0.0
        ends = (float(radii[t]) + 2) / length
        found.append(
            Line(
                points=((ax, ay), (bx - (bx - ax) * ends, by - (by - ay) * ends)),
                colour=VERMILION if is_cut else LINK_COLOURS.get(str(classes[e]), "#8a95a1") if is_mixed else "#8a95a1",
                width=round((0.7 + 3.6 * share**0.4) * max(0.4, crowd) + (1.0 if is_cut else 0.0), 2),
                opacity=1.0 if is_cut else round(0.75 * max(0.3, crowd), 2),
                arrow=network.directed and network.edge_count <= 3000,
                dashes=(6, 4) if inferred else (),
            )
        )
        if content.kind == "ownership" and (words := _share(network, e)):
            x, y, wide = ax + (bx - ax) * 0.7, ay + (by - ay) * 0.7 + 4, 6.2 * len(words)
            box = (x - wide / 2, y - 10, x + wide / 2, y + 3)
            if not any(_meet(box, one) for one in taken):
                taken.append(box)
                shares.append(Text(x=x, y=y, text=words, size=10, anchor="middle", halo=True))
    return [*found, *shares]


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _share(network: Network, edge: int) -> str:
    low, high = (
        network.edges.get(name, [None] * network.edge_count)[edge] for name in ("share_min_ppm", "share_max_ppm")
    )
    if low is None and high is None:
        return ""
    low, high = (0 if low is None else low) / 10_000, (1_000_000 if high is None else high) / 10_000
    return f"{low:g} %" if low == high else f"{low:g}–{high:g} %"


def _importance(network: Network, content: PageContent) -> list[int]:
    ranked, ends = ranks(content.choke), {*content.seeds, *content.exits}
    strength = network.in_strength + network.out_strength
    few = len(ends) <= 12
    return sorted(
        range(network.size),
        key=lambda v: (ranked.get(network.ids[v], 10**9), not (few and network.ids[v] in ends), -strength[v], v),
    )


def _badges(network: Network, content: PageContent, places: FloatArray, radii: FloatArray) -> list[Mark]:
    ranked, seeds, exits = ranks(content.choke), set(content.seeds), set(content.exits)
    found: list[Mark] = []
    for v, label in enumerate(network.ids):
        words = str(ranked[label]) if label in ranked else "▶" if label in seeds else "■" if label in exits else ""
        if not words or (label not in ranked and len(seeds) + len(exits) > 24):
            continue
        away = (float(radii[v]) + 5) * 0.72
        x, y = float(places[v, 0]) - away, float(places[v, 1]) - away
        is_ranked = label in ranked
        found.append(Ring(x=x, y=y, radius=8, colour="#ffffff", width=1.5, fill=ORANGE if is_ranked else INK))
        found.append(
            Text(
                x=x,
                y=y + 4,
                text=words,
                size=11 if is_ranked else 8,
                bold=True,
                anchor="middle",
                colour=INK if is_ranked else "#ffffff",
            )
        )
    return found


def _labels(network: Network, content: PageContent, places: FloatArray, radii: FloatArray, height: int) -> list[Mark]:
    """The most important names, each where it covers no other: below, above, right or left of its party."""
    captions = network.vertices.get("caption", network.ids)
    count = max(_LABELS, len(ranks(content.choke)), 40 if content.kind == "jurisdictions" else 0)
    if content.kind in ("jurisdictions", "ownership", "flows") and network.size <= 80:
        count = network.size
    taken: list[_Box] = []
    found: list[Mark] = []
    for v in _importance(network, content)[: 3 * count]:
        if len(found) == count:
            break
        words = one_line(str(captions[v] or network.ids[v]), 34)
        wide, x, y, away = 6.9 * len(words), float(places[v, 0]), float(places[v, 1]), float(radii[v]) + 7
        spots = ((x, y + away + 10), (x, y - away - 3), (x + away + wide / 2, y + 4), (x - away - wide / 2, y + 4))
        for middle, base in spots:
            box = (middle - wide / 2, base - 12, middle + wide / 2, base + 3)
            if box[0] < 2 or box[2] > _WIDTH - 2 or box[1] < 0 or box[3] > height:
                continue
            if not any(_meet(box, one) for one in taken):
                taken.append(box)
                found.append(
                    Text(
                        x=middle,
                        y=base,
                        text=words,
                        anchor="middle",
                        halo=True,
                        bold=network.ids[v] in ranks(content.choke),
                    )
                )
                break
    return found


def _legend(network: Network, content: PageContent, has_cut: bool) -> list[tuple[Mark, str]]:
    found: list[tuple[Mark, str]] = []
    schemata = Counter(network.vertices.get("schema", ()))
    families = Counter(family_of(schema) for schema in network.vertices.get("schema", ()))
    for family in sorted(families, key=lambda one: (-families[one], one))[:6] if schemata else ():
        found.append((Shape(x=0, y=0, radius=6, shape=FAMILIES[family].shape, fill="#8d99a6"), FAMILIES[family].name))
    homes = Counter(home for home in network.vertices.get("country", ()) if home)
    if len(homes) > 1 and content.kind != "jurisdictions":
        for home, colour in zip(_first(homes), PALETTE, strict=False):
            found.append(
                (Ring(x=0, y=0, radius=6, colour="#ffffff", width=0.5, fill=colour), one_line(home.upper(), 12))
            )
    if ranks(content.choke):
        found.append((Ring(x=0, y=0, radius=6, colour=ORANGE, width=3), "choke point, with its rank"))
    if any(network.vertices.get("authorities", ())):
        found.append((Ring(x=0, y=0, radius=6, colour=VERMILION, dashes=(4, 3)), "listed"))
    if captured(content.choke):
        found.append((Ring(x=0, y=0, radius=6, colour=PURPLE, dashes=(1.5, 3)), "captured by the rule"))
    if has_cut:
        found.append((_swatch(VERMILION), "the cut"))
    if any(inferred for _, inferred in content.evidence.certainty.values()):
        found.append((_swatch("#8a95a1", (6, 4)), "inferred"))
    classes = sorted({str(one) for one in network.edges.get("class", ())})
    if len(classes) > 1:
        found += [(_swatch(LINK_COLOURS.get(one, "#8a95a1")), one_line(one, 20)) for one in classes]
    return found


def _swatch(colour: str, dashes: Sequence[float] = ()) -> Line:
    return Line(points=((-9.0, 0.0), (9.0, 0.0)), colour=colour, width=3, dashes=tuple(dashes))
