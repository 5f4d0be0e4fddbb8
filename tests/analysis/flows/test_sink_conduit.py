"""Sink and conduit scores, on the worked example of chains over DE, FR, NL and BM, derived by hand."""

from __future__ import annotations

import numpy as np
import pytest

from finnet.analysis.flows.sink_conduit import PUBLISHED_THRESHOLD, Chunks, country_scores, ownership_chunks
from finnet.graph.network import Network

_CHAINS = [(["de", "nl", "bm"], 100.0), (["fr", "nl", "bm"], 50.0), (["de", "fr"], 30.0)]
_GDP = {"de": 40.0, "fr": 30.0, "nl": 9.0, "bm": 1.0}


def test_the_worked_example_with_gdp_as_size() -> None:
    scores = country_scores(Chunks.of(_CHAINS), _GDP, threshold=PUBLISHED_THRESHOLD)
    # Pairs: 100 + 100 + 50 + 50 + 30 = 330. BM (150 / 330) · 80 / 1 = 36.4; DE -130 / 330 · 80 / 40 = -0.79; NL 0.
    # Triples: 150, all through NL into BM, which alone is above 10: 1 · 80 / 9 = 8.9.
    assert {code: round(score.sink, 2) for code, score in scores.items()} == {
        "bm": 36.36, "de": -0.79, "fr": -0.16, "nl": 0.0,
    }  # fmt: skip
    assert [code for code, score in scores.items() if score.is_sink] == ["bm"]
    assert scores["nl"].conduit_out == pytest.approx(80 / 9)
    assert {scores[code].conduit_out for code in ("bm", "de", "fr")} == {0.0}


def test_without_sizes_the_scores_are_shares() -> None:
    scores = country_scores(Chunks.of(_CHAINS))
    assert (scores["bm"].sink, scores["nl"].conduit_out) == (pytest.approx(150 / 330), 1.0)


def test_a_country_without_a_size_has_no_score() -> None:
    assert np.isnan(country_scores(Chunks.of(_CHAINS), {"de": 1.0})["bm"].sink)


def test_a_chain_inside_one_country_vanishes_and_a_return_counts_each_visit() -> None:
    assert Chunks.of([(["de", "de"], 5.0)]) == Chunks(pairs={}, triples={})
    assert Chunks.of([(["de", "nl", "nl", "de"], 5.0)]) == Chunks(
        pairs={("de", "nl"): 5.0, ("nl", "de"): 5.0}, triples={("de", "nl", "de"): 5.0}
    )
    assert country_scores(Chunks.of([])) == {}


def test_ownership_passes_value_up_by_the_shares() -> None:
    # de-1 belongs by 80 % to nl-1 and by 20 % to nl-2; nl-1 by 50 % to bm-1. From de-1: DE→NL 0.8 + 0.2, NL→BM
    # 0.8 · 0.5, DE→NL→BM 0.4; from nl-1 itself: NL→BM 0.5.
    network = Network.of(("bm-1", "nl-1"), ("nl-1", "de-1"), ("nl-2", "de-1"))
    chunks = ownership_chunks(network, [label[:2] for label in network.ids], np.array([0.5, 0.8, 0.2]))
    assert chunks.pairs == pytest.approx({("de", "nl"): 1.0, ("nl", "bm"): 0.9})
    assert chunks.triples == pytest.approx({("de", "nl", "bm"): 0.4})


def test_a_loop_of_holdings_ends_after_so_many_steps() -> None:
    # Everything a owns is b's and the other way round: each company's value crosses once a step, ten times.
    network = Network.of(("a", "b"), ("b", "a"))
    assert ownership_chunks(network, ["nl", "ch"], np.ones(2)).pairs == {("ch", "nl"): 10.0, ("nl", "ch"): 10.0}
