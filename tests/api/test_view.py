"""The verbs `view` and `export`: what is drawn and handed over is what the case says."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from pathlib import Path

import networkx
import pytest

import finnet
from finnet import api
from finnet.errors import InputError, UnknownNameError, UsageError
from finnet.graph.network import Network
from finnet.report.render import to_json

ENTITIES = [
    {
        "id": "acme",
        "schema": "Company",
        "properties": {
            "name": ["Plainly Invented Acme"],
            "country": ["kp"],
            "sourceUrl": ["https://plainly-invented.example/acme"],
        },
    },
    {"id": "mule", "schema": "Company", "properties": {"name": ["Invented Mule <b>Ltd</b>"], "country": ["cn"]}},
    {"id": "shell", "schema": "Company", "properties": {"name": ["Invented Shell"], "country": ["ae"]}},
    {"id": "owner", "schema": "Person", "properties": {"name": ["Nobody Invented"]}},
    {
        "id": "own-1",
        "schema": "Ownership",
        "properties": {"owner": ["owner"], "asset": ["acme", "mule"], "percentage": ["25-50"]},
    },
    {
        "id": "pay-1",
        "schema": "Payment",
        "properties": {
            "payer": ["acme"],
            "beneficiary": ["mule"],
            "amount": ["200.10"],
            "currency": ["USD"],
            "date": ["2016-03-01"],
        },
    },
    {
        "id": "pay-2",
        "schema": "Payment",
        "properties": {"payer": ["mule"], "beneficiary": ["shell"], "amount": ["190"], "currency": ["USD"]},
    },
    {
        "id": "list-1",
        "schema": "Sanction",
        "properties": {
            "entity": ["shell"],
            "authority": ["Invented Authority"],
            "program": ["INV"],
            "listingDate": ["2017-01-01"],
        },
    },
]


@pytest.fixture
def case(tmp_path: Path) -> api.Case:
    (tmp_path / "leak.ftm.json").write_text("".join(json.dumps(one) + "\n" for one in ENTITIES), encoding="utf-8")
    api.ingest([str(tmp_path / "leak.ftm.json")], case=tmp_path / "x.finnet", dataset="leak")
    return api.open_case(tmp_path / "x.finnet")


def data_of(page: Path) -> dict[str, object]:
    text = page.read_text(encoding="utf-8")
    start = text.index('id="data">') + len('id="data">')
    return json.loads(text[start : text.index("</script>", start)])


def packed_of(page: Path) -> dict[str, object]:
    text = page.read_text(encoding="utf-8")
    start = text.index('id="packed">') + len('id="packed">')
    return json.loads(zlib.decompress(base64.b64decode(text[start : text.index("</script>", start)])))


def test_a_case_becomes_a_page_with_its_records(case: api.Case, tmp_path: Path) -> None:
    with case:
        answer = api.view(case, graph="payments", from_="id:acme", to="id:shell", budget=1, output=tmp_path / "p.html")
    row = answer.rows[0]
    assert (row["vertices"], row["edges"], row["reduced"]) == (3, 2, None)
    assert row["sha256"] == hashlib.sha256((tmp_path / "p.html").read_bytes()).hexdigest()
    data = data_of(tmp_path / "p.html")
    assert data["nodes"]["id"] == ["acme", "mule", "shell"]
    assert data["nodes"]["rank"] == [0, 1, 0]
    assert data["nodes"]["role"] == [1, 0, 2]
    records = packed_of(tmp_path / "p.html")["records"]
    first = dict(zip(records["columns"], records["ties"]["0-1"]["rows"][0]["r"], strict=False))
    assert (first["dataset"], first["record"], first["payment_id"]) == ("leak", "6", "pay-1")
    assert records["parties"]["0"]["rows"][0]["u"] == "https://plainly-invented.example/acme"
    assert records["listings"]["2"]["rows"]


def test_a_link_carries_the_best_grade_of_its_records_and_its_dates(case: api.Case, tmp_path: Path) -> None:
    with case:
        api.view(case, graph="payments", output=tmp_path / "p.html")
        [grade] = {row["grade"] for row in case.rows("select reliability || credibility as grade from v1_payment", {})}
    data = data_of(tmp_path / "p.html")
    assert [data["words"][number] for number in data["ties"]["grade"]] == [grade, grade]
    assert data["words"][data["ties"]["first"][0]] == "2016-03-01"
    assert data["ties"]["first"][1] == -1  # the second payment has no date


def test_a_redacted_page_names_no_person_anywhere(case: api.Case, tmp_path: Path) -> None:
    with case:
        answer = api.view(
            case,
            graph="ownership",
            selection='"Nobody Invented"',
            redact=True,
            title="About Nobody Invented",
            output=tmp_path / "p.html",
        )
        api.view(case, graph="ownership", redact=True, output=tmp_path / "p.svg")
    said = (tmp_path / "p.html").read_text(encoding="utf-8") + json.dumps(packed_of(tmp_path / "p.html"))
    said += to_json(answer) + (tmp_path / "p.svg").read_text(encoding="utf-8")
    assert "Nobody Invented" not in said
    assert "N. I. (person 1)" in said
    assert "Plainly Invented Acme" in said
    assert "redacted for sharing" in said
    assert answer.rows[0]["vertices"] == 3


@pytest.mark.parametrize("suffix", ["html", "svg", "png"])
@pytest.mark.parametrize("kind", ["network", "ownership", "flows", "jurisdictions", "timeline"])
def test_every_kind_is_written_for_a_case_as_page_and_as_picture(
    case: api.Case, tmp_path: Path, kind: str, suffix: str
) -> None:
    file = tmp_path / f"p.{suffix}"
    with case:
        graph = "payments" if kind != "ownership" else None
        api.view(case, graph=graph, kind=kind, from_="id:acme", to="id:shell", output=file)
    start = {"html": b"<!doctype html>", "svg": b"<svg ", "png": b"\x89PNG"}[suffix]
    assert file.read_bytes().startswith(start)


def test_an_answer_drawn_from_its_json_is_the_answer_drawn_at_once(case: api.Case, tmp_path: Path) -> None:
    with case:
        choke = api.choke(case, from_="id:acme", to="id:shell", budget=1)
        (tmp_path / "choke.json").write_text(to_json(choke), encoding="utf-8")
        api.view(case, choke=choke, output=tmp_path / "one.html")
        api.view(case, choke=tmp_path / "choke.json", output=tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    # everything passes the mule: 190.00 of acme's 200.10 can go on to the shell, and nothing without it
    assert data_of(tmp_path / "one.html")["check"] == [19000.0, 0.0]
    assert data_of(tmp_path / "one.html")["exact"] is True


def test_a_selection_draws_these_and_their_neighbours(case: api.Case, tmp_path: Path) -> None:
    with case:
        api.view(case, graph="payments", selection="id:acme", output=tmp_path / "p.html")
    assert data_of(tmp_path / "p.html")["nodes"]["id"] == ["acme", "mule"]


def test_a_network_without_a_case_is_drawn_too(tmp_path: Path) -> None:
    ring = Network.of(("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"))
    answer = finnet.view(ring, budget=1, output=tmp_path / "p.html", limit=3, around="a")
    assert answer.rows[0]["vertices"] == 3
    assert "3 of 4 parties" in answer.rows[0]["reduced"]
    assert answer.rows[0]["reduced"] in answer.notes
    assert not answer.truncated  # the page leaves out, the answer does not


def test_options_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    ring = Network.of(("a", "b"))
    with pytest.raises(UsageError, match="--choke and --budget"):
        finnet.view(ring, choke=tmp_path / "no.json", budget=2, output=tmp_path / "p.html")
    with pytest.raises(UsageError, match="--kind"):
        finnet.view(ring, kind="hairball", output=tmp_path / "p.html")
    with pytest.raises(UsageError, match="--fold"):
        finnet.view(ring, fold="country", output=tmp_path / "p.html")  # type: ignore[arg-type]
    (tmp_path / "odd.json").write_text('{"rows": []}')
    with pytest.raises(InputError, match="not an answer of finnet choke"):
        finnet.view(ring, choke=tmp_path / "odd.json", output=tmp_path / "p.html")
    assert not (tmp_path / "p.html").exists()


def test_ftm_comes_out_as_it_was_read(case: api.Case, tmp_path: Path) -> None:
    with case:
        answer = api.export(case, "ftm", output=tmp_path / "out.json")
    written = [json.loads(line) for line in (tmp_path / "out.json").read_text(encoding="utf-8").splitlines()]
    strip = [{key: one[key] for key in ("id", "schema", "properties")} for one in written]
    assert sorted(strip, key=lambda one: one["id"]) == sorted(ENTITIES, key=lambda one: str(one["id"]))
    assert {one["datasets"][0] for one in written} == {"leak"}
    assert answer.rows[0]["format"] == "ftm"


def test_real_ftm_entities_come_out_as_they_were_read(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "ftm" / "donations.ijson"
    api.ingest([str(source)], case=tmp_path / "x.finnet")
    with api.open_case(tmp_path / "x.finnet") as opened:
        api.export(opened, "ftm", output=tmp_path / "out.json")
    written = {(one["id"], one["schema"]): one["properties"] for one in lines(tmp_path / "out.json")}
    read = {(one["id"], one["schema"]): one["properties"] for one in lines(source)}
    assert len(read) == 474
    assert written == read


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def test_a_table_of_payments_becomes_payments_with_their_intermediary(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("from,to,via,value,day\nA,B,C,12.50,2016-03-01\n", encoding="utf-8")
    (tmp_path / "m.toml").write_text(
        'kind = "payments"\ndataset = "t"\n[columns]\npayer = "from"\nbeneficiary = "to"\nintermediary = "via"\n'
        'amount = "value"\ndate = "day"\n[defaults]\ncurrency = "EUR"\n[formats]\ndate = "%Y-%m-%d"\n',
        encoding="utf-8",
    )
    api.ingest([str(tmp_path / "t.csv")], case=tmp_path / "x.finnet", mapping=str(tmp_path / "m.toml"))
    with api.open_case(tmp_path / "x.finnet") as opened:
        api.export(opened, "ftm", output=tmp_path / "out.json")
        [row] = opened.rows("select payer_id, beneficiary_id, intermediary_id from v1_payment", {})
    [payment] = [one for one in lines(tmp_path / "out.json") if one["schema"] == "Payment"]
    assert payment["properties"] == {
        "payer": [row["payer_id"]],
        "beneficiary": [row["beneficiary_id"]],
        "intermediary": [row["intermediary_id"]],
        "amount": ["12.50"],
        "currency": ["EUR"],
        "date": ["2016-03-01"],
    }


def test_a_networks_export_says_whom_the_case_knows(case: api.Case, tmp_path: Path) -> None:
    with case:
        answer = api.export(case, "graphml", graph="payments", output=tmp_path / "n.graphml")
    read = networkx.read_graphml(tmp_path / "n.graphml")
    assert (answer.rows[0]["vertices"], answer.rows[0]["edges"]) == (3, 2)
    assert read.nodes["mule"]["label"] == "Invented Mule <b>Ltd</b>"
    assert read.edges["acme", "mule"]["amount"] == "200.10"


def test_exports_that_make_no_sense_are_refused(case: api.Case, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'graphml'"):
        api.export(Network.of(("a", "b")), "graphm", output=tmp_path / "x")
    with pytest.raises(UsageError, match="is for a case"):
        api.export(Network.of(("a", "b")), "ftm", output=tmp_path / "x")
    with case, pytest.raises(UsageError, match="--graph"):
        api.export(case, "ftm", graph="payments", output=tmp_path / "x")


def test_an_invented_sample_is_stamped_on_page_and_export(tmp_path: Path) -> None:
    api.ingest(["sample:cold_harbour"], case=tmp_path / "x.finnet")
    with api.open_case(tmp_path / "x.finnet") as opened:
        api.view(opened, graph="ownership", output=tmp_path / "p.html")
        api.export(opened, "gexf", graph="ownership", output=tmp_path / "n.gexf")
    assert '<span class="stamp">INVENTED</span>' in (tmp_path / "p.html").read_text(encoding="utf-8")
    read = networkx.read_gexf(tmp_path / "n.gexf")
    assert {data["stamp"] for _, data in read.nodes(data=True)} == {"INVENTED"}


def test_a_backbone_leaves_out_links_and_the_page_and_the_export_say_so(tmp_path):
    rows = ["Source,Target,Weight", *(f"hub,p{n},{1000 if n == 0 else 1}" for n in range(8)), "p0,p1,5"]
    (tmp_path / "edges.csv").write_text("\n".join(rows) + "\n")
    network = api.open_network(tmp_path / "edges.csv")
    answer = api.view(network, backbone="disparity:0.05", output=tmp_path / "page.html")
    # hub sends 1,007 over 8 edges: of the one with 1,000 (1 - 1000/1007)^7 is below 0.05, of the others it is above.
    assert answer.summary["links"] == 1
    [note] = [note for note in answer.notes if "backbone" in note]
    assert "keeps 1 of 9 edges" in note
    assert "keeps 1 of 9 edges" in (tmp_path / "page.html").read_text(encoding="utf-8")
    [row] = api.export(network, "graphml", backbone="disparity:0.05", output=tmp_path / "n.graphml").rows
    assert row["edges"] == 1
    with pytest.raises(UsageError):
        api.view(network, backbone="disparity:x", output=tmp_path / "page.html")
