"""A case in memory with just the views that recipes read, so that networks can be tested without an ingest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pytest
from numpy.typing import NDArray

_PAYMENT = """
create table v1_payment (
    payment_id varchar, payer_id varchar, beneficiary_id varchar, payer_account varchar, beneficiary_account varchar,
    intermediary_id varchar, amount decimal(18, 4), currency varchar, "count" bigint, booked_on varchar,
    booked_until varchar, booked_at varchar, step bigint, purpose varchar, commodity varchar, basis varchar,
    reliability varchar, credibility varchar, dataset varchar, record bigint, byte_offset bigint)
"""
_LINK = """
create table v1_link (
    link_id varchar, class varchar, schema varchar, source_id varchar, target_id varchar, role varchar,
    share_min_ppm integer, share_max_ppm integer, country varchar, amount decimal(18, 4), currency varchar,
    commodity varchar, start_date varchar, end_date varchar, basis varchar, reliability varchar, credibility varchar,
    dataset varchar, record bigint, byte_offset bigint)
"""
_PARTY = """
create table v1_party (
    canonical_id varchar, caption varchar, schema varchar, country varchar, countries varchar[], topics varchar[],
    tags varchar[], programs varchar[], authorities varchar[], datasets varchar[], missing boolean)
"""
_DEFAULTS = {
    "v1_payment": {"currency": "USD", "count": 1, "reliability": "B", "credibility": "2", "basis": "stated"},
    "v1_link": {"reliability": "B", "credibility": "2", "basis": "stated"},
    "v1_party": {"missing": False},
}


class MemoryCase:
    """Answers the queries of the graph layer from tables filled by hand."""

    def __init__(self) -> None:
        self.engine = duckdb.connect(":memory:", config={"threads": 2})
        for statement in (_PAYMENT, _LINK, _PARTY):
            self.engine.execute(statement)

    def add(self, view: str, **row: object) -> MemoryCase:
        said = {"dataset": "leak", "record": self._next(view), **_DEFAULTS[view], **row}
        if view == "v1_party":
            said = {name: value for name, value in said.items() if name not in ("dataset", "record")}
        names = ", ".join(f'"{name}"' for name in said)
        places = ", ".join("?" for _ in said)
        self.engine.execute(f"insert into {view} ({names}) values ({places})", list(said.values()))
        return self

    def pay(self, payer: str | None, beneficiary: str | None, amount: str, **row: object) -> MemoryCase:
        named = {"payer_id": payer, "beneficiary_id": beneficiary, "amount": amount}
        return self.add("v1_payment", payment_id=f"p{self._next('v1_payment')}", **{**named, **row})

    def link(self, edge_class: str, source: str | None, target: str | None, **row: object) -> MemoryCase:
        named = {"class": edge_class, "source_id": source, "target_id": target}
        return self.add("v1_link", link_id=f"l{self._next('v1_link')}", **{**named, **row})

    def party(self, label: str, **row: object) -> MemoryCase:
        return self.add("v1_party", canonical_id=label, **{"caption": label.title(), **row})

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        result = self.engine.execute(sql, dict(values or {}))
        names: Sequence[str] = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def columns(self, sql: str, values: Mapping[str, Any] | None = None) -> dict[str, NDArray[Any]]:
        return self.engine.execute(sql, dict(values or {})).fetchnumpy()

    def _next(self, view: str) -> int:
        found = self.engine.execute(f"select count(*) + 1 from {view}").fetchone()
        assert found is not None
        return int(found[0])


@pytest.fixture
def memory_case() -> MemoryCase:
    return MemoryCase()


@pytest.fixture(scope="session")
def new_case() -> type[MemoryCase]:
    """The class itself, where one test needs many cases."""
    return MemoryCase
