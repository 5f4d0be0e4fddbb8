"""Views, selectors, identity and the index."""

from __future__ import annotations

import json

import pytest
from invented_lists import FILE, entity, link, small_list, store

from finnet.errors import SelectorError, UnknownNameError, UsageError
from finnet.model.selector import matches, parse
from finnet.model.statement import Counted, Entity, Listing, Origin
from finnet.store.case import Case
from finnet.store.resolve import resolve


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "c.finnet"


@pytest.fixture
def case(folder, tmp_path):
    store(folder, tmp_path, small_list())
    with Case.open(folder) as opened:
        yield opened


def test_the_views_have_the_documented_columns(case):
    documented = {
        "v1_entity": "entity_id canonical_id schema caption country topics dataset record byte_offset properties",
        "v1_link": "link_id class schema source_id target_id role share_min_ppm share_max_ppm country amount currency "
        "commodity start_date end_date basis reliability credibility dataset record byte_offset",
        "v1_payment": "payment_id payer_id beneficiary_id payer_account beneficiary_account intermediary_id amount "
        "currency count booked_on booked_at step purpose commodity basis reliability credibility dataset record "
        "byte_offset",
        "v1_listing": "entity_id authority program reference listed_on delisted_on dataset record byte_offset",
        "v1_source": "dataset list_date file sha256 format records loaded rejected skipped licence",
    }
    for view, columns in documented.items():
        assert set(columns.split()) <= set(case.columns(f"select * from {view} limit 0"))


def test_grade_and_dataset_are_on_every_row(case):
    (row,) = case.rows("select distinct dataset, reliability, credibility from v1_link")
    assert row == {"dataset": "small", "reliability": "B", "credibility": "2"}


def test_merged_ids_stand_as_one_party_in_links(folder, tmp_path):
    store(folder, tmp_path, small_list())
    (folder / "decisions.jsonl").write_text(json.dumps({"do": "merge", "left": "nobody", "right": "e1"}) + "\n")
    with Case.open(folder) as merged:
        ends = merged.rows("select source_id, target_id, stated_target_id from v1_link order by link_id")
    assert ends == [
        {"source_id": "e1", "target_id": "e2", "stated_target_id": "e2"},
        {"source_id": "e2", "target_id": "e1", "stated_target_id": "nobody"},
    ]


def test_the_engine_reads_nothing_but_the_case(case, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for sql in (f"select * from read_csv('{tmp_path}/secret.csv')", "set enable_external_access = true"):
        with pytest.raises(UsageError):
            case.rows(sql)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("country:KP", ["e1"]),
        ("schema:company", ["e1", "e2"]),
        ("schema:LegalEntity", ["e1", "e2", "nobody"]),  # a Company is a LegalEntity, and so is the stub
        ("tag:source", ["e2"]),
        ("topic:sanction", ["e2"]),
        ("listed", ["e2"]),
        ("program:p*", ["e2"]),
        ("list:invented office", ["e2"]),
        ("dataset:small+!listed", ["e1", "nobody"]),
        ("id:e1,id:e2", ["e1", "e2"]),
        ("Invented Company 1", ["e1"]),
        ('"invented company 2"', ["e2"]),
        ("name:invented*", ["e1", "e2"]),
        ("country:xx", []),
    ],
)
def test_selectors(case, selector, expected):
    assert case.select(selector) == tuple(expected)


def test_selectors_read_ids_from_a_file(case, tmp_path):
    (tmp_path / "ids.txt").write_text("# mine\ne2\n\nnot there\n")
    assert case.select(f"@{tmp_path}/ids.txt") == ("e2",)


@pytest.mark.parametrize(
    ("selector", "complaint"),
    [
        ("cuntry:kp", "position 1: no key 'cuntry'; did you mean 'country'"),
        ("country:kp++listed", "position 12: a term is missing"),
        ("country:", "has no value"),
        ('tag:x+"open', "position 7: a quote is opened and not closed"),
        ("(country:kp)", "position 1: parentheses are not known"),
        ("tag:a, country:kp)", "position 8: parentheses are not known"),
        ("", "the selector is empty"),
        ("@/nowhere/ids", "cannot be read"),
    ],
)
def test_selectors_that_cannot_be_read(selector, complaint):
    with pytest.raises(SelectorError, match=complaint.replace("(", r"\(")):
        parse(selector)


def test_the_two_evaluations_of_a_selector_agree(case):
    party = case.rows("select * from v1_party order by canonical_id")
    columns = {name: [row[name] for row in party] for name in party[0]}
    columns["id"] = columns.pop("canonical_id")
    for selector in (
        "country:kp",
        "listed",
        "!listed",
        "tag:source,country:kp",
        "schema:Company+!topic:sanction",
        "name:inv*",
    ):
        held = matches(parse(selector), columns, len(party))
        assert tuple(label for label, yes in zip(columns["id"], held, strict=True) if yes) == case.select(selector)


def test_a_quoted_name_cannot_become_sql(case):
    assert case.select("name:x' or 1=1 --") == ()


def test_a_name_that_several_have_is_not_resolved(folder, tmp_path):
    store(
        folder, tmp_path, [entity(1, "Homonym Invented"), entity(2, "Homonym Invented"), Counted(file=FILE, records=2)]
    )
    with (
        Case.open(folder) as case,
        pytest.raises(UnknownNameError, match=r"2 parties have this name; give an id: e1, e2"),
    ):
        resolve(case, "homonym invented")


def test_an_unknown_name_offers_the_nearest(case):
    with pytest.raises(UnknownNameError, match=r"the nearest: 'Invented Company 1' \(e1\)"):
        resolve(case, "Invnted Compny 1")


def test_search_folds_accents_and_case(folder, tmp_path):
    names = ["Société Inventée", "Sociedad Otra", "이름 없는 회사"]
    statements = [entity(n, name) for n, name in enumerate(names, start=1)]
    store(folder, tmp_path, [*statements, Counted(file=FILE, records=3)])
    with Case.open(folder) as case:
        assert [hit[0] for hit in case.lookup.search("SOCIETE inv", 5)] == ["e1"]
        assert [hit[0] for hit in case.lookup.search("이름", 5)] == ["e3"]
        assert case.lookup.search('" OR * --', 5) == []


def test_who_bears_the_word_comes_before_a_longer_word_that_begins_so(folder, tmp_path):
    names = ["Kimo", "Kim, Invented Second Name"]
    statements = [entity(n, name) for n, name in enumerate(names, start=1)]
    store(folder, tmp_path, [*statements, Counted(file=FILE, records=2)])
    with Case.open(folder) as case:
        found = case.lookup.search("kim", 5)
    # Kim stands whole in the second name: 1/2 and more. In Kimo no word stands whole: half of the share of equal
    # letters, 2 x 3 of 3 + 4.
    assert [hit[0] for hit in found] == ["e2", "e1"]
    assert found[0][2] > 0.5
    assert found[1][2] == pytest.approx(3 / 7, abs=1e-4)


def test_the_index_is_rebuilt_when_it_is_stale_or_damaged(folder, tmp_path):
    store(folder, tmp_path, small_list())
    with Case.open(folder) as case:
        assert case.lookup.entity("e1")
    (folder / "index.sqlite").write_bytes(b"not a database")
    with Case.open(folder) as case:
        assert case.lookup.entity("e1")[0]["caption"] == "Invented Company 1"
    store(folder, tmp_path, [entity(7), Counted(file=FILE, records=7), *_skipped(6)], text="newer")
    with Case.open(folder) as case:
        assert (case.lookup.entity("e1"), case.lookup.entity("e7")[0]["record"]) == ([], 7)


def _skipped(count):
    from finnet.model.statement import Skip

    return [Skip(origin=Origin(FILE, n, n), reason="blank") for n in range(1, count + 1)]


def test_look_ups_know_links_from_both_ends(case):
    assert [row["link_id"] for row in case.lookup.links("e2")] == ["l3", "l4"]


def test_delisted_is_not_listed(folder, tmp_path):
    gone = Listing(entity="e1", authority="Office", delisted_on="2018-01-01", origin=Origin(FILE, 1, 10))
    store(folder, tmp_path, [entity(1), gone, Counted(file=FILE, records=1)])
    with Case.open(folder) as case:
        assert case.select("listed") == ()


def test_several_statements_of_one_party_are_one_party(folder, tmp_path):
    first = Entity(
        id="x", schema="Company", caption="X One", origin=Origin(FILE, 1, 0), countries=("kp",), country="kp"
    )
    store(folder, tmp_path, [first, Counted(file=FILE, records=1)], dataset="a")
    second = Entity(
        id="x", schema="Company", caption="X Two", origin=Origin(FILE, 1, 0), countries=("cn",), country="cn"
    )
    store(folder, tmp_path, [second, Counted(file=FILE, records=1)], dataset="b", text="b")
    with Case.open(folder) as case:
        (party,) = case.rows("select caption, country, countries, datasets from v1_party")
        assert len(case.rows("select * from v1_entity")) == 2
    assert party == {"caption": "X One", "country": "kp", "countries": ["cn", "kp"], "datasets": ["a", "b"]}


def test_link_and_entity_rows_carry_their_place(case):
    (row,) = case.rows("select file, record, byte_offset from v1_link where link_id = 'l3'")
    assert row == {"file": FILE, "record": 3, "byte_offset": 30}
    assert link(3, "e1", "e2").origin.record == 3
