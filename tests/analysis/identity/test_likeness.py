"""Two profiles side by side: what makes them alike, what sets them apart, and that a name alone is not enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finnet.analysis.identity.candidates import candidate_pairs, like_names
from finnet.analysis.identity.likeness import may_be_one, set_side_by_side
from finnet.analysis.identity.name_key import compared, one_spelling
from finnet.analysis.identity.profile import Profile, profile_of


def party(name: str, kind: str = "Person", label: str = "x", **facts: str | list[str]) -> Profile:
    listed = {word: [value] if isinstance(value, str) else value for word, value in facts.items()}
    return profile_of(label, name, [(kind, "d", {"name": [name], **listed})])


def test_a_name_alone_reaches_seven_tenths_and_no_more():
    likeness = set_side_by_side(party("Kim, Gasang"), party("Kim Gasang"))
    assert (likeness.score, likeness.name, likeness.agrees) == (0.7, 1.0, ())
    assert likeness.missing == ("identifier", "birth date", "country")


@pytest.mark.parametrize(
    ("left", "right", "score", "agrees", "disagrees"),
    [
        # 0.7 for the name, 0.2 for the day, 0.05 for the country
        ({"birthDate": "1960-02-01", "country": "kp"}, {"birthDate": "1960-02-01", "nationality": "kp"}, 0.95,
         ("birth date", "country"), ()),
        # 0.7 + 0.1: only the year is known of one
        ({"birthDate": "1960"}, {"birthDate": "1960-02-01"}, 0.8, ("birth year",), ()),
        # 0.7 - 0.3
        ({"birthDate": "1961"}, {"birthDate": "1960-02-01"}, 0.4, (), ("birth date",)),
        # one of several dates agrees
        ({"birthDate": ["1961", "1960"]}, {"birthDate": "1960-02-01"}, 0.8, ("birth year",), ()),
        # 0.7 - 0.3
        ({"gender": "male"}, {"gender": "female"}, 0.4, (), ("gender",)),
        # 0.7 + 0.3, whatever the punctuation and whichever document the two lists call it
        ({"passportNumber": "PS 654-32"}, {"idNumber": "ps65432"}, 1.0,
         ("identifier PS65432 (passportNumber = idNumber)",), ()),
        # an identifier agrees, a birth date does not: 0.7 + 0.3 - 0.3, and no floor
        ({"passportNumber": "PS65432", "birthDate": "1950"}, {"passportNumber": "PS65432", "birthDate": "1960"}, 0.7,
         ("identifier PS65432 (passportNumber)",), ("birth date",)),
    ],
)  # fmt: skip
def test_the_parts_add_up(left, right, score, agrees, disagrees):
    likeness = set_side_by_side(party("Kim Gasang", **left), party("Kim Gasang", **right))
    assert likeness.score == pytest.approx(score)
    assert (likeness.agrees, likeness.disagrees) == (agrees, disagrees)


def test_an_identifier_lifts_unlike_names_to_nine_tenths():
    likeness = set_side_by_side(
        party("Kim Gasang", passportNumber="PS65432"), party("Xu Bucunzai", passportNumber="PS65432")
    )
    assert likeness.name < 0.5
    assert likeness.score == 0.9


def test_two_ships_with_different_imo_numbers_are_two():
    one = party("Invented Star", "Vessel", imoNumber="IMO 9000001")
    other = party("Invented Star", "Vessel", imoNumber="IMO 9000002")
    # 0.7 for the name, 0.3 off for the number
    assert set_side_by_side(one, other).score == pytest.approx(0.4)
    assert set_side_by_side(one, other).disagrees == ("imoNumber",)


@pytest.mark.parametrize(
    ("left", "right", "may"),
    [
        ("Person", "Company", False), ("Person", "LegalEntity", True), ("Company", "Organization", True),
        ("Vessel", "Company", False), ("Vessel", "Vessel", True), ("Company", "LegalEntity", True),
    ],
)  # fmt: skip
def test_kinds_that_may_be_one(left, right, may):
    assert may_be_one(party("a", left), party("a", right)) is may
    assert may_be_one(party("a", right), party("a", left)) is may


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lee Jung-chul", "RI, Jong Chol"),
        ("김용철", "Kim Yong Chol"),
        ("Мохаммед Ахмед", "AHMAD, Muhammad"),
        ("Société Inventée S.A.R.L.", "Societe Inventee"),
        ("Alexei Vymyshlenny", "VYMYSHLENNY, Aleksey"),
    ],
)
def test_spellings_of_one_name_are_read_as_one(one, other):
    kind = "Company" if "Soci" in one else "Person"
    assert set_side_by_side(party(one, kind), party(other, kind)).name >= 0.93


def test_a_word_that_is_a_name_in_asia_and_a_legal_form_in_europe():
    unknown = party("Kim Se Gasang", "LegalEntity")
    assert set_side_by_side(unknown, party("KIM, Se Gasang")).name == 1.0
    assert compared("Invented Holding SE", is_person=False) == "holding invented"
    assert compared("SA", is_person=False) == "sa"


@given(st.text(), st.text())
def test_no_text_breaks_the_comparison_and_its_order_does_not_matter(one, other):
    left, right = party(one), party(other)
    assert set_side_by_side(left, right).score == set_side_by_side(right, left).score
    assert 0 <= set_side_by_side(left, right).score <= 1


@given(st.text())
def test_the_compared_form_is_ascii_and_stays_as_it_is(name):
    key = compared(name, is_person=True)
    assert key.isascii()
    assert " ".join(sorted(one_spelling(one_spelling(key)).split())) == one_spelling(key)


def test_candidates_share_two_sounds_or_a_rare_word_and_each_pair_comes_once():
    parties = [party(name) for name in ("Petroff Invented", "Petrov, Invented", "Invented Alone", "Somebody Else")]
    # all three with "Invented" share a word that only three have
    assert candidate_pairs(parties) == ([(0, 1), (0, 2), (1, 2)], 0)


def test_a_word_that_too_many_share_makes_no_pairs():
    crowd = [party(f"Common Wordless{chr(97 + n % 26)}{chr(97 + n // 26)}") for n in range(60)]
    pairs, _ = candidate_pairs(crowd, crowd)
    # 60 x 60 > 40 x 40: "common" is not used; the second words sound different or are shared by few
    assert (0, 59) not in pairs


def test_like_names_finds_a_slip_that_no_sound_would():
    found = like_names(
        [party("Kvangsongg Bankk", "Company")], [party("Kwangsong Bank", "Company"), party("Another", "Company")]
    )
    assert found == [(0, 0)]
