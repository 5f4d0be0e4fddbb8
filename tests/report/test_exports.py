"""Files for other tools: read again by igraph, networkx and finnet with the same parties, links and weights."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import igraph
import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_networks import HOSTILE, invented

from finnet.graph.files import read_network
from finnet.graph.network import Network
from finnet.report.exports import EXPORTS
from finnet.report.network_columns import distinct
from finnet.report.xml_text import identity

# What is read as CSV or XML here; tests of the others stand in test_exports_for_databases.py.
FOR_DATABASES = ("cypher", "parquet", "neo4j_csv", "i2_csv")
NETWORK_FORMATS = [name for name in EXPORTS if EXPORTS[name].SUBJECT == "network"]


def parallel() -> Network:
    """Two edges one way, one back, a loop and somebody alone; amounts to the cent."""
    return Network.build(
        source=["a", "a", "b", "c"],
        target=["b", "b", "a", "c"],
        weight=[0.1, 1234567.89, 3.0, 4.5],
        minor=[10, 123456789, 300, 450],
        scale=100,
        unit="USD",
        isolated=["alone"],
        title="Parallel & <odd>",
        edges={"currency": ["USD", "EUR", "USD", "USD"], "count": [1, 2, 3, 4]},
        vertices={
            "caption": ["Ahorn", None, "Céline & Söhne", "이름"],
            "authorities": [("OFAC", "UN"), (), (), ()],
            "missing": [False, True, False, False],
        },
    )


def text_of(path: Path) -> io.StringIO:
    return io.StringIO(path.read_bytes().decode("utf-8"), newline="")


def edges_of(network: Network, change: object = None) -> Counter[tuple[str, str, float]]:
    labels = distinct(network.ids, change) if callable(change) else list(network.ids)
    ends = zip(network.source.tolist(), network.target.tolist(), network.weight.tolist(), strict=True)
    return Counter((labels[source], labels[target], weight) for source, target, weight in ends)


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("make", ["graphml", "gexf"])
def test_networkx_reads_what_was_written(tmp_path: Path, make: str, directed: bool) -> None:
    network = parallel()
    network = Network(**{**vars_of(network), "directed": directed})
    path = tmp_path / "network.xml"
    EXPORTS[make].write(network, path)
    read = networkx.read_graphml(path) if make == "graphml" else networkx.read_gexf(path)
    assert read.is_directed() is directed
    assert set(read.nodes) == set(network.ids)
    found = Counter((*ends(one, other, directed), float(data["weight"])) for one, other, data in read.edges(data=True))
    wanted = Counter((*ends(one, other, directed), weight) for (one, other, weight) in edges_of(network).elements())
    assert found == wanted
    assert {data["amount"] for _, _, data in read.edges(data=True)} == {"0.10", "1234567.89", "3.00", "4.50"}
    # vertices are sorted by id: a, alone, b, c
    assert [read.nodes[name]["label"] for name in network.ids] == ["Ahorn", "alone", "Céline & Söhne", "이름"]


def vars_of(network: Network) -> dict[str, object]:
    return {name: getattr(network, name) for name in network.__dataclass_fields__}


def ends(one: str, other: str, directed: bool) -> tuple[str, str]:
    return (one, other) if directed or one <= other else (other, one)


def test_igraph_reads_the_graphml(tmp_path: Path) -> None:
    network = parallel()
    path = tmp_path / "network.graphml"
    EXPORTS["graphml"].write(network, path)
    read = igraph.Graph.Read_GraphML(str(path))
    assert read.is_directed()
    assert read.vs["id"] == list(network.ids)
    found = Counter((read.vs[e.source]["id"], read.vs[e.target]["id"], e["weight"]) for e in read.es)
    assert found == edges_of(network)
    assert read.es["amount"] == ["0.10", "1234567.89", "3.00", "4.50"]
    assert read.vs["missing"] == [False, True, False, False]


def test_finnet_reads_its_own_files_again(tmp_path: Path) -> None:
    network = parallel()
    for name in ("graphml", "gexf", "gephi_csv"):
        path = tmp_path / f"network{EXPORTS[name].SUFFIX}"
        EXPORTS[name].write(network, path)
        read = read_network(path)
        assert edges_of(read) == edges_of(network)
        assert read.directed


def test_networkx_reads_the_json(tmp_path: Path) -> None:
    network = parallel()
    path = tmp_path / "network.json"
    EXPORTS["json_graph"].write(network, path)
    read = networkx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="edges")
    assert list(read.nodes) == list(network.ids)
    assert Counter((s, t, d["weight"]) for s, t, d in read.edges(data=True)) == edges_of(network)


def test_gephis_csv_has_its_columns_and_exact_weights(tmp_path: Path) -> None:
    network = parallel()
    path = tmp_path / "money.csv"
    edges, nodes = EXPORTS["gephi_csv"].write(network, path)
    rows = list(csv.reader(text_of(edges)))
    assert rows[0][:4] == ["Source", "Target", "Type", "Weight"]
    assert [row[:4] for row in rows[1:]] == [
        ["a", "b", "Directed", "0.10"],
        ["a", "b", "Directed", "1234567.89"],
        ["b", "a", "Directed", "3.00"],
        ["c", "c", "Directed", "4.50"],
    ]
    assert nodes.name == "money-nodes.csv"
    assert [row[0] for row in csv.reader(text_of(nodes))] == ["Id", *network.ids]


def test_what_a_spreadsheet_would_run_is_made_inert_and_still_joins(tmp_path: Path) -> None:
    network = Network.build(
        source=["=cmd()", "-1+1", "'=cmd()"], target=["x", "x", "x"], weight=[-1.5, 2.0, 3.0], unit="links"
    )
    edges, nodes = EXPORTS["gephi_csv"].write(network, tmp_path / "n.csv")
    rows = list(csv.DictReader(text_of(edges)))
    assert not [row for row in rows if row["Source"][0] in "=+-@"]
    assert sorted(row["Weight"] for row in rows) == ["-1.5", "2.0", "3.0"]  # a number stays a number
    ids = [row["Id"] for row in csv.DictReader(text_of(nodes))]
    assert len(set(ids)) == network.size
    assert {row["Source"] for row in rows} | {"x"} == set(ids)


@pytest.mark.parametrize("name", [name for name in NETWORK_FORMATS if name not in FOR_DATABASES])
@pytest.mark.parametrize("money", [True, False])
def test_hostile_texts_leave_the_file_well_formed_and_whole(tmp_path: Path, name: str, money: bool) -> None:
    made = invented(len(HOSTILE) * 2, hostile=True, money=money)
    ids = [f"{HOSTILE[place % len(HOSTILE)]}{place // len(HOSTILE)}" for place in range(made.size)]
    network = Network.build(
        source=[ids[place] for place in made.source],
        target=[ids[place] for place in made.target],
        weight=made.weight,
        unit=HOSTILE[0],
        isolated=ids,
        title=HOSTILE[7],
        edges=dict(made.edges),
        vertices=dict(made.vertices),
    )
    path = tmp_path / f"n{EXPORTS[name].SUFFIX}"
    EXPORTS[name].write(network, path)
    if name == "graphml":
        assert ElementTree.parse(path).getroot().tag.endswith("graphml")
        read = networkx.read_graphml(path)
        # igraph's parser is another one; it too has to see every edge
        assert igraph.Graph.Read_GraphML(str(path)).ecount() == network.edge_count
    elif name == "gexf":
        read = networkx.read_gexf(path)
    elif name == "json_graph":
        read = networkx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="edges")
    else:
        rows = list(csv.DictReader(text_of(path)))
        assert len(rows) == network.edge_count
        return
    assert read.number_of_nodes() == network.size
    assert read.number_of_edges() == network.edge_count
    if name != "json_graph":
        assert Counter((s, t, float(d["weight"])) for s, t, d in read.edges(data=True)) == edges_of(network, identity)
        flagged = [label for label, data in read.nodes(data=True) if data["had_illegal_chars"]]
        assert len([label for label in flagged if "NUL" in label]) == 2
        assert not [label for label in flagged if label.startswith("=HYPERLINK")]


ENDS = st.text(max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ENDS, ENDS, st.floats(0, 1e12, allow_subnormal=False)), max_size=8), st.booleans())
def test_networkx_and_igraph_read_the_same_nodes_edges_and_weights(
    tmp_path_factory: pytest.TempPathFactory, ties: list[tuple[str, str, float]], directed: bool
) -> None:
    network = Network.of(*ties, directed=directed)
    folder = tmp_path_factory.mktemp("both")
    EXPORTS["graphml"].write(network, folder / "n.graphml")
    EXPORTS["gexf"].write(network, folder / "n.gexf")
    labels = distinct(network.ids, identity)

    def tied(found: Iterable[tuple[str, str, float]]) -> Counter[tuple[str, str, float]]:
        return Counter((*ends(one, other, directed), weight) for one, other, weight in found)

    wanted = tied(edges_of(network, identity).elements())
    read = igraph.Graph.Read_GraphML(str(folder / "n.graphml"))
    # igraph gives no id to a graph without vertices, and leaves &amp; of an attribute as &#38;
    assert [unescape(label) for label in (read.vs["id"] if read.vcount() else [])] == [unescape(one) for one in labels]
    assert tied((labels[e.source], labels[e.target], e["weight"]) for e in read.es) == wanted
    for other in (networkx.read_graphml(folder / "n.graphml"), networkx.read_gexf(folder / "n.gexf")):
        assert list(other.nodes) == labels
        assert tied((s, t, float(d["weight"])) for s, t, d in other.edges(data=True)) == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6), st.floats(0, 1e12)), max_size=8))
def test_any_labels_come_back_from_graphml(
    tmp_path_factory: pytest.TempPathFactory, ties: list[tuple[str, str, float]]
) -> None:
    network = Network.of(*ties)
    path = tmp_path_factory.mktemp("any") / "n.graphml"
    EXPORTS["graphml"].write(network, path)
    root = ElementTree.parse(path).getroot()
    space = "{http://graphml.graphdrawing.org/xmlns}"
    labels = [node.get("id") for node in root.iter(f"{space}node")]
    assert labels == distinct(network.ids, identity)
    assert len(set(labels)) == network.size
    weights = [float(next(edge.iter(f"{space}data")).text or "") for edge in root.iter(f"{space}edge")]
    assert weights == network.weight.tolist()


@pytest.mark.parametrize("name", NETWORK_FORMATS)
def test_same_network_same_bytes_and_empty_networks_are_files_too(tmp_path: Path, name: str) -> None:
    for network in (parallel(), Network.of()):
        first = [path.read_bytes() for path in EXPORTS[name].write(network, tmp_path / "one.x")]
        assert first == [path.read_bytes() for path in EXPORTS[name].write(network, tmp_path / "one.x")]


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "n.graphml"
    EXPORTS["graphml"].write(parallel(), path)
    before = path.read_bytes()

    def fail(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(EXPORTS["graphml"], "_data", fail)
    with pytest.raises(KeyboardInterrupt):
        EXPORTS["graphml"].write(parallel(), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["n.graphml"]
