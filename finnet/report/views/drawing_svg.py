"""A drawing as SVG: the same drawing gives the same bytes, and no name in it is ever more than text."""

from __future__ import annotations

from math import hypot

from finnet.report.views.drawing import Drawing, Line, Ring, Shape, Text, outline
from finnet.report.xml_text import content

__all__ = ["svg"]

_FONT = "Segoe UI, Noto Sans, DejaVu Sans, sans-serif"


def svg(drawing: Drawing) -> str:
    """The whole document; it names no font file, style sheet or address but the SVG name space.

    >>> text = svg(Drawing(width=10, height=5, title="<x>", marks=[Text(x=1, y=2, text="a & b")]))
    >>> "&lt;x&gt;" in text, "a &amp; b" in text
    (True, True)
    """
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width}" height="{drawing.height}" '
        f'viewBox="0 0 {drawing.width} {drawing.height}" font-family="{_FONT}">',
        f"<title>{content(drawing.title)}</title>",
        f'<rect width="{drawing.width}" height="{drawing.height}" fill="#ffffff"/>',
        *(_mark(mark) for mark in drawing.marks),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _mark(mark: Line | Shape | Ring | Text) -> str:
    match mark:
        case Line():
            return _line(mark)
        case Shape():
            corners = outline(mark)
            if not corners:
                return (
                    f'<circle cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}" fill="{mark.fill}" '
                    f'stroke="{mark.edge}"/>'
                )
            return f'<path d="M{_points(corners)}Z" fill="{mark.fill}" stroke="{mark.edge}"/>'
        case Ring():
            return (
                f'<circle cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}" fill="{mark.fill or "none"}" '
                f'stroke="{mark.colour}" stroke-width="{_n(mark.width)}"{_dashes(mark.dashes)}/>'
            )
        case Text():
            return _text(mark)


def _line(line: Line) -> str:
    opacity = f' opacity="{_n(line.opacity)}"' if line.opacity < 1 else ""
    found = (
        f'<path d="M{_points(line.points)}" fill="none" stroke="{line.colour}" stroke-width="{_n(line.width)}"'
        f"{_dashes(line.dashes)}{opacity}/>"
    )
    if not line.arrow:
        return found
    (ax, ay), (bx, by) = line.points[-2:]
    length = hypot(bx - ax, by - ay) or 1.0
    ux, uy = (bx - ax) / length, (by - ay) / length
    head = 4 + 1.8 * line.width
    corners = (
        (bx, by),
        (bx - ux * head - uy * head * 0.45, by - uy * head + ux * head * 0.45),
        (bx - ux * head + uy * head * 0.45, by - uy * head - ux * head * 0.45),
    )
    return f'{found}<path d="M{_points(corners)}Z" fill="{line.colour}"{opacity}/>'


def _text(text: Text) -> str:
    said = [f'x="{_n(text.x)}" y="{_n(text.y)}" font-size="{_n(text.size)}" fill="{text.colour}"']
    if text.bold:
        said.append('font-weight="600"')
    if text.anchor != "start":
        said.append(f'text-anchor="{text.anchor}"')
    if text.halo:
        said.append('stroke="#ffffff" stroke-width="3" paint-order="stroke" stroke-linejoin="round"')
    if text.opacity < 1:
        said.append(f'opacity="{_n(text.opacity)}"')
    if text.angle:
        said.append(f'transform="rotate({_n(text.angle)} {_n(text.x)} {_n(text.y)})"')
    return f"<text {' '.join(said)}>{content(text.text)}</text>"


def _dashes(dashes: tuple[float, ...]) -> str:
    return f' stroke-dasharray="{" ".join(_n(one) for one in dashes)}"' if dashes else ""


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
