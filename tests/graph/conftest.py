"""A case in memory with just the views that recipes read, so that networks can be tested without an ingest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
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
    """Answers the queries of the graph layer from tables filled by hand; rows go in when the first query is asked."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[dict[str, object]]] = {view: [] for view in _DEFAULTS}
        self.count = dict.fromkeys(_DEFAULTS, 0)

    @cached_property
    def engine(self) -> duckdb.DuckDBPyConnection:
        made = duckdb.connect(":memory:", config={"threads": 1})
        for statement in (_PAYMENT, _LINK, _PARTY):
            made.execute(statement)
        return made

    def add(self, view: str, **row: object) -> MemoryCase:
        self.count[view] += 1
        source = {} if view == "v1_party" else {"dataset": "leak", "record": self.count[view]}
        self.waiting[view].append({**source, **_DEFAULTS[view], **row})
        return self

    def filled(self) -> duckdb.DuckDBPyConnection:
        for view, rows in self.waiting.items():
            if rows:
                names = sorted({name for row in rows for name in row})
                listed = ", ".join(f'"{name}"' for name in names)
                marks = ", ".join("(" + ", ".join("?" for _ in names) + ")" for _ in rows)
                values = [row.get(name) for row in rows for name in names]
                self.engine.execute(f"insert into {view} ({listed}) values {marks}", values)
                rows.clear()
        return self.engine

    def pay(self, payer: str | None, beneficiary: str | None, amount: str, **row: object) -> MemoryCase:
        named = {"payer_id": payer, "beneficiary_id": beneficiary, "amount": amount}
        return self.add("v1_payment", **{"payment_id": f"p{self.count['v1_payment'] + 1}", **named, **row})

    def link(self, edge_class: str, source: str | None, target: str | None, **row: object) -> MemoryCase:
        named = {"class": edge_class, "source_id": source, "target_id": target}
        return self.add("v1_link", **{"link_id": f"l{self.count['v1_link'] + 1}", **named, **row})

    def party(self, label: str, **row: object) -> MemoryCase:
        return self.add("v1_party", canonical_id=label, **{"caption": label.title(), **row})

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        result = self.filled().execute(sql, dict(values or {}))
        names: Sequence[str] = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def columns(self, sql: str, values: Mapping[str, Any] | None = None) -> dict[str, NDArray[Any]]:
        return self.filled().execute(sql, dict(values or {})).fetchnumpy()

    @contextmanager
    def held(self, sql: str, values: Mapping[str, Any] | None = None) -> Iterator[str]:
        self.filled().execute(f"create temp table held as {sql}", dict(values or {}))
        try:
            yield "held"
        finally:
            self.engine.execute("drop table held")


@pytest.fixture
def memory_case() -> MemoryCase:
    return MemoryCase()


@pytest.fixture(scope="session")
def new_case() -> type[MemoryCase]:
    """The class itself, where one test needs many cases."""
    return MemoryCase
