"""What a source states: entities, links, payments and listings, each with the record that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

__all__ = [
    "Counted",
    "Detail",
    "Entity",
    "Link",
    "Listing",
    "Origin",
    "Payment",
    "Properties",
    "Reject",
    "Skip",
    "Statement",
]

Properties = Mapping[str, Sequence[str]]
_NOTHING: Properties = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in a file a statement stands.

    ``file`` is the name the source was given (not a path of this machine); ``record`` counts from 1 in that file;
    ``byte_offset`` is the offset of the record's first byte, or None where the format has none (Parquet, XLSX).
    """

    file: str
    record: int
    byte_offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A FollowTheMoney entity that is not an edge: a person, a company, a vessel, an account, an address.

    ``country`` is the one it is counted under (jurisdiction, else country, else address, else flag; never
    nationality), ``countries`` all recorded; ISO 3166 alpha-2, lower case. ``missing`` marks a stub: somebody points
    at it, nobody describes it.
    """

    id: str
    schema: str
    caption: str
    origin: Origin
    country: str | None = None
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    missing: bool = False
    first_seen: str | None = None
    last_seen: str | None = None
    properties: Properties = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A relation between two entities. ``source`` acts on ``target``: owner → asset, agent → client, payer → payee.

    Shares in parts per million, both ends of the interval; None where the source gives none. ``basis`` is one of
    ``stated derived inferred analyst``.
    """

    id: str
    edge_class: str
    schema: str
    source: str
    target: str
    origin: Origin
    role: str | None = None
    share_min_ppm: int | None = None
    share_max_ppm: int | None = None
    country: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    commodity: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    basis: str = "stated"
    flags: tuple[str, ...] = ()
    properties: Properties = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that moved, or an aggregate of ``count`` such movements. The sign of ``amount`` is kept: a reversal is
    negative. ``booked_on`` and ``booked_until`` are ISO dates of any precision; ``step`` is an integer clock."""

    id: str
    origin: Origin
    amount: Decimal
    currency: str
    payer: str | None = None
    beneficiary: str | None = None
    payer_account: str | None = None
    beneficiary_account: str | None = None
    intermediary: str | None = None
    count: int = 1
    booked_on: str | None = None
    booked_until: str | None = None
    booked_at: str | None = None
    step: int | None = None
    purpose: str | None = None
    commodity: str | None = None
    basis: str = "stated"
    properties: Properties = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An authority lists an entity, under one programme. A missing date means always."""

    entity: str
    authority: str
    origin: Origin
    program: str | None = None
    reference: str | None = None
    listed_on: str | None = None
    delisted_on: str | None = None
    properties: Properties = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A record that adds values to an entity which another record describes: an alias row, an address row.

    The source has put the values into the Entity's properties already; this says which record they come from.
    """

    entity: str
    property: str
    values: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A record that was not stored, and why. ``raw`` is the record's bytes as they stand in the file."""

    origin: Origin
    code: str
    reason: str
    column: str | None = None
    raw: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A record that carries nothing to store, and why: a blank line, a comment, an end-of-file mark."""

    origin: Origin
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The end of a file: how many records it has, counted where they are read."""

    file: str
    records: int


Statement = Entity | Link | Payment | Listing | Detail | Reject | Skip | Counted
