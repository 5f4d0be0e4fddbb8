"""The parties of the sample as FollowTheMoney entities: everyone plainly invented, and stamped so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from finnet.samples._channels import DESIGNS, EXITS, SEEDS, STATE_BANK, Channel
from finnet.samples._groups import NOMINEES, Directorship, Group

__all__ = ["STAMP", "UNDESCRIBED", "Entity", "Office", "Parties", "core_parties", "make_parties"]

STAMP = "INVENTED: no such party exists. Part of finnet's sample cold_harbour."
UNDESCRIBED = "ch-unknown-77"  # an owner in the register, and nothing else

_ABROAD = ("cn", "my", "sg", "ae")
_STATE = "kp"
_AUTHORITY = "Invented Sanctions Office"

_NAMED: dict[str, tuple[str, str, str]] = {  # id -> schema, name, country
    "ch-seed-1": ("PublicBody", "Cold Harbour General Bureau", _STATE),
    "ch-seed-2": ("PublicBody", "Plainly Invented Export Office", _STATE),
    "ch-seed-3": ("Company", "Frozen Quay Procurement Co", _STATE),
    "ch-seed-4": ("Company", "Cold Harbour Trading 001", "cn"),
    STATE_BANK: ("Company", "Plainly Invented State Bank", _STATE),
    "ch-exit-1": ("Company", "Invented Bunker Supplies 1", "ae"),
    "ch-exit-2": ("Company", "Invented Machine Parts 2", "my"),
    "ch-exit-3": ("Company", "Invented Grain House 3", "sg"),
    "ch-broker-a": ("Company", "Plainly Invented Brokers A", "my"),
    "ch-broker-b": ("Company", "Plainly Invented Brokers B", "sg"),
    "ch-broker-c": ("LegalEntity", "Plainly Invented Brokers C", "ae"),
    "ch-broker-d": ("Company", "Plainly Invented Brokers D", "cn"),
    "ch-forwarder": ("Company", "Made-up Freight Forwarding", "cn"),
    "ch-remitter": ("Company", "Nowhere Remittance House", "ae"),
    "ch-chandler": ("Company", "Fictional Ship Chandlers", "my"),
    "ch-desk-1": ("Company", "Fictional Trading Desk 1", "sg"),
    "ch-desk-2": ("Company", "Fictional Trading Desk 2", "ae"),
    "ch-desk-3": ("Company", "Fictional Trading Desk 3", "my"),
    "ch-listed-house": ("Company", "Listed and Invented Trading House", "my"),
    "ch-bureau": ("PublicBody", "Invented Trading Bureau", _STATE),
    "ch-bank-1": ("Company", "Big Invented Bank", "sg"),
    "ch-bank-2": ("Company", "Second Invented Bank", "ae"),
    "ch-bank-3": ("Company", "Third Invented Bank", "cn"),
    "ch-captive-1": ("Company", "Invented Captive 1", "sg"),
    "ch-captive-2": ("Company", "Invented Captive 2", "my"),
    "ch-captive-3": ("Company", "Invented Captive 3", "ae"),
    "ch-loop-1": ("Company", "Round and Invented 1", "sg"),
    "ch-loop-2": ("Company", "Round and Invented 2", "my"),
    "ch-loop-3": ("Company", "Round and Invented 3", "cn"),
}

# Gasang, heogu and sangsang are Korean for imaginary, fiction, fancy; vydumannyj is Russian for invented.
_REPRESENTATIVES = (
    ("Kim Gasang", "ch-seed-1", "cn"),
    ("Ri Heogu", "ch-seed-1", "my"),
    ("Pak Sangsang", "ch-seed-2", "ae"),
    ("Choe Gasang", "ch-seed-3", "sg"),
    ("Kang Heogu", "ch-seed-3", "cn"),
    ("Han Sangsang", "ch-seed-4", "ae"),
    ("Rim Gasang", STATE_BANK, "my"),
    ("Jon Heogu", STATE_BANK, "cn"),
)
# Different people of one name, or of one name in two spellings or scripts. Two bear the name of a representative.
_HOMONYMS = (
    ("Ann Invented", "sg", "1961-02-03", ()),
    ("Ann Invented", "ae", "1990-11-30", ()),
    ("Kim Gasang", "sg", "1988-07-19", ()),
    ("Kim Ka-sang", "my", "1974-01-25", ("김가상",)),
    ("Ivan Vydumannyj", "ae", "1970-05-06", ("Иван Выдуманный",)),
    ("Iwan Wydumanny", "cn", "1982-09-12", ()),
)
_LISTED: tuple[tuple[str, str, str, str], ...] = (  # id, programme, listed, delisted
    ("ch-seed-1", "INVENTED-DPRK99", "2016-03-02", ""),
    ("ch-seed-2", "INVENTED-DPRK99", "2017-08-05", ""),
    ("ch-seed-3", "INVENTED-DPRK99", "2017-08-05", ""),
    (STATE_BANK, "INVENTED-EO99999", "2013-03-11", ""),
    ("ch-listed-house", "INVENTED-EO99999", "2018-01-24", ""),
    ("ch-rep-1", "INVENTED-DPRK99", "2017-03-31", ""),
    ("ch-rep-7", "INVENTED-EO99999", "2017-09-26", ""),
    ("ch-vessel-01", "INVENTED-DPRK99", "2018-02-23", ""),
    ("ch-vessel-02", "INVENTED-DPRK99", "2018-02-23", ""),
    ("ch-remitter", "INVENTED-EO99999", "2014-06-30", "2019-12-31"),
)
VESSELS, SHIPPING = 12, 8


@dataclass(frozen=True, slots=True)
class Entity:
    """A FollowTheMoney entity."""

    id: str
    schema: str
    properties: dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who represents whom in which country. FollowTheMoney's Representation has no country: it is a table's row."""

    agent: str
    client: str
    role: str
    host: str
    since: str


@dataclass(slots=True, kw_only=True)
class Parties:
    """Entities that are parties or things, what ties them, and who pays in the innocent background."""

    things: list[Entity] = field(default_factory=list)
    ties: list[Entity] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    suppliers: list[str] = field(default_factory=list)

    @property
    def influence(self) -> list[tuple[str, str]]:
        """The ties that count as influence, as pairs of ids; ends are read both ways by whoever asks for pieces."""
        ends = {
            "Ownership": ("owner", "asset"),
            "Directorship": ("director", "organization"),
            "UnknownLink": ("subject", "object"),
        }
        tied = [
            (tie.properties[ends[tie.schema][0]][0], tie.properties[ends[tie.schema][1]][0])
            for tie in self.ties
            if tie.schema in ends
        ]
        return [*tied, *((office.client, office.agent) for office in self.offices)]

    def thing(self, id: str, schema: str, name: str, country: str, **properties: Sequence[str]) -> None:
        """Add a party or a thing."""
        place = {"Person": "country", "Vessel": "flag", "BankAccount": "country"}.get(schema, "jurisdiction")
        tags = [*properties.pop("keywords", ()), "invented"]
        more = {key: list(values) for key, values in properties.items() if values}
        self.things.append(
            Entity(id, schema, {"name": [name], place: [country], "keywords": tags, "notes": [STAMP], **more})
        )

    def tie(self, id: str, schema: str, **properties: str) -> None:
        """Add an entity that ties others."""
        said = {key: [value] for key, value in properties.items() if value}
        self.ties.append(Entity(id, schema, {**said, "summary": [STAMP]}))


def core_parties(channels: Sequence[Channel]) -> list[str]:
    """Everybody who may lie on a way from a seed to an exit, but the banks."""
    insiders = [party for one in channels for party in (*one.entries, *one.design.brokers, *one.outlets)]
    return [*SEEDS, *EXITS, *insiders]


def make_parties(
    channels: Sequence[Channel], groups: Sequence[Group], seats: Sequence[Directorship], *, entities: int
) -> Parties:
    """All parties: those the answers are about, what stands around them, and innocents up to ``entities``.

    Raises: ValueError if ``entities`` is less than the first two need.
    """
    made = Parties()
    _channel_parties(made, channels)
    _group_parties(made, groups, seats)
    _ships(made)
    _representatives(made)
    _curiosities(made)
    _listings(made)
    missing = entities - len(made.things)
    if missing < 20:
        raise ValueError(f"the case needs at least {len(made.things) + 20} entities, not {entities}")
    _innocents(made, missing)
    return made


def _channel_parties(made: Parties, channels: Sequence[Channel]) -> None:
    brokers = {broker for one in channels for broker in one.design.brokers}
    every_broker = {broker for design in DESIGNS.values() for broker in design.brokers}
    for label, (schema, name, country) in _NAMED.items():
        tags = ("source",) if label in SEEDS else ("exit",) if label in EXITS else ()
        if label in brokers or label not in every_broker:
            made.thing(label, schema, name, country, keywords=tags, sector=("bank",) if "bank" in label else ())
    for one in channels:
        for entry in one.entries:
            number = int(entry.rsplit("-", 1)[1])
            made.thing(entry, "Company", f"Cold Harbour Trading {number + 1:03}", _ABROAD[number % 4])
        for outlet in one.outlets:
            number = int(outlet.rsplit("-", 1)[1])
            made.thing(outlet, "Company", f"Nowhere Quay Supplies {number:03}", _ABROAD[(number + 2) % 4])
    for letter in "abcd":
        if f"ch-broker-{letter}" in brokers:
            account = f"ch-account-{letter}"
            made.thing(
                account, "BankAccount", f"Invented account {letter.upper()}", "sg",
                accountNumber=(f"INVENTED-000{letter.upper()}",), bank=("ch-bank-1",), currency=("USD",),
            )  # fmt: skip
            made.tie(f"ch-own-account-{letter}", "Ownership", owner=f"ch-broker-{letter}", asset=account)


def _group_parties(made: Parties, groups: Sequence[Group], seats: Sequence[Directorship]) -> None:
    for group in groups:
        for place, parent in enumerate(group.parents):
            title = f"Invented Holdings {group.name.capitalize()} {place + 1}"
            made.thing(parent, "Company", title, _ABROAD[place])
        for place, company in enumerate(group.companies):
            if company.startswith(f"ch-{group.name}"):
                title = f"Invented {group.name.capitalize()} Works {place + 1:02}"
                made.thing(company, "Company", title, _ABROAD[place % 4])
    for place, nominee in enumerate(NOMINEES):
        number = ("One", "Two", "Three", "Four")[place]
        made.thing(nominee, "Person", f"Nominee Invented-{number}", _ABROAD[place])
    for place, seat in enumerate(seats):
        made.tie(
            f"ch-seat-{place + 1:02}", "Directorship",
            director=seat.director, organization=seat.organization, role="nominee director",
        )  # fmt: skip


def _ships(made: Parties) -> None:
    for number in range(1, SHIPPING + 1):
        label = f"ch-shipping-{number}"
        made.thing(label, "Company", f"Plainly Invented Shipping Co {number}", _ABROAD[number % 4])
        made.suppliers.append(label)
    for number in range(1, VESSELS + 1):
        made.thing(
            f"ch-vessel-{number:02}", "Vessel", f"Invented Hull {number:02}", _ABROAD[number % 4],
            imoNumber=(_impossible_imo(number),), type=("cargo" if number % 2 else "tanker",),
            pastFlags=(_ABROAD[(number + 1) % 4],) if number % 3 == 0 else (), buildDate=(str(1984 + number),),
        )  # fmt: skip


def _impossible_imo(number: int) -> str:
    """Seven digits that no ship can bear: the last is one more than the check digit of the six before it.

    Source: IMO Resolution A.1117(30): the check digit is the last digit of 7a + 6b + 5c + 4d + 3e + 2f.
    """
    six = f"{990_000 + number * 13}"
    check = sum(int(digit) * factor for digit, factor in zip(six, range(7, 1, -1), strict=True)) % 10
    return f"IMO{six}{(check + 1) % 10}"


def _representatives(made: Parties) -> None:
    for place, (name, client, host) in enumerate(_REPRESENTATIVES, 1):
        label = f"ch-rep-{place}"
        made.thing(label, "Person", name, host, nationality=(_STATE,), position=(f"representative in {host.upper()}",))
        made.offices.append(
            Office(agent=label, client=client, role="representative", host=host, since=f"{2010 + place}-01-15")
        )


def _curiosities(made: Parties) -> None:
    for place, (name, country, born, aliases) in enumerate(_HOMONYMS, 1):
        made.thing(f"ch-homonym-{place}", "Person", name, country, birthDate=(born,), alias=aliases)
    made.tie("ch-family-1", "Family", person="ch-homonym-1", relative="ch-homonym-5", relationship="cousin")
    made.tie("ch-linked-1", "UnknownLink", subject="ch-homonym-6", object="ch-loop-1", role="mentioned together")


def _listings(made: Parties) -> None:
    known = {thing.id for thing in made.things}
    for place, (label, programme, listed, delisted) in enumerate(_LISTED, 1):
        if label in known:
            made.tie(
                f"ch-listing-{place:02}", "Sanction",
                entity=label, authority=_AUTHORITY, program=programme, startDate=listed, endDate=delisted,
                authorityId=f"INV-{place:03}",
            )  # fmt: skip


def _innocents(made: Parties, count: int) -> None:
    digits = max(3, len(str(count)))
    for number in range(1, count + 1):
        label = f"ch-innocent-{number:0{digits}}"
        if number % 3 == 0:
            made.thing(label, "Person", f"Harmless Invented {number:0{digits}}", _ABROAD[number % 4])
        else:
            made.thing(label, "Company", f"Plainly Invented Foods {number:0{digits}}", _ABROAD[number % 4])
        if number % 15 == 0:
            made.tie(
                f"ch-own-{number:0{digits}}", "Ownership",
                owner=label, asset=f"ch-innocent-{number - 1:0{digits}}", percentage="100",
            )  # fmt: skip
        (made.customers if number % 2 else made.suppliers).append(label)
