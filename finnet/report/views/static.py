"""Any kind of picture as a file that needs no browser: SVG, PNG; and the timeline as a page around one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from finnet.graph.network import Network
from finnet.report.files import write_atomically
from finnet.report.views.content import PageContent
from finnet.report.views.drawing import Drawing
from finnet.report.views.drawing_svg import svg
from finnet.report.views.kinds import reduction_of
from finnet.report.views.picture import picture
from finnet.report.views.reduction import LIMIT, Fold, Reduction
from finnet.report.views.timeline import timeline

__all__ = ["SUFFIXES", "drawing_of", "write_picture"]

SUFFIXES = (".svg", ".png")


def drawing_of(
    network: Network, content: PageContent, *, limit: int = LIMIT, fold: Fold | None = None, around: Sequence[str] = ()
) -> tuple[Drawing, Reduction | None]:
    """The drawing of a network, and how it was reduced; a timeline is one of the whole network.

    Raises: UsageError for flows without seeds or exits, and for a timeline without dates.
    """
    if content.kind == "timeline":
        return timeline(network, content), None
    reduction = reduction_of(network, content, limit=limit, fold=fold, around=around)
    return picture(network, content, reduction), reduction


def write_picture(
    network: Network,
    content: PageContent,
    path: Path,
    *,
    limit: int = LIMIT,
    fold: Fold | None = None,
    around: Sequence[str] = (),
) -> tuple[Reduction | None, bytes, tuple[str, ...]]:
    """Write the picture at once or not at all, as its suffix says; returns how it was reduced, the bytes, notes.

    Raises: NotProvidedError for PNG without matplotlib.
    """
    drawing, reduction = drawing_of(network, content, limit=limit, fold=fold, around=around)
    notes = drawing.notes
    if path.suffix.lower() == ".png":
        from finnet.report.views.drawing_png import png

        written, more = png(drawing)
        notes = (*notes, *more)
    else:
        written = svg(drawing).encode()
    write_atomically(path, written)
    return reduction, written, notes
