"""A network as one HTML page that opens offline, asks nobody for anything, and runs nothing that a name says."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from finnet.graph.network import Network
from finnet.report.files import write_atomically
from finnet.report.render import cell_text
from finnet.report.views.content import PageContent
from finnet.report.views.drawing_svg import svg
from finnet.report.views.kinds import reduction_of
from finnet.report.views.library import vis_network
from finnet.report.views.payload import packed, payload, script_safe
from finnet.report.views.reduction import LIMIT, Fold, Reduction
from finnet.report.views.timeline import timeline
from finnet.text import visible
from finnet.version import __version__

__all__ = ["page", "render", "write_page"]

_ASSETS = Path(__file__).parent / "assets"
# In the order in which they run; each only uses those before it.
_SCRIPTS = (
    "data.js",
    "inflate.js",
    "state.js",
    "scene.js",
    "colours.js",
    "flow.js",
    "whatif.js",
    "graph.js",
    "overlay.js",
    "icons.js",
    "tips.js",
    "details.js",
    "chart.js",
    "paths.js",
    "search.js",
    "filters.js",
    "dates.js",
    "compare.js",
    "table.js",
    "picture.js",
    "vector.js",
    "whole.js",
    "start.js",
)


def page(
    network: Network, content: PageContent, *, limit: int = LIMIT, fold: Fold | None = None, around: Sequence[str] = ()
) -> str:
    """The page's text. The same network and content give the same bytes: no clock, no host, no path in it.

    Above ``limit`` parties a reduced network is drawn and the page says so. ``around`` are ids to draw the surroundings
    of, besides choke points, seeds and exits.

    Raises: NotProvidedError if pyvis or its vis-network is missing.
    """
    return render(network, content, reduction_of(network, content, limit=limit, fold=fold, around=around))


def write_page(
    network: Network,
    content: PageContent,
    path: Path,
    *,
    limit: int = LIMIT,
    fold: Fold | None = None,
    around: Sequence[str] = (),
) -> tuple[Reduction | None, bytes]:
    """Write the page at once or not at all; returns how it was reduced, and the bytes written."""
    reduction = reduction_of(network, content, limit=limit, fold=fold, around=around)
    written = render(network, content, reduction).encode()
    write_atomically(path, written)
    return reduction, written


def render(network: Network, content: PageContent, reduction: Reduction | None) -> str:
    """The page for a reduction that is already made; a timeline is a page around a picture, without any script."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(_ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = _asset("page.css")
    said: dict[str, Any] = {
        "title": visible(content.title),
        "question": visible(content.question),
        "stamp": visible(content.stamp) if content.stamp else None,
        "style_hash": _hash(style),
        "style": Markup(style),
        "scripts": [],
        "reduction": reduction.sentence if reduction else None,
        "notes": _notes(network, content),
        "sources": [_source(row) for row in content.evidence.sources],
        "edge_policy": _edge_policy(network),
        "case": content.evidence.case,
        "version": __version__,
        "parties": network.size,
        "links": network.edge_count,
        "unit": visible(network.unit),
    }
    if content.kind == "timeline":
        text: str = environment.get_template("still.html.j2").render(
            said, drawing=Markup(svg(timeline(network, content)))
        )
    else:
        scripts = [vis_network(), *(_asset(name) for name in _SCRIPTS)]
        said["scripts"] = [Markup(script) for script in scripts]
        text = environment.get_template("page.html.j2").render(
            said,
            script_hashes=" ".join(_hash(script) for script in scripts),
            data=Markup(script_safe(payload(network, content, reduction))),
            packed=packed(network, content, reduction),
        )
    return text if text.endswith("\n") else f"{text}\n"


@cache
def _asset(name: str) -> str:
    return (_ASSETS / name).read_bytes().decode("utf-8")


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _notes(network: Network, content: PageContent) -> list[str]:
    said = [*content.notes, *network.notes, *(content.choke.notes if content.choke else ())]
    return [visible(note) for note in dict.fromkeys(said)]


def _edge_policy(network: Network) -> str:
    if not network.edge_policy:
        return "all links of the file, as it states them"
    return f"{', '.join(visible(one) for one in network.edge_policy)}; other classes of links are not counted"


def _source(row: dict[str, Any]) -> dict[str, str]:
    said = {
        name: row.get(name) for name in ("dataset", "file", "list_date", "licence", "records", "loaded", "rejected")
    }
    if isinstance(said["list_date"], datetime.date):
        said["list_date"] = said["list_date"].isoformat()
    return {name: cell_text(value) for name, value in said.items()}
