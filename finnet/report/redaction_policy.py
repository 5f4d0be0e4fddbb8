"""Which schemata, properties and columns lead back to a person."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from finnet.model.schema import all_schemata, is_schema, schema

__all__ = ["ACCOUNTS", "BORN", "FREE", "GONE", "KINDS", "PLACES", "RECORDS", "TEXTS", "kind_of", "property_type"]

KINDS = {
    "account": ("BankAccount", "CryptoWallet", "UserAccount"),
    "address": ("Address",),
    "document": ("Passport", "Identification"),
    # What may be a person counts as one: FollowTheMoney calls LegalEntity whoever is either a person or a firm.
    "person": ("Person", "LegalEntity", "Thing", "Mention"),
}
BORN = frozenset({"birthDate", "deathDate"})
PLACES = frozenset(
    {
        "bankAddress", "birthPlace", "city", "latitude", "longitude", "place", "postOfficeBox", "postalCode", "region",
        "remarks", "state", "street", "street2",
    }
)  # fmt: skip
TEXTS = frozenset({"firstName", "secondName", "middleName", "lastName", "fatherName", "motherName", "maidenName"})
GONE = frozenset({"address", "email", "ip", "phone", "text", "html", "json", "url", "checksum"})
ACCOUNTS = frozenset({"account", "accountNumber", "beneficiary_account", "cryptoAddress", "iban", "own_account",
                       "payer_account", "payerAccountNumber", "beneficiaryAccountNumber"})  # fmt: skip
# Columns of the views and of answers that lead straight back to a person, or hold what nobody can vouch for.
RECORDS = frozenset({"byte_offset", "line", "raw", "record", "records", "reference", "url"})
FREE = frozenset({"properties", "purpose"})


def kind_of(name: str | None) -> str | None:
    """What a party of this schema is hidden as: person, account, address, document; None where it is not hidden.

    >>> kind_of("Person"), kind_of("Company"), kind_of(None)
    ('person', None, 'person')
    """
    for kind, schemata in KINDS.items():
        if name in schemata:
            return kind
    return None if name is not None and is_schema(name) else "person"


def property_type(name: str) -> str | None:
    """The type that a property has in FollowTheMoney, whatever schema it belongs to; None for one of our own."""
    return _types().get(name)


@cache
def _types() -> Mapping[str, str]:
    return {name: kind for one in all_schemata() for name, kind in schema(one).own.items()}
