"""Files for databases and i2: read again by pandas, by DuckDB and by a reader of Cypher strings, whole and inert."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_networks import HOSTILE, invented

from finnet.graph.network import Network
from finnet.report.exports import EXPORTS
from finnet.report.exports.cypher import string
from finnet.report.network_columns import distinct
from finnet.text import csv_safe

SHEETS = {"i2_csv": ("From Identity", "To Identity", "Value"), "neo4j_csv": (":START_ID", ":END_ID", "weight:double"),
          "gephi_csv": ("Source", "Target", "Weight")}  # fmt: skip


def written(name: str, network: Network, folder: Path) -> list[Path]:
    return list(EXPORTS[name].write(network, folder / f"n{EXPORTS[name].SUFFIX}"))


def sheet(path: Path) -> pandas.DataFrame:
    text = path.read_bytes().decode("utf-8-sig")
    assert text.isprintable() or "\n" in text
    return pandas.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def hostile_network(*, money: bool) -> Network:
    made = invented(len(HOSTILE) * 2, hostile=True, money=money)
    ids = [f"{HOSTILE[place % len(HOSTILE)]}{place // len(HOSTILE)}" for place in range(made.size)]
    return Network.build(
        source=[ids[place] for place in made.source],
        target=[ids[place] for place in made.target],
        weight=made.weight,
        minor=made.minor,
        scale=made.scale,
        unit=HOSTILE[0],
        isolated=ids,
        title=HOSTILE[7],
        edges=dict(made.edges),
        vertices=dict(made.vertices),
    )


NAMES = st.text("ab=+-@,\"'\n é\u202e이", min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(SHEETS)),
    st.lists(st.tuples(NAMES, st.text("ab=1", min_size=1, max_size=4), st.floats(0, 1e12)), min_size=1, max_size=8),
)
def test_pandas_reads_the_same_parties_edges_and_weights(
    tmp_path_factory: pytest.TempPathFactory, name: str, ties: list[tuple[str, str, float]]
) -> None:
    network = Network.of(*ties)
    edges, nodes = written(name, network, tmp_path_factory.mktemp("sheet"))
    labels = distinct(network.ids, csv_safe)
    read, source, target, weight = (pandas.read_csv(edges, dtype=str, keep_default_na=False), *SHEETS[name])
    wanted = zip(network.source, network.target, network.weight, strict=True)
    assert Counter(zip(read[source], read[target], map(float, read[weight]), strict=True)) == Counter(
        (labels[s], labels[t], float(w)) for s, t, w in wanted
    )
    parties = pandas.read_csv(nodes, dtype=str, keep_default_na=False)
    assert list(parties[parties.columns[0]]) == labels


@pytest.mark.parametrize("name", ["i2_csv", "neo4j_csv"])
@pytest.mark.parametrize("money", [True, False])
def test_hostile_names_stay_in_their_cells_and_run_nothing(tmp_path, name, money):
    network = hostile_network(money=money)
    edges, nodes = written(name, network, tmp_path)
    read, parties = sheet(edges), sheet(nodes)
    assert (len(read), len(parties)) == (network.edge_count, network.size)
    first, source, target = parties.columns[0], *SHEETS[name][:2]
    assert parties[first].is_unique
    assert set(read[source]) | set(read[target]) <= set(parties[first])
    cells = [text for frame in (read, parties) for column in frame for text in frame[column]]
    # A direction is a sign of ours; every other cell that begins like a formula would be a name.
    assert [text for text in cells if text[:1] in {"=", "+", "@"} or (text[:1] == "-" and text != "->")] == []


def test_link_identities_of_i2_are_unique_and_point_to_entities_of_their_own(tmp_path):
    network = Network.of(("a", "b", 1.0), ("a", "b", 2.0), ("b", "a", 3.0))
    read = sheet(written("i2_csv", network, tmp_path)[0])
    assert list(read["Link Identity"]) == ["link-1", "link-2", "link-3"]
    assert (tmp_path / "n.csv").read_bytes()[:3] == b"\xef\xbb\xbf"


def test_neo4j_gets_its_headers_labels_and_types(tmp_path):
    network = Network.build(
        source=["a", "a"], target=["b", ""], weight=[1.0, 2.0], unit="links", edges={"class": ["ownership", "x y"]},
        vertices={"schema": ["Person", "Company", "Bad Label"]},
    )  # fmt: skip
    edges, nodes = written("neo4j_csv", network, tmp_path)
    assert edges.read_text().splitlines()[0].startswith(":START_ID,:END_ID,:TYPE,weight:double,unit:string")
    # sorted by id: "", a, b
    assert nodes.read_text().splitlines() == [
        "id:ID,:LABEL,label:string,schema:string",
        "(no id),Party;Person,,Person",
        "a,Party;Company,a,Company",
        "b,Party,b,Bad Label",
    ]
    assert [line.split(",")[2] for line in edges.read_text().splitlines()[1:]] == ["LINKED", "OWNERSHIP"]


def test_parquet_keeps_cents_types_and_the_names_as_they_are(tmp_path):
    network = Network.build(
        source=["a", "=b"], target=["=b", "a"], weight=[0.1, 1234567.89], minor=[10, 123456789], scale=100, unit="USD",
        edges={"count": [1, 2]}, vertices={"caption": ["=SUM(A1)", None], "missing": [True, False]},
    )  # fmt: skip
    edges, nodes = written("parquet", network, tmp_path)
    assert duckdb.sql(f"select source, target, weight, amount, count from '{edges}' order by amount").fetchall() == [
        ("a", "=b", 0.1, Decimal("0.1000"), 1),
        ("=b", "a", 1234567.89, Decimal("1234567.8900"), 2),
    ]
    assert duckdb.sql(f"select * from '{nodes}' order by id").fetchall() == [
        ("=b", "=SUM(A1)", True),
        ("a", "a", False),
    ]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["n-nodes.parquet", "n.parquet"]


@pytest.mark.parametrize("money", [True, False])
def test_hostile_names_come_whole_out_of_parquet(tmp_path, money):
    network = hostile_network(money=money)
    edges, nodes = written("parquet", network, tmp_path)
    labels = [row[0] for row in duckdb.sql(f"select id from '{nodes}' order by all").fetchall()]
    assert labels == sorted(label.encode("utf-8", "backslashreplace").decode() for label in network.ids)
    assert duckdb.sql(f"select count(*) from '{edges}'").fetchall() == [(network.edge_count,)]


def strings_of(script: str) -> tuple[list[str], str]:
    """The strings of a script by Cypher's rules, read character by character, and what is left outside of them.

    ``\\uXXXX`` is resolved wherever it stands, before anything else, as the strictest readers do.
    """
    found: list[str] = []
    outside = ""
    place = 0
    while place < len(script):
        if script[place] != "'":
            outside += script[place]
            place += 1
            continue
        place, made = place + 1, ""
        while script[place] != "'":
            if script[place] == "\\":
                mark = script[place + 1]
                assert mark in "\\'nrtu", script[place : place + 8]
                if mark == "u":
                    made += chr(int(script[place + 2 : place + 6], 16))
                    place += 6
                    continue
                made += {"n": "\n", "r": "\r", "t": "\t"}.get(mark, mark)
                place += 2
            else:
                made += script[place]
                place += 1
        place += 1
        if outside.endswith(" + ") and found:
            found[-1] += made  # a string that was cut in two
            outside = outside[:-3]
        else:
            found.append(made)
            outside += "'"
    return found, outside


@settings(max_examples=200, deadline=None)
@given(st.text(st.one_of(st.sampled_from("\\'`u0027\n\"{}$"), st.characters()), max_size=12))
def test_any_text_comes_back_out_of_a_cypher_string(text: str) -> None:
    found, outside = strings_of(string(text))
    kept = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not text.isascii() else text
    assert outside == "'"
    assert found[0].encode("utf-16", "surrogatepass").decode("utf-16", "replace") == kept
    assert not re.search(r"\\\\[uU]", string(text))


@pytest.mark.parametrize("money", [True, False])
def test_a_cypher_script_holds_no_text_outside_of_strings(tmp_path, money):
    network = hostile_network(money=money)
    script = written("cypher", network, tmp_path)[0].read_text(encoding="utf-8")
    assert not [one for one in script if ord(one) < 32 and one != "\n"]
    found, outside = strings_of(script)
    assert "HYPERLINK" not in outside
    assert "script>" not in outside
    assert "WWWW" not in outside
    assert found.count("USD") >= network.edge_count if money else "links" not in outside
    # Each party once as itself, each edge once, whatever the batches are.
    assert outside.count("{id: '") == network.size
    assert len(re.findall(r"edge: \d+, says:", outside)) == network.edge_count


def test_cypher_makes_batches_and_writes_numbers_that_cypher_reads(tmp_path):
    size = 1_200
    network = Network.build(
        source=[f"p{n:04}" for n in range(size)], target=["hub"] * size, weight=numpy.full(size, 1e22), unit="links"
    )
    script = written("cypher", network, tmp_path)[0].read_text()
    # 1,201 parties and 1,200 edges at 500 a statement
    assert script.count("UNWIND [") == 6
    assert "e+" not in script
    assert script.splitlines()[1].startswith("CREATE CONSTRAINT finnet_party_id IF NOT EXISTS FOR (n:Party)")
