"""The same inputs give the same data bytes, whatever the number of threads, and money stays exact."""

from __future__ import annotations

import hashlib
import random
from decimal import Decimal
from pathlib import Path

import pytest

from finnet.model.reading import Reading, SourceFile
from finnet.model.scan import BulkScan, RawColumn, State
from finnet.store.case import Case
from finnet.store.ingest import ingest
from finnet.store.versions import Incoming

ROWS = 300_000  # three row groups
HEADER = "payer,payee,amount,booked\n"


@pytest.fixture(scope="module")
def payments(tmp_path_factory) -> tuple[Path, Decimal]:
    chance = random.Random(3)
    path = tmp_path_factory.mktemp("payments") / "payments.csv"
    total = Decimal(0)
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for _ in range(ROWS):
            cents = chance.randrange(1, 10**9)
            total += Decimal(cents) / 100
            day = f"20{chance.randrange(10, 24)}-0{chance.randrange(1, 10)}"
            payer, payee = chance.randrange(5_000), chance.randrange(5_000)
            file.write(f"x{payer},x{payee},{cents // 100}.{cents % 100:02},{day}\n")
    return path, total


def reading(path: Path) -> Incoming:
    columns = ("payer", "payee", "amount", "booked")
    scan = BulkScan(
        path=path,
        name=path.name,
        layout="delimited",
        columns=tuple(RawColumn(name=name, field=place, title=name) for place, name in enumerate(columns)),
        width=4,
        begins_at=len(HEADER),
        states=(
            State(
                table="payments",
                select="select record, byte_offset, payer as payer_id, payee as beneficiary_id, "
                "cast(amount as decimal(18, 4)) as amount, 'USD' as currency, 1 as count, "
                "booked as booked_on from good",
                numbered={"payment_id": "p-"},
            ),
        ),
    )
    return Incoming(
        dataset="bulk",
        format="invented",
        title="Invented payments",
        is_list=False,
        grade="C3",
        mapping_sha256=None,
        files=(SourceFile(path=path, name=path.name),),
        paths=(str(path),),
        read=lambda: Reading(dataset="bulk", title="Invented payments", scans=(scan,)),
    )


def test_threads_and_memory_leave_no_trace_in_the_data(payments, tmp_path, monkeypatch):
    path, total = payments
    seen = set()
    for threads, memory in (("1", "4GB"), ("2", "4GB"), ("4", "300MB")):
        monkeypatch.setenv("FINNET_THREADS", threads)
        monkeypatch.setenv("FINNET_MEMORY", memory)
        case = tmp_path / f"{threads}.finnet"
        (outcome,) = ingest(case, [reading(path)])
        seen.add(tuple(data.sha256 for data in outcome.ingest.data))
        assert all(
            hashlib.sha256((case / "data" / data.name).read_bytes()).hexdigest() == data.sha256
            for data in outcome.ingest.data
        )
        with Case.open(case) as opened:
            (found,) = opened.rows("select sum(amount) as amount, count(*) as n from v1_payment")
        assert (found["amount"], found["n"]) == (total, ROWS)
    assert len(seen) == 1


def test_the_parties_of_a_scan_that_nobody_describes_are_stubs(payments, tmp_path):
    (outcome,) = ingest(tmp_path / "c.finnet", [reading(payments[0])])
    with Case.open(tmp_path / "c.finnet") as opened:
        (found,) = opened.rows("""
            select count(*) as n, count(*) filter (missing and flags = ['stub']) as stubs,
                bool_and(byte_offset is not null) as placed from v1_entity
        """)
    assert found["n"] == found["stubs"] == outcome.ingest.counts["stubs"]
    assert found["placed"]
    assert outcome.ingest.counts["entities"] == 0


def test_numbers_come_as_numbers_and_lists_as_tuples(payments, tmp_path):
    ingest(tmp_path / "c.finnet", [reading(payments[0])])
    with Case.open(tmp_path / "c.finnet") as opened:
        found = opened.columns("""
            select canonical_id, countries, datasets, missing, 1::bigint as one, null::varchar as nothing,
                case when canonical_id = 'x0' then 5 end as holes
            from v1_party order by canonical_id limit 2
        """)
    kinds = {name: column.dtype.kind for name, column in found.items()}
    assert kinds == {
        "canonical_id": "O",
        "countries": "O",
        "datasets": "O",
        "missing": "b",
        "one": "i",
        "nothing": "O",
        "holes": "O",
    }
    assert {name: column.tolist() for name, column in found.items()} == {
        "canonical_id": ["x0", "x1"],
        "countries": [(), ()],
        "datasets": [("bulk",), ("bulk",)],
        "missing": [True, True],
        "one": [1, 1],
        "nothing": [None, None],
        "holes": [5, None],
    }
