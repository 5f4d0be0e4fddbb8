"""Network files: every shape that is named, verbatim labels, and errors with file and line."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.errors import InputError
from finnet.graph import Network
from finnet.graph.files import read_network


def _write(tmp_path: Path, text: str, name: str = "net.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def _edges(network: Network) -> list[tuple[str, str, float]]:
    ends = zip(network.source, network.target, network.weight, strict=True)
    return [(network.ids[s], network.ids[t], float(w)) for s, t, w in ends]


@pytest.mark.parametrize(
    "text",
    [
        "Source,Target,Weight\na,b,2\nb,c,1.5\n",
        "SOURCE;TARGET;WEIGHT\na;b;2\nb;c;1.5\n",
        "weight\ttarget\tsource\n2\tb\ta\n1.5\tc\tb\n",
        "\ufeffsource,target,weight\r\na,b,2\r\nb,c,1.5\r\n",
        'Source,Target,Weight\n"a","b","2"\n\nb,c,1.5\n',
        "# a comment\na b 2\nb c 1.5\n",
        "a,b,2\nb,c,1.5\n",
        "labels,a,b,c\na,0,2,0\nb,0,0,1.5\nc,,,\n",
        "Source,Target,Weight,Type\na,b,2,Directed\nb,c,1.5,directed\n",
    ],
)
def test_the_same_network_in_every_text_form(tmp_path: Path, text: str) -> None:
    network = read_network(_write(tmp_path, text))
    assert _edges(network) == [("a", "b", 2.0), ("b", "c", 1.5)]
    assert network.directed
    assert network.minor is not None
    assert (network.minor.tolist(), network.scale) == ([20, 15], 10)


def test_labels_are_kept_verbatim(tmp_path: Path) -> None:
    network = read_network(_write(tmp_path, "Source,Target\n0012,12\nNA,null\n이름,=cmd\n"))
    assert network.ids == ("0012", "12", "=cmd", "NA", "null", "이름")


def test_further_columns_are_kept(tmp_path: Path) -> None:
    network = read_network(_write(tmp_path, "Source,Target,Currency\nb,c,EUR\na,b,\n"))
    assert network.edges == {"currency": [None, "EUR"]}


def test_an_adjacency_form_is_undirected_and_each_edge_counts_once(tmp_path: Path) -> None:
    network = read_network(_write(tmp_path, "4 \n0: 1 2 \n1: 0 \n2: 0\n3:\n", "graph.txt"))
    assert (_edges(network), network.directed) == ([("0", "1", 1.0), ("0", "2", 1.0)], False)
    assert network.ids == ("0", "1", "2", "3")


def test_an_adjacency_form_that_lists_each_edge_from_one_end_is_the_same(tmp_path: Path) -> None:
    both = read_network(_write(tmp_path, "4\n0: 1 2\n1: 0\n2: 0\n3:\n", "both.txt"))
    once = read_network(_write(tmp_path, "4\n0: 1 2\n", "once.txt"))
    assert (both.ids, _edges(both)) == (once.ids, _edges(once))


def test_an_adjacency_form_may_count_from_one(tmp_path: Path) -> None:
    assert read_network(_write(tmp_path, "3\n1: 3\n", "graph.txt")).ids == ("1", "2", "3")


def test_a_comment_that_counts_the_nodes_keeps_the_isolated_ones(tmp_path: Path) -> None:
    network = read_network(_write(tmp_path, "# Nodes: 4\n0 1\n1 2\n", "graph.txt"))
    assert network.ids == ("0", "1", "2", "3")
    assert network.notes == ("1 of the 4 vertices that line 1 counts have no edge",)


@pytest.mark.parametrize("text", ["a b\nb a\nb c\nc b\n", "x,a,b,c\na,0,1,0\nb,1,0,1\nc,0,1,0\n"])
def test_edges_that_all_stand_both_ways_are_one_edge_each(tmp_path: Path, text: str) -> None:
    network = read_network(_write(tmp_path, text))
    assert (_edges(network), network.directed) == ([("a", "b", 1.0), ("b", "c", 1.0)], False)
    assert network.notes == ("every edge stands both ways: read as undirected",)


def test_what_the_user_says_of_direction_overrides_the_file(tmp_path: Path) -> None:
    path = _write(tmp_path, "a b\nb a\n")
    assert len(_edges(read_network(path, directed=True))) == 2
    assert read_network(_write(tmp_path, "a b\nb c\n"), directed=False).directed is False


def test_undirected_edges_among_directed_ones_go_both_ways(tmp_path: Path) -> None:
    network = read_network(_write(tmp_path, "Source,Target,Type\na,b,Directed\nb,c,Undirected\n"))
    assert _edges(network) == [("a", "b", 1.0), ("b", "c", 1.0), ("c", "b", 1.0)]
    assert "1 undirected edges among directed ones" in network.notes[0]


def test_a_type_column_of_other_words_is_a_column(tmp_path: Path) -> None:
    network = read_network(_write(tmp_path, "Source,Target,Type\na,b,Ownership\n"))
    assert (network.directed, network.edges) == (True, {"type": ["Ownership"]})


def test_weights_that_are_not_exact_have_no_minor_units(tmp_path: Path) -> None:
    assert read_network(_write(tmp_path, "a b 0.333333333333\n")).minor is None
    assert read_network(_write(tmp_path, "a b 9223372036854775807\n")).minor is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no edges in it"),
        ("# only a comment\n", "no edges in it"),
        ("Source,Target\na,b\na\n", "line 3: 1 fields instead of 2"),
        ('Source,Target,Weight\na,b,2\na,c,"1,5"\n', "line 3: weight '1,5' is not a number"),
        ("Source,Target,Weight\na,b,nan\n", "line 2: weight 'nan' is not a finite number"),
        ("Source,Target,Weight\na,b,-1\n", "line 2: weight '-1' is not a finite number of at least 0"),
        ("Source,Target,Weight\na,b,1e999999\n", "line 2: weight '1e999999' is not a finite number"),
        ("Source,Target\na,\n", "line 2: an edge without source or target"),
        ('Source,Target\na,"b\n', "line 2: a quote is opened and not closed"),
        ("Source,Target,source\na,b,c\n", "line 1: two columns are called 'source'"),
        ("a b\na b c d\n", "line 2: not of the form `source target`"),
        ("from,to\n1,2\n2,3\n", "line 1: looks like a header without Source and Target"),
        ("2\n0: 1 2\n", "line 1: line 1 says 2 vertices, the file names 3"),
        ("3\n0: 1\n0: 2\n", "line 3: vertex '0' has a line already"),
        ("x,a,b,c\na,0,1,0\nb,0,0\nc,0,0,0\n", "line 3: 3 fields instead of 4"),
        ("x,a,b,c\na,0,1,0\nb,0,0,0\nb,0,0,0\n", "line 4: row 'b' is not in the header, or stands twice"),
        ("a b\nc \x00d\n", "line 2: holds a NUL"),
    ],
)
def test_a_bad_file_is_refused_with_file_and_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read_network(_write(tmp_path, text))
    assert says in str(caught.value)
    assert "net.csv" in str(caught.value)


def test_a_wrong_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "net.csv"
    path.write_bytes(b"Source,Target\na,b\nSoci\xe9t\xe9,b\n")
    with pytest.raises(InputError, match="line 3: not UTF-8") as caught:
        read_network(path)
    assert caught.value.code == "E1103"


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_network(tmp_path / "nothing.csv")


_LABELS = st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=4)


@given(st.lists(st.tuples(_LABELS, _LABELS, st.integers(1, 9)), min_size=1, max_size=8), st.booleans())
@settings(max_examples=40, deadline=None)
def test_graphml_and_gexf_as_networkx_writes_them_come_back(
    tmp_path_factory: pytest.TempPathFactory, edges: list[tuple[str, str, int]], directed: bool
) -> None:
    graph: networkx.DiGraph[str] | networkx.Graph[str] = networkx.DiGraph() if directed else networkx.Graph()
    graph.add_weighted_edges_from(edges)
    graph.add_node("lonely")
    folder = tmp_path_factory.mktemp("xml")
    networkx.write_graphml(graph, folder / "g.graphml")
    networkx.write_gexf(graph, folder / "g.gexf")
    for name in ("g.graphml", "g.gexf"):
        network = read_network(folder / name)
        assert network.directed is directed
        assert network.ids == tuple(sorted(graph.nodes))
        got = {(s, t) if directed else frozenset((s, t)): w for s, t, w in _edges(network)}
        assert got == {(s, t) if directed else frozenset((s, t)): w for s, t, w in graph.edges(data="weight")}


def test_gexf_labels_and_attributes_become_columns(tmp_path: Path) -> None:
    text = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" version="1.3"><graph>
 <attributes class="node"><attribute id="0" title="Country" type="string"/></attributes>
 <nodes><node id="n1" label="Acme"><attvalues><attvalue for="0" value="de"/></attvalues></node>
 <node id="n2" label="Mule"/><node id="n3"/></nodes>
 <edges><edge source="n1" target="n2" weight="2"/><edge source="n2" target="n3" type="directed"/></edges>
</graph></gexf>"""
    network = read_network(_write(tmp_path, text, "net.gexf"))
    assert network.vertices == {"caption": ["Acme", "Mule", None], "country": ["de", None, None]}
    # One edge is directed, the other (undirected by default) goes both ways.
    assert _edges(network) == [("n1", "n2", 2.0), ("n2", "n1", 2.0), ("n2", "n3", 1.0)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<!DOCTYPE graphml [<!ENTITY a "b">]><graphml><graph edgedefault="directed"/></graphml>', "E1101"),
        ('<!DOCTYPE graphml SYSTEM "http://example.invalid/x.dtd"><graphml/>', "E1101"),
        ('<graphml><graph edgedefault="directed"><node id="a"/>', "E1100"),
        ("<gexf/>", "E1100"),
        ("<graphml/>", "E1100"),
        ('<graphml><graph edgedefault="directed"><edge source="a"/></graph></graphml>', "E1205"),
    ],
)
def test_xml_that_is_hostile_cut_or_something_else_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_network(_write(tmp_path, text, "net.graphml"))
    assert caught.value.code == code


def test_an_entity_bomb_is_refused_at_once(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    text = f'<!DOCTYPE g [<!ENTITY e0 "ha">{entities}]><graphml><graph><node id="&e11;"/></graph></graphml>'
    with pytest.raises(InputError):
        read_network(_write(tmp_path, text, "net.graphml"))


def test_the_real_networks_have_the_published_sizes(shared_data: Path) -> None:
    published = {}
    for table, name in (("icij_colombia", "instance"), ("dismantling", "network")):
        with (shared_data.parent / "vectors" / f"{table}.csv").open(encoding="utf-8") as file:
            published |= {(table, row[name]): int(row["n"]) for row in csv.DictReader(file)}
    suffix = {"icij_colombia": "txt", "dismantling": "csv"}
    read = {
        (table, name): read_network(shared_data / table / f"{name}.{suffix[table]}", directed=False).size
        for table, name in published
    }
    assert read == published


def test_the_wiretaps_are_directed_matrices_with_counts(shared_data: Path) -> None:
    network = read_network(shared_data / "caviar" / "phase1.csv")
    # Row 1 of the file: 1 calls 4 once, 89 four times; its own diagonal is 0.
    row = {(s, t): w for s, t, w in _edges(network) if s == "1"}
    assert (network.directed, row["1", "4"], row["1", "89"], ("1", "1") in row) == (True, 1.0, 4.0, False)
