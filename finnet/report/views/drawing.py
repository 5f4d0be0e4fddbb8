"""A picture as shapes, lines and texts in pixels, before anybody decides whether it becomes SVG or PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Drawing", "Line", "Ring", "Shape", "Text", "outline"]

# Corners of each shape, in units of its radius, y downwards; a dot has none.
_CORNERS: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-0.84, -0.84), (0.84, -0.84), (0.84, 0.84), (-0.84, 0.84)),
    "triangle": ((0, -1), (1, 0.83), (-1, 0.83)),
    "triangleDown": ((0, 1), (1, -0.83), (-1, -0.83)),
    "diamond": ((0, -1.16), (1, 0), (0, 1.16), (-1, 0)),
    "hexagon": ((1, 0), (0.5, 0.87), (-0.5, 0.87), (-1, 0), (-0.5, -0.87), (0.5, -0.87)),
    "star": ((0, -1.16), (0.33, -0.33), (1.16, -0.33), (0.5, 0.25), (0.75, 1.16), (0, 0.67), (-0.75, 1.16),
             (-0.5, 0.25), (-1.16, -0.33), (-0.33, -0.33)),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """From the first point to the last; ``arrow`` ends it in a head; ``dashes`` are lengths in pixels."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float
    opacity: float = 1.0
    arrow: bool = False
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A filled party: one of vis-network's shapes around a middle."""

    x: float
    y: float
    radius: float
    shape: str
    fill: str
    edge: str = "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A circle around a middle, filled or not."""

    x: float
    y: float
    radius: float
    colour: str
    width: float = 2.0
    dashes: tuple[float, ...] = ()
    fill: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words whose baseline starts, is centred or ends at a point; a halo keeps them legible over lines."""

    x: float
    y: float
    text: str
    size: float = 12.0
    colour: str = "#1b1f24"
    bold: bool = False
    anchor: str = "start"  # start, middle, end
    halo: bool = False
    opacity: float = 1.0
    angle: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Marks in the order in which they are painted, on white. ``notes`` are what its maker has to say about it."""

    width: int
    height: int
    title: str
    marks: Sequence[Line | Shape | Ring | Text]
    notes: tuple[str, ...] = ()


def outline(shape: Shape) -> tuple[tuple[float, float], ...]:
    """The corners of a shape in pixels; empty for a dot.

    >>> outline(Shape(x=10, y=10, radius=10, shape="square", fill="#000"))[0]
    (1.6, 1.6)
    """
    corners = _CORNERS.get(shape.shape, ())
    return tuple((round(shape.x + shape.radius * x, 2), round(shape.y + shape.radius * y, 2)) for x, y in corners)
