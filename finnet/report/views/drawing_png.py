"""A drawing as PNG, by matplotlib, without a screen."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from finnet.errors import NotProvidedError
from finnet.report.views.drawing import Drawing, Line, Ring, Shape, Text, outline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["png"]

_DPI = 144  # two pixels of the file for each of the drawing, less or more: legible in print
_POINT = 72 / 96
# Fonts for scripts that DejaVu, matplotlib's own, does not have; the first that are installed are asked after it.
_MORE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Source Han Sans SC", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC", "Hiragino Sans", "Malgun Gothic", "Droid Sans Fallback",
    "Arial Unicode MS",
)  # fmt: skip


def png(drawing: Drawing) -> tuple[bytes, tuple[str, ...]]:
    """The file's bytes, and notes about what no font here can show.

    Raises: NotProvidedError without matplotlib.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise NotProvidedError("matplotlib is not installed, which draws PNG", hint="pip install matplotlib") from error
    fonts, notes = _fonts([mark.text for mark in drawing.marks if isinstance(mark, Text)])
    figure = Figure(figsize=(drawing.width / 96, drawing.height / 96), dpi=_DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, drawing.width)
    axes.set_ylim(drawing.height, 0)
    axes.set_axis_off()
    for order, mark in enumerate(drawing.marks, start=1):
        _put(axes, mark, order, fonts)
    file = io.BytesIO()
    with warnings.catch_warnings():
        # Said in our own words, once, and not once per letter.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(file, format="png", metadata={"Software": None, "Title": drawing.title})
    return file.getvalue(), notes


def _put(axes: Axes, mark: Line | Shape | Ring | Text, order: int, fonts: list[str]) -> None:
    from matplotlib.patches import Circle, FancyArrowPatch, Polygon
    from matplotlib.patheffects import withStroke

    match mark:
        case Line():
            xs, ys = zip(*mark.points, strict=True)
            style: Any = (0, tuple(mark.dashes)) if mark.dashes else "-"
            axes.plot(xs, ys, color=mark.colour, linewidth=mark.width * _POINT, alpha=mark.opacity, linestyle=style,
                      zorder=order, solid_capstyle="butt")  # fmt: skip
            if mark.arrow:
                axes.add_patch(
                    FancyArrowPatch(
                        mark.points[-2], mark.points[-1], arrowstyle="-|>", mutation_scale=6 + 2.2 * mark.width,
                        linewidth=0, color=mark.colour, alpha=mark.opacity, shrinkA=0, shrinkB=0, zorder=order,
                    )
                )  # fmt: skip
        case Shape():
            corners = outline(mark)
            patch = Polygon(corners) if corners else Circle((mark.x, mark.y), mark.radius)
            patch.set(facecolor=mark.fill, edgecolor=mark.edge, linewidth=0.8, zorder=order)
            axes.add_patch(patch)
        case Ring():
            ring = Circle((mark.x, mark.y), mark.radius)
            ring.set(facecolor=mark.fill or "none", edgecolor=mark.colour, linewidth=mark.width * _POINT, zorder=order)
            if mark.dashes:
                ring.set_linestyle((0, tuple(mark.dashes)))
            axes.add_patch(ring)
        case Text():
            align = {"start": "left", "middle": "center", "end": "right"}[mark.anchor]
            # parse_math off: a dollar sign in a name is a dollar sign.
            said = axes.text(mark.x, mark.y, mark.text, fontsize=mark.size * _POINT, color=mark.colour, ha=align,
                             va="baseline", alpha=mark.opacity, rotation=-mark.angle, rotation_mode="anchor",
                             parse_math=False, zorder=order, fontweight="bold" if mark.bold else "normal",
                             fontfamily=fonts)  # fmt: skip
            if mark.halo:
                said.set_path_effects([withStroke(linewidth=3 * _POINT, foreground="#ffffff")])


def _fonts(texts: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The fonts to ask in turn, and a note if some letters are in none of them."""
    from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

    wanted = {letter for text in texts for letter in text if not letter.isspace()}
    installed = {entry.name for entry in fontManager.ttflist}
    fonts = ["DejaVu Sans"]
    missing = wanted - {chr(code) for code in get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap()}
    for name in _MORE_FONTS:
        if missing and name in installed:
            fonts.append(name)
            missing -= {chr(code) for code in get_font(findfont(FontProperties(family=name))).get_charmap()}
    if not missing:
        return fonts, ()
    count = sum(1 for text in texts if missing & set(text))
    return fonts, (
        f"names with letters that no font here can draw, shown as boxes: {count:,}; install a font "
        "such as Noto Sans CJK, or write SVG, which leaves the fonts to the reader",
    )
