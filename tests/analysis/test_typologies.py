"""Typologies: one contract for all files in the folder, ledgers worked by hand, planted patterns, brute force."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.finding import end_to_end
from finnet.analysis.thresholds import load_thresholds
from finnet.analysis.typologies import round_trip
from finnet.catalogue import Catalogue
from finnet.graph.ledger import NO_DAY, Ledger
from finnet.model.currency import CURRENCIES
from finnet.model.dates import is_iso_date

TYPOLOGIES = Catalogue("finnet.analysis.typologies", kind="typology", verbs=("find", "DEFINITION"))
_Payment = tuple[str, str, int, int]

_LABELS = st.sampled_from("abcd")
_PAYMENTS = st.lists(
    st.tuples(_LABELS, _LABELS, st.sampled_from([90, 95, 100]), st.integers(1, 6)).filter(lambda p: p[0] != p[1]),
    max_size=14,
)


def _found(name: str, payments: list[_Payment], **options: float) -> list[tuple[list[str], list[str], int]]:
    """Parties, payment ids and amount (in whole units) of each pattern."""
    ledger = end_to_end(Ledger.of(*payments))
    return [
        ([ledger.ids[i] for i in one.parties], [ledger.payment_ids[i] for i in one.payments], one.minor // 100)
        for one in TYPOLOGIES[name].find(ledger, **options).patterns
    ]


@pytest.mark.parametrize("name", sorted(TYPOLOGIES))
def test_every_typology_keeps_the_contract(name: str) -> None:
    typology = TYPOLOGIES[name]
    assert TYPOLOGIES.help(name).endswith("."), "the first docstring line is its help"
    assert ">>> " in typology.find.__doc__
    assert "Source: " in typology.find.__doc__
    assert typology.DEFINITION
    parameters = list(inspect.signature(typology.find).parameters.values())
    assert parameters[0].name == "ledger"
    assert all(one.kind is one.KEYWORD_ONLY and one.default is not one.empty for one in parameters[1:])


@pytest.mark.parametrize("name", sorted(TYPOLOGIES))
def test_every_typology_bears_no_payments_and_one(name: str) -> None:
    assert TYPOLOGIES[name].find(end_to_end(Ledger.of())).patterns == []
    assert TYPOLOGIES[name].find(end_to_end(Ledger.of(("a", "b", 1, 1)))).patterns == []


@pytest.mark.parametrize("name", sorted(TYPOLOGIES))
@given(payments=_PAYMENTS)
@settings(max_examples=15, deadline=None)
def test_payments_of_a_pattern_lie_between_its_parties(name: str, payments: list[_Payment]) -> None:
    ledger = end_to_end(Ledger.of(*payments))
    options = {"least": 2} if "least" in inspect.signature(TYPOLOGIES[name].find).parameters else {}
    for one in TYPOLOGIES[name].find(ledger, **options).patterns:
        assert list(one.payments) == sorted(set(one.payments))
        ends = {*ledger.payer[list(one.payments)].tolist(), *ledger.beneficiary[list(one.payments)].tolist()}
        assert ends == set(one.parties)
        assert len(set(one.parties)) == len(one.parties)
        assert one.minor > 0


@pytest.mark.parametrize("name", sorted(TYPOLOGIES))
@given(payments=_PAYMENTS)
@settings(max_examples=15, deadline=None)
def test_other_names_for_the_parties_change_no_pattern(name: str, payments: list[_Payment]) -> None:
    new = {"a": "z", "b": "y", "c": "x", "d": "w"}
    options = {"least": 2} if "least" in inspect.signature(TYPOLOGIES[name].find).parameters else {}
    before = _found(name, payments, **options)
    after = _found(name, [(new[p], new[b], a, t) for p, b, a, t in payments], **options)
    assert [(sorted(new[p] for p in parties), ids, amount) for parties, ids, amount in before] == [
        (sorted(parties), ids, amount) for parties, ids, amount in after
    ]


# --- round_trip ---


def _brute_force(
    ledger: Ledger, window: int, hops: int, low: float, high: float, any_order: bool
) -> set[tuple[int, ...]]:
    """Every sequence of different payments is tried."""
    found = set()
    for length in range(2, hops + 1):
        for trip in permutations(range(ledger.size), length):
            payer, beneficiary = ledger.payer[list(trip)].tolist(), ledger.beneficiary[list(trip)].tolist()
            time, minor = ledger.time[list(trip)].tolist(), ledger.minor[list(trip)].tolist()
            closes = beneficiary == payer[1:] + payer[:1] and len(set(payer)) == length
            in_time = all(one < other for one, other in pairwise(time))
            if any_order:
                in_time = trip[0] == min(trip)
            kept = all(low * one <= other <= high * one for one, other in pairwise(minor))
            if closes and in_time and kept and max(time) - time[0] <= window:
                found.add(trip)
    return found


@given(payments=_PAYMENTS.map(lambda rows: rows[:7]), window=st.integers(0, 5), any_order=st.booleans())
@settings(max_examples=60, deadline=None)
def test_round_trips_are_those_of_brute_force(payments: list[_Payment], window: int, any_order: bool) -> None:
    ledger = end_to_end(Ledger.of(*payments))
    limits = {"window": window, "hops": 4, "low": 0.92, "high": 1.0, "any_order": any_order}
    found, cut = round_trip.round_trips(ledger, **limits)
    assert not cut
    assert len(found) == len(set(found))
    assert set(found) == _brute_force(ledger, **limits)


def _depth_first(
    ledger: Ledger, window: int, hops: int, low: float, high: float, any_order: bool, most_per_start: int
) -> tuple[list[tuple[int, ...]], bool]:
    """From every payment in turn, a payer's payments in the ledger's order, as plainly as it can be said."""
    rows = list(zip(*(c.tolist() for c in (ledger.payer, ledger.beneficiary, ledger.time, ledger.minor)), strict=True))
    found: list[tuple[int, ...]] = []
    cut = False
    for first in range(len(rows)):
        trips: list[tuple[int, ...]] = []

        def follow(trip: tuple[int, ...], trips: list[tuple[int, ...]] = trips) -> None:
            begun, (_, at, now, amount) = rows[trip[0]], rows[trip[-1]]
            for place, (payer, beneficiary, time, minor) in enumerate(rows):
                in_time = place > trip[0] if any_order else time > now
                if payer != at or not in_time or time > begun[2] + window or not low * amount <= minor <= high * amount:
                    continue
                if beneficiary == begun[0]:
                    trips.append((*trip, place))
                elif len(trip) + 1 < hops and beneficiary not in {rows[one][1] for one in trip}:
                    follow((*trip, place))

        follow((first,))
        cut = cut or len(trips) >= most_per_start
        found += trips[:most_per_start]
    return found, cut


@given(
    payments=st.lists(
        st.tuples(_LABELS, _LABELS, st.sampled_from([90, 95, 100]), st.integers(1, 9)).filter(lambda p: p[0] != p[1]),
        max_size=30,
    ),
    window=st.integers(0, 9),
    hops=st.integers(2, 5),
    any_order=st.booleans(),
    most=st.sampled_from([1, 2, 200]),
)
@settings(max_examples=60, deadline=None)
def test_round_trips_come_in_the_order_of_a_plain_search(
    payments: list[_Payment], window: int, hops: int, any_order: bool, most: int
) -> None:
    ledger = end_to_end(Ledger.of(*payments))
    limits = {"window": window, "hops": hops, "low": 0.92, "high": 1.0, "any_order": any_order, "most_per_start": most}
    assert round_trip.round_trips(ledger, **limits) == _depth_first(ledger, **limits)


@pytest.mark.parametrize("any_order", [False, True])
@pytest.mark.parametrize("days", [8, 60])  # with few days most payments share theirs with many others
@pytest.mark.parametrize("most", [3, 200])
def test_round_trips_of_a_dense_ledger_are_those_of_a_plain_search(any_order: bool, days: int, most: int) -> None:
    dice = np.random.default_rng(days)
    ends, amounts = dice.integers(0, 12, (2, 300)), dice.integers(80, 101, 300)
    rows = zip(*ends, amounts, dice.integers(0, days, 300), strict=True)
    ledger = end_to_end(Ledger.of(*((f"n{a}", f"n{b}", int(c), int(t)) for a, b, c, t in rows if a != b)))
    limits = {"window": days // 4, "hops": 6, "low": 0.85, "high": 1.0, "any_order": any_order, "most_per_start": most}
    found, cut = round_trip.round_trips(ledger, **limits)
    assert len(found) > 50
    assert (found, cut) == _depth_first(ledger, **limits)


def test_a_round_trip_has_to_follow_the_order_of_time() -> None:
    backwards = [("a", "b", 100, 3), ("b", "c", 100, 2), ("c", "a", 100, 1)]
    at_once = [("a", "b", 100, 1), ("b", "a", 100, 1)]
    assert _found("round_trip", backwards) == []
    assert _found("round_trip", at_once) == []
    assert len(_found("round_trip", backwards, any_order=True)) == 1


def test_a_payment_stands_in_one_round_trip_only() -> None:
    # a→b, b→a and again b→a: the first to close is it.
    assert _found("round_trip", [("a", "b", 100, 1), ("b", "a", 100, 2), ("b", "a", 99, 3)]) == [
        (["a", "b"], ["p1", "p2"], 100)
    ]


def _planted(seed: int, count: int) -> tuple[Ledger, list[set[str]]]:
    """Noise among 2,000 parties, and cycles of 3 to 6 payments with a fee of 2 % a hop."""
    dice = np.random.default_rng(seed)
    rows: list[tuple[str, str, int, int]] = []
    for payer, beneficiary, amount, time in zip(
        *dice.integers(0, 2_000, (2, 5_000)),
        np.exp(dice.normal(7, 1.5, 5_000)),
        dice.integers(0, 3_000, 5_000),
        strict=True,
    ):
        if payer != beneficiary:
            rows.append((f"n{payer}", f"n{beneficiary}", int(amount) + 1, int(time)))
    cycles = []
    for cycle in range(count):
        length = int(dice.integers(3, 7))
        start, parties = int(dice.integers(0, 2_900)), dice.choice(2_000, length, replace=False)
        at = start + np.cumsum(dice.integers(1, 4, length))
        amount = 1_000_000 + cycle * 1_000
        cycles.append(set())
        for place in range(length):
            cycles[-1].add(f"p{len(rows) + 1}")
            rows.append(
                (f"n{parties[place]}", f"n{parties[(place + 1) % length]}", int(amount * 0.98**place), int(at[place]))
            )
    return end_to_end(Ledger.of(*rows)), cycles


def test_two_hundred_planted_round_trips_are_found_and_no_other() -> None:
    # Planted amounts are far above the noise, so a trip of planted payments alone can only be a planted one.
    ledger, cycles = _planted(3, 200)
    found = [
        {ledger.payment_ids[place] for place in one.payments}
        for one in round_trip.find(ledger, low=0.979, high=0.981).patterns
        if min(ledger.minor[list(one.payments)]) > 50_000_000
    ]
    assert len(found) == 200
    assert all(cycle in found for cycle in cycles)


# --- fans ---


def test_a_window_begins_with_a_payment_and_ends_so_many_days_on() -> None:
    payments = [("a", "h", 1, 1), ("b", "h", 1, 3), ("a", "h", 1, 4), ("c", "h", 1, 8)]
    # Days 1 to 3 have a and b; the third payment of a comes on day 4; from there on a and c need four days.
    assert _found("fan_in", payments, window=2, least=2) == [(["h", "a", "b"], ["p1", "p2"], 2)]
    assert _found("fan_in", payments, window=7, least=3) == [(["h", "a", "b", "c"], ["p1", "p2", "p3", "p4"], 4)]
    assert _found("fan_in", payments, window=7, least=4) == []


def test_a_fan_out_is_a_fan_in_turned_round() -> None:
    payments = [("a", "h", 1, 1), ("b", "h", 2, 3), ("c", "h", 3, 8)]
    turned = [(beneficiary, payer, amount, time) for payer, beneficiary, amount, time in payments]
    assert _found("fan_out", turned, least=2) == _found("fan_in", payments, least=2)


def test_the_same_payer_twice_is_no_fan() -> None:
    assert _found("fan_in", [("a", "h", 1, 1), ("a", "h", 1, 2)], least=2) == []


# --- gather_scatter, scatter_gather ---


def test_what_is_scattered_has_to_come_after_what_is_gathered() -> None:
    gathered = [("a", "h", 5, 2), ("b", "h", 5, 3)]
    assert _found("gather_scatter", [*gathered, ("h", "c", 4, 4), ("h", "d", 4, 5)], least=2) == [
        (["h", "a", "b", "c", "d"], ["p1", "p2", "p3", "p4"], 8)
    ]
    assert _found("gather_scatter", [*gathered, ("h", "c", 4, 1), ("h", "d", 4, 5)], least=2) == []
    assert _found("gather_scatter", [*gathered, ("h", "c", 4, 3), ("h", "d", 4, 5)], least=2) == []


def test_the_parties_between_have_to_be_paid_before_they_pay() -> None:
    out = [("s", "m", 5, 2), ("s", "n", 5, 3)]
    assert _found("scatter_gather", [*out, ("m", "z", 4, 4), ("n", "z", 3, 5)], least=2) == [
        (["s", "z", "m", "n"], ["p1", "p2", "p3", "p4"], 7)
    ]
    assert _found("scatter_gather", [*out, ("m", "z", 4, 2), ("n", "z", 3, 5)], least=2) == []
    assert _found("scatter_gather", [*out, ("m", "z", 4, 4), ("n", "z", 3, 10)], least=2) == []


def test_one_party_between_twice_is_one() -> None:
    payments = [("s", "m", 5, 1), ("s", "n", 5, 1), ("m", "z", 4, 2), ("m", "z", 4, 3)]
    assert _found("scatter_gather", payments, least=2) == []


# --- pass_through, rapid_movement ---


def test_what_left_before_anything_came_does_not_pass_through() -> None:
    came = [("a", "m", 60, 2), ("a", "m", 40, 3)]
    assert _found("pass_through", [*came, ("m", "b", 50, 4), ("m", "b", 45, 5)], least=2) == [
        (["m", "a", "b"], ["p1", "p2", "p3", "p4"], 95)
    ]
    assert _found("pass_through", [*came, ("m", "b", 50, 1), ("m", "b", 45, 5)], least=2) == []
    assert _found("pass_through", [*came, ("m", "b", 50, 4), ("m", "b", 30, 5)], least=2) == []


def test_money_that_came_first_leaves_first() -> None:
    # 60 of day 1 and 40 of day 5; 50 leave on day 6: all of them of day 1, too late. 50 on day 7: 10 late, 40 in time.
    slow = [("a", "m", 60, 1), ("a", "m", 40, 5), ("m", "b", 50, 6), ("m", "b", 50, 7)]
    assert _found("rapid_movement", slow, least=2, share=0.4) == [(["m", "a", "b"], ["p2", "p4"], 40)]
    assert _found("rapid_movement", slow, least=2, share=0.41) == []


# --- structuring ---


def test_splits_of_one_day_reach_the_threshold_together() -> None:
    # Of US dollars more than 10,000 are reported: 10,000 by themselves, or together, are not.
    day = [("a", "b", 6_000, 1), ("a", "c", 4_001, 1)]
    assert _found("structuring", day) == [(["a", "b", "c"], ["p1", "p2"], 10_001)]
    assert _found("structuring", [("a", "b", 10_000, 1), ("a", "c", 4_000, 1)])[0][2] == 14_000
    assert _found("structuring", [("a", "b", 6_000, 1), ("a", "c", 4_001, 2)]) == []
    assert _found("structuring", [("a", "b", 6_000, 1), ("a", "c", 4_000, 1)]) == []
    assert _found("structuring", [("a", "b", 11_000, 1), ("a", "c", 3_000, 1)]) == []


def test_a_day_of_splits_is_the_day_that_the_records_give_not_that_of_utc() -> None:
    # In Seoul 08:00 and 10:00 are one day; in UTC the first is 23:00 of the day before.
    seconds = np.array([23 * 3600, 25 * 3600])
    ledger = replace(Ledger.of(("a", "b", 6_000, 1), ("a", "c", 5_000, 2)), time=seconds, time_unit="seconds")
    assert TYPOLOGIES["structuring"].find(ledger).patterns == []
    [found] = TYPOLOGIES["structuring"].find(replace(ledger, days=np.array([1, 1]))).patterns
    assert found.payments == (0, 1)


def test_what_is_no_single_payment_of_a_day_is_not_split() -> None:
    ledger = Ledger.of(("a", "b", 5_000, 1), ("a", "b", 6_000, 1), ("a", "c", 6_000, 1))
    found = TYPOLOGIES["structuring"].find(replace(ledger, days=np.array([NO_DAY, 1, 1])))
    assert [one.payments for one in found.patterns] == [(1, 2)]
    assert "structuring: 1 records are no single payment of one day (sums, periods, months): they are left out" in (
        found.notes
    )


def test_payments_just_below_the_threshold_stand_out_among_those_of_the_neighbours() -> None:
    own = [("a", "b", 9_000 + day, day) for day in range(1, 6)]
    others = [("b", f"s{day}", 500, day) for day in range(1, 21)]
    # Usual among b's other payments: 0 of 20, counted as half a one: 0.025. Five of five by chance: 0.025^5.
    [(parties, ids, _)] = _found("structuring", [*own, *others])
    assert (parties, ids) == (["a", "b"], [f"p{1 + place}" for place in range(5)])
    # Where the neighbours' payments all lie there too, nothing is out of the ordinary.
    assert _found("structuring", [*own, *[("b", f"s{day}", 9_500, day) for day in range(1, 21)]]) == []


def test_a_threshold_of_another_currency_does_not_count() -> None:
    ledger = Ledger.of(("a", "b", 6_000, 1), ("a", "c", 4_000, 1), currency="SEK")
    found = TYPOLOGIES["structuring"].find(ledger)
    assert (found.patterns, found.notes) == ([], ("structuring: no reporting threshold in SEK is known",))


@pytest.mark.parametrize(("day", "counts"), [("2019-06-30", False), ("2019-07-01", True)])
def test_a_threshold_counts_from_its_first_day(day: str, counts: bool) -> None:
    # 10 million won or more, since July 2019.
    ledger = Ledger.of(("a", "b", 6_000_000, day), ("a", "c", 4_000_000, day), currency="KRW")
    found = TYPOLOGIES["structuring"].find(ledger)
    assert [pattern.minor for pattern in found.patterns] == ([10_000_000] if counts else [])


@pytest.mark.parametrize(("country", "by"), [("gb", ["gb"]), ("fr", ["eu"]), (None, ["eu"]), ("us", [])])
def test_a_threshold_in_a_foreign_currency_needs_a_country_on_record(country: str | None, by: list[str]) -> None:
    # Of euros 10,000 or more are declared at the Union's border, and by British dealers.
    ledger = Ledger.of(("a", "b", 6_000, "2022-03-01"), ("a", "c", 4_000, "2022-03-01"), currency="EUR")
    ledger = replace(ledger, vertices={"country": [country] * 3})
    found = TYPOLOGIES["structuring"].find(ledger)
    assert [re.findall(r"\((\w\w)\)", pattern.says)[0] for pattern in found.patterns] == by


@pytest.mark.parametrize(
    ("countries", "found"), [(("jp", "kr"), 1), (("jp", "jp"), 0), (("jp", None), 1), (("kr", "kr"), 0)]
)
def test_a_threshold_on_payments_abroad_is_not_for_those_within_the_country(
    countries: tuple[str | None, str | None], found: int
) -> None:
    # Japan: more than 30 million yen to or from abroad.
    ledger = Ledger.of(("a", "b", 20_000_000, "2019-03-01"), ("a", "b", 10_000_001, "2019-03-01"), currency="JPY")
    ledger = replace(ledger, vertices={"country": list(countries)})
    assert len(TYPOLOGIES["structuring"].find(ledger).patterns) == found


def test_every_threshold_names_its_text_and_where_it_was_read_or_that_it_was_not() -> None:
    thresholds = load_thresholds()
    assert len({(one.jurisdiction, one.currency) for one in thresholds}) == len(thresholds)
    for one in thresholds:
        assert one.source
        assert one.what
        assert one.currency in CURRENCIES
        assert one.since is None or is_iso_date(one.since)
        if not one.checked:
            ledger = Ledger.of(("a", "b", 1, 1), currency=one.currency)
            assert any("was not read in its text" in note for note in TYPOLOGIES["structuring"].find(ledger).notes)


# --- payments through an intermediary ---


def test_an_intermediary_is_no_party_to_a_payment() -> None:
    nothing = np.zeros(4, np.int64)
    ledger = Ledger(
        ids=("a", "bank", "c"),
        payer=np.array([0, 1, 1, 0]), beneficiary=np.array([1, 2, 2, 1]),
        minor=np.array([500, 500, -200, -200]), time=np.array([1, 1, 2, 2]), leg=np.array([0, 1, 1, 0]),
        dataset=nothing, record=np.array([1, 1, 2, 2]), currency="USD", datasets=("x",),
        payments={"payment_id": ["p1", "p1", "p2", "p2"], "byte_offset": [None] * 4},
    )  # fmt: skip
    whole = end_to_end(ledger)
    # The second is a reversal of 2.00 of the first, leg by leg: 5.00 - 2.00 went from a to c.
    assert (whole.payer.tolist(), whole.beneficiary.tolist(), whole.minor.tolist()) == ([0], [2], [300])


def test_parties_of_a_stack_share_both_sides() -> None:
    into = [(payer, between, 100, 1) for payer in "ab" for between in "mno"]
    shared = [(between, end, 95, 2) for between in "mno" for end in "yz"]
    ((parties, ids, amount),) = _found("stack", [*into, *shared])
    # Each of m, n, o got 100 twice and passed on 95 twice: 6 x 95.
    assert (parties, len(ids), amount) == (["a", "b", "m", "n", "o", "y", "z"], 12, 570)
    apart = [(between, end, 95, 2) for between, end in zip("mno", "xyz", strict=True)]
    assert _found("stack", [*into, *apart]) == []
    assert _found("stack", [*into, *((between, end, 50, 2) for between in "mno" for end in "yz")]) == []
    assert _found("stack", [*into, *((between, end, 95, 1) for between in "mno" for end in "yz")]) == []


def test_the_tag_of_fatf_stands_only_where_somebody_passes_money_on() -> None:
    tagged = {name for name in TYPOLOGIES if hasattr(TYPOLOGIES[name], "FATF")}
    assert tagged == {"gather_scatter", "scatter_gather", "stack", "pass_through", "rapid_movement", "round_trip"}
