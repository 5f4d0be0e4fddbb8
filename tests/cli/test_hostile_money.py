"""Values that a payment must not have, end to end: what is stored, what is refused, and what sums are never made."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

import finnet
from finnet.cli import application
from finnet.errors import UsageError

MAPPING = """
kind = "payments"
dataset = "leak"
[columns]
payer = "from"
beneficiary = "to"
amount = "amount"
currency = "ccy"
date = "day"
"""
HEADER = "from,to,amount,ccy,day\n"


def ingest(folder: Path, *lines: str, mapping: str = MAPPING, options: tuple[str, ...] = ()) -> tuple[int, Path, str]:
    table, written, case = folder / "leak.csv", folder / "leak.toml", folder / "c.finnet"
    table.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    written.write_text(mapping)
    ran = CliRunner().invoke(
        application(), ["ingest", str(table), "--mapping", str(written), "-c", str(case), *options]
    )
    return ran.exit_code, case, ran.output


def stored(case: Path) -> list[tuple[str, str, Decimal, str | None]]:
    with finnet.open_case(case) as opened:
        rows = opened.rows("select payer_id, beneficiary_id, amount, booked_on from v1_payment order by record")
    return [(row["payer_id"], row["beneficiary_id"], row["amount"], row["booked_on"]) for row in rows]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("a,b,10.00,EUR,2019-02-30", "E1204"),
        ("a,b,10.00,EUR,30/02/2019", "E1204"),
        ("a,b,10.00,EUR,0000-00-00", "E1204"),
        ("a,b,NaN,EUR,2019-02-03", "E1203"),
        ("a,b,inf,EUR,2019-02-03", "E1203"),
        ("a,b,1e5,EUR,2019-02-03", "E1203"),
        ("a,b,0x10,EUR,2019-02-03", "E1203"),
        ("a,b,1_000,EUR,2019-02-03", "E1203"),
        ("a,b,(12.50),EUR,2019-02-03", "E1203"),
        ("a,b,12.50-,EUR,2019-02-03", "E1203"),
        ("a,b,−5.00,EUR,2019-02-03", "E1203"),
        ("a,b,١٢,EUR,2019-02-03", "E1203"),
        ('a,b,"1.234,56",EUR,2019-02-03', "E1203"),
        ("a,b,,EUR,2019-02-03", "E1205"),
        ("a,b,1.005,EUR,2019-02-03", "E1207"),
        ("a,b,1.5,JPY,2019-02-03", "E1207"),
        ("a,b,1234567890123456789012345,EUR,2019-02-03", "E1207"),
        ("a,b,1.00,EURO,2019-02-03", "E1206"),
        (",,1.00,EUR,2019-02-03", "E1205"),
    ],
)
def test_a_hostile_value_costs_its_record_and_nothing_else(tmp_path: Path, line: str, code: str) -> None:
    good = "c,d,1.00,EUR,2019-02-03"
    exit_code, case, _ = ingest(tmp_path, good, line, good)
    assert exit_code == 3
    assert stored(case) == [("leak-c", "leak-d", Decimal("1.00"), "2019-02-03")] * 2
    [reject] = [json.loads(text) for text in (case / "rejects" / "0001.jsonl").read_text().splitlines()]
    assert (reject["record"], reject["code"]) == (2, code)
    assert base64.b64decode(reject["raw_b64"]).decode() == line
    assert (tmp_path / "leak.csv").read_bytes()[reject["byte_offset"] :].decode().startswith(line)


def test_an_exponent_is_read_where_the_mapping_allows_it(tmp_path: Path) -> None:
    exit_code, case, _ = ingest(tmp_path, "a,b,1e5,EUR,2019-02-03", mapping=MAPPING + "[formats]\nexponent = true\n")
    assert (exit_code, stored(case)) == (0, [("leak-a", "leak-b", Decimal(100_000), "2019-02-03")])


def test_reversals_and_payments_to_oneself_are_kept_as_they_are(tmp_path: Path) -> None:
    exit_code, case, _ = ingest(
        tmp_path,
        "a,b,10.00,EUR,2019-02-03",
        "a,b,-4.00,EUR,2019-02-04",
        "c,c,7.00,EUR,2019-02",
        "a,b,-0.00,EUR,",
        "d,e,-1.00,EUR,2019",
    )
    assert exit_code == 0
    assert stored(case) == [
        ("leak-a", "leak-b", Decimal(10), "2019-02-03"),
        ("leak-a", "leak-b", Decimal(-4), "2019-02-04"),
        ("leak-c", "leak-c", Decimal(7), "2019-02"),
        ("leak-a", "leak-b", Decimal(0), None),
        ("leak-d", "leak-e", Decimal(-1), "2019"),
    ]
    with finnet.open_case(case) as opened:
        network = opened.network("payments")
    ends = [(network.ids[s], network.ids[t]) for s, t in zip(network.source, network.target, strict=True)]
    # a to b: 10 - 4 - 0 = 6; d to e nets to less than nothing and is in no edge.
    assert list(zip(ends, network.weight.tolist(), strict=True)) == [
        (("leak-a", "leak-b"), 6.0),
        (("leak-c", "leak-c"), 7.0),
    ]


LINES = ("a,b,10.00,EUR,2019-02-03", "a,b,5.00,USD,2019-02-04", "b,c,1.00,USD,2019-02-05")
RATES = "date,currency,base,rate\n2019-02-01,USD,EUR,0.90\n2019-02-05,USD,EUR,0.80\n"


def test_currencies_are_not_added_up_without_rates(tmp_path: Path) -> None:
    _, case, _ = ingest(tmp_path, *LINES)
    with finnet.open_case(case) as opened:
        for verb, options in ((finnet.rank, {"by": "pagerank"}), (finnet.choke, {"budget": 1}), (finnet.groups, {})):
            with pytest.raises(UsageError, match=r"EUR \(1 payment\), USD \(2 payments\)") as refused:
                verb(opened, **options, graph="payments")
            assert refused.value.code == "E2001"
        rows = opened.rows("select currency, sum(amount) as amount from v1_payment group by currency order by currency")
    assert rows == [{"currency": "EUR", "amount": Decimal(10)}, {"currency": "USD", "amount": Decimal(6)}]


def test_rates_count_each_day_at_its_own_and_are_on_record(tmp_path: Path) -> None:
    _, case, _ = ingest(tmp_path, *LINES)
    table = tmp_path / "rates.csv"
    table.write_text(RATES)
    with finnet.open_case(case) as opened:
        answer = finnet.rank(opened, by="strength", graph="payments", rates=table)
    # a sends 10.00 + 5.00 * 0.90 = 14.50; b takes that and sends 1.00 * 0.80 = 0.80; c takes 0.80.
    assert {row["id"]: float(row["score"]) for row in answer.rows} == {
        "leak-a": pytest.approx(14.5),
        "leak-b": pytest.approx(15.3),
        "leak-c": pytest.approx(0.8),
    }
    assert answer.params["rates"]["base"] == "EUR"
    assert len(answer.params["rates"]["sha256"]) == 64
    assert any("EUR, USD are counted in EUR by rates.csv" in note for note in answer.notes)


@pytest.mark.parametrize(
    "command",
    [
        ("rank", "--by", "strength"),
        ("choke", "-k", "1"),
        ("groups",),
        ("jurisdictions",),
        ("export", "graphml"),
    ],
)
def test_every_command_on_money_takes_rates(tmp_path: Path, command: tuple[str, ...]) -> None:
    _, case, _ = ingest(tmp_path, *LINES)
    (tmp_path / "rates.csv").write_text(RATES)
    told = [*command, "-c", str(case), "--graph", "payments", "--rates", str(tmp_path / "rates.csv")]
    if command[0] == "export":
        told += ["-o", str(tmp_path / "network.graphml")]
    ran = CliRunner().invoke(application(), told)
    assert ran.exit_code == 0, ran.output
