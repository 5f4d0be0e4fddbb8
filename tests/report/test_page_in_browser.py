"""The page in a real browser: quick, silent towards the network, inert, and usable by mouse and by keyboard alone."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import igraph
import pytest
from chromium import Chromium, Tab
from invented_networks import HOSTILE, invented
from test_page import hostile_content

from finnet.graph.network import Network
from finnet.report.answer import Answer
from finnet.report.views.content import Evidence, PageContent
from finnet.report.views.page import write_page

pytestmark = pytest.mark.browser

TIP_IS_SHOWN = "document.getElementById('tip').offsetHeight > 0"
INKED_PIXELS = """(() => {
    const picture = finnet.picture();
    const pixels = picture.getContext("2d").getImageData(0, 40, picture.width, picture.height - 40).data;
    let inked = 0;
    for (let i = 0; i < pixels.length; i += 4) if (pixels[i] + pixels[i + 1] + pixels[i + 2] < 740) inked++;
    return inked;
})()"""


def question() -> Network:
    """Two seeds, two brokers that carry the flow together, a big bank beside it, an exit.

    From s1 and s2 at most 60 + 50 = 110 can reach x: over broker a 60, over broker b 50; the bank only receives.
    """
    return Network.build(
        source=["s1", "s2", "a", "b", "s1", "s2", "x"],
        target=["a", "b", "x", "x", "bank", "bank", "y"],
        weight=[70.0, 50.0, 60.0, 80.0, 900.0, 900.0, 5.0],
        minor=[7000, 5000, 6000, 8000, 90000, 90000, 500],
        scale=100,
        unit="USD",
        vertices={
            "caption": [
                "Broker Ahorn",
                "Broker Birke",
                "Big Invented Bank",
                "Société Seed Éins",
                "Seed Two",
                "Exit",
                "Yonder",
            ],
            "schema": ["Company", "Person", "Company", "Company", "Company", "Vessel", "Company"],
            "country": ["cn", "my", "sg", "kp", "kp", None, "ru"],
            "authorities": [(), ("OFAC",), (), (), (), (), ()],
        },
    )


def answered() -> PageContent:
    answer = Answer(
        command="choke",
        columns=("rank", "id", "bite"),
        rows=[{"rank": 1, "id": "a", "bite": "60.00"}, {"rank": 2, "id": "b", "bite": "50.00"}],
        summary={
            "objective": "flow",
            "unit": "USD",
            "before": "110.00",
            "after": "0.00",
            "baselines": {"volume": {"chosen": ["bank", "b"], "after": "60.00"}},
        },
    )
    record = {
        "dataset": "leak",
        "file": "pay.csv",
        "record": 17,
        "payment_id": "p-17",
        "amount": "60.00",
        "currency": "USD",
    }
    return PageContent(
        title="A question",
        question="Which two?",
        choke=answer,
        seeds=["s1", "s2"],
        exits=["x"],
        evidence=Evidence(
            ties={("a", "x"): [record]},
            parties={"a": [{"dataset": "register", "record": 3, "url": "https://plainly-invented.example/a"}]},
        ),
    )


@pytest.fixture
def tab(chromium: Chromium, tmp_path: Path) -> Iterator[Tab]:
    path = tmp_path / "page.html"
    write_page(question(), answered(), path)
    with chromium.open(path) as opened:
        opened.wait_for("document.documentElement.dataset.ready")
        yield opened
        assert opened.requests == []
        assert opened.complaints == []


def place_of(tab: Tab, name: str) -> tuple[float, float]:
    place = tab.evaluate(f"""(() => {{
        const {{ number }} = finnet.parties.find((party) => party.id === "{name}");
        const at = finnet.network.canvasToDOM(finnet.network.getPosition(number));
        const box = document.getElementById("graph").getBoundingClientRect();
        return [box.left + at.x, box.top + at.y];
    }})()""")
    return place[0], place[1]


def click_party(tab: Tab, name: str, *, shift: bool = False) -> None:
    tab.click(place_of(tab, name), shift=shift)


def test_two_thousand_parties_take_less_than_three_seconds_and_nothing_is_asked_for(
    chromium: Chromium, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    write_page(invented(2000), PageContent(title="Large", seeds=["party-00000"], exits=["party-01999"]), path)
    with chromium.open(path) as tab:
        tab.wait_for("document.documentElement.dataset.ready")
        assert tab.busy_seconds < 3
        tab.press("/")
        tab.type("1999")
        tab.press("Enter")
        tab.wait_for("finnet.state.party !== null")
        assert tab.evaluate("finnet.labelCount") > 0
        assert tab.requests == []
        assert tab.complaints == []


def test_hostile_texts_in_every_field_run_nothing(chromium: Chromium, tmp_path: Path) -> None:
    for money in (True, False):
        network = invented(len(HOSTILE) * 3, hostile=True, money=money)
        path = tmp_path / f"hostile-{money}.html"
        write_page(network, hostile_content(network), path)
        with chromium.open(path) as tab:
            tab.wait_for("document.documentElement.dataset.ready")
            for number in range(len(HOSTILE)):
                aside = 60 * (number % 2)  # two quick clicks at one place would be a double click
                where = f"position: finnet.network.getPosition({number}), scale: 2, offset: {{x: {aside}, y: 0}}"
                tab.evaluate(f"finnet.network.moveTo({{{where}}})")
                middle = (tab.middle("#graph")[0] + aside, tab.middle("#graph")[1])
                tab.move(*tab.middle("h1"))  # away, so that the last tooltip goes
                tab.wait_for(f"!({TIP_IS_SHOWN})")
                tab.move(*middle)
                tab.wait_for(TIP_IS_SHOWN)
                tab.click(middle)
                assert tab.evaluate("finnet.state.party") == number
                tab.evaluate("finnet.chooseLink(finnet.parties[finnet.state.party].links[0])")
                tab.press("Escape")
            tab.press("t")
            tab.click("#table [role=tab]:nth-child(2)")
            tab.press("/")
            tab.type("script")
            tab.press("Escape", "Escape", "?", "Escape", "w")
            tab.click("footer summary")
            tab.evaluate("dispatchEvent(new Event('beforeprint'))")
            assert tab.evaluate("window.pwned ?? null") is None
            assert tab.evaluate("document.querySelectorAll('script').length") == 26
            assert (
                tab.evaluate(
                    "document.querySelectorAll('#graph img, main img, footer img, a[href^=javascript]').length"
                )
                == 0
            )
            assert tab.requests == []
            assert tab.complaints == []


def test_markup_that_got_in_all_the_same_would_be_stopped(chromium: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_page(question(), answered(), path)
    with chromium.open(path) as tab:
        tab.evaluate(
            "document.body.insertAdjacentHTML('beforeend',"
            '\'<img src=x onerror="window.pwned=9"><svg onload="window.pwned=9">\')'
        )
        tab.wait_for("true")
        assert any("Content Security Policy" in said for said in tab.complaints)
        assert tab.evaluate("window.pwned ?? null") is None


def test_search_finds_without_case_and_accents_and_shows_the_record(tab: Tab) -> None:
    tab.press("/")
    tab.type("SOCIETE SEED eins")
    tab.press("Enter")
    assert tab.text("#details h2") == "Société Seed Éins"
    tab.press("/")
    tab.type("ahorn")
    tab.click(".hit")
    details = tab.text("#details")
    assert "register · record 3" in details
    assert tab.evaluate("document.querySelector('#details a').href") == "https://plainly-invented.example/a"
    assert tab.evaluate("document.querySelector('#details a').rel") == "noreferrer noopener"


def test_search_results_are_walked_with_the_arrows(tab: Tab) -> None:
    tab.press("/")
    tab.type("broker")
    assert tab.evaluate("document.querySelectorAll('.hit').length") == 2
    tab.press("ArrowDown", "Enter")
    assert tab.text("#details h2") == "Broker Birke"


def test_a_click_on_a_party_shows_it_and_a_link_shows_its_record(tab: Tab) -> None:
    click_party(tab, "a")
    assert tab.text("#details h2") == "Broker Ahorn"
    tab.click("#details .ways li:nth-child(1) .record-of")
    found = tab.text("#details")
    assert tab.text("#details h2") == "Link"
    tab.evaluate("finnet.chooseLink(finnet.links.find((l) => finnet.parties[l.source].id === 'a'))")
    found = tab.text("#details")
    assert "pay.csv · record 17" in found
    assert "60.00 USD" in found
    tab.press("Escape")
    assert tab.text("#details h2") == "What this page says"


def test_choke_points_are_stepped_through_in_order_of_rank(tab: Tab) -> None:
    tab.press("r")
    assert tab.text("#details h2") == "Broker Ahorn"
    tab.press("r")
    assert tab.text("#details h2") == "Broker Birke"
    tab.press("r", "R")
    assert tab.text("#details h2") == "Broker Birke"


def test_what_if_counts_what_the_answer_counts_and_compares_it_with_the_naive_list(tab: Tab) -> None:
    assert tab.evaluate("finnet.data.exact") is True
    shown = tab.evaluate("[...document.querySelectorAll('#compare .value')].map((one) => one.textContent)")
    # nobody; a and b; the bank and b: then only a's 60 can pass
    assert shown == ["110.00 USD", "0.00 USD", "60.00 USD"]
    tab.press("w")
    words = tab.text("#compare")
    assert "Leaves 0 % of what was." in words
    assert "0 of 1 exits still reached" in words
    tab.click("#compare .removal:nth-of-type(3) input")
    assert "1 of 1 exits still reached" in tab.text("#compare")
    tab.press("w")
    assert tab.evaluate("finnet.state.removed.size") == 0


def test_a_choice_of_the_readers_own_is_taken_out_by_a_key(tab: Tab) -> None:
    click_party(tab, "b")
    tab.press("x")
    assert tab.evaluate("[...document.querySelectorAll('#compare .value')].at(-1).textContent") == "60.00 USD"
    tab.press("x")
    assert tab.evaluate("finnet.state.removed.size") == 0


def test_the_shortest_path_runs_along_the_links_first(tab: Tab) -> None:
    click_party(tab, "s1")
    tab.press("p", "/")
    tab.type("yonder")
    tab.press("Enter")
    assert tab.text("#details h2") == "Path: 3 steps"
    names = tab.evaluate("[...document.querySelectorAll('#details .path .name')].map((one) => one.textContent)")
    assert names == ["Société Seed Éins", "Broker Ahorn", "Exit", "Yonder"]
    tab.press("Escape")
    click_party(tab, "s1")
    tab.press("x")
    assert tab.evaluate("finnet.state.removed.size") == 1


def test_no_path_is_said(tab: Tab) -> None:
    tab.evaluate("finnet.remove(0)")
    click_party(tab, "s1")
    click_party(tab, "y", shift=True)
    assert "No path between" in tab.text("#status")


def test_filters_take_parties_away_and_the_status_counts(tab: Tab) -> None:
    tab.click("#legend .choice:nth-of-type(1) input")  # companies, the most frequent
    assert tab.evaluate("document.querySelector('#legend .choice .label').textContent") == "Company"
    assert tab.text("#status").startswith("2 of 7 parties")
    assert tab.evaluate("finnet.network.body.nodes[0].options.hidden") is True
    tab.click("#legend .all button:nth-child(1)")
    assert tab.text("#status").startswith("7 of 7 parties")
    tab.click("#marks .choice:nth-of-type(2) input")  # only the listed
    assert tab.text("#status").startswith("1 of 7 parties")


def test_the_table_sorts_ranks_upwards_with_the_unranked_last(tab: Tab) -> None:
    tab.press("t")
    ranks = "[...document.querySelectorAll('#table tbody tr td:first-child')].map((one) => one.textContent)"
    assert tab.evaluate(ranks) == ["1", "2", "", "", "", "", ""]
    tab.click("#table thead th:nth-child(1) button")
    assert tab.evaluate(ranks) == ["2", "1", "", "", "", "", ""]
    tab.click("#table tbody tr:nth-child(1) .name")
    assert tab.evaluate("finnet.state.isTable") is False
    assert tab.text("#details h2") == "Broker Birke"


def test_the_table_holds_every_link_with_its_exact_amount(tab: Tab) -> None:
    tab.click("#show-table")
    tab.click("#table [role=tab]:nth-child(2)")
    amounts = tab.evaluate("[...document.querySelectorAll('#table tbody td.number')].map((one) => one.textContent)")
    assert amounts == ["900.00 USD", "900.00 USD", "80.00 USD", "70.00 USD", "60.00 USD", "50.00 USD", "5.00 USD"]


def test_a_tooltip_does_not_stay_over_the_table(tab: Tab) -> None:
    tab.move(*place_of(tab, "a"))
    tab.wait_for(TIP_IS_SHOWN)
    tab.press("t")
    assert not tab.evaluate(TIP_IS_SHOWN)


def test_neighbours_alone_and_hiding_and_back(tab: Tab) -> None:
    click_party(tab, "bank")
    tab.press("e")
    assert tab.text("#status").startswith("3 of 7 parties")  # the bank and both seeds
    tab.press("e")
    assert tab.text("#status").startswith("5 of 7 parties")  # and their brokers
    tab.press("h")
    assert tab.text("#status").startswith("4 of 7 parties")
    tab.press("H")
    assert tab.text("#status").startswith("7 of 7 parties")


def test_the_picture_holds_title_network_and_caution(tab: Tab) -> None:
    data = tab.evaluate("finnet.picture().toDataURL('image/png').slice(22, 62)")
    import base64

    width, height = struct.unpack(">II", base64.b64decode(data)[16:24])
    graph = tab.evaluate(
        "[document.getElementById('graph').clientWidth, document.getElementById('graph').clientHeight]"
    )
    assert width == graph[0]
    assert height > graph[1] + 40
    assert tab.evaluate(INKED_PIXELS) > 2000


def test_dark_follows_the_system_and_a_key(chromium: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_page(question(), answered(), path)
    with chromium.open(path, dark=True) as tab:
        background = "getComputedStyle(document.body).backgroundColor"
        assert tab.evaluate(background) == "rgb(20, 24, 29)"
        tab.press("n")
        assert tab.evaluate(background) == "rgb(255, 255, 255)"


def test_names_are_legible_and_apart_when_everything_is_shown(chromium: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_page(invented(2000), PageContent(title="Large"), path)
    with chromium.open(path) as tab:
        tab.wait_for("document.documentElement.dataset.ready")
        assert tab.evaluate("finnet.network.getScale()") < 0.5  # vis-network's own labels would be under 6 pixels high
        boxes = tab.evaluate("finnet.labelBoxes")
        assert 20 <= len(boxes) <= 60
        apart = [
            one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            for place, one in enumerate(boxes)
            for other in boxes[:place]
        ]
        assert all(apart)


def test_a_narrow_window_keeps_everything_in_reach(chromium: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_page(question(), answered(), path)
    with chromium.open(path, width=400, height=800) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= 400
        tab.click("#show-side")
        assert tab.evaluate("document.querySelector('#compare').offsetHeight") > 0
        tab.click("#show-side")
        tab.press("r")
        assert tab.text("#details h2") == "Broker Ahorn"
        assert tab.evaluate("document.querySelector('#graph').clientHeight") > 250


@pytest.mark.parametrize("directed", [True, False])
def test_the_pages_flow_is_the_maximum_flow(chromium: Chromium, tmp_path: Path, directed: bool) -> None:
    for seed in range(3):
        made = invented(60, seed=seed)
        network = Network(
            ids=made.ids,
            source=made.source,
            target=made.target,
            weight=made.weight,
            minor=made.minor,
            scale=100,
            unit="USD",
            directed=directed,
            vertices=made.vertices,
        )
        seeds, exits = [0, 1], [network.size - 1, network.size - 2, network.size - 3]
        assert network.minor is not None
        graph = igraph.Graph(
            n=network.size, edges=list(zip(network.source, network.target, strict=True)), directed=directed
        )
        graph.es["capacity"] = network.minor.tolist()
        path = tmp_path / "page.html"
        content = PageContent(title="x", seeds=[network.ids[i] for i in seeds], exits=[network.ids[i] for i in exits])
        write_page(network, content, path)
        with chromium.open(path) as tab:
            for removed in ([], [5], [3, 9, 20]):
                left = graph.copy()
                left.delete_edges(left.es.select(_incident=removed))
                source, sink = left.vcount(), left.vcount() + 1
                left.add_vertices(2)
                first = left.ecount()
                left.add_edges([(source, one) for one in seeds] + [(one, sink) for one in exits])
                left.es[first:]["capacity"] = 1e15
                expected = round(left.maxflow_value(source, sink, capacity="capacity"))
                assert tab.evaluate(f"finnet.maximumFlow(new Set({removed}))") == expected


def test_where_the_answer_counts_otherwise_the_page_shows_only_the_answers_figures(
    chromium: Chromium, tmp_path: Path
) -> None:
    content = answered()
    assert content.choke is not None
    content.choke.summary["after"] = "12.00"  # as if some of it were not severed
    path = tmp_path / "page.html"
    write_page(question(), content, path)
    with chromium.open(path) as tab:
        assert tab.evaluate("finnet.data.exact") is False
        shown = tab.evaluate("[...document.querySelectorAll('#compare .value')].map((one) => one.textContent)")
        assert shown == ["leaves 12.00 USD", "leaves 60.00 USD"]


def test_printing_brings_the_picture_and_the_choke_points(tab: Tab) -> None:
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.wait_for("document.querySelector('#printed img').complete")
    rows = tab.evaluate("[...document.querySelectorAll('#printed tr')].map((one) => one.cells[1].textContent)")
    assert rows[:3] == ["Name", "Broker Ahorn", "Broker Birke"]
