"""The same round through pages of every size: search, details, path, filters, time, what if, table, pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import Chromium, Tab
from invented_networks import HOSTILE, invented
from test_page import hostile_content

from finnet.report.answer import Answer
from finnet.report.views.content import PageContent
from finnet.report.views.page import write_page

pytestmark = pytest.mark.browser


def asked(size: int) -> PageContent:
    """A question with an answer about a network of that size: who is chosen does not matter here."""
    ids = [f"party-{number:05d}" for number in (1, 2)]
    answer = Answer(
        command="choke",
        columns=("rank", "id", "bite"),
        rows=[{"rank": place, "id": one, "bite": "1.00"} for place, one in enumerate(ids, start=1)],
        summary={"objective": "flow", "unit": "USD", "before": "2.00", "after": "0.00"},
    )
    return PageContent(title=f"{size:,}", choke=answer, seeds=["party-00000"], exits=[f"party-{size - 1:05d}"])


def by_key(tab: Tab, size: int) -> None:
    """The round without a mouse."""
    tab.press("r")
    assert tab.evaluate("finnet.parties[finnet.state.party].rank") == 1
    assert "Choke point 1" in tab.text("#details")
    tab.press("p", "/")
    tab.type("party-00002")
    tab.press("Enter")
    assert tab.text("#details h2").startswith("Path") or "No path" in tab.text("#status")
    tab.press("Escape", "w")
    assert tab.evaluate("finnet.state.removed.size") == 2
    tab.press("w")
    tab.press("t")
    assert tab.evaluate("document.querySelectorAll('#table tbody tr').length") > 20
    tab.press("t", "/")
    tab.type(f"party-{size // 2:05d}")
    tab.press("Enter")
    assert tab.evaluate("finnet.parties[finnet.state.party].id") == f"party-{size // 2:05d}"
    tab.press("x")
    assert tab.evaluate("finnet.state.own.size") >= 1
    tab.press("x", "e", "h", "u", "H", "]", "[", "c", "n", "n", "+", "-", "f", "Escape", "Escape")
    for key, kind in (("s", "image/png"), ("S", "image/svg+xml")):
        tab.press(key)
        tab.wait_for(f"window.offered === {kind!r}")


def by_mouse(tab: Tab) -> None:
    """The same by clicking."""
    tab.evaluate("finnet.begin()")
    tab.click("#query")
    tab.type("party-00001")
    tab.click(".hit")
    assert tab.evaluate("finnet.parties[finnet.state.party].id") == "party-00001"
    tab.click("#details .record-of")
    assert tab.text("#details h2") == "Link"
    before = tab.evaluate("finnet.parties.filter(finnet.isShown).length")
    tab.click("#legend .choice input")
    assert tab.evaluate("finnet.parties.filter(finnet.isShown).length") < before
    tab.click("#legend .choice input")
    tab.click("#compare .removal:nth-of-type(2) input")
    assert tab.evaluate("finnet.state.removed.size") == 2
    tab.click("#show-table")
    tab.click("#table [role=tab]:nth-child(2)")
    assert tab.evaluate("document.querySelectorAll('#table tbody tr').length") > 20
    tab.click("#show-table")
    for button, kind in (("#save", "image/png"), ("#save-svg", "image/svg+xml")):
        tab.evaluate("window.offered = null")
        tab.click(button)
        tab.wait_for(f"window.offered === {kind!r}")
    tab.click("#dates .play")
    tab.wait_for("document.querySelector('#dates output').textContent !== 'all'")
    tab.click("#dates .play")


@pytest.mark.parametrize("size", [50, 500, 2_000, 10_000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_everything_works_by_key_and_by_mouse(chromium: Chromium, tmp_path: Path, size: int) -> None:
    path = tmp_path / "page.html"
    write_page(invented(size), asked(size), path)
    with chromium.open(path) as tab:
        tab.wait_for("document.documentElement.dataset.unpacked", 60)
        tab.evaluate("finnet.offer = (blob) => (window.offered = blob.type)")
        by_key(tab, size)
        by_mouse(tab)
        assert tab.requests == []
        assert tab.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_texts_inside_groups_run_nothing_and_the_layout_holds(
    chromium: Chromium, tmp_path: Path, width: int
) -> None:
    network = invented(len(HOSTILE) * 20, hostile=True)
    path = tmp_path / "page.html"
    write_page(network, hostile_content(network), path, limit=60, fold="community")
    with chromium.open(path, width=width, height=844) as tab:
        tab.wait_for("document.documentElement.dataset.unpacked")
        tab.evaluate("finnet.choose(finnet.parties.find((one) => one.folded > 5), true)")
        tab.press("o")
        assert tab.evaluate("finnet.trail.length") == 1
        for text in ("script", "onerror", "javascript", "www", "{{7"):
            tab.press("/")
            tab.type(text)
            assert tab.evaluate("document.querySelectorAll('.hit').length") > 0, text
            tab.press("Enter")
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            tab.press("Escape")
        tab.press("t", "t", "i", "b")
        assert tab.evaluate("window.pwned ?? null") is None
        assert tab.evaluate("document.querySelectorAll('main img, footer img, a[href^=javascript]').length") == 0
        assert tab.requests == []
        assert tab.complaints == []
