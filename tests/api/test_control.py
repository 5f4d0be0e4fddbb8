"""Limbs of control by recorded facts, and listed persons who act for a party that is not blocked."""

from __future__ import annotations

import json

import pytest

from finnet import api
from finnet.analysis.ownership.limbs import limb_of

# An invented company with every kind of tie to one person or another; shares are in it to show that they never count.
ENTITIES = {
    "c1": ("Company", "Plainly Invented Trading"),
    "p1": ("Person", "Ann Invented"),
    "p2": ("Person", "Bob Invented"),
    "p3": ("Person", "Cyd Invented"),
    "c2": ("Company", "Invented Parent"),
    "c3": ("Company", "Invented Hermit"),
}
EDGES = [
    ("o1", "Ownership", {"owner": ["p1"], "asset": ["c1"], "percentage": ["30%"]}),
    ("k1", "Control", {"controller": ["p1"], "controlled": ["c1"], "role": ["votingRights"]}),
    ("k2", "Control", {"controller": ["p2"], "controlled": ["c1"], "role": ["rightsGrantedByContract"]}),
    (
        "d1",
        "Directorship",
        {"director": ["p1"], "organization": ["c1"], "role": ["director"], "startDate": ["2020-02"]},
    ),
    ("d2", "Directorship", {"director": ["p2"], "organization": ["c1"], "endDate": ["2021"]}),
    ("r1", "Representation", {"agent": ["p3"], "client": ["c1"], "role": ["signatory"]}),
    ("u1", "UnknownLink", {"subject": ["c2"], "object": ["c1"], "role": ["enjoymentAndUseOfAssets"]}),
]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("control")
    lines = [
        {"id": label, "schema": schema, "properties": {"name": [name]}} for label, (schema, name) in ENTITIES.items()
    ]
    lines += [{"id": label, "schema": schema, "properties": properties} for label, schema, properties in EDGES]
    path = folder / "invented.ftm.json"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    api.ingest([path], case=folder / "x.finnet")
    with api.open_case(folder / "x.finnet") as opened:
        yield opened


def limbs(answer) -> set[tuple[str, str, str]]:
    return {(row["limb"], row["holder"], row["met"]) for row in answer.rows}


def test_limbs_of_the_eu_are_read_from_what_is_recorded(case):
    assert limbs(api.control(case, "c1", regime="eu")) == {
        ("voting_majority", "p1", "not stated"),
        ("contract", "p2", "possibly"),
        ("board_majority", "p1", "not stated"),
        ("assets", "c2", "yes"),
    }


def test_the_uk_does_not_ask_for_contract_or_assets(case):
    assert {limb for limb, _, _ in limbs(api.control(case, "c1", regime="uk"))} == {"voting_majority", "board_majority"}


def test_without_a_regime_all_are_asked(case):
    assert {row["regime"] for row in api.control(case, "c1", designate="id:p1").rows} == {"eu", "ofac", "uk"}


def test_control_alone_does_not_block_under_ofac_but_a_listed_signatory_is_flagged(case):
    # FAQ 400: p1 directs and p3 signs for c1, of which nobody listed holds 50 %.
    answer = api.control(case, "c1", regime="ofac", designate="id:p1,id:p3")
    assert limbs(answer) == {("acts_for", "p1", "flag"), ("acts_for", "p3", "flag")}
    assert api.blocked(case, "c1", designate="id:p1,id:p3").rows[0]["verdict"] == "possibly"


def test_the_flag_is_shown_from_the_side_of_the_person_too(case):
    (row,) = api.control(case, "p3", regime="ofac", designate="id:p3").rows
    assert (row["limb"], row["holder"], row["party"], row["record"]) == (
        "acts_for",
        "p3",
        "c1",
        f"invented:{len(ENTITIES) + 6}",
    )


def test_who_acts_for_a_listed_party_is_not_flagged(case):
    assert api.control(case, "c1", regime="ofac", designate="id:p3,id:c1").rows == []


def test_most_recorded_directors_being_listed_is_possible_control(case):
    assert ("board_majority", "p1", "possibly") in limbs(api.control(case, "c1", regime="uk", designate="id:p1"))


def test_on_an_earlier_date_the_director_who_left_counts_again(case):
    found = limbs(api.control(case, "c1", regime="uk", as_of="2021-06", designate="id:p1"))
    # One listed of two recorded is no majority.
    assert {("board_majority", "p1", "not stated"), ("board_majority", "p2", "not stated")} <= found


def test_shares_never_enter(case):
    assert not any("wner" in (row["role"] or "") for row in api.control(case, "c1").rows)


def test_the_holder_bears_its_own_status(case):
    rows = api.control(case, "c1", regime="eu", designate="id:p2").rows
    assert {row["holder"]: row["status"] for row in rows} == {"p1": "not", "p2": "listed", "c2": "no_data"}


def test_nothing_recorded_is_no_clearance(case):
    answer = api.control(case, "c3", regime="eu")
    assert (answer.rows, "no clearance" in " ".join(answer.notes)) == ([], True)


@pytest.mark.parametrize(
    ("role", "low", "high", "expected"),
    [
        ("votingRights", 500_001, 500_001, ("voting_majority", "yes")),
        ("votingRights", 500_000, 500_000, ("voting_majority", "no")),  # exactly half is no majority
        ("voting-rights-25-to-50-percent", 250_001, 500_000, ("voting_majority", "no")),
        (
            "voting-rights-more-than-25-percent-registered-overseas-entity",
            250_001,
            1_000_000,
            ("voting_majority", "possibly"),
        ),
        ("indirect appointmentOfBoard", None, None, ("board_majority", "not stated")),
        ("right-to-appoint-and-remove-directors-as-firm", None, None, ("board_majority", "yes")),
        ("significant-influence-or-control-as-trust", None, None, ("dominant_influence", "possibly")),
        (None, None, None, ("dominant_influence", "possibly")),
    ],
)
def test_what_a_tie_of_control_states(role, low, high, expected):
    touch = limb_of("control", "Control", role, low, high)
    assert touch is not None
    assert (touch.limb, touch.met) == expected


def test_consolidated_accounts_touch_unified_management_and_profit_shares_touch_nothing():
    consolidated = limb_of("consolidation", "UnknownLink", "IS_DIRECTLY_CONSOLIDATED_BY", None, None)
    assert consolidated is not None
    assert (consolidated.limb, consolidated.met) == ("unified_management", "possibly")
    assert limb_of("linked", "UnknownLink", "rightsToProfitOrIncome", None, None) is None
    assert limb_of("ownership", "Ownership", "shareholding", 900_000, 900_000) is None
