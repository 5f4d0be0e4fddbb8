"""Owners and holdings: published shares through the verbs, thresholds, what is stated beside what is computed."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finnet import api
from finnet.api import _register
from finnet.errors import UsageError

PEOPLE = {"S0", "F", "Z", "O", "P", "L"}

# METHODS 2.1 and the sources named there: holdings in per cent, the entity, and what reaches whom.
PUBLISHED = {
    "consolidation": (
        [("S0", "S1", 80), ("S0", "S2", 60), ("S0", "S3", 10), ("S2", "S1", 10), ("S1", "S3", 40), ("S2", "S3", 20)],
        ("S3", {"S0": 0.564}),
    ),
    "family": ([("F", "C", 30), ("F", "B", 30), ("B", "C", 20)], ("C", {"F": 0.36})),
    "80-50-40": ([("Z", "A", 80), ("A", "B", 50), ("B", "C", 40)], ("C", {"Z": 0.16})),
    "pyramid": ([("Z", "A", 52), ("A", "B", 51), ("B", "C", 51)], ("C", {"Z": 0.135252})),
    "circle": ([("O", "F1", 50), ("F2", "F1", 50), ("F1", "F2", 40), ("P", "F2", 60)], ("F2", {"O": 0.25, "P": 0.75})),
}


def made(folder, holdings, **more):
    lines = [
        {"id": one, "schema": "Person" if one in PEOPLE else "Company", "properties": {"name": [f"Invented {one}"]}}
        for one in sorted({end for owner, owned, *_ in holdings for end in (owner, owned)})
    ]
    for number, (owner, owned, share, *dates) in enumerate(holdings):
        properties = {"owner": [owner], "asset": [owned], "percentage": [f"{share}%"] if share is not None else []}
        properties |= {name: [date] for name, date in zip(("startDate", "endDate"), dates, strict=False) if date}
        lines.append({"id": f"o{number:03}", "schema": "Ownership", "properties": properties})
    path = folder / "holdings.ftm.json"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    api.ingest([path], case=folder / "x.finnet")
    return api.open_case(folder / "x.finnet")


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_shares_upward_and_downward(tmp_path, name):
    holdings, (entity, expected) = PUBLISHED[name]
    with made(tmp_path, holdings) as case:
        upward = {row["id"]: row["integrated"] for row in api.owners(case, entity).rows}
        downward = {
            holder: next(row["integrated"] for row in api.holdings(case, holder).rows if row["id"] == entity)
            for holder in expected
        }
    assert {holder: upward[holder] for holder in expected} == pytest.approx(expected, abs=1e-8)
    assert downward == pytest.approx(expected, abs=1e-8)


def test_the_pyramid_is_controlled_though_little_of_the_profit_arrives(tmp_path):
    with made(tmp_path, PUBLISHED["pyramid"][0]) as case:
        answer = api.owners(case, "C", threshold=25)
    assert {row["id"]: row["controls"] for row in answer.rows} == {"A": True, "B": True, "Z": True}
    assert answer.summary["beneficial owners"] == ["Invented Z"]


@pytest.mark.parametrize(
    ("threshold", "strict", "expected"), [(25, False, True), (25, True, False), (24.9, True, True)]
)
def test_at_the_threshold_or_above_it(tmp_path, threshold, strict, expected):
    # 50 % of 50 % is exactly 25 %, and no control.
    with made(tmp_path, [("Z", "A", 50), ("A", "C", 50), ("O", "C", 50)]) as case:
        found = api.owners(case, "C", threshold=threshold, strict=strict).summary["beneficial owners"]
    assert ("Invented Z" in found) is expected


def test_direct_shares_are_intervals_and_undisclosed_ones_have_no_lower_end(tmp_path):
    with made(tmp_path, [("Z", "A", "25-50"), ("O", "A", None)]) as case:
        rows = {row["id"]: (row["direct_min"], row["direct_max"]) for row in api.owners(case, "A").rows}
    assert rows == {"Z": (0.25, 0.5), "O": (None, 0.75)}  # of the whole, 75 are not certain to be Z's


def test_holdings_have_their_records_and_the_stakes_on_the_way(tmp_path):
    with made(tmp_path, [("Z", "A", 60), ("A", "B", 40)]) as case:
        rows = api.holdings(case, "Z").rows
    assert [(row["id"], row["depth"], row["records"]) for row in rows] == [("A", 1, ["holdings:4"]), ("B", 2, [])]
    assert rows[1]["stakes"] == [{"by": "A", "min": 0.4, "max": 0.4, "indirect": False, "records": ["holdings:5"]}]


def test_a_chain_that_ends_at_a_company_says_so(tmp_path):
    with made(tmp_path, [("A", "B", 100), ("B", "C", 100)]) as case:
        summary = api.owners(case, "C").summary
    assert (summary["beneficial owners"], summary["no owner of these is recorded"]) == ([], ["Invented A"])


def test_dates_choose_the_holdings(tmp_path):
    holdings = [("Z", "A", 60, "2015", "2018"), ("O", "A", 60, "2019-01-01", None)]
    with made(tmp_path, holdings) as case:
        found = {
            date: [row["id"] for row in api.owners(case, "A", as_of=date).rows] for date in ("2014", "2016", "2020")
        }
        now = [row["id"] for row in api.owners(case, "A").rows]
    assert (found, now) == ({"2014": [], "2016": ["Z"], "2020": ["O"]}, ["O"])


def test_a_threshold_out_of_range_is_a_usage_error(tmp_path):
    with made(tmp_path, [("Z", "A", 60)]) as case, pytest.raises(UsageError, match="above 0 and at most 100"):
        api.owners(case, "A", threshold=0)


NAMES = st.sampled_from("ABCDEF")


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(1, 100)), min_size=1, max_size=12), NAMES)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_looked_up_near_a_party_gives_what_the_whole_register_gives(tmp_path_factory, rows, party):
    folder = tmp_path_factory.mktemp("near")
    with made(folder, [*rows, ("Z", "A", 1), ("Y", party, 1)]) as case:
        near = [api.owners(case, party).rows, api.holdings(case, party).rows]
        kept, _register._REACH = _register._REACH, -1
        try:
            whole = [api.owners(case, party).rows, api.holdings(case, party).rows]
        finally:
            _register._REACH = kept
    assert near == whole
