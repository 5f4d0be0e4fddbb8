"""The verb on tracing over small cases of invented payments, each expected figure derived by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from finnet import api
from finnet.api._traced_money import traced_network
from finnet.cli import application
from finnet.errors import FinnetError, UnknownNameError, UsageError
from finnet.graph.ties import ties
from finnet.query import run
from finnet.report.render import to_json

_MAPPING = """
kind = "payments"
dataset = "statement"
grade = "B2"
ids = "verbatim"
[columns]
payment_id = "id"
payer = "payer"
payer_country = "from"
payer_account = "debited"
beneficiary = "beneficiary"
beneficiary_country = "to"
beneficiary_account = "credited"
intermediary = "via"
amount = "amount"
currency = "ccy"
date = "booked"
"""
_HEADER = "id,payer,from,debited,beneficiary,to,credited,via,amount,ccy,booked\n"
# thief pays 300 and donor 700 into pot; pot pays 400 to shop and 600, through bank, to yard; shop pays 900 to yard, 500
# of which no record explains. An undated payment is in no place in time.
_ROWS = """p1,thief,kp,,pot,my,,,300,USD,2019-01-01
p2,donor,my,,pot,my,,,700,USD,2019-01-02
p3,pot,my,,shop,sg,,,400,USD,2019-01-03
p4,pot,my,,yard,cn,,bank,600,USD,2019-01-04
p5,shop,sg,,yard,cn,,,900,USD,2019-01-05
p6,thief,kp,,yard,cn,,,50,USD,
"""


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[[str], api.Case]]:
    opened: list[api.Case] = []

    def make(rows: str) -> api.Case:
        (tmp_path / "mapping.toml").write_text(_MAPPING, encoding="utf-8")
        (tmp_path / "payments.csv").write_text(_HEADER + rows, encoding="utf-8")
        place = tmp_path / "case.finnet"
        api.ingest([str(tmp_path / "payments.csv")], case=place, mapping=str(tmp_path / "mapping.toml"))
        opened.append(api.open_case(place))
        return opened[-1]

    yield make
    for case in opened:
        case.close()


def test_each_party_reached_with_what_it_received_and_the_envelope(made: Callable[[str], api.Case]) -> None:
    answer = api.trace(made(_ROWS), ["thief"])
    # FIFO: pot's first 300 are the thief's: shop gets 300 of 400, yard none of the 600, then all 300 as shop pays on.
    # Haircut: 30 % of 1,000: 120 to shop and 180 through bank; shop pays all it has on: yard has 300 in the end.
    # LIFO and clean first: shop's 400 are donor's; of the 600 to yard 300 are the thief's.
    rows = {row["id"]: (row["tainted"], row["low"], row["high"]) for row in answer.rows}
    assert rows == {
        "pot": (Decimal("300.00"), Decimal("300.00"), Decimal("300.00")),
        "shop": (Decimal("300.00"), Decimal("0.00"), Decimal("300.00")),
        "yard": (Decimal("300.00"), Decimal("300.00"), Decimal("300.00")),
    }
    envelope = answer.summary["envelope"]
    assert {rule: said["parties"] for rule, said in envelope.items()} == {
        "poison": 4, "haircut": 4, "fifo": 3, "lifo": 3, "clean_first": 3, "taint_first": 3,
    }  # fmt: skip
    assert {said["held"] for rule, said in envelope.items() if rule != "poison"} == {Decimal("300.00")}
    assert answer.summary["source_total"] == Decimal("300.00")


def test_a_row_says_share_dates_what_rests_and_what_is_unexplained(made: Callable[[str], api.Case]) -> None:
    answer = api.trace(made(_ROWS), ["thief"])
    [yard] = [row for row in answer.rows if row["id"] == "yard"]
    assert yard == {
        "id": "yard", "caption": "yard", "schema": "LegalEntity", "country": "cn", "received": Decimal("1500.00"),
        "tainted": Decimal("300.00"), "share": 0.2, "low": Decimal("300.00"), "high": Decimal("300.00"),
        "held": Decimal("300.00"), "unexplained": Decimal("0.00"), "first": "2019-01-05", "last": "2019-01-05",
        "payments": 1, "hops": 3, "via": ["shop"], "payment_ids": ["p5"], "records": ["statement:5"],
    }  # fmt: skip
    [shop] = [row for row in answer.rows if row["id"] == "shop"]
    assert shop["unexplained"] == Decimal("500.00")
    assert answer.summary["unexplained_inflow"] == Decimal("500.00")
    assert answer.summary["undated"] == 1


def test_countries_say_where_it_rests(made: Callable[[str], api.Case]) -> None:
    answer = api.trace(made(_ROWS), ["thief"], rule="lifo")
    assert answer.summary["countries"] == {
        "CN": {"lifo": Decimal("300.00"), "low": Decimal("300.00"), "high": Decimal("300.00")}
    }


def test_backwards_it_comes_from_who_sent_it(made: Callable[[str], api.Case]) -> None:
    # Of yard's 1,500 under FIFO backwards: 600 through bank from donor's coins; 900 from shop: 500 unexplained there,
    # and 400 from pot, which are the thief's 300 and donor's first 100.
    answer = api.trace(made(_ROWS), ["yard"], backward=True)
    rows = {row["id"]: (row["sent"], row["tainted"], row["held"]) for row in answer.rows}
    assert rows == {
        "pot": (Decimal("1000.00"), Decimal("1000.00"), Decimal("0.00")),
        "shop": (Decimal("900.00"), Decimal("900.00"), Decimal("500.00")),
        "donor": (Decimal("700.00"), Decimal("700.00"), Decimal("700.00")),
        "bank": (Decimal("600.00"), Decimal("600.00"), Decimal("0.00")),
        "thief": (Decimal("300.00"), Decimal("300.00"), Decimal("300.00")),
    }
    assert answer.summary["source_total"] == Decimal("1500.00")


def test_a_single_payment_can_be_the_source(made: Callable[[str], api.Case]) -> None:
    answer = api.trace(made(_ROWS), payment=["p4"])
    assert {row["id"]: row["tainted"] for row in answer.rows} == {"bank": Decimal("600.00"), "yard": Decimal("600.00")}


def test_routes_name_payments_and_records(made: Callable[[str], api.Case]) -> None:
    answer = api.trace(made(_ROWS), ["thief"], paths=5)
    told = ("path", "step", "payer", "beneficiary", "amount", "payment", "record")
    assert [tuple(row[name] for name in told) for row in answer.rows] == [
        (1, 1, "thief", "pot", Decimal("300.00"), "p1", 1),
        (1, 2, "pot", "shop", Decimal("300.00"), "p3", 3),
        (1, 3, "shop", "yard", Decimal("300.00"), "p5", 5),
    ]


def test_routes_backwards_are_told_in_the_order_of_time(made: Callable[[str], api.Case]) -> None:
    answer = api.trace(made(_ROWS), ["yard"], backward=True, to="thief", paths=1)
    assert [row["payment"] for row in answer.rows] == ["p1", "p3", "p5"]


def test_tracing_ends_at_exits_and_shows_them_alone(made: Callable[[str], api.Case]) -> None:
    answer = api.trace(made(_ROWS), ["thief"], to="country:sg,country:cn")
    assert {row["id"]: row["held"] for row in answer.rows} == {"shop": Decimal("300.00")}
    at_exits = {rule: said["at_exits"] for rule, said in answer.summary["envelope"].items()}
    assert at_exits["fifo"] == Decimal("300.00")


def test_a_source_may_be_a_selector_and_several(made: Callable[[str], api.Case]) -> None:
    answer = api.trace(made(_ROWS), ["country:kp", "donor"])
    assert answer.summary["source_total"] == Decimal("1000.00")


def test_accounts_can_stand_for_themselves(made: Callable[[str], api.Case]) -> None:
    case = made(
        "p1,thief,,A1,pot,,B1,,300,USD,2019-01-01\n"
        "p2,donor,,C1,pot,,B2,,700,USD,2019-01-02\n"
        "p3,pot,,B2,shop,,D1,,400,USD,2019-01-03\n"
    )
    assert {row["id"] for row in api.trace(case, ["thief"]).rows} == {"pot", "shop"}
    assert {row["id"] for row in api.trace(case, ["thief"], by="account").rows} == {"B1"}


def test_several_currencies_exit_2(made: Callable[[str], api.Case]) -> None:
    case = made(_ROWS + "p7,pot,my,,shop,sg,,,1,EUR,2019-01-03\n")
    with pytest.raises(UsageError, match="EUR") as raised:
        api.trace(case, ["thief"])
    assert raised.value.exit_code == 2
    assert api.trace(case, ["thief"], currency="USD").summary["currency"] == "USD"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"entities": []}, "nothing to trace from"),
        ({"entities": ["thief"], "rule": "filo"}, "no rule called 'filo'.*poison, haircut"),
        ({"entities": ["thief"], "rule": "haircut", "paths": 2}, "cannot say which of it went where"),
        ({"payment": ["p99"]}, "no payment with the id 'p99'"),
        ({"payment": ["p6"]}, "'p6' moves nothing here: it has no date"),
        ({"entities": ["nobody at all"]}, "no entity with this id or name"),
        ({"entities": ["country:zz"]}, "nobody in the case is meant by"),
    ],
)
def test_what_cannot_be_asked_is_said(made: Callable[[str], api.Case], options: dict[str, object], says: str) -> None:
    with pytest.raises(FinnetError, match=says) as raised:
        api.trace(made(_ROWS), **options)  # type: ignore[arg-type]
    assert raised.value.exit_code == 2


def test_who_never_pays_traces_nothing_and_is_told(made: Callable[[str], api.Case]) -> None:
    answer = api.trace(made(_ROWS), ["yard"])
    assert (answer.rows, answer.summary["source_total"]) == ([], Decimal("0.00"))
    assert "no money of these sources moves in the recorded payments" in answer.notes


def test_an_unknown_rule_offers_all(made: Callable[[str], api.Case]) -> None:
    with pytest.raises(UnknownNameError, match="clean_first, taint_first"):
        api.trace(made(_ROWS), ["thief"], rule="")


def test_shared_times_are_said(made: Callable[[str], api.Case]) -> None:
    case = made("p1,a,,,b,,,,1,USD,2019-01-01\np2,b,,,c,,,,1,USD,2019-01-01\np3,b,,,d,,,,1,USD,2019-01-02\n")
    answer = api.trace(case, ["a"])
    assert answer.summary["shared_times"] == 2
    assert any(note.startswith("2 of 3 payments share their time with another") for note in answer.notes)


def test_hostile_names_are_inert_on_the_terminal(made: Callable[[str], api.Case]) -> None:
    case = made('p1,"\x1b[31mred","kp",,"<script>alert(1)</script>",,,,1,USD,2019-01-01\n')
    result = CliRunner().invoke(application(), ["trace", "country:kp", "-c", str(case.path)])
    assert result.exit_code == 0
    assert "\x1b" not in result.output


def test_formulas_are_guarded_in_csv(made: Callable[[str], api.Case]) -> None:
    case = made('p1,thief,,,"=HYPERLINK(""x"")",,,,1,USD,2019-01-01\n')
    result = CliRunner().invoke(application(), ["trace", "thief", "-c", str(case.path), "--format", "csv"])
    assert ",=HYPERLINK" not in result.output
    assert "'=HYPERLINK" in result.output


def test_choke_shows_the_flow_in_time_order_beside_the_recorded_sums(made: Callable[[str], api.Case]) -> None:
    # x pays t 3 before it has anything, 2 on the day that s's 5 come, and 1 a day later; y's way of 4 is in order.
    case = made(
        "p1,x,,,t,,,,3,USD,2019-01-01\n"
        "p2,s,,,x,,,,5,USD,2019-01-02\n"
        "p3,x,,,t,,,,2,USD,2019-01-02\n"
        "p4,x,,,t,,,,1,USD,2019-01-03\n"
        "p5,s,,,y,,,,4,USD,2019-01-04\n"
        "p6,y,,,t,,,,4,USD,2019-01-05\n"
    )
    answer = api.choke(case, from_="id:s", to="id:t", budget=1)
    assert [row["id"] for row in answer.rows] == ["x"]
    assert answer.summary["flow_in_time"] == {
        "recorded sums": {"before": Decimal("9.00"), "after": Decimal("4.00")},
        "in time order, same time too": {"before": Decimal("7.00"), "after": Decimal("4.00")},
        "in time order, strictly later": {"before": Decimal("5.00"), "after": Decimal("4.00")},
    }


def test_choke_does_not_guess_the_flow_in_time_where_one_of_two_currencies_is_severed(
    made: Callable[[str], api.Case], tmp_path: Path
) -> None:
    # Against x, the US severs what clears there: its dollars, not its euros to t.
    case = made("p1,s,,,x,,,,9,USD,2019-01-01\np2,x,,,t,,,,2,USD,2019-01-02\np3,x,,,t,,,,1,EUR,2019-01-03\n")
    rates = tmp_path / "rates.csv"
    rates.write_text("date,currency,base,rate\n2019-01-01,EUR,USD,2\n", encoding="utf-8")
    answer = api.choke(case, from_="id:s", to="id:t", budget=1, rates=rates, enforcers="US")
    assert [row["id"] for row in answer.rows] == ["x"]
    assert answer.summary["flow_in_time"]["in time order, strictly later"] == {"before": Decimal("4.00")}


def test_choke_says_nothing_of_time_where_nothing_is_dated(made: Callable[[str], api.Case]) -> None:
    case = made("p1,s,,,x,,,,5,USD,\np2,x,,,t,,,,5,USD,\n")
    assert "flow_in_time" not in api.choke(case, from_="id:s", to="id:t", budget=1).summary


@pytest.mark.parametrize("bank", ["amsterdam-trade-bank-nv", "the-bank-of-new-york-mellon-corp"])
def test_a_bank_of_the_fincen_files_sends_what_its_rows_add_up_to(bank: str, tmp_path: Path, shared_data: Path) -> None:
    import csv

    file = shared_data / "fincen" / "download_transactions_map.csv"
    sent = Decimal(0)
    with file.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            ends = row["originator_bank_id"], row["filer_org_name_id"], row["beneficiary_bank_id"]
            # Sent on by the bank: as the originator, or as the filer between two others.
            if row["begin_date"] and bank in ends[:2] and ends[2] != bank:
                sent += Decimal(row["amount_transactions"])
    assert sent > 0
    api.ingest([str(file)], case=tmp_path / "case.finnet", mapping="fincen")
    with api.open_case(tmp_path / "case.finnet") as case:
        answer = api.trace(case, [f"fincen-{bank}"])
    assert answer.summary["source_total"] == sent
    for rule, said in answer.summary["envelope"].items():
        if rule not in ("poison", "haircut"):
            assert said["held"] + said["returned"] + said["outside"] == sent


# Four sources alike, each with a go-between of its own; all money runs over one bank, which has other business besides.
_ALIKE = (
    "".join(
        f"a{n},src{n},kp,,go{n},my,,,100,USD,2019-01-01\nb{n},go{n},my,,bank,sg,,,100,USD,2019-01-02\n"
        for n in range(4)
    )
    + "c1,honest,cn,,bank,sg,,,600,USD,2019-01-02\nc2,bank,sg,,exit,hk,,,1000,USD,2019-01-03\n"
)


def test_a_null_tells_a_go_between_from_a_bank(made: Callable[[str], api.Case]) -> None:
    answer = api.trace(made(_ALIKE), ["src0"], null=200)
    rows = {row["id"]: row for row in answer.rows}
    # go0 sends on 100 of 100, all of it traced. The bank sends 1,000 of which it holds 100 of 1,000 traced.
    assert {label: (row["bite"], row["collateral"]) for label, row in rows.items()} == {
        "go0": (Decimal("100.00"), Decimal("0.00")),
        "bank": (Decimal("100.00"), Decimal("900.00")),
    }
    assert rows["bank"]["ratio"] == pytest.approx(1 / 9)
    assert rows["go0"]["ratio"] is None
    assert rows["bank"]["p"] == 1.0
    assert answer.rows == api.trace(made(_ALIKE), ["src0"], null=200).rows


def test_a_null_that_can_only_draw_the_sources_themselves_says_nothing_and_says_so(
    made: Callable[[str], api.Case],
) -> None:
    said = "every draw has the same sources, so expected, p and q say nothing"
    case = made(_ALIKE)
    # All of kp are sources: whoever is drawn in their place is one of them.
    assert any(said in note for note in api.trace(case, ["country:kp"], null=20).notes)
    assert not any("every draw" in note for note in api.trace(case, ["src0"], null=20).notes)


def test_a_null_goes_forward_from_parties(made: Callable[[str], api.Case]) -> None:
    with pytest.raises(UsageError, match="--null goes forward from parties to all: it does not go with --backward;"):
        api.trace(made(_ALIKE), ["src0"], null=10, backward=True)


def test_a_page_draws_the_links_that_traced_money_took(made: Callable[[str], api.Case], tmp_path: Path) -> None:
    case = made(_ROWS)
    answer = api.trace(case, ["thief"])
    (tmp_path / "t.json").write_text(to_json(answer), encoding="utf-8")
    for number, given in enumerate((answer, tmp_path / "t.json")):
        drawn = api.view(case, trace=given, output=tmp_path / f"{number}.html")
        # thief to pot, pot to shop, shop to yard, 300 each; neither donor nor bank carried any of it under FIFO.
        assert (drawn.rows[0]["vertices"], drawn.rows[0]["edges"], drawn.summary["unit"]) == (4, 3, "USD")
        assert any("the traced part of payments under fifo" in note for note in drawn.notes)
    page = (tmp_path / "0.html").read_bytes()
    assert page == (tmp_path / "1.html").read_bytes()
    assert b"Traced money: where it went" in page
    assert b"donor" not in page


def test_a_traced_page_has_the_records_behind_each_link(made: Callable[[str], api.Case]) -> None:
    case = made(_ROWS)
    traced = traced_network(case, api.trace(case, ["thief"], rule="haircut").params, rates=None)
    network = traced.network
    links = {
        (network.ids[source], network.ids[target]): network.amount(minor)
        for source, target, minor in zip(network.source, network.target, network.minor, strict=True)
    }
    # 30 % of what pot pays: 120 of 400, 180 of 600 through bank; shop pays all of it on.
    assert links == {
        ("thief", "pot"): Decimal("300.00"), ("pot", "shop"): Decimal("120.00"), ("pot", "bank"): Decimal("180.00"),
        ("bank", "yard"): Decimal("180.00"), ("shop", "yard"): Decimal("120.00"),
    }  # fmt: skip
    assert traced.sources == ["thief"]
    found = ties(case, network, [("pot", "bank")])
    assert [(row["payment_id"], row["dataset"], row["record"]) for row in found] == [("p4", "statement", 4)]


def test_what_rates_counted_is_drawn_with_the_same_rates_alone(made: Callable[[str], api.Case], tmp_path: Path) -> None:
    case = made(_ROWS)
    for name, rate in (("rates", "0.90"), ("other", "0.80")):
        (tmp_path / f"{name}.csv").write_text(f"date,currency,base,rate\n2019-01-01,USD,EUR,{rate}\n")
    answer = api.trace(case, ["thief"], rates=tmp_path / "rates.csv")
    assert (
        api.view(case, trace=answer, rates=tmp_path / "rates.csv", output=tmp_path / "a.html").summary["unit"] == "EUR"
    )
    for rates in (None, tmp_path / "other.csv"):
        with pytest.raises(UsageError, match="counted by"):
            api.view(case, trace=answer, rates=rates, output=tmp_path / "b.html")
    with pytest.raises(UsageError, match="counted without rates"):
        api.view(case, trace=api.trace(case, ["thief"]), rates=tmp_path / "rates.csv", output=tmp_path / "b.html")
    assert not (tmp_path / "b.html").exists()


def test_what_is_no_trace_is_not_drawn_as_one(made: Callable[[str], api.Case], tmp_path: Path) -> None:
    case = made(_ROWS)
    for text, error in (("{}", "not an answer of finnet trace"), ("[1]", "not an answer"), ("", "not an answer")):
        (tmp_path / "t.json").write_text(text)
        with pytest.raises(FinnetError, match=error):
            api.view(case, trace=tmp_path / "t.json", output=tmp_path / "b.html")
    with pytest.raises(UsageError, match="no traced links"):
        api.view(case, trace=api.rank(case), output=tmp_path / "b.html")
    with pytest.raises(UsageError, match="its own links"):
        api.view(case, trace=api.trace(case, ["thief"]), graph="payments", output=tmp_path / "b.html")


def test_a_step_that_traces_can_be_drawn(tmp_path: Path) -> None:
    (tmp_path / "payments.csv").write_text(_HEADER + _ROWS, encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(_MAPPING, encoding="utf-8")
    (tmp_path / "q.toml").write_text(
        """title = "Invented money"
question = "Where did it go?"
inputs = [{ name = "paid", file = "payments.csv", mapping = "mapping.toml" }]
[[steps]]
id = "money"
do = "trace"
entities = ["thief"]
draw = "view"
""",
        encoding="utf-8",
    )
    answer = run([str(tmp_path / "q.toml")], into=tmp_path / "runs")
    assert {row["output"].rpartition("/")[2] for row in answer.rows} == {"money.csv", "money.json", "money.html"}
    [page] = (tmp_path / "runs").rglob("money.html")
    assert "donor" not in page.read_text(encoding="utf-8")


def test_a_payment_that_moves_nothing_is_refused_with_the_reason(made: Callable[[str], api.Case]) -> None:
    case = made(_ROWS + "p7,pot,my,,shop,sg,,,5,EUR,2019-01-09\np8,donor,my,,shop,sg,,,9,USD,2019-01-08\n"
                "p9,donor,my,,shop,sg,,,-9,USD,2019-01-09\n")  # fmt: skip
    for payment, reason in (
        ("p6", "it has no date"), ("p7", "it is in EUR, not USD"), ("p8", "it was reversed"),
        ("p9", "it is a reversal"),
    ):  # fmt: skip
        with pytest.raises(UsageError, match=reason):
            api.trace(case, payment=[payment], currency="USD")
