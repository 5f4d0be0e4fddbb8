"""Countries by every name that the lists use."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from finnet.model.countries import alpha2, read_country
from finnet.model.refusal import Refusal


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Korea, North", "kp"), ("DPRK", "kp"), ("dprk", "kp"), ("D.P.R.K.", "kp"), ("PRK", "kp"), ("KP", "kp"),
        ("Democratic People's Republic of Korea", "kp"), ("Democratic People’s Republic of Korea", "kp"),
        ("Korea, South", "kr"), ("Republic of Korea", "kr"), ("KOR", "kr"), ("Burma", "mm"), ("Cote d Ivoire", "ci"),
        ("Côte d'Ivoire", "ci"), ("Man, Isle of", "im"), ("Virgin Islands, British", "vg"), ("BVI", "vg"),
        ("Congo, Democratic Republic of the", "cd"), ("Congo, Republic of the", "cg"), ("The Gambia", "gm"),
        ("Bahamas, The", "bs"), ("U.S.A.", "us"), ("uk", "gb"), ("UAE", "ae"), ("Hong Kong", "hk"), ("xk", "xk"),
        ("Macau", "mo"), ("Türkiye", "tr"), ("Russian Federation", "ru"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_all_its_names(text: str, code: str) -> None:
    assert alpha2(text) == code


@pytest.mark.parametrize("text", ["Korea", "Atlantis", "", "ZZZ", "Region: Kafia Kingi", "Guineea"])
def test_what_may_be_two_countries_or_none_is_none(text: str) -> None:
    assert alpha2(text) is None


def test_a_word_for_unknown_is_no_country_and_no_mistake() -> None:
    assert read_country("undetermined") == (None,)
    with pytest.raises(Refusal):
        read_country("Atlantis")


def test_every_country_of_the_addresses_of_the_sdn_list_is_known(shared_data: Path) -> None:
    with (shared_data / "ofac" / "add.csv").open(encoding="latin-1", newline="") as file:
        names = {row[4] for row in csv.reader(file) if len(row) > 4}
    assert {name for name in names if alpha2(name) is None} == {"-0- ", "undetermined", "Region: Kafia Kingi"}
