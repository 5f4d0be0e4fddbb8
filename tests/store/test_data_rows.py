"""What no statement has is not kept, and is null to whoever asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from finnet import api
from finnet.store.tables import TABLES

MAPPING = """
kind    = "payments"
dataset = "{dataset}"

[columns]
payer       = "payer"
beneficiary = "payee"
amount      = "amount"
currency    = "currency"
{more}
"""


def table(folder: Path, name: str, more: str, header: str, *rows: str) -> tuple[list[str], Path]:
    (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    mapping = folder / f"{name}.toml"
    mapping.write_text(MAPPING.format(dataset=name, more=more), encoding="utf-8")
    return [str(folder / f"{name}.csv")], mapping


@pytest.fixture
def case(tmp_path: Path) -> Path:
    made = tmp_path / "case.finnet"
    plain = table(tmp_path, "plain", "", "payer,payee,amount,currency", "Acme,Mule,1,USD", "Mule,Shell,2,USD")
    stepped = table(
        tmp_path,
        "stepped",
        'step = "turn"\npurpose = "why"',
        "payer,payee,amount,currency,turn,why",
        "Shell,Acme,3,USD,7,goods",
    )
    for files, mapping in (plain, stepped):
        api.ingest(files, case=made, mapping=mapping)
    return made


def test_a_column_that_nothing_states_is_not_in_the_file_and_null_in_the_view(case: Path) -> None:
    with api.open_case(case) as opened:
        lacks = {one.name.split("-")[0]: one.lacks for one in opened.manifest.files_of("payments")}
        assert "step" in lacks["plain"]
        assert "step" not in lacks["stepped"]
        assert {"payment_id", "amount", "dataset", "file", "record"}.isdisjoint(lacks["plain"] + lacks["stepped"])
        columns = opened.rows("describe select * from v1_payment")
        assert {row["column_name"]: row["column_type"].lower() for row in columns} == TABLES["payments"]
        rows = opened.rows("select amount, step, purpose from v1_payment order by amount")
    assert [tuple(row.values()) for row in rows] == [(1, None, None), (2, None, None), (3, 7, "goods")]


def test_a_case_from_before_columns_were_left_out_is_read(tmp_path: Path) -> None:
    files, mapping = table(tmp_path, "plain", "", "payer,payee,amount,currency", "Acme,Mule,1,USD")
    case = tmp_path / "case.finnet"
    api.ingest(files, case=case, mapping=mapping)
    manifest = json.loads((case / "case.json").read_text())
    for one in manifest["ingests"]:
        for data in one["data"]:
            if data["table"] != "payments":
                assert data.pop("lacks") == []
    (case / "case.json").write_text(json.dumps(manifest))
    with api.open_case(case) as opened:
        assert [row["caption"] for row in opened.rows("select caption from v1_party order by caption")] == [
            "Acme",
            "Mule",
        ]


@pytest.mark.parametrize("named", ["", 'payer_name = "called"'])
def test_every_party_to_a_payment_is_an_entity_of_its_table_and_no_stub(tmp_path: Path, named: str) -> None:
    files, mapping = table(
        tmp_path,
        "plain",
        f'intermediary = "through"\n{named}',
        "payer,payee,amount,currency,through,called",
        "Acme,Mule,1,USD,Bank,Acme Ltd",
        ",Shell,2,USD,,",
        "Mule,,3,USD,Other Bank,",
    )
    case = tmp_path / "case.finnet"
    api.ingest(files, case=case, mapping=mapping)
    with api.open_case(case) as opened:
        [ingest] = opened.manifest.active
        assert ingest.counts["stubs"] == 0
        entities = {row["entity_id"] for row in opened.rows("select entity_id from v1_entity")}
        assert len(entities) == 5
        for end in ("payer_id", "beneficiary_id", "intermediary_id"):
            ids = opened.rows(f"select {end} as id from v1_payment where {end} is not null")
            assert {row["id"] for row in ids} <= entities
