"""A file that is read in coded parts gives the same rows, rejects and notes as one that is read row by row."""

from __future__ import annotations

import errno
import json
import random
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from finnet import api
from finnet.store import batches, coded_parts, data_files, part_writer

ROWS = 6_000
MAPPING = """
kind    = "payments"
dataset = "invented"
grade   = "B2"

[columns]
payment_id     = "id"
payer          = "payer"
payer_country  = "from"
intermediary   = "through"
beneficiary    = "payee"
amount         = "amount"
currency       = "currency"
date           = "booked"
purpose        = "purpose"

[formats]
date       = "%d.%m.%Y"
decimal    = ","
thousands  = "."
null       = ["n/a", "-"]
trim       = true
"""


def payments(path: Path) -> Path:
    """Good rows, and one in forty that is bad in one way or another; names that are meant to hurt."""
    chance = random.Random(11)
    names = [
        *(f"Plainly Invented {number} Ltd" for number in range(150)),
        "=HYPERLINK(1)",
        "Robert'); drop table payments;--",
        "\u202eevil",
        'with ""quotes""',
        "a;b",
        "Z\u00fcrich \u738b",
    ]
    lines = ["id;payer;from;through;payee;amount;currency;booked;purpose"]
    for number in range(ROWS):
        payer, payee = chance.choice(names), chance.choice(names)
        through = chance.choice(["", "n/a", "-", "Invented Bank"])
        amount = f"{chance.randrange(1, 10**6):,}".replace(",", ".") + f",{chance.randrange(100):02}"
        day = f"{chance.randrange(1, 29):02}.{chance.randrange(1, 13):02}.2021"
        row = [
            f"p{number}",
            f'"{payer}"',
            chance.choice(["de", "FR", ""]),
            through,
            f'"{payee}"',
            amount,
            chance.choice(["EUR", "USD", "BHD"]),
            day,
            "fee ",
        ]
        if number % 40 == 0:
            place, worse = chance.choice(
                [
                    (5, "1e5"),
                    (5, "nan"),
                    (6, "XXZ"),
                    (7, "30.02.2021"),
                    (2, "Atlantis"),
                    (5, ""),
                    (6, "n/a"),
                    (6, "JPY"),
                    (8, "fee;more"),
                ]
            )
            row[place] = worse
            if worse == "JPY":
                row[5] = "12,34"  # a currency without decimals
        lines.append(";".join(row))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def loaded(folder: Path, case: str) -> tuple[Any, ...]:
    """All that an ingest leaves: its rows, what it refused, its account."""
    answer = api.ingest([str(folder / "payments.csv")], case=folder / case, mapping=folder / "m.toml", max_rejects=ROWS)
    with api.open_case(folder / case) as opened:
        rows = opened.rows("select * from v1_payment order by record")
        parties = opened.rows("select * from v1_entity order by entity_id")
    rejects = [json.loads(line) for line in (folder / case / "rejects" / "0001.jsonl").read_text("utf-8").splitlines()]
    told = {name: value for name, value in answer.rows[0].items() if name != "file"}
    return rows, parties, rejects, told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    payments(tmp_path / "payments.csv")
    (tmp_path / "m.toml").write_text(MAPPING)
    return tmp_path


@pytest.mark.parametrize(("part", "tried", "most"), [(2_000, 500, 100_000), (100_000, 60, 100_000), (900, 400, 40)])
def test_coded_parts_say_what_rows_say(
    folder: Path, monkeypatch: pytest.MonkeyPatch, part: int, tried: int, most: int
) -> None:
    monkeypatch.setattr(batches, "COMPILED_FROM", 1 << 40)
    expected = loaded(folder, "rows.finnet")
    monkeypatch.setattr(batches, "COMPILED_FROM", 0)
    monkeypatch.setattr(batches, "_SMALL_CHUNK", 20_000)  # bytes: some 250 rows
    monkeypatch.setattr(data_files, "ROW_GROUP", 100)  # parts of more rows stay files of their own
    monkeypatch.setattr(coded_parts, "_PART", part)
    monkeypatch.setattr(coded_parts, "_TRIED", tried)
    monkeypatch.setattr(coded_parts, "_MOST_WORDS", most)
    found = loaded(folder, "parts.finnet")
    for made, meant in zip(found, expected, strict=True):
        assert made == meant
    rows, _, rejects, told = found
    assert len(rows) + len(rejects) == told["records"] == ROWS
    assert len(rejects) == ROWS / 40
    parts = list((folder / "parts.finnet" / "data").glob("*-payments-*.parquet"))
    assert (len(parts) > 1) == (part < ROWS)


def test_a_part_of_which_nothing_is_left_makes_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (folder / "payments.csv").read_text(encoding="utf-8").splitlines()
    bad = [re.sub(";(EUR|USD|BHD);", ";XXZ;", line) for line in lines[1:3001]]
    (folder / "payments.csv").write_text("\n".join([lines[0], *bad, *lines[3001:]]) + "\n", encoding="utf-8")
    monkeypatch.setattr(batches, "COMPILED_FROM", 0)
    monkeypatch.setattr(batches, "_SMALL_CHUNK", 20_000)
    monkeypatch.setattr(data_files, "ROW_GROUP", 100)
    monkeypatch.setattr(coded_parts, "_PART", 1_000)
    rows, _, rejects, told = loaded(folder, "c.finnet")
    assert (len(rows) + len(rejects), told["loaded"]) == (ROWS, len(rows))
    assert min(row["record"] for row in rows) > 3_000
    with api.open_case(folder / "c.finnet") as opened:
        held = [data.rows for one in opened.manifest.active for data in one.data if data.table == "payments"]
    assert sum(held) == len(rows)
    assert 0 not in held


@pytest.mark.parametrize("threads", ["1", "2"])
def test_writers_that_fail_end_the_ingest_and_store_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, threads: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("FINNET_THREADS", threads)
    monkeypatch.setattr(batches, "COMPILED_FROM", 0)
    monkeypatch.setattr(batches, "_SMALL_CHUNK", 20_000)
    monkeypatch.setattr(coded_parts, "_PART", 500)  # more parts than writers
    monkeypatch.setattr(part_writer.PartWriter, "write", fail)
    raised: list[BaseException] = []

    def ingest() -> None:
        try:
            loaded(folder, "c.finnet")
        except BaseException as error:  # whatever it is, the test looks at it
            raised.append(error)

    # In a thread of its own: a writer that is never given back would have it wait for ever.
    thread = threading.Thread(target=ingest, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    assert "disk is full" in str(raised[0])
    assert not (folder / "c.finnet").exists()
