"""What a reader can do on the page besides looking: time, grades, colours, undo, pictures; by mouse and by keyboard."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from chromium import Chromium, Tab
from invented_networks import HOSTILE, invented
from test_page import hostile_content
from test_page_in_browser import answered, click_party, question

from finnet.graph.network import Network
from finnet.report.views.content import PageContent
from finnet.report.views.page import write_page

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def tab(chromium: Chromium, tmp_path: Path) -> Iterator[Tab]:
    network, content = question(), answered()
    first = ["2016-01-05", None, "2016-03", "2017-02-01", "2016-01-01", "2016-06-30", "2015"]
    last = ["2016-02-05", None, "2016-03", "2017-02-01", "2017-01-01", "2016-06-30", "2015"]
    pairs = [(network.ids[s], network.ids[t]) for s, t in zip(network.source, network.target, strict=True)]
    grades = {pair: ("C3" if pair[0] == "s2" else "A1", pair == ("b", "x")) for pair in pairs}
    content = replace(content, evidence=replace(content.evidence, certainty=grades))
    path = tmp_path / "page.html"
    write_page(replace(network, edges={"first": first, "last": last}), content, path)
    with chromium.open(path) as opened:
        opened.wait_for("document.documentElement.dataset.unpacked")
        yield opened
        assert opened.requests == []
        assert opened.complaints == []


def links_shown(tab: Tab) -> list[str]:
    return list(
        tab.evaluate(
            "finnet.links.filter(finnet.isLinkShown)"
            ".map((one) => `${finnet.parties[one.source].id}-${finnet.parties[one.target].id}`).sort()"
        )
    )


def test_the_page_says_first_who_why_and_which_record(tab: Tab) -> None:
    said = tab.text("#details")
    assert said.index("What this page says") < said.index("Taking out these 2 parties leaves 0.00 of 110.00 USD")
    assert said.index("Broker Ahorn") < said.index("Left in place while the others go, 60.00 USD more could pass.")
    assert "Recorded in leak · pay.csv · record 17" in said
    tab.click("#details .proof .name")
    assert tab.text("#details h2") == "Link"
    assert "pay.csv · record 17" in tab.text("#details")
    tab.press("Escape")
    assert tab.text("#details h2") == "What this page says"


def test_what_is_left_over_time_is_a_chart_with_its_figures_in_words(chromium: Chromium, tmp_path: Path) -> None:
    content = answered()
    assert content.choke is not None
    points = [(0, 10, 12), (30, 40, 44), (180, 60, 70)]
    content.choke.summary["over_time"] = [
        {"day": day, "left": left, "low": left, "high": left, "left_by_instant_set": other}
        for day, left, other in points
    ]
    path = tmp_path / "page.html"
    write_page(question(), content, path)
    with chromium.open(path) as tab:
        tab.wait_for("document.documentElement.dataset.unpacked")
        assert "From 10 USD on day 0 to 60 USD on day 180" in tab.text("#details")
        assert tab.evaluate("document.querySelector('.chart').getBoundingClientRect().height") > 60
        assert tab.complaints == []


def test_the_time_slider_keeps_what_meets_its_time_and_what_has_no_date(tab: Tab) -> None:
    # months from 2015-01 to 2017-02: the 13th step is 2016-01
    tab.evaluate("document.querySelector('#dates input').focus()")
    tab.press(*["ArrowRight"] * 12)
    tab.evaluate("document.querySelectorAll('#dates input')[1].focus()")
    tab.press(*["ArrowLeft"] * 12)
    assert tab.text("#dates output") == "2016-01 to 2016-02"
    # edges sorted: a-x, b-x (no date), bank…; see the fixture's dates by order of (source, target)
    expected = tab.evaluate(
        "finnet.links.filter((one) => one.ties.some((tie) => (!tie.first || tie.first <= '2016-02~')"
        " && (!tie.last || tie.last + '~' >= '2016-01'))).length"
    )
    shown = links_shown(tab)
    assert len(shown) == expected
    assert "b-x" in shown  # without a date
    assert "x-y" not in shown  # of 2015
    tab.press("]")
    assert tab.text("#dates output") == "2016-02 to 2016-03"
    tab.click("#dates .actions button:nth-child(2)")
    assert len(links_shown(tab)) == 7


def test_time_is_played_and_stopped(tab: Tab) -> None:
    tab.click("#dates .play")
    tab.wait_for("document.querySelector('#dates output').textContent !== 'all'")
    tab.click("#dates .play")
    assert tab.text("#dates .play").endswith("Play")


def test_links_are_filtered_by_the_grade_of_their_best_record(tab: Tab) -> None:
    labels = tab.evaluate("[...document.querySelectorAll('#grades .label')].map((one) => one.textContent)")
    assert labels == ["A1 (completely reliable)", "C3 (fairly reliable)"]
    tab.click("#grades .choice:nth-of-type(2) input")
    assert [one for one in links_shown(tab) if one.startswith("s2")] == []
    assert len(links_shown(tab)) == 5


def test_an_inferred_link_is_dashed_and_the_legend_says_why(tab: Tab) -> None:
    dashes = tab.evaluate(
        "finnet.links.map((one) => [finnet.parties[one.source].id + finnet.parties[one.target].id,"
        " Boolean(finnet.network.body.edges[one.number].options.dashes)]).filter((one) => one[1])"
    )
    assert dashes == [["bx", True]]
    assert "inferred: no record states it" in tab.text("#classes")


def test_colour_says_jurisdiction_or_type_by_click_and_by_key(tab: Tab) -> None:
    colour = "finnet.network.body.nodes[0].options.color.background"
    assert tab.evaluate("finnet.state.colourBy") == "jurisdiction"
    seeds = "finnet.parties.filter((one) => one.country === 'KP').map((one) => finnet.colourOf(one))"
    assert len(set(tab.evaluate(seeds))) == 1
    before = tab.evaluate(colour)
    tab.press("c", "c")
    tab.click("#colouring .radio:last-child input")
    assert tab.evaluate("finnet.state.colourBy") == "type"
    assert tab.evaluate(colour) == tab.evaluate("finnet.data.families[finnet.parties[0].family][2]") != before


def test_hiding_is_undone_step_by_step(tab: Tab) -> None:
    click_party(tab, "bank")
    tab.press("h")
    click_party(tab, "y")
    tab.press("h")
    assert tab.text("#status").startswith("5 of 7 parties")
    tab.press("u")
    assert tab.text("#status").startswith("6 of 7 parties")
    tab.click("#status button:nth-of-type(1)")
    assert tab.text("#status").startswith("7 of 7 parties")


def test_neighbours_come_back_when_asked_for(tab: Tab) -> None:
    click_party(tab, "a")
    tab.press("e")
    assert tab.text("#status").startswith("3 of 7 parties")  # s1, a, x
    tab.press("/")
    tab.type("exit")
    tab.press("Enter", "E")
    assert tab.text("#status").startswith("5 of 7 parties")  # b and y besides


def test_the_svg_has_every_party_shown_and_its_names_as_text(tab: Tab) -> None:
    tab.evaluate("finnet.offer = (blob, name) => blob.text().then((text) => (window.offered = [name, text]))")
    tab.press("S")
    tab.wait_for("window.offered")
    name, text = tab.evaluate("window.offered")
    assert name == "network.svg"
    tab.evaluate("window.offered = null")
    tab.click("#save-svg")
    tab.wait_for("window.offered")
    root = ElementTree.fromstring(text)
    words = [one.text for one in root.iter(f"{SVG}text")]
    assert {"A question", "Broker Ahorn", "Broker Birke", "1", "2"} <= set(words)
    assert any("not an accusation" in str(one) for one in words)
    shapes = [
        one
        for one in root.iter(f"{SVG}g")
        if str(one.get("transform", "")).startswith("translate(") and one[0].tag == f"{SVG}path"
    ]
    assert len(shapes) == 7


def test_an_svg_of_hostile_names_is_well_formed_and_inert(chromium: Chromium, tmp_path: Path) -> None:
    network = invented(len(HOSTILE), hostile=True)
    path = tmp_path / "page.html"
    write_page(network, hostile_content(network), path)
    with chromium.open(path) as tab:
        tab.wait_for("document.documentElement.dataset.unpacked")
        root = ElementTree.fromstring(tab.evaluate("finnet.drawing()"))
    tags = {one.tag.removeprefix(SVG) for one in root.iter()}
    assert tags <= {"svg", "title", "rect", "clipPath", "text", "g", "path", "circle"}
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or name.endswith("href")]


def test_our_own_inflate_reads_what_zlib_writes(tab: Tab) -> None:
    chance = random.Random(5)
    texts = [
        b"",
        b"a",
        b"abc" * 9000,
        bytes(chance.randrange(256) for _ in range(3000)),
        " ".join(f"Plainly Invented {chance.randrange(10**6)}" for _ in range(5000)).encode(),
    ]
    for text in texts:
        for level in (0, 1, 9):
            packed = list(zlib.compress(text, level))
            assert tab.evaluate(f"[...finnet.inflate(new Uint8Array({packed}))]") == list(text)
    fixed = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_FIXED)
    packed = list(fixed.compress(texts[2]) + fixed.flush())
    assert tab.evaluate(f"new TextDecoder().decode(finnet.inflate(new Uint8Array({packed})))") == texts[2].decode()


def test_a_browser_that_cannot_inflate_reads_the_records_all_the_same(chromium: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_page(question(), answered(), path)
    with chromium.open(path) as tab:
        tab.wait_for("document.documentElement.dataset.unpacked")
        tab.evaluate("finnet.records = null; DecompressionStream = undefined; finnet.unpackAll()")
        tab.wait_for("finnet.records")
        assert "record 17" in tab.text("#details")


def folded_page(path: Path, size: int = 1200) -> None:
    write_page(invented(size), PageContent(title="Large"), path, limit=100)


def test_a_folded_group_opens_by_key_and_by_double_click_and_the_crumb_leads_back(
    chromium: Chromium, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    folded_page(path)
    with chromium.open(path) as tab:
        tab.wait_for("document.documentElement.dataset.unpacked")
        overview = tab.evaluate("finnet.parties.length")
        group = "finnet.parties.find((one) => one.folded > 5)"
        size = tab.evaluate(f"{group}.folded")
        inside = tab.evaluate(f"{group}.linksInside")
        tab.evaluate(f"finnet.choose({group}, true)")
        tab.press("o")
        assert tab.evaluate("finnet.parties.filter((one) => one.group === 0).length") == size
        within = "[one.source, one.target].every((end) => finnet.parties[end].group === 0)"
        assert tab.evaluate(f"finnet.ties.filter((one) => {within}).length") == inside
        assert tab.text("#crumbs").startswith("Everything")
        tab.press("b")
        assert tab.evaluate("finnet.parties.length") == overview
        tab.evaluate(f"finnet.chooseNothing(); finnet.fit([{group}.number])")
        place = tab.evaluate(
            f"(() => {{ const at = finnet.network.canvasToDOM({group}); const box = "
            "document.getElementById('graph').getBoundingClientRect(); return [box.left + at.x, box.top + at.y]; })()"
        )
        tab.click((place[0], place[1]))
        tab.click((place[0], place[1]), count=2)
        tab.wait_for("!document.getElementById('crumbs').hidden")
        tab.click("#crumbs button")
        assert tab.evaluate("finnet.parties.length") == overview
        assert tab.requests == []
        assert tab.complaints == []


def test_a_search_reaches_everybody_in_a_large_network(chromium: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    folded_page(path)
    with chromium.open(path) as tab:
        tab.wait_for("document.documentElement.dataset.unpacked")
        hidden = [f"party-{number:05d}" for number in (7, 500, 1199)]
        for label in hidden:
            tab.press("/")
            tab.type(label)
            tab.press("Enter")
            assert tab.evaluate("finnet.parties[finnet.state.party].id") == label
            assert "of 1" not in tab.text("#details h2")
        tab.press("Escape", "b")
        assert tab.complaints == []


def test_from_a_reduced_page_the_surroundings_of_anybody_can_be_drawn(chromium: Chromium, tmp_path: Path) -> None:
    network = invented(600)
    path = tmp_path / "page.html"
    write_page(network, PageContent(title="x", seeds=["party-00003"]), path, limit=40)
    with chromium.open(path) as tab:
        tab.wait_for("document.documentElement.dataset.unpacked")
        tab.press("/")
        tab.type("party-00555")
        tab.press("Enter")
        pointers, heads = network.neighbours
        number = network.number["party-00555"]
        beside = sorted(network.ids[one] for one in heads[pointers[number] : pointers[number + 1]])
        assert tab.evaluate("finnet.parties[0].id") == "party-00555"
        assert sorted(tab.evaluate("finnet.parties[0].neighbours.map((one) => finnet.parties[one].id)")) == beside
        assert json.dumps(tab.complaints) == "[]"


def test_a_page_of_nothing_says_so_and_offers_nothing_to_choose(chromium: Chromium, tmp_path: Path) -> None:
    write_page(Network.of(), PageContent(title="x", notes=("drawn is nobody",)), tmp_path / "page.html")
    with chromium.open(tmp_path / "page.html") as tab:
        said = tab.text("#details")
        assert said.index("Nothing: no party and no link") < said.index("drawn is nobody")
        assert "Click a party" not in said
        assert "Choose a party" not in tab.text("#compare")


def test_links_that_are_drawn_as_one_are_counted(chromium: Chromium, tmp_path: Path) -> None:
    network = Network.of(("a", "b", 1), ("a", "b", 2), ("b", "c", 3))
    write_page(network, PageContent(title="x"), tmp_path / "page.html")
    with chromium.open(tmp_path / "page.html") as tab:
        assert "2 of 2 links shown · 3 links, those between the same two drawn as one" in tab.text("#status")


def test_a_country_folded_into_one_mark_counts_its_parties_in_the_legend(chromium: Chromium, tmp_path: Path) -> None:
    # a and b in Panama, c in Latvia
    network = Network.of(("a", "b"), ("b", "c"))
    network = replace(network, vertices={"country": ["pa", "pa", "lv"]})
    write_page(network, PageContent(title="x", kind="jurisdictions"), tmp_path / "page.html")
    with chromium.open(tmp_path / "page.html") as tab:
        counted = tab.evaluate("[...document.querySelectorAll('#jurisdictions .count')].map((one) => one.textContent)")
        assert counted == ["2", "1"]
