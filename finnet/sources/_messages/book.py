"""The parties, accounts and banks that the messages of one ingest name: one entity per id, all its names kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType

from finnet.model.countries import alpha2
from finnet.model.statement import Entity, Origin

__all__ = ["Bank", "Book", "Party", "account_number", "bic_in", "is_iban", "name_in"]

_BIC = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_IBAN = re.compile(r"([A-Z]{2})[0-9]{2}[A-Z0-9]{11,30}")
# What SEPA rules have senders write where they have nothing to say; by its form it would be a BIC, of Romania.
_NOT_PROVIDED = "NOTPROVIDED"
_LEI = re.compile(r"[0-9A-Z]{18}[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who pays or is paid, as a message says it; empty where it does not."""

    name: str = ""
    account: str = ""
    lei: str = ""
    bic: str = ""
    country: str = ""
    address: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the message says anything that tells the party from others."""
        return bool(self.name or self.account or self.lei or self.bic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A bank of a message: by its BIC, else by its name."""

    bic: str = ""
    name: str = ""
    lei: str = ""
    country: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the message says which bank it is."""
        return bool(self.bic or self.name or self.lei)


@dataclass(slots=True)
class _Mention:
    schema: str
    origin: Origin
    countries: dict[str, None] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    properties: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, **said: str | None) -> None:
        for name, value in said.items():
            if value:
                self.properties.setdefault(name, {})[value] = None


class Book:
    """Ids for those whom messages name.

    A party is called by its LEI (``lei-…``), else its BIC, else the IBAN of its account (``iban-…``: there is one such
    account in the world), else ``<dataset>-<account>``, else ``<dataset>-<name>``;
    a bank by the first eight characters of its BIC (``bic-…``), which are the same for all its branches in a place,
    else by its name. An account is an entity of its own, called by its number: it lies in the country of its IBAN,
    its holder need not.
    """

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset
        self._held: dict[str, _Mention] = {}

    def party(self, party: Party, origin: Origin) -> str | None:
        """The party's id, None if the message does not say who it is."""
        if not party.is_known:
            return None
        bic = bic_in(party.bic)
        if _LEI.fullmatch(party.lei):
            label = f"lei-{party.lei}"
        elif bic:
            label = f"bic-{bic[:8]}"
        elif _IBAN.fullmatch(party.account):
            label = f"iban-{party.account}"
        else:
            label = f"{self.dataset}-{party.account or party.name}"
        held = self._mention(label, "LegalEntity", origin)
        held.add(name=party.name, leiCode=party.lei, swiftBic=bic, address=party.address)
        self._country(held, alpha2(party.country) if party.country else _bic_country(bic))
        return label

    def bank(self, bank: Bank, origin: Origin) -> str | None:
        """The bank's id, None if the message does not say which bank."""
        if not bank.is_known:
            return None
        bic = bic_in(bank.bic)
        if bic:
            label = f"bic-{bic[:8]}"
        elif _LEI.fullmatch(bank.lei):
            label = f"lei-{bank.lei}"
        else:
            label = f"{self.dataset}-{bank.name or bank.bic}"
        held = self._mention(label, "LegalEntity", origin)
        held.topics = ("fin.bank",)
        held.add(name=bank.name, leiCode=bank.lei, swiftBic=bic)
        self._country(held, _bic_country(bic) or (alpha2(bank.country) if bank.country else None))
        return label

    def account(self, number: str, origin: Origin, *, bank: Bank | None = None, currency: str = "") -> str | None:
        """The account's number, None if there is none."""
        if not number:
            return None
        held = self._mention(number, "BankAccount", origin)
        iban = _IBAN.fullmatch(number)
        held.add(accountNumber=number, iban=number if iban else None, currency=currency)
        self._country(held, alpha2(iban[1]) if iban else None)
        if bank is not None:
            held.add(bic=bic_in(bank.bic), bankName=bank.name)
        return number

    def entities(self) -> Iterator[Entity]:
        """Everybody named, sorted by id."""
        for label in sorted(self._held):
            held = self._held[label]
            names = tuple(held.properties.get("name", ()))
            called = label.removeprefix("iban-").removeprefix(f"{self.dataset}-")
            known = names or tuple(held.properties.get("swiftBic", ())) or (called,)
            countries = tuple(held.countries)
            said = {**held.properties, **({"country": held.countries} if countries else {})}
            yield Entity(
                id=label,
                schema=held.schema,
                caption=known[0],
                origin=held.origin,
                country=countries[0] if countries else None,
                countries=countries,
                topics=held.topics,
                properties=MappingProxyType({name: tuple(said[name]) for name in sorted(said)}),
            )

    def _mention(self, label: str, schema: str, origin: Origin) -> _Mention:
        return self._held.setdefault(label, _Mention(schema, origin))

    @staticmethod
    def _country(held: _Mention, code: str | None) -> None:
        if code:
            held.countries[code] = None


def account_number(text: str) -> str:
    """An account's number as it is kept: an IBAN without the blanks that it is printed with.

    >>> account_number("de89 3704 0044 0532 0130 00"), account_number("12-34 567")
    ('DE89370400440532013000', '12-34 567')
    """
    packed = "".join(text.split()).upper()
    return packed if _IBAN.fullmatch(packed) else name_in(text)


def name_in(text: str) -> str:
    """A name or number as it stands, spaces made one; nothing where it says that nothing was provided.

    >>> name_in("Invented  Ltd"), name_in("NOTPROVIDED"), name_in("Not provided")
    ('Invented Ltd', '', '')

    Source: European Payments Council, SEPA Credit Transfer implementation guidelines: "NOTPROVIDED".
    """
    said = " ".join(text.split())
    return "" if said.replace(" ", "").upper() == _NOT_PROVIDED else said


def is_iban(text: str) -> bool:
    """Whether it is an IBAN, by its form and its check digits.

    >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE88370400440532013000"), is_iban("NONREF")
    (True, False, False)

    Source: ISO 13616, section 5: ISO 7064 MOD 97-10 of the account, the country and the check digits.
    """
    packed = "".join(text.split()).upper()
    if not _IBAN.fullmatch(packed):
        return False
    return int("".join(str(int(one, 36)) for one in packed[4:] + packed[:4])) % 97 == 1


def bic_in(text: str) -> str:
    """The BIC in capitals, without the ``XXX`` that means the head office; nothing if it is none.

    >>> bic_in("invtkppyxxx"), bic_in("INVTKPPY123"), bic_in("INVENTED"), bic_in("NOTPROVIDED")
    ('INVTKPPY', 'INVTKPPY123', '', '')

    Source: ISO 9362: four letters or digits, a country of ISO 3166-1 in positions 5 and 6, two, and three or none.
    """
    bic = text.strip().upper()
    if not _BIC.fullmatch(bic) or alpha2(bic[4:6]) is None or bic == _NOT_PROVIDED:
        return ""
    return bic.removesuffix("XXX") if len(bic) == 11 else bic


def _bic_country(bic: str) -> str | None:
    return alpha2(bic[4:6]) if bic else None
