"""The sentences on why a party is in a best set: each follows from its fact, and none says what it must not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from finnet.report import why
from finnet.report.why import Facts, explanation

# Words about guilt, or about what a record is not.
BANNED = re.compile(
    r"\b(criminals?|guilt\w*|guilty|launder\w*|terroris\w*|illegal\w*|fraud\w*|crook\w*|culprits?|suspects?|evaders?|"
    r"corrupt\w*|smuggl\w*|certainly|undoubtedly|obviously)\b",
    re.IGNORECASE,
)
FACTS = Facts(
    caption="Plainly Invented Brokers", objective="flow", unit="USD", members=3, bite="1234.50", before="5000.00",
    after="10.00", optimal=True, through=11, links=12, through_records=("leak:4", "leak:9"), own_records=("leak:4",),
    sources=(("leak", 12),), substitutes=("Beta (b)",), rank_volume=31, rank_betweenness=7,
)  # fmt: skip


def texts(facts: Facts) -> list[str]:
    return [one.text for one in explanation(facts).statements]


def test_what_is_known_is_said_with_its_records() -> None:
    said = explanation(FACTS)
    assert [(one.text, one.records) for one in said.statements] == [
        (
            "Plainly Invented Brokers is in the best set of 3, proved for the recorded data: once all of them are "
            "acted on, 10.00 of 5,000.00 USD can still flow.",
            (),
        ),
        (
            "Chosen because 11 recorded links on the ways that are asked about pass only through it.",
            ("leak:4", "leak:9"),
        ),
        ("Without it in the set, 1,234.50 USD more could flow.", ()),
        ("Among those who could be chosen, it ranks 31 by volume and 7 by betweenness.", ()),
        ("Beta (b) could take its place.", ()),
        ("Rests on one source: all 12 of its links in this graph come from leak.", ("leak:4",)),
        (
            "This would be undone if Beta (b) took over what runs through it; or if the records of leak were wrong.",
            (),
        ),
    ]
    assert (said.rests_on, said.replaced_by) == (("leak",), ("Beta (b)",))
    assert said.undone_if == ("Beta (b) took over what runs through it", "the records of leak were wrong")


@pytest.mark.parametrize(("change", "sentence"), [
    ({"through": 0}, "No recorded link passes only through it: others could carry what it carries"),
    ({"through": 1}, "Chosen because 1 recorded link on the ways that are asked about passes only through it."),
    ({"substitutes": ()}, "Among the recorded parties, nobody was found who could take its place in the set."),
    ({"substitutes_chosen": ("C",)}, "C, in the set too, could take its place if it alone were acted on."),
    ({"captured": ("D", "E")}, "the ownership rule also blocks D and E, and would not without it."),
    ({"sources": (("leak", 9), ("books", 3))}, "Its 12 links in this graph come from leak (9) and books (3)."),
    ({"rests_on_dataset": ("leak",)}, "Asked again without leak, it is no longer in the best set."),
    ({"horizon": "180d", "lasting": 3.5}, "Over 180d, as the network is assumed to rewire, 3.5 of that lasts"),
    ({"horizon": "180d", "lasting": 1, "took_over": 2}, "In the model 2 other parties or newly formed ones take"),
    ({"horizon": "180d", "hydra": True, "lasting": -1}, "On some day more is left than there was before"),
])  # fmt: skip
def test_each_fact_has_its_sentence(change: dict[str, object], sentence: str) -> None:
    assert sentence in " ".join(texts(replace(FACTS, **change)))  # type: ignore[arg-type]


def test_countries_enforce_and_measures_are_taken() -> None:
    country = replace(
        FACTS, caption="US", kind="jurisdiction", members=1, through=None, sources=(), substitutes=("CN",)
    )
    said = explanation(country)
    assert said.statements[0].text.endswith("once it enforces, 10.00 of 5,000.00 USD can still flow.")
    assert "The next best in its place: CN." in texts(country)
    assert said.undone_if == ("US did not enforce",)
    measure = replace(country, caption="Embargo", kind="lever", members=2, substitutes=())
    assert "once all of them are taken" in texts(measure)[0]
    assert explanation(measure).undone_if == ("the measure were not carried out",)


def test_what_is_not_known_is_not_said() -> None:
    bare = replace(
        FACTS, through=None, sources=(), substitutes=(), rank_volume=None, rank_betweenness=None, optimal=False
    )
    assert len(texts(bare)) == 3
    assert "proved" not in " ".join(texts(bare))


def test_doubt_is_never_called_a_probability_of_anything() -> None:
    said = " ".join(texts(replace(FACTS, chosen_in=0.83, worlds=200)))
    assert "Under assumed grades it is in the best set in 83% of 200 worlds" in said
    assert "nothing about the party" in said
    assert "probab" not in said


def test_no_sentence_uses_a_word_of_guilt() -> None:
    assert BANNED.findall(Path(why.__file__).read_text(encoding="utf-8")) == []
