"""FollowTheMoney entities, one JSON object per line: what the case read, with the properties as they were stated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from finnet.model.schema import EdgeEnds, is_schema, schema
from finnet.report.files import atomic_file

__all__ = ["SUBJECT", "SUFFIX", "TITLE", "write"]

TITLE = "FollowTheMoney JSON lines"
SUFFIX = ".ftm.json"
SUBJECT = "case"

_UNKNOWN = "UnknownLink"
Properties = dict[str, list[str]]


class Queries(Protocol):
    """What this asks of a case."""

    def rows(self, sql: str, values: Mapping[str, Any] | None = None, /) -> list[dict[str, Any]]:
        """The result of read-only SQL, row by row."""
        ...


def write(case: Queries, path: Path) -> tuple[Path, ...]:
    """Entities, then links, payments and listings, each sorted by id; ids as stated, before any merge.

    What was read from FollowTheMoney comes out with the same id, schema and properties. Links, payments and listings
    of other formats become the edge of their schema. For what FollowTheMoney has no property (the intermediary of a
    payment, account numbers, the count of an aggregate, steps, commodities) there are properties of finnet's own,
    which FollowTheMoney's library passes over. Stubs, whom nobody describes, are left out.
    """
    with atomic_file(path) as file:
        for entity in _entities(case):
            file.write(json.dumps(entity, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return (path,)


def _entities(case: Queries) -> Iterator[dict[str, Any]]:
    yield from _joined(
        (row["entity_id"], row["schema"], _stated(row["properties"]), row["dataset"])
        for row in case.rows(
            """
            select entity_id, schema, properties, dataset from v1_entity where not missing
            order by entity_id, schema, dataset, file, record
            """,
            {},
        )
    )
    yield from _joined(sorted(_links(case), key=lambda one: one[:2]))
    yield from _joined(sorted(_payments(case), key=lambda one: one[:2]))
    yield from _joined(sorted(_listings(case), key=lambda one: one[:2]))


def _joined(stated: Iterable[tuple[str, str, Properties, str]]) -> Iterator[dict[str, Any]]:
    """One object per id and schema: values of several records together, in their order, each once."""
    held: dict[str, Any] | None = None
    for name, kind, properties, dataset in stated:
        if held is None or (held["id"], held["schema"]) != (name, kind):
            if held is not None:
                yield held
            # A single record's values are kept as they are, repetitions too.
            held = {"id": name, "schema": kind, "properties": dict(properties), "datasets": [dataset]}
            continue
        if dataset not in held["datasets"]:
            held["datasets"].append(dataset)
        for key, values in properties.items():
            known = held["properties"].setdefault(key, [])
            held["properties"][key] = known + [value for value in values if value not in known]
    if held is not None:
        yield held


def _stated(text: str | None) -> Properties:
    return {key: list(values) for key, values in json.loads(text).items()} if text else {}


def _ends(kind: str) -> EdgeEnds:
    found = schema(kind).edge
    assert found is not None
    return found


def _links(case: Queries) -> Iterator[tuple[str, str, Properties, str]]:
    rows = case.rows("select * from v1_link order by link_id, dataset, file, record", {})
    for row in rows:
        kind = row["schema"] if row["schema"] and is_schema(row["schema"]) and schema(row["schema"]).edge else _UNKNOWN
        ends, properties = _ends(kind), _stated(row["properties"])
        if ends.source in properties and ends.target in properties:
            # As FollowTheMoney stated it; several ends made several links of one edge.
            several = len(properties[ends.source]) * len(properties[ends.target]) > 1
            yield row["link_id"].rsplit("/", 1)[0] if several else row["link_id"], kind, properties, row["dataset"]
            continue
        if kind == "Payment" and (ends.source in properties or ends.target in properties):
            yield row["link_id"].rsplit("/", 1)[0], kind, properties, row["dataset"]
            continue
        made = {
            ends.source: row["stated_source_id"],
            ends.target: row["stated_target_id"],
            "role": row["role"],
            "startDate": row["start_date"],
            "endDate": row["end_date"],
            "percentage": _share(row["share_min_ppm"], row["share_max_ppm"]),
            "amount": _amount(row["amount"]),
            "currency": row["currency"],
        }
        yield row["link_id"], kind, _with(properties, made), row["dataset"]


def _payments(case: Queries) -> Iterator[tuple[str, str, Properties, str]]:
    for row in case.rows("select * from v1_payment order by payment_id, dataset, file, record", {}):
        properties = _stated(row["properties"])
        if "payer" not in properties and "beneficiary" not in properties:
            properties = _with(
                properties,
                {
                    "payer": row["payer_id"],
                    "beneficiary": row["beneficiary_id"],
                    "amount": _amount(row["amount"]),
                    "currency": row["currency"],
                    "date": row["booked_at"] or row["booked_on"],
                    "endDate": row["booked_until"] if row["booked_until"] != row["booked_on"] else None,
                    "purpose": row["purpose"],
                    "intermediary": row["intermediary_id"],
                    "payerAccountNumber": row["payer_account"],
                    "beneficiaryAccountNumber": row["beneficiary_account"],
                    "paymentCount": row["count"] if row["count"] not in (None, 1) else None,
                    "step": row["step"],
                    "commodity": row["commodity"],
                },
            )
        yield row["payment_id"], "Payment", properties, row["dataset"]


def _listings(case: Queries) -> Iterator[tuple[str, str, Properties, str]]:
    rows = case.rows(
        "select * from v1_listing order by entity_id, authority, program, reference, dataset, file, record", {}
    )
    for row in rows:
        if "entity" in _stated(row["properties"]):
            continue  # a Sanction of FollowTheMoney is an entity of the case itself
        said = (row["entity_id"], "listed", row["authority"], row["program"], row["reference"])
        made = {
            "entity": row["entity_id"],
            "authority": row["authority"],
            "program": row["program"],
            "authorityId": row["reference"],
            "listingDate": row["listed_on"],
            "endDate": row["delisted_on"],
        }
        yield (
            "-".join(str(one) for one in said if one),
            "Sanction",
            _with(_stated(row["properties"]), made),
            row["dataset"],
        )


def _with(properties: Properties, made: Mapping[str, object]) -> Properties:
    """What the source stated under a name stands; what it stated in columns of its own is added."""
    return properties | {
        name: [str(value)] for name, value in made.items() if value not in (None, "") and name not in properties
    }


def _amount(value: object) -> str | None:
    """All decimals that are not a trailing zero beyond the second.

    >>> _amount("1234.5000"), _amount("0.1250")
    ('1234.50', '0.125')
    """
    if value is None:
        return None
    amount = Decimal(str(value))
    cents = amount.quantize(Decimal("0.01"))
    return str(cents) if cents == amount else format(amount.normalize(), "f")


def _share(least: int | None, most: int | None) -> str | None:
    """Parts per million as the percentage or the range that FollowTheMoney writes.

    >>> _share(500_000, 500_000), _share(250_000, 500_000), _share(None, None)
    ('50', '25-50', None)
    """
    if least is None and most is None:
        return None
    low, high = (
        format(Decimal(ppm).scaleb(-4).normalize(), "f")
        for ppm in (least if least is not None else 0, most if most is not None else 1_000_000)
    )
    return low if low == high else f"{low}-{high}"
