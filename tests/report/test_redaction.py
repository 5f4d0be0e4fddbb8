"""What is handed on with --redact: no name, number, address or day of birth of a person is left in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_networks import HOSTILE, invented

from finnet.graph.network import Network
from finnet.report.answer import Answer
from finnet.report.redaction import Party, Redaction, redacted_network

PEOPLE = (
    Party(id="inv-1", names=["Nobody Madeup", "No B. Dymade"], schema="Person", others=["old-1"]),
    Party(id="inv-2", names=["Invented Harbour Trading"], schema="Company"),
    Party(id="inv-3", names=["40817810500000012345"], schema="BankAccount"),
    Party(id="inv-4", names=["1 Plainly Invented Road"], schema="Address"),
    Party(id="inv-5", names=["Somebody Else"], schema=None),
    Party(id="inv-6", names=["MV Paper Lantern"], schema="Vessel"),
)


@pytest.fixture
def hidden() -> Redaction:
    return Redaction(PEOPLE)


def test_people_accounts_and_addresses_are_hidden_and_firms_and_vessels_are_not(hidden):
    assert [one.id for one in PEOPLE if hidden.hides(one.id)] == ["inv-1", "inv-3", "inv-4", "inv-5"]
    assert hidden.caption("inv-2", "Invented Harbour Trading") == "Invented Harbour Trading"
    assert hidden.caption("inv-3", None) == "…2345 (account 1)"
    assert hidden.caption("inv-4", None) == "address 1"
    assert str(hidden.caption("inv-1", None)).startswith("N. M. (person ")


def test_a_party_is_shown_in_one_way_under_all_its_ids_and_names(hidden):
    shown = hidden.caption("inv-1", None)
    assert hidden.label("old-1") == hidden.label("inv-1")
    assert hidden.text("nobody  madeup, alias NO B. DYMADE, id old-1") == f"{shown}, alias {shown}, id {shown}"


def test_numbers_do_not_depend_on_the_order_in_which_parties_come():
    one, other = Redaction(PEOPLE), Redaction(PEOPLE[::-1])
    assert [one.label(party.id) for party in PEOPLE] == [other.label(party.id) for party in PEOPLE]


def test_properties_keep_the_year_of_birth_and_lose_what_leads_to_the_door(hidden):
    stated = {
        "name": ["Nobody Madeup"],
        "lastName": ["Madeup"],
        "birthDate": ["1950-05-05"],
        "birthPlace": ["Nowhere"],
        "address": ["1 Plainly Invented Road"],
        "passportNumber": ["A1234567"],
        "nationality": ["kp"],
        "email": ["nobody@example.invalid"],
        "phone": ["+00 123"],
        "notes": ["Nobody Madeup lives at 1 Plainly Invented Road"],
        "sourceUrl": ["https://example.invalid/nobody-madeup"],
        "position": ["director of Invented Harbour Trading"],
    }
    shown = hidden.caption("inv-1", None)
    assert hidden.properties(stated, of="inv-1") == {
        "name": [shown],
        "lastName": [shown],
        "birthDate": ["1950"],
        "passportNumber": ["(withheld)"],
        "nationality": ["kp"],
        "position": ["director of Invented Harbour Trading"],
    }


def test_a_firm_keeps_its_number_and_loses_its_address_and_the_names_of_its_people(hidden):
    stated = {
        "registrationNumber": ["HRB 12345"],
        "address": ["1 Plainly Invented Road"],
        "notes": ["run by Nobody Madeup"],
    }
    assert hidden.properties(stated, of="inv-2") == {
        "registrationNumber": ["HRB 12345"],
        "notes": [f"run by {hidden.caption('inv-1', None)}"],
    }


def test_a_name_is_found_in_either_order():
    hidden = Redaction([Party(id="x", names=["MADEUP, Nobody Q."], schema="Person")])
    assert hidden.text("child of Nobody Q. Madeup; Madeup, Nobody Q") == (
        "child of M. N. Q. (person 1); M. N. Q. (person 1)"
    )


def test_the_words_under_which_a_list_keeps_somebody_are_withheld():
    party = Party(id="x", names=["Nobody Madeup"], schema="Person", references=["OFAC 22984", "KPi.064"])
    shown = Redaction([party]).text("listed OFAC 22984, UN KPi.064; 22984 payments")
    assert shown == "listed (withheld), UN (withheld); 22984 payments"


def test_amounts_in_a_sentence_stay_and_numbers_of_accounts_do_not(hidden):
    said = hidden.text("USD 194476618.09 from 40702810900000067890 and 4,507 payments, 2019-03-05")
    assert said == "USD 194476618.09 from …7890 and 4,507 payments, 2019-03-05"


def test_an_answer_loses_records_and_references_and_keeps_its_figures(hidden):
    answer = Answer(
        command="choke",
        columns=("rank", "id", "caption", "bite", "record", "reference"),
        rows=[{"rank": 1, "id": "inv-1", "caption": "Nobody Madeup", "bite": 3, "record": 17, "reference": "KPi.001"}],
        summary={"before": 5, "baselines": {"degree": {"chosen": ["inv-1", "inv-2"], "after": 2}}},
        notes=("Nobody Madeup may be Somebody Else",),
    )
    shown = hidden.answer(answer)
    label = hidden.label("inv-1")
    assert shown.rows == [
        {"rank": 1, "id": label, "caption": hidden.caption("inv-1", None), "bite": 3, "record": None, "reference": None}
    ]
    assert shown.summary == {"before": 5, "baselines": {"degree": {"chosen": [label, "inv-2"], "after": 2}}}
    assert "Madeup" not in shown.notes[0]
    assert "Somebody" not in shown.notes[0]


def test_the_rows_of_one_party_are_hidden_by_what_they_state(hidden):
    row = {"property": "birthDate", "value": "1950-05-05", "dataset": "list", "record": 3}
    assert hidden.row(row, of="inv-1") == {"property": "birthDate", "value": "1950", "dataset": "list", "record": None}


def test_a_network_keeps_its_shape_and_loses_its_names():
    network = invented(60, money=True)
    shown, redaction = redacted_network(network)
    assert shown.ids == tuple(sorted(shown.ids))
    assert sorted(shown.weight) == sorted(network.weight)
    assert shown.minor is not None
    assert network.minor is not None
    assert sorted(shown.minor) == sorted(network.minor)

    def ties(one: Network, change: object = lambda label: label) -> list[tuple[str, str, float]]:
        ends = zip(one.source, one.target, one.weight, strict=True)
        return sorted((change(one.ids[s]), change(one.ids[t]), w) for s, t, w in ends)

    assert ties(shown) == ties(network, redaction.label)
    hidden_names = [
        caption
        for label, caption in zip(network.ids, network.vertices["caption"], strict=True)
        if redaction.hides(label)
    ]
    assert hidden_names
    text = json.dumps([list(column) for column in shown.vertices.values()], ensure_ascii=False, default=str)
    assert not [name for name in hidden_names if name in text]


def test_hostile_names_are_hidden_whole():
    redaction = Redaction(Party(id=f"h-{place}", names=[name]) for place, name in enumerate(HOSTILE))
    for place, name in enumerate(HOSTILE):
        shown = str(redaction.caption(f"h-{place}", name))
        assert shown.endswith(f"({redaction.label(f'h-{place}').replace('-', ' ')})") or not any(
            character.isalnum() for character in name
        )
        assert not set(shown) & set("<>&\"'\x00\x1b\u202e\u2028")


@given(st.text(alphabet="abcd -.<", max_size=30), st.text(alphabet="abcd ", min_size=3, max_size=12))
def test_no_text_holds_a_hidden_name_afterwards(around: str, name: str) -> None:
    words = name.split()
    if not words or (len(words) == 1 and len(words[0]) < 3):
        return
    redaction = Redaction([Party(id="x", names=[name], schema="Person")])
    shown = redaction.text(f"{around} {name} {around}")
    left = " ".join(shown.replace(str(redaction.caption("x", None)), " | ").replace(".", " ").split())
    assert f" {' '.join(words)} " not in f" {left.replace('-', ' ').replace('<', ' ')} "
