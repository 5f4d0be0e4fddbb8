"""Who counts as listed: selectors, the ownership rule, counts and look-ups say the same."""

from __future__ import annotations

import json

import pytest

from finnet import api
from finnet.model.selector import matches, parse

# by_topic: a topic and no listing. by_ofac: a listing. formerly: a listing that has ended. both: a listing and a topic.
RECORDS = [
    ("by_topic", "Company", {"name": ["Invented Topic Ltd"], "topics": ["sanction"], "jurisdiction": ["my"]}),
    ("by_ofac", "Company", {"name": ["Invented Listing Ltd"], "jurisdiction": ["my"]}),
    ("both", "Company", {"name": ["Invented Double Ltd"], "topics": ["sanction"], "jurisdiction": ["sg"]}),
    ("formerly", "Company", {"name": ["Invented Former Ltd"], "jurisdiction": ["my"]}),
    ("exposed", "Person", {"name": ["Invented Person"], "topics": ["role.pep"]}),
    ("s-ofac", "Sanction", {"entity": ["by_ofac"], "authority": ["OFAC"], "program": ["X"], "startDate": ["2017"]}),
    ("s-un", "Sanction", {"entity": ["both"], "authority": ["UN"], "startDate": ["2016"]}),
    ("s-gone", "Sanction", {"entity": ["formerly"], "authority": ["OFAC"], "endDate": ["2019-01-01"]}),
    ("owns", "Ownership", {"owner": ["by_topic"], "asset": ["exposed"], "percentage": ["10"]}),
    ("leads", "Directorship", {"director": ["exposed"], "organization": ["by_ofac"]}),
    ("more", "Directorship", {"director": ["exposed"], "organization": ["both"]}),
    ("and", "Directorship", {"director": ["exposed"], "organization": ["formerly"]}),
]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("listed")
    lines = [json.dumps({"id": one, "schema": schema, "properties": said}) for one, schema, said in RECORDS]
    (folder / "invented.ftm.json").write_text("\n".join(lines) + "\n", encoding="utf-8")
    api.ingest([str(folder / "invented.ftm.json")], case=folder / "x.finnet")
    with api.open_case(folder / "x.finnet") as opened:
        yield opened


SELECTORS = {
    "listed": {"by_topic", "by_ofac", "both"},
    "!listed+!schema:Sanction": {"formerly", "exposed"},
    # Whom nobody in particular lists counts under every authority, as it does under every regime.
    "list:OFAC": {"by_topic", "by_ofac"},
    "list:un": {"by_topic", "both"},
    "list:unspecified": {"by_topic"},
    "!list:OF*+!schema:Sanction": {"both", "formerly", "exposed"},
}


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_selector_means_the_same_in_a_case_and_in_a_network(case: api.Case, selector: str) -> None:
    network = case.network("influence", edges="ownership,governance")
    inside = matches(parse(selector), {"id": network.ids, **network.vertices}, network.size)
    named = {label for label, is_inside in zip(network.ids, inside, strict=True) if is_inside}
    assert (set(case.select(selector)), named) == (SELECTORS[selector], SELECTORS[selector])


def test_the_rule_counts_whom_the_selector_names(case: api.Case) -> None:
    listed = {row["id"] for row in api.blocked(case, regime="ofac", verdict="listed").rows}
    assert listed == SELECTORS["list:OFAC"]
    europe = api.blocked(case, regime="eu", verdict="listed")
    assert {row["id"] for row in europe.rows} == SELECTORS["list:unspecified"]
    assert any(
        note.startswith("1 party is recorded as sanctioned and nobody says by whom: it counts") for note in europe.notes
    )


def test_the_count_by_country_is_of_the_same_parties(case: api.Case) -> None:
    rows = {row["country"]: (row["listed"], tuple(row["listed_by"])) for row in api.jurisdictions(case).rows}
    assert rows["my"] == (2, ("OFAC", "unspecified"))
    assert rows["sg"] == (1, ("UN",))


def test_a_look_up_names_the_authority_as_unspecified(case: api.Case) -> None:
    found = {label: api.show(case, label).summary["listed"] for label in ("by_topic", "both", "formerly", "exposed")}
    assert found == {"by_topic": ["unspecified"], "both": ["UN"], "formerly": [], "exposed": []}
