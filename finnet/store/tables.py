"""The stored tables: their columns, types and sort order. The views of ``views.py`` are what users see of them."""

from __future__ import annotations

__all__ = ["SORTED_BY", "TABLES"]

_ORIGIN = {
    "basis": "varchar",
    "reliability": "varchar",  # Admiralty A to F
    "credibility": "varchar",  # Admiralty 1 to 6
    "dataset": "varchar",
    "file": "varchar",
    "record": "bigint",
    "byte_offset": "bigint",
}

TABLES: dict[str, dict[str, str]] = {
    "entities": {
        "entity_id": "varchar",
        "schema": "varchar",
        "caption": "varchar",
        "country": "varchar",
        "countries": "varchar[]",
        "topics": "varchar[]",
        "tags": "varchar[]",
        "flags": "varchar[]",
        "missing": "boolean",
        "first_seen": "varchar",
        "last_seen": "varchar",
        "properties": "varchar",  # JSON: FtM property -> list of values, as stated
        **_ORIGIN,
    },
    "links": {
        "link_id": "varchar",
        "class": "varchar",
        "schema": "varchar",
        "source_id": "varchar",
        "target_id": "varchar",
        "role": "varchar",
        "share_min_ppm": "integer",
        "share_max_ppm": "integer",
        "country": "varchar",
        "amount": "decimal(18,4)",
        "currency": "varchar",
        "commodity": "varchar",
        "start_date": "varchar",
        "end_date": "varchar",
        "flags": "varchar[]",
        "properties": "varchar",
        **_ORIGIN,
    },
    "payments": {
        "payment_id": "varchar",
        "payer_id": "varchar",
        "beneficiary_id": "varchar",
        "payer_account": "varchar",
        "beneficiary_account": "varchar",
        "intermediary_id": "varchar",
        "amount": "decimal(18,4)",
        "currency": "varchar",
        "count": "bigint",
        "booked_on": "varchar",
        "booked_until": "varchar",
        "booked_at": "varchar",
        "step": "bigint",
        "purpose": "varchar",
        "commodity": "varchar",
        "properties": "varchar",
        **_ORIGIN,
    },
    "listings": {
        "entity_id": "varchar",
        "authority": "varchar",
        "program": "varchar",
        "reference": "varchar",
        "listed_on": "varchar",
        "delisted_on": "varchar",
        "properties": "varchar",
        **_ORIGIN,
    },
    "details": {
        "entity_id": "varchar",
        "property": "varchar",
        "value": "varchar",
        **_ORIGIN,
    },
}

# Immutable files are written in this order, so that the same data give the same bytes.
SORTED_BY: dict[str, tuple[str, ...]] = {
    "entities": ("entity_id", "file", "record"),
    "links": ("source_id", "target_id", "link_id", "file", "record"),
    "payments": ("file", "record"),  # as they come: ten million rows need not be sorted
    "listings": ("entity_id", "authority", "program", "reference", "file", "record"),
    "details": ("entity_id", "property", "value", "file", "record"),
}
