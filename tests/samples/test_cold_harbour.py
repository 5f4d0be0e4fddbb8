"""The files of the sample: the same bytes every time, valid FollowTheMoney, everything in it that was promised."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sample_networks import read_entities

from finnet.errors import UnknownNameError
from finnet.graph.rates import RateTable
from finnet.model.mapping import load_mapping
from finnet.model.schema import schema
from finnet.model.shares import read_share
from finnet.samples import SAMPLES
from finnet.samples.cold_harbour import make

_WRITE = """
import sys
from pathlib import Path
from finnet.samples import SAMPLES
SAMPLES["cold_harbour"].write(Path(sys.argv[1]))
"""


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def register(folder: Path) -> list[dict[str, Any]]:
    """The lines of the register as they stand in the workbook."""
    sheet = CalamineWorkbook.from_path(str(folder / "register.xlsx")).get_sheet_by_name("Register").to_python()
    titles = [str(cell) for cell in sheet[2]]
    return [dict(zip(titles, row, strict=True)) for row in sheet[3:]]


def things(folder: Path) -> list[dict[str, Any]]:
    """The entities that do not tie others."""
    edges = {"Sanction", "Ownership", "Directorship", "Representation", "UnknownLink", "Family"}
    return [one for one in read_entities(folder) if one["schema"] not in edges]


def test_unknown_samples_are_told_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'cold_harbour'"):
        SAMPLES["cold_harbor"]


def test_the_bytes_are_the_same_in_another_process_hash_seed_and_time_zone(shipped: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Pyongyang", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", _WRITE, str(tmp_path)], check=True, env=environment)
    assert hashes(tmp_path) == hashes(shipped)


def test_another_seed_gives_other_payments(tmp_path: Path) -> None:
    size = {"entities": 300, "payments": 4_000, "rounds": 1}
    assert list(make(1, **size).payment_rows()) == list(make(1, **size).payment_rows())  # type: ignore[arg-type]
    assert list(make(1, **size).payment_rows()) != list(make(2, **size).payment_rows())  # type: ignore[arg-type]


def test_the_case_has_the_size_it_promises(shipped: Path) -> None:
    payments = rows(shipped, "payments.csv")
    assert (len(things(shipped)), len(payments)) == (300, 20_000)
    assert {row["currency"] for row in payments} == {"USD", "EUR", "CNY"}
    assert {row["commodity"] for row in payments} == {"", "coal", "petroleum"}
    assert len({row["payment"] for row in payments}) == len(payments)
    assert sorted(row["booked"] for row in payments) == [row["booked"] for row in payments]
    assert sum(Decimal(row["amount"]) < 0 for row in payments) == 3


def test_there_are_five_jurisdictions(shipped: Path) -> None:
    said = [one["properties"] for one in things(shipped)]
    countries = {code for one in said for key in ("jurisdiction", "country", "flag") for code in one.get(key, ())}
    assert countries == {"kp", "cn", "my", "sg", "ae"}


def test_every_entity_is_stamped_as_invented(shipped: Path) -> None:
    stamps = ("notes", "summary")
    assert [
        one for one in read_entities(shipped) if "INVENTED" not in str([one["properties"].get(k) for k in stamps])
    ] == []
    assert all("INVENTED" in row["remark"] for row in rows(shipped, "vessels.csv"))
    assert all("INVENTED" in row["Remark"] for row in register(shipped))
    for name in ("payments.toml", "register.toml", "vessels.toml", "offices.toml"):
        assert "INVENTED" in (load_mapping(shipped / name).licence or "")


def test_every_property_is_one_of_its_schema_and_every_end_is_there(shipped: Path) -> None:
    entities = read_entities(shipped)
    kinds = {one["id"]: schema(one["schema"]) for one in entities}
    assert len(kinds) == len(entities)
    for one in entities:
        for name, values in one["properties"].items():
            kind = kinds[one["id"]].property_type(name)
            assert kind is not None, (one["schema"], name)
            if kind.startswith("entity:"):
                assert all(kinds[value].is_a(kind.removeprefix("entity:")) for value in values), one


def test_every_party_of_a_payment_is_described(shipped: Path) -> None:
    known = {one["id"] for one in things(shipped)}
    named = {row[end] for row in rows(shipped, "payments.csv") for end in ("payer", "through", "beneficiary")} - {""}
    assert named <= known


def test_the_register_has_shares_bands_gaps_and_a_loop(shipped: Path) -> None:
    lines = register(shipped)
    known = {one["id"] for one in things(shipped)}
    kinds: Counter[str] = Counter()
    total: dict[str, int] = defaultdict(int)
    for line in lines:
        assert {line["Owner"], line["Company"]} <= known | {"ch-unknown-77"}
        if line["Share"] == "":
            kinds["missing"] += 1
        else:
            low, high = read_share(str(line["Share"]), "percent")
            kinds["band" if low < high else "number"] += 1
            total[line["Company"]] += low
    assert min(kinds["missing"], kinds["band"], kinds["number"]) >= 5
    assert max(total.values()) <= 1_000_000  # nobody is owned by more than all
    held = {(line["Owner"], line["Company"]) for line in lines}
    assert {("ch-loop-1", "ch-loop-2"), ("ch-loop-2", "ch-loop-3"), ("ch-loop-3", "ch-loop-1")} <= held


def test_representatives_of_the_state_sit_in_every_other_jurisdiction(shipped: Path) -> None:
    nationality = {one["id"]: one["properties"].get("nationality") for one in things(shipped)}
    offices = rows(shipped, "offices.csv")
    assert {row["host"] for row in offices} == {"cn", "my", "sg", "ae"}
    assert all(nationality[row["representative"]] == ["kp"] for row in offices)


def test_two_different_people_have_one_name(shipped: Path) -> None:
    people: dict[str, set[str]] = defaultdict(set)
    for one in things(shipped):
        if one["schema"] == "Person":
            people[one["properties"]["name"][0]].add(one["id"])
    assert {name for name, ids in people.items() if len(ids) > 1} == {"Ann Invented", "Kim Gasang"}


def test_no_ship_can_bear_the_vessels_numbers(shipped: Path) -> None:
    # IMO Resolution A.1117(30): 9074729 is a number, since 9·7 + 0·6 + 7·5 + 4·4 + 7·3 + 2·2 = 139.
    def is_valid(digits: str) -> bool:
        return sum(int(digit) * (7 - place) for place, digit in enumerate(digits[:6])) % 10 == int(digits[6])

    assert is_valid("9074729")
    numbers = [one["properties"]["imoNumber"][0] for one in things(shipped) if one["schema"] == "Vessel"]
    assert len(set(numbers)) == 12
    assert not any(is_valid(number.removeprefix("IMO")) for number in numbers)


def test_transfers_at_sea_have_two_vessels_one_day_and_a_cargo(shipped: Path) -> None:
    vessels = {one["id"] for one in things(shipped) if one["schema"] == "Vessel"}
    transfers = [row for row in rows(shipped, "vessels.csv") if row["role"] == "ship-to-ship transfer"]
    assert len(transfers) == 40
    for row in transfers:
        assert row["from"] != row["to"]
        assert {row["from"], row["to"]} <= vessels
        assert row["since"] == row["until"]
    assert {row["cargo"] for row in transfers} == {"coal", "refined petroleum"}


def test_the_rate_table_covers_every_month_and_both_currencies(shipped: Path) -> None:
    table = RateTable.read(shipped / "rates.csv")
    assert table.base == "USD"
    assert {currency: len(days) for currency, days in table.days.items()} == {"CNY": 12, "EUR": 12}
    assert table.convert(Decimal("100"), "EUR", "2021-01-05") == 100 * table.rates["EUR"][0]


def test_files_that_play_a_role_are_said_to(tmp_path: Path) -> None:
    files = SAMPLES["cold_harbour"].write(tmp_path)
    assert {(one.name, one.role, one.as_) for one in files if one.role == "data"} == {
        ("entities.ftm.json", "data", "ftm"),
        ("payments.csv", "data", "table"),
        ("register.xlsx", "data", "table"),
        ("vessels.csv", "data", "table"),
        ("offices.csv", "data", "table"),
    }
    assert all(one.path.is_file() for one in files)
    assert all(one.mapping is None or one.mapping.is_file() for one in files)
    assert len({one.dataset for one in files if one.role == "data"}) == 5


def test_a_size_too_small_for_the_case_is_refused() -> None:
    with pytest.raises(ValueError, match="entities"):
        make(entities=100)
    with pytest.raises(ValueError, match="payments"):
        make(payments=1_000)


@pytest.mark.slow
def test_a_million_payments_are_made_in_seconds() -> None:
    case = make(5, entities=20_000, payments=1_000_000)
    count = sum(1 for _ in case.payment_rows())
    assert count == case.payments == 1_000_000
