"""A small invented case of a dozen parties, written as FollowTheMoney and a table of payments, for tests of the law."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from finnet import api

__all__ = ["make_case"]

_PAYMENTS = """\
kind    = "payments"
dataset = "small_payments"
ids     = "verbatim"

[columns]
payer       = "payer"
beneficiary = "beneficiary"
amount      = "amount"
currency    = "currency"
commodity   = "commodity"

[formats]
decimal   = "."
delimiter = ","
"""


def make_case(
    folder: Path,
    *,
    parties: Mapping[str, str],
    payments: Iterable[tuple[str, str, int, str] | tuple[str, str, int, str, str]] = (),
    holdings: Iterable[tuple[str, str, str]] = (),
    listed: Mapping[str, tuple[str, str]] | None = None,
    tags: Mapping[str, str] | None = None,
) -> Path:
    """A case of ``parties`` (id -> country), payments (payer, beneficiary, amount, currency[, commodity]), holdings
    (owner, owned, per cent) and listings (id -> authority, programme)."""
    records: list[dict[str, object]] = []
    for label, country in parties.items():
        schema = "Vessel" if label.startswith("ship") else "Company"
        place = "flag" if schema == "Vessel" else "jurisdiction"
        said = {"name": [f"Invented {label}"], place: [country] if country else []}
        records.append(
            {"id": label, "schema": schema, "properties": {**said, "keywords": [(tags or {}).get(label, "invented")]}}
        )
    for number, (owner, owned, share) in enumerate(holdings):
        records.append(
            {
                "id": f"own-{number}",
                "schema": "Ownership",
                "properties": {"owner": [owner], "asset": [owned], "percentage": [share]},
            }
        )
    for number, (label, (authority, programme)) in enumerate((listed or {}).items()):
        records.append(
            {
                "id": f"list-{number}",
                "schema": "Sanction",
                "properties": {"entity": [label], "authority": [authority], "program": [programme]},
            }
        )
    entities = folder / "small.ftm.json"
    entities.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    path = folder / "small.finnet"
    api.ingest([str(entities)], case=path)
    rows = [(*one, "")[:5] for one in payments]
    if rows:
        table = folder / "payments.csv"
        table.write_text(
            "payer,beneficiary,amount,currency,commodity\n" + "".join(",".join(map(str, row)) + "\n" for row in rows),
            encoding="utf-8",
        )
        (folder / "payments.toml").write_text(_PAYMENTS, encoding="utf-8")
        api.ingest([str(table)], case=path, mapping=folder / "payments.toml")
    return path
