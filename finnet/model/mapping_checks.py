"""Whether the parts of a table mapping fit together: what each kind of table needs, and what contradicts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from finnet.errors import MappingError, nearest, quoted
from finnet.model.countries import alpha2
from finnet.model.currency import CURRENCIES
from finnet.model.edge_class import BY_SCHEMA, EDGE_CLASSES
from finnet.model.schema import all_schemata

if TYPE_CHECKING:
    from finnet.model.mapping import TableMapping

__all__ = ["check_whole"]


def check_whole(mapping: TableMapping) -> None:
    """Refuse what cannot be meant. Raises: MappingError with what would be right."""
    said = {*mapping.columns, *mapping.defaults}
    if mapping.kind == "entities" and not all(one.has_century for one in mapping.formats.dates.values()):
        raise MappingError("[formats] %y of an entity's dates: two digits do not tell the century of a birth")
    if mapping.kind == "payments":
        _check_direction(mapping)
        is_statement = bool({"debit", "credit", "own_account", "balance", "direction"} & said)
        if is_statement and ("own_account" not in said or not {"debit", "credit", "amount"} & said):
            raise MappingError(
                "a bank statement needs own_account, and debit or credit or both",
                hint="or amount, where one column has both: what leaves the account is negative, or direction says it",
            )
        if is_statement and "amount" in said and {"debit", "credit"} & said:
            raise MappingError(
                "[columns] has amount and debit or credit",
                hint="a bank statement has debit and credit, or one amount: what leaves the account is negative",
            )
        if not is_statement:
            _needs(mapping, "amount")
            if not any(
                party + part in said for party in ("payer", "beneficiary") for part in ("", "_account", "_name")
            ):
                raise MappingError("payments need a payer or a beneficiary: an id, an account or a name")
        if "currency" not in said:
            raise MappingError("payments need a currency", hint='a column, or currency = "USD" in [defaults]')
    elif mapping.kind == "links":
        for end in ("source", "target"):
            if not {end, f"{end}_name"} & said:
                raise MappingError(f"links need a {end}: an id or a name")
        if not {"class", "schema"} & said:
            raise MappingError("links need a class or a schema", hint='for example class = "ownership" in [defaults]')
        if "amount" in said and "currency" not in said:
            raise MappingError("an amount needs a currency", hint='a column, or currency = "USD" in [defaults]')
    elif not {"id", "name"} & set(mapping.columns):
        raise MappingError("entities need an id or a name in [columns]")
    _check_defaults(mapping)


def _check_direction(mapping: TableMapping) -> None:
    out, into = mapping.formats.outgoing, mapping.formats.incoming
    if "direction" in mapping.columns and (
        not out or not into or set(out) & set(into) or "amount" not in mapping.columns
    ):
        raise MappingError(
            "[columns] direction needs amount, and in [formats] what it says of a debit and of a credit",
            hint='for example outgoing = ["D"] and incoming = ["C"]',
        )
    if (out or into) and "direction" not in mapping.columns:
        raise MappingError("[formats] outgoing and incoming are words of the column direction, which is not mapped")


def _check_defaults(mapping: TableMapping) -> None:
    for word, value in mapping.defaults.items():
        if word == "currency" and value not in CURRENCIES:
            raise MappingError(
                f"[defaults] currency {quoted(value)} is not a code of ISO 4217", hint=nearest(value, CURRENCIES)
            )
        if word == "class" and value not in EDGE_CLASSES:
            raise MappingError(f"[defaults] class {quoted(value)} is no edge class", hint=nearest(value, EDGE_CLASSES))
        if word == "schema" or word.endswith("_schema"):
            known = [
                n
                for n, one in all_schemata().items()
                if bool(one.edge) == (word == "schema" and mapping.kind == "links")
            ]
            if value not in known:
                raise MappingError(f"[defaults] {word} {quoted(value)} is no such schema", hint=nearest(value, known))
        if (word == "country" or word.endswith("_country")) and alpha2(value) is None:
            raise MappingError(
                f"[defaults] {word} {quoted(value)} is not a country", hint="an ISO code or an English name"
            )
        if word in {"amount", "debit", "credit", "balance", "direction", "payment_id", "id"}:
            raise MappingError(f"[defaults] {word} cannot be the same for all records", hint="give its column")
    edge_class, edge_schema = mapping.defaults.get("class"), mapping.defaults.get("schema")
    if mapping.kind == "links" and edge_class and edge_schema not in {None, "UnknownLink"}:
        stated = BY_SCHEMA[str(edge_schema)]
        if stated != edge_class:
            raise MappingError(f"[defaults] schema {edge_schema} is of class {stated}, not {edge_class}")


def _needs(mapping: TableMapping, word: str) -> None:
    if word not in mapping.columns:
        raise MappingError(f"{mapping.kind} need the column {word} in [columns]")
