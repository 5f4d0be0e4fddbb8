"""FollowTheMoney JSON lines: what entities, links, payments and listings come of them, and every fault."""
# ruff: noqa: E501  # queries beside the rows that they give

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.model.reading import Head, ReadOptions, SourceFile
from finnet.sources import ftm
from finnet.store.bulk import Staged, stage


class Case:
    """Lines staged into an engine of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = duckdb.connect(":memory:")

    def stage(self, *lines: Mapping[str, Any] | bytes, name: str = "invented.ftm.json") -> Staged:
        raw = b"".join((line if isinstance(line, bytes) else orjson.dumps(line)) + b"\n" for line in lines)
        path = self.folder / name
        path.write_bytes(raw)
        return self.read(path)

    def read(self, path: Path) -> Staged:
        reading = ftm.read([SourceFile(path=path, name=path.name)], ReadOptions())
        return stage(self.connection, reading.scans[0])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = Case(tmp_path)
    yield made
    made.connection.close()


def entity(key: str, schema: str, **properties: Sequence[str]) -> dict[str, Any]:
    return {"id": key, "schema": schema, "properties": properties}


def test_a_node_is_an_entity_with_everything_it_said(case: Case) -> None:
    said = entity(
        "q1", "Company", name=["Invented Co", "Co 이름"], country=["hk", "kp"], jurisdiction=["kp"], topics=["sanction"]
    )
    wrapped = said | {"caption": "The Invented Co", "datasets": ["x"], "referents": [], "target": True,
                      "first_seen": "2020-01-02T03:04:05", "last_seen": "2024-05-06T07:08:09"}  # fmt: skip
    case.stage(wrapped)
    found = case.rows(
        "select entity_id, schema, caption, country, countries, topics, first_seen, last_seen, record, byte_offset from stage_entities"
    )
    assert found == [
        ("q1", "Company", "The Invented Co", "kp", ["kp", "hk"], ["sanction"], "2020-01-02", "2024-05-06", 1, 0)
    ]
    assert json.loads(case.rows("select properties from stage_entities")[0][0]) == said["properties"]


@pytest.mark.parametrize(
    ("properties", "country"),
    [
        ({"jurisdiction": ["kp"], "country": ["cn"], "mainCountry": ["ru"], "flag": ["pa"]}, "kp"),
        ({"country": ["cn"], "mainCountry": ["ru"], "addressEntity": ["a1"], "flag": ["pa"]}, "cn"),
        ({"mainCountry": ["ru"], "addressEntity": ["a1"], "flag": ["pa"]}, "ru"),
        ({"addressEntity": ["a1"], "flag": ["pa"]}, "my"),
        ({"flag": ["pa"], "nationality": ["kp"]}, "pa"),
        ({"nationality": ["kp"], "citizenship": ["kp"]}, None),
        ({"country": ["gb-sct"]}, "gb"),
        ({"country": ["suhh"]}, None),
    ],
)
def test_the_country_is_where_it_is_registered_never_a_nationality(
    case: Case, properties: dict[str, list[str]], country: str | None
) -> None:
    case.stage(entity("q1", "Thing", **properties), entity("a1", "Address", full=["1 Invented Road"], country=["my"]))
    assert case.rows("select country from stage_entities where entity_id = 'q1'") == [(country,)]


def test_captions_fall_back_to_what_the_schema_is_called_by(case: Case) -> None:
    case.stage(
        entity("a", "Address", full=["1 Invented Road"]),
        entity("v", "Vessel", imoNumber=["1234567"]),
        entity("p", "Person", alias=["Invented Alias"]),
        entity("x", "Person"),
    )
    assert case.rows("select caption from stage_entities order by record") == [
        ("1 Invented Road",),
        ("1234567",),
        ("Invented Alias",),
        ("x",),
    ]


def test_an_edge_is_a_link_of_its_class_one_for_each_pair(case: Case) -> None:
    staged = case.stage(
        entity(
            "o",
            "Ownership",
            owner=["a", "b"],
            asset=["c"],
            percentage=["25-50"],
            startDate=["2015", "2014-02"],
            endDate=["2019-01-01T00:00:00"],
        ),
        entity("d", "Directorship", director=["a"], organization=["c"], role=["director"]),
        entity("r", "Representation", agent=["a"], client=["c"]),
        entity("u", "UnknownLink", subject=["a"], object=["c"], date=["2016"]),
        entity("f", "Family", person=["a"], relative=["b"], relationship=["sibling"]),
    )
    assert (staged.records, staged.loaded) == (5, 5)
    assert case.rows(
        "select link_id, class, schema, source_id, target_id, role, share_min_ppm, share_max_ppm, start_date, end_date "
        "from stage_links order by record, link_id"
    ) == [
        ("o/1", "ownership", "Ownership", "a", "c", None, 250_000, 500_000, "2014-02", "2019-01-01"),
        ("o/2", "ownership", "Ownership", "b", "c", None, 250_000, 500_000, "2014-02", "2019-01-01"),
        ("d", "governance", "Directorship", "a", "c", "director", None, None, None, None),
        ("r", "representation", "Representation", "a", "c", None, None, None, None, None),
        ("u", "linked", "UnknownLink", "a", "c", None, None, None, "2016", None),
        ("f", "kin", "Family", "a", "b", "sibling", None, None, None, None),
    ]


def test_a_share_that_cannot_be_read_is_undisclosed_and_flagged(case: Case) -> None:
    staged = case.stage(
        entity("o1", "Ownership", owner=["a"], asset=["c"], percentage=["0.5"]),
        entity("o2", "Ownership", owner=["b"], asset=["c"], percentage=["20", "30%"]),
    )
    assert case.rows("select share_min_ppm, share_max_ppm, flags from stage_links order by record") == [
        (None, None, ["unread_share"]),
        (200_000, 300_000, []),
    ]
    assert any("1 shares cannot be read" in note for note in staged.notes)


def test_payments_have_one_amount_or_are_links_of_class_money(case: Case) -> None:
    ends = {"payer": ["a"], "beneficiary": ["b"]}
    staged = case.stage(
        entity(
            "p1",
            "Payment",
            **ends,
            amount=["100.50"],
            currency=["KPW"],
            amountEur=["1"],
            date=["2019-03"],
            purpose=["coal"],
        ),
        entity("p2", "Payment", **ends, amountEur=["5.689852347E7"], date=["2019-03-01", "2019-03-09"]),
        entity("p3", "Payment", payer=["a"], amountUsd=["7"]),
        entity("p4", "Payment", **ends),
        entity("p5", "Payment", **ends, amount=["1,5"], currency=["USD"]),
        entity("p6", "Payment", **ends, amount=["1"], currency=["Moon dollars"]),
        entity("p7", "Payment", payer=["a", "x"], beneficiary=["b"], amountEur=["9"]),
        entity("p8", "Payment", amountEur=["9"]),
        entity("p9", "Payment", **ends, amount=["3"], currency=["XXX"], amountUsd=["4"]),
    )
    assert (staged.loaded, staged.rejected) == (8, 1)
    assert case.rows(
        "select payment_id, payer_id, beneficiary_id, amount, currency, booked_on, booked_until, purpose, count from stage_payments order by record"
    ) == [
        ("p1", "a", "b", Decimal("100.5"), "KPW", "2019-03", None, "coal", 1),
        ("p2", "a", "b", Decimal("56898523.47"), "EUR", "2019-03-01", "2019-03-09", None, 1),
        ("p3", "a", None, Decimal(7), "USD", None, None, None, 1),
        ("p9", "a", "b", Decimal(4), "USD", None, None, None, 1),
    ]
    assert case.rows("select link_id, class, source_id, target_id, flags from stage_links order by link_id") == [
        (key, "money", source, "b", ["no_single_amount"])
        for key, source in (("p4", "a"), ("p5", "a"), ("p6", "a"), ("p7/1", "a"), ("p7/2", "x"))
    ]
    assert case.rows("select record, code from stage_rejects") == [(8, "E1205")]


def test_a_payment_keeps_its_time_of_day(case: Case) -> None:
    ends = {"payer": ["a"], "beneficiary": ["b"], "amountUsd": ["7"]}
    case.stage(
        entity("p1", "Payment", **ends, date=["2019-03-01T23:30:00"]),
        entity("p2", "Payment", **ends, date=["2019-03-01"]),
        entity("p3", "Payment", **ends, date=["2019-03-01T23:30:00", "2019-03-02T08:00:00"]),
    )
    assert case.rows("select payment_id, booked_on, booked_until, booked_at from stage_payments order by record") == [
        ("p1", "2019-03-01", None, "2019-03-01T23:30:00"),
        ("p2", "2019-03-01", None, None),
        ("p3", "2019-03-01", "2019-03-02", None),
    ]


def test_a_sanction_lists_its_entity_once_per_programme_and_stays_an_entity(case: Case) -> None:
    staged = case.stage(
        entity("s1", "Sanction", entity=["q1"], authority=["OFAC"], program=["DPRK", "DPRK2"], authorityId=["77"],
               listingDate=["2016-03-02"], endDate=["2020-01-01"]),
        entity("s2", "Sanction", entity=["q1", "q2"], startDate=["2017"]),
        entity("s3", "Sanction", authority=["OFAC"]),
    )  # fmt: skip
    assert staged.loaded == 3
    assert case.rows(
        "select entity_id, authority, program, reference, listed_on, delisted_on from stage_listings order by record, entity_id, program"
    ) == [
        ("q1", "OFAC", "DPRK", "77", "2016-03-02", "2020-01-01"),
        ("q1", "OFAC", "DPRK2", "77", "2016-03-02", "2020-01-01"),
        ("q1", "unspecified", None, None, "2017", None),
        ("q2", "unspecified", None, None, "2017", None),
    ]
    assert case.rows("select count(*) from stage_entities where schema = 'Sanction'") == [(3,)]
    assert any("1 sanctions name no entity" in note for note in staged.notes)


def test_an_empty_list_says_no_more_than_a_property_that_is_not_there(case: Case) -> None:
    staged = case.stage(
        entity("q1", "Company", name=[], alias=["Invented"], jurisdiction=[], country=["kp"], topics=[]),
        entity("o1", "Ownership", owner=["q1"], asset=["q2"], percentage=[], startDate=[], role=[]),
        entity("s1", "Sanction", entity=["q1"], program=[], programId=[], authority=[], listingDate=[]),
        entity("s2", "Sanction", entity=["q1"], program=[], programId=["P"], authority=["UN"]),
        entity("d1", "Directorship", director=[], organization=["q1"]),
    )
    assert (staged.loaded, staged.rejected, staged.notes) == (4, 1, ())
    assert case.rows("select entity_id, caption, country, schema from stage_entities order by record limit 1") == [
        ("q1", "Invented", "kp", "Company")
    ]
    assert case.rows("select link_id, share_min_ppm, share_max_ppm, start_date, role, flags from stage_links") == [
        ("o1", None, None, None, None, [])
    ]
    assert case.rows("select entity_id, authority, program, listed_on from stage_listings order by record") == [
        ("q1", "unspecified", None, None),
        ("q1", "UN", "P", None),
    ]


def test_unknown_properties_are_kept_and_counted(case: Case) -> None:
    staged = case.stage(
        entity("q1", "Person", name=["N"], favouriteColour=["blue"]), entity("q2", "Person", shoeSize=["2"])
    )
    assert json.loads(case.rows("select properties from stage_entities order by record")[0][0])["favouriteColour"] == [
        "blue"
    ]
    assert staged.notes == (
        "invented.ftm.json: 2 properties that FollowTheMoney does not have are kept as they are: Person.favouriteColour, Person.shoeSize",
    )


GOOD = orjson.dumps(entity("good", "Person", name=["Good"]))
FAULTS = [
    ("not JSON", b'{"id": "a", ', "E1201"),
    ("two documents", b'{"id":"a"} {"id":"b"}', "E1201"),
    ("an array", b"[1]", "E1201"),
    ("a text", b'"a"', "E1201"),
    ("NaN", b'{"id":"a","schema":"Person","properties":{"name":[NaN]}}', "E1201"),
    ("NaN beside", b'{"id":"a","schema":"Person","properties":{},"score":NaN}', "E1201"),
    ("value not a list", b'{"id":"a","schema":"Person","properties":{"name":"x"}}', "E1201"),
    ("value a number", b'{"id":"a","schema":"Person","properties":{"name":["x",5]}}', "E1201"),
    ("value null", b'{"id":"a","schema":"Person","properties":{"name":[null]}}', "E1201"),
    ("value an object", b'{"id":"a","schema":"Person","properties":{"name":["x",{"a":"b"}]}}', "E1201"),
    ("value a list", b'{"id":"a","schema":"Person","properties":{"name":[["x"]]}}', "E1201"),
    ("properties a list", b'{"id":"a","schema":"Person","properties":[]}', "E1201"),
    ("no properties", b'{"id":"a","schema":"Person"}', "E1201"),
    ("no id", b'{"schema":"Person","properties":{}}', "E1205"),
    ("empty id", b'{"id":"","schema":"Person","properties":{}}', "E1205"),
    ("id a number", b'{"id":12345678901234567890123,"schema":"Person","properties":{}}', "E1201"),
    ("no schema", b'{"id":"a","properties":{}}', "E1205"),
    ("unknown schema", b'{"id":"a","schema":"Persn","properties":{}}', "E1209"),
    ("half a surrogate pair", b'{"id":"a\\ud800","schema":"Person","properties":{}}', "E1201"),
    ("not UTF-8", b'{"id":"Jos\xe9","schema":"Person","properties":{}}', "E1211"),
    ("deep nesting", b"[" * 100_000 + b"]" * 100_000, "E1201"),
    ("ownership of nothing", b'{"id":"a","schema":"Ownership","properties":{"owner":["b"]}}', "E1205"),
    ("caption a list", b'{"id":"a","schema":"Person","properties":{"name":[]},"caption":["x"]}', "E1201"),
    ("20 MB line", b'{"id":"a","schema":"Person","properties":{"name":["' + b"x" * 20_000_000 + b'"]}}', "E1210"),
]


@pytest.mark.parametrize(("fault", "line", "code"), FAULTS, ids=[fault for fault, *_ in FAULTS])
def test_a_fault_costs_its_own_line_only(case: Case, fault: str, line: bytes, code: str) -> None:
    staged = case.stage(GOOD, line, GOOD)
    assert (staged.records, staged.loaded, staged.rejected) == (3, 2, 1)
    assert case.rows("select record, byte_offset, code from stage_rejects") == [(2, len(GOOD) + 1, code)]
    kept = case.rows("select from_base64(raw_b64) from stage_rejects")[0][0]
    assert kept == (line if len(line) <= 1 << 20 else line[: 1 << 16])


def test_blank_lines_are_skipped_and_odd_ones_kept(case: Case) -> None:
    staged = case.stage(
        GOOD, b"", b"  \r", GOOD + b"\r",
        b'{"id":"n","schema":"Person","properties":{"name":["NaN Infinity"],"alias":[]},"score":0.5,"extra":{"deep":[[1]]}}',
        b'{"id":"l\\u0041","schema":"Ownership","properties":{"owner":["a [b]"],"asset":["c \\",x"],"role":[]}, "caption": null}',
    )  # fmt: skip
    assert (staged.records, staged.loaded, staged.skipped, staged.rejected) == (6, 4, 2, 0)
    assert case.rows("select link_id, source_id, target_id from stage_links") == [("lA", "a [b]", 'c ",x')]
    assert case.rows("select record, reason from stage_skips order by record") == [(2, "blank line"), (3, "blank line")]


@pytest.mark.parametrize("raw", [b"", b"\n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_records_to_load(case: Case, tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "e.json"
    path.write_bytes(raw)
    assert case.read(path).loaded == 0


def test_a_mark_and_a_missing_last_line_end_change_nothing(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD + b"\n" + GOOD)
    staged = case.read(path)
    assert staged.loaded == 2
    assert case.rows("select byte_offset from stage_entities order by record") == [(3,), (3 + len(GOOD) + 1,)]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


PROPERTIES = st.dictionaries(
    st.sampled_from(["name", "alias", "notes", "country"]), st.lists(TEXTS, min_size=1, max_size=3)
)


@settings(max_examples=5, deadline=None)
@given(many=st.lists(PROPERTIES, min_size=1, max_size=40))
def test_what_went_in_comes_out(tmp_path_factory: pytest.TempPathFactory, many: list[dict[str, list[str]]]) -> None:
    one = Case(tmp_path_factory.mktemp("round"))
    one.stage(*(entity(f"x{number}", "Person", **properties) for number, properties in enumerate(many)))
    assert [json.loads(text) for (text,) in one.rows("select properties from stage_entities order by record")] == many
    one.connection.close()


@pytest.mark.parametrize(
    ("start", "is_ftm"),
    [
        (GOOD, True),
        (b"\n\n" + GOOD + b"\n{}", True),
        (b'{"id": "a", "schema": "Nonsense", "properties": {}}', False),
        (b'{"statementID": "x"}', False),
        (b"a,b\n", False),
        (b"", False),
    ],
)
def test_ftm_is_recognised_by_its_first_line(tmp_path: Path, start: bytes, is_ftm: bool) -> None:
    (tmp_path / "x").write_bytes(start)
    assert ftm.sniff(Head(tmp_path / "x")) == is_ftm


def test_the_german_donations_are_all_there(case: Case, shared_data: Path) -> None:
    path = shared_data / "ftm" / "donations.ijson"
    staged = case.read(path)
    assert (staged.records, staged.loaded) == (474, 474)
    # 89 Address + 56 Company + 22 Person + 17 Organization; 290 Payment
    assert case.rows("select schema, count(*) from stage_entities group by schema order by schema") == [
        ("Address", 89),
        ("Company", 56),
        ("Organization", 17),
        ("Person", 22),
    ]
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    total = sum(Decimal(line["properties"]["amountEur"][0]) for line in lines if line["schema"] == "Payment")
    assert case.rows("select count(*), sum(amount), any_value(currency) from stage_payments") == [(290, total, "EUR")]
    kept = dict(
        case.rows(
            "select entity_id, properties from stage_entities union all select payment_id, properties from stage_payments"
        )
    )
    assert {key: json.loads(text) for key, text in kept.items()} == {line["id"]: line["properties"] for line in lines}
