"""Pages in a browser beside plain pyvis on the same network: time until they can be used, size, what they ask for.

``python -m benchmarks.views [SIZE…]`` prints the table of docs/views.md; it needs Chromium.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finnet.graph.network import Network

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "report"))  # chromium.py, invented_networks.py

__all__ = ["main"]

_SIZES = (50, 500, 2_000, 10_000, 50_000, 200_000)
_PYVIS_BUILDS = 10_000  # its add_node and add_edge take quadratic time
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Times in seconds: to build the file (processor), from opening until it can be used, until all is unpacked."""

    build: float
    megabytes: float
    ready: float | None
    busy: float
    unpacked: float | None
    requests: int | None


def main(sizes: list[int]) -> int:
    """One line per size, as it is measured."""
    chromium: Any = importlib.import_module("chromium")
    invented = importlib.import_module("invented_networks").invented
    program = chromium.found()
    if program is None:
        print("Chromium is not here: apt-get install chromium", file=sys.stderr)
        return 1
    print(
        "| parties / links | build | file | usable after | busy | all unpacked "
        "| pyvis: build | file | stable after | requests |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes or _SIZES:
            network = invented(size)
            browser = chromium.Chromium(program)
            try:
                ours = _ours(browser, network, Path(folder))
                plain = _plain(browser, network, Path(folder)) if size <= _PYVIS_BUILDS else None
            finally:
                browser.close()
            assert ours.requests == 0
            beside = ["–", "–", "not built", "–"]
            if plain is not None:
                stable = f"not after {_PATIENCE:.0f} s" if plain.ready is None else f"{plain.ready:.1f} s"
                beside = [
                    f"{plain.build:.1f} s",
                    f"{plain.megabytes:.2f} MB",
                    stable,
                    "–" if plain.requests is None else str(plain.requests),
                ]
            cells = [
                f"{network.size:,} / {network.edge_count:,}",
                f"{ours.build:.1f} s",
                f"{ours.megabytes:.2f} MB",
                f"{ours.ready:.2f} s",
                f"{ours.busy:.2f} s",
                f"{ours.unpacked:.2f} s",
                *beside,
            ]
            print(f"| {' | '.join(cells)} |", flush=True)
    return 0


def _ours(browser: Any, network: Network, folder: Path) -> Measured:
    from finnet.report.views.content import PageContent
    from finnet.report.views.page import write_page

    path = folder / "finnet.html"
    began = time.process_time()
    _, written = write_page(network, PageContent(title=f"{network.size:,} parties"), path)
    build = time.process_time() - began
    with browser.open(path) as tab:
        tab.wait_for("document.documentElement.dataset.unpacked", 60)
        ready, unpacked = (
            float(tab.evaluate(f"document.documentElement.dataset.{name}")) / 1000 for name in ("ready", "unpacked")
        )
        return Measured(
            build=build,
            megabytes=len(written) / 1e6,
            ready=ready,
            busy=tab.busy_seconds,
            unpacked=unpacked,
            requests=len(tab.requests),
        )


def _plain(browser: Any, network: Network, folder: Path) -> Measured:
    """pyvis as its manual shows it: nodes and edges added one by one, everything in line, physics on."""
    from pyvis.network import Network as Drawing

    path = folder / "pyvis.html"
    began = time.process_time()
    drawing = Drawing(directed=True, cdn_resources="in_line")
    for label, caption in zip(network.ids, network.vertices["caption"], strict=True):
        drawing.add_node(label, label=caption)
    for tail, head, weight in zip(network.source, network.target, network.weight, strict=True):
        drawing.add_edge(network.ids[tail], network.ids[head], value=float(weight))
    path.write_text(drawing.generate_html(), encoding="utf-8")
    build = time.process_time() - began
    opened = time.monotonic()
    ready: float | None = None
    requests: int | None = None
    try:
        tab = browser.open(path)
        requests = len(tab.requests)
        while ready is None and time.monotonic() - opened < _PATIENCE:
            time.sleep(0.1)
            if tab.evaluate("typeof network !== 'undefined' && network.physics.stabilized === true"):
                ready = time.monotonic() - opened
    except TimeoutError:
        pass  # so busy that it does not answer for a minute: not stable either
    return Measured(
        build=build, megabytes=path.stat().st_size / 1e6, ready=ready, busy=0.0, unpacked=None, requests=requests
    )


if __name__ == "__main__":
    sys.exit(main([int(one) for one in sys.argv[1:]]))
