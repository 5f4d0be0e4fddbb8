"""The kinds of pictures, and pictures that need no browser."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import igraph
import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_networks import HOSTILE, invented
from test_page import Parsed, data_of, hostile_content, packed_of

from finnet.errors import UsageError
from finnet.graph.network import Network
from finnet.report.views.carrying import carrying
from finnet.report.views.content import Evidence, PageContent
from finnet.report.views.drawing import Drawing, Text
from finnet.report.views.drawing_png import png
from finnet.report.views.drawing_svg import svg
from finnet.report.views.folding import corridors
from finnet.report.views.kinds import KINDS, layout_of, reduction_of
from finnet.report.views.layered import layered, levels
from finnet.report.views.nesting import MOST, nested
from finnet.report.views.page import page
from finnet.report.views.payload import radii_of
from finnet.report.views.static import drawing_of, write_picture

SVG = "{http://www.w3.org/2000/svg}"


def of_kind(kind: str, network: Network) -> PageContent:
    return PageContent(title="Invented", kind=kind, seeds=network.ids[:2], exits=network.ids[-2:])


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_an_owner_stands_above_what_it_owns_unless_both_are_in_one_loop(pairs: Sequence[tuple[int, int]]) -> None:
    network = Network.of(*((str(a), str(b)) for a, b in pairs))
    level = levels(network)
    graph = networkx.DiGraph(list(zip(network.source.tolist(), network.target.tolist(), strict=True)))
    of = {v: number for number, loop in enumerate(networkx.strongly_connected_components(graph)) for v in loop}
    places = layered(network, radii=np.full(network.size, 8.0), level=level).places
    for source, target in graph.edges:
        assert bool(level[source] == level[target]) == (of[source] == of[target])
        assert bool(places[source, 1] < places[target, 1]) == (of[source] != of[target])


def test_no_two_parties_stand_on_each_other_in_layers() -> None:
    network = invented(300, money=False)
    places = layered(network, radii=radii_of(network)).places
    assert len({tuple(row) for row in places.tolist()}) == 300


def test_a_picture_of_flows_keeps_the_whole_flow_and_marks_a_smallest_cut() -> None:
    for seed in range(4):
        network = invented(120, seed=seed)
        seeds, exits = [0, 1, 2], [network.size - 1, network.size - 2]
        drawn = carrying(network, seeds, exits, limit=1000)
        graph = igraph.Graph(n=network.size + 2, directed=True)
        graph.add_edges(list(zip(network.source, network.target, strict=True)))
        graph.add_edges([(network.size, one) for one in seeds] + [(one, network.size + 1) for one in exits])
        graph.es["capacity"] = [*network.minor.tolist(), *[1e15] * (len(seeds) + len(exits))]
        value = graph.maxflow_value(network.size, network.size + 1, capacity="capacity")
        kept = drawn.network
        smaller = networkx.DiGraph()
        for s, t, size in zip(kept.source, kept.target, kept.minor, strict=True):
            before = smaller.get_edge_data(int(s), int(t), {"capacity": 0})["capacity"]
            smaller.add_edge(int(s), int(t), capacity=before + int(size))
        smaller.add_edges_from(("s", kept.number[network.ids[one]]) for one in seeds)
        smaller.add_edges_from((kept.number[network.ids[one]], "t") for one in exits)
        assert networkx.maximum_flow_value(smaller, "s", "t") == round(value)
        ids = network.ids
        cut = [
            int(size)
            for s, t, size in zip(network.source, network.target, network.minor, strict=True)
            if (ids[s], ids[t]) in drawn.cut
        ]
        assert sum(cut) == round(value)  # as large as the flow: none is smaller


def test_flows_without_ends_or_directions_are_refused() -> None:
    with pytest.raises(UsageError, match="seeds and exits"):
        carrying(Network.of(("a", "b")), [0], [], limit=9)
    with pytest.raises(UsageError, match="direction"):
        carrying(Network.of(("a", "b"), directed=False), [0], [1], limit=9)


def test_seeds_stand_left_and_exits_right_of_all_others() -> None:
    network = Network.of(("s", "a"), ("a", "b"), ("s", "b"), ("b", "x"), ("a", "x"))
    content = PageContent(title="x", kind="flows", seeds=["s"], exits=["x"])
    across = layout_of(network, content, np.full(4, 8.0)).places[:, 0]
    assert across[network.number["s"]] == across.min()
    assert across[network.number["x"]] == across.max() > max(across[network.number[one]] for one in "ab")


def test_corridors_lose_no_money_and_leave_nobody_out() -> None:
    network = invented(300)
    drawn = corridors(network)
    homes = network.vertices["country"]
    crossing = sum(
        int(size)
        for s, t, size in zip(network.source, network.target, network.minor, strict=True)
        if homes[s] != homes[t]
    )
    assert drawn.network.minor.sum() == crossing
    assert sum(drawn.members) == 300
    assert len(drawn.network.ids) == len(set(homes))


def test_no_group_ever_opens_onto_more_than_an_eye_can_take_in() -> None:
    # One star of 5,000, and a chain of 5,000 beside it: the one has no communities inside, the other hundreds.
    star = [("hub", f"leaf{i:05d}") for i in range(5000)]
    chain = [(f"link{i:05d}", f"link{i + 1:05d}") for i in range(5000)]
    network = Network.build(
        source=[a for a, _ in star + chain],
        target=[b for _, b in star + chain],
        weight=[1.0] * 10_000,
        unit="links",
    )
    reduction = corridors(network)
    nesting = nested(network, reduction, np.full(network.size, 6.0))
    assert (nesting.home >= 0).all()
    shown = np.bincount(nesting.home, minlength=len(nesting.parent)) + np.bincount(
        [parent for parent in nesting.parent if parent >= 0], minlength=len(nesting.parent)
    )
    assert shown.max() <= MOST
    assert nesting.members[0] == network.size


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_the_same_picture_each_time_and_well_formed(kind: str, tmp_path: Path) -> None:
    network = invented(150, money=kind != "ownership")
    if kind == "timeline":
        network = replace(network, edges={**network.edges, "start_date": ["2016-03-05"] * network.edge_count})
    content = replace(of_kind(kind, network), stamp="INVENTED")
    files = [tmp_path / f"{number}.svg" for number in (1, 2)]
    for file in files:
        write_picture(network, content, file)
    assert files[0].read_bytes() == files[1].read_bytes()
    words = " ".join(one.text or "" for one in ElementTree.parse(files[0]).getroot().iter(f"{SVG}text"))
    for said in ("Invented", "INVENTED", "not an accusation", "Links counted"):
        assert said in words
    assert page(network, content) == page(network, content)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_names_are_text_in_every_kind_of_picture(kind: str) -> None:
    network = invented(len(HOSTILE) * 2, hostile=True, money=kind != "ownership")
    if kind == "timeline":
        network = replace(
            network,
            edges={**network.edges, "first": ["2016"] * network.edge_count, "last": [HOSTILE[0]] * network.edge_count},
        )
    content = replace(hostile_content(network), kind=kind, seeds=network.ids[:2], exits=network.ids[-2:])
    drawing, _ = drawing_of(network, content)
    root = ElementTree.fromstring(svg(drawing))
    tags = {one.tag.removeprefix(SVG) for one in root.iter()}
    assert tags <= {"svg", "title", "rect", "path", "circle", "text"}
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or "href" in name]
    assert max(len(one.text or "") for one in root.iter(f"{SVG}text")) <= 220
    parsed = Parsed(page(network, content))
    assert {tag for tag, _ in parsed.tags} & {"img", "iframe", "object", "embed", "a"} == set()


def test_a_timeline_page_runs_no_script_at_all() -> None:
    network = invented(60)
    parsed = Parsed(page(network, PageContent(title="x", kind="timeline")))
    policy = next(attributes["content"] for tag, attributes in parsed.tags if attributes.get("http-equiv"))
    assert parsed.scripts == []
    assert "script-src" not in str(policy)


def test_a_timeline_without_dates_is_refused_and_bad_dates_have_no_lane() -> None:
    network = Network.build(
        source=["a", "c"], target=["b", "d"], weight=[1, 1], unit="links",
        edges={"first": ["not a date", "2016-02"], "last": ["2016-13-45", "2016"]},
    )  # fmt: skip
    words = [
        mark.text
        for mark in drawing_of(network, PageContent(title="x", kind="timeline"))[0].marks
        if isinstance(mark, Text)
    ]
    assert "c" in words
    assert "a" not in words
    with pytest.raises(UsageError, match="has a date"):
        drawing_of(Network.of(("a", "b")), PageContent(title="x", kind="timeline"))


def test_a_listing_outside_the_time_of_the_links_stands_at_the_rim_with_its_date() -> None:
    network = invented(20)
    listed = {network.ids[0]: [{"listed_on": "1999-05-06"}]}
    content = PageContent(title="x", kind="timeline", seeds=[network.ids[0]], evidence=Evidence(listings=listed))
    words = [mark.text for mark in drawing_of(network, content)[0].marks if isinstance(mark, Text)]
    assert "1999-05-06" in words


def test_shares_stand_on_the_links_of_an_ownership_picture() -> None:
    network = Network.build(
        source=["a", "a", "b"], target=["b", "c", "d"], weight=[1, 1, 1], unit="holdings",
        edges={"share_min_ppm": [500_000, 250_000, None], "share_max_ppm": [500_000, 500_000, None]},
    )  # fmt: skip
    words = [
        mark.text
        for mark in drawing_of(network, PageContent(title="x", kind="ownership"))[0].marks
        if isinstance(mark, Text)
    ]
    assert {"50 %", "25–50 %"} <= set(words)
    assert "0–100 %" not in words  # nothing disclosed is no share


def test_a_png_has_the_pictures_size_and_the_same_bytes_each_time() -> None:
    network = invented(40)
    drawing, _ = drawing_of(network, PageContent(title="A $name$ with dollars: $x^2"))
    first, notes = png(drawing)
    assert first == png(drawing)[0]
    assert notes == ()
    # 144 dots per inch on 96 pixels per inch: one and a half
    assert struct.unpack(">II", first[16:24]) == (drawing.width * 3 // 2, drawing.height * 3 // 2)


def test_letters_that_no_font_has_are_said() -> None:
    private = "\U0001f9ff\U0002a6d6"
    marks = [Text(x=9, y=9, text=f"plainly {private}")]
    _, notes = png(Drawing(width=60, height=20, title="x", marks=marks))
    assert "shown as boxes: 1; install a font" in notes[0]


def test_a_picture_of_a_large_network_says_what_it_leaves_out() -> None:
    network = invented(500)
    drawing, reduction = drawing_of(network, PageContent(title="x"), limit=60)
    assert reduction is not None
    words = " ".join(mark.text for mark in drawing.marks if isinstance(mark, Text))
    assert "500 parties" in words
    assert f"Of {network.edge_count:,} links" in words


def test_a_page_of_jurisdictions_opens_every_one_of_them() -> None:
    network = invented(200)
    text = page(network, PageContent(title="x", kind="jurisdictions"))
    groups = packed_of(text)["whole"]["groups"]
    assert sorted(groups["vertex"]) == list(range(len(data_of(text)["nodes"]["id"])))
    assert sum(groups["members"]) == 200
    assert reduction_of(network, PageContent(title="x", kind="timeline")) is None
