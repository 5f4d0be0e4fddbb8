"""The channels, parties and holdings of the sample on pressure: what is planted, and why."""

from __future__ import annotations

from finnet.samples._channels import EXITS, SEEDS, STATE_BANK, Channel, Design
from finnet.samples._groups import Holding
from finnet.samples._parties import Entity, Parties

__all__ = ["CHANNELS", "COUNTRY", "GOODS", "HOLDERS", "HOLDINGS", "LENDERS", "make_parties", "make_pressure_channels"]

HOLDERS = ("ch-holder-1", "ch-holder-2")
LENDERS = ("ch-lender-1", "ch-lender-2", "ch-lender-3")
_NOTE = "INVENTED: no such party exists. Part of finnet's sample cold_harbour_pressure."

# Volume as (USD, EUR, CNY), in units; the channel's country is that of its entries, brokers and outlets.
CHANNELS: dict[str, Design] = {
    "yuan": Design(
        brokers=("ch-broker-a", "ch-broker-b"),
        volume=(0, 0, 34),
        note="two interchangeable brokers in China, in yuan: only China can cut it",
    ),
    "conduit": Design(
        brokers=("ch-conduit",),
        volume=(40, 0, 0),
        note="a trading house of the target state, which may not be chosen; two holders abroad own 25 % each",
    ),
    "shell": Design(brokers=("ch-shell",), volume=(20, 0, 0), note="one trading shell: large, and soon replaced"),
    "tip": Design(brokers=("ch-whisper",), volume=(16, 0, 0), note="known from one source graded E5 alone"),
    "lender-1": Design(brokers=LENDERS[:1], volume=(14, 0, 0), note="a licensed bank: slow to replace"),
    "lender-2": Design(brokers=LENDERS[1:2], volume=(11, 0, 0), note="a licensed bank"),
    "lender-3": Design(brokers=LENDERS[2:], volume=(10, 0, 0), note="a licensed bank"),
    "fuel": Design(
        brokers=("ch-fuel-1", "ch-fuel-2", "ch-fuel-3"),
        volume=(18, 0, 0),
        note="three interchangeable fuel traders: dear to designate, cheap to embargo",
    ),
    "bunker": Design(brokers=("ch-bunker",), volume=(9, 0, 0), note="one bunker trader, petroleum alone"),
    "listed": Design(
        brokers=("ch-listed-house",), volume=(8, 0, 0), note="a trading house that is listed: relief would free it"
    ),
}
COUNTRY = {
    "yuan": "cn", "conduit": "my", "shell": "sg", "tip": "ae", "lender-1": "my", "lender-2": "sg", "lender-3": "ae",
    "fuel": "my", "bunker": "sg", "listed": "my",
}  # fmt: skip
GOODS = {"fuel": "petroleum", "bunker": "petroleum", "yuan": "machinery", "shell": "coal", "tip": "coal"}
HOLDINGS = (
    Holding(owner=HOLDERS[0], owned="ch-conduit", share="25", start="2015-01-01"),
    Holding(owner=HOLDERS[1], owned="ch-conduit", share="25", start="2015-01-01"),
    Holding(owner="ch-seed-1", owned="ch-conduit", share="", start="2015-01-01", end="2019-12-31"),
    Holding(owner=HOLDERS[0], owned="ch-bunker", share="49", start="2016-01-01"),
)
_NAMED: dict[str, tuple[str, str, str]] = {  # id -> schema, name, country
    "ch-seed-1": ("PublicBody", "Cold Harbour General Bureau", "kp"),
    "ch-seed-2": ("PublicBody", "Plainly Invented Export Office", "kp"),
    "ch-seed-3": ("Company", "Frozen Quay Procurement Co", "kp"),
    "ch-seed-4": ("Company", "Cold Harbour Advance House", "cn"),
    STATE_BANK: ("Company", "Plainly Invented State Bank", "kp"),
    "ch-exit-1": ("Company", "Invented Bunker Supplies 1", "ae"),
    "ch-exit-2": ("Company", "Invented Machine Parts 2", "my"),
    "ch-exit-3": ("Company", "Invented Grain House 3", "sg"),
    "ch-broker-a": ("Company", "Plainly Invented Brokers A", "cn"),
    "ch-broker-b": ("Company", "Plainly Invented Brokers B", "cn"),
    "ch-conduit": ("Company", "Invented Conduit Trading House", "kp"),
    HOLDERS[0]: ("Company", "Fictional Holdings Left", "sg"),
    HOLDERS[1]: ("Company", "Fictional Holdings Right", "ae"),
    "ch-shell": ("Company", "Nowhere Quay Trading", "sg"),
    "ch-whisper": ("Company", "Whispered and Invented Trading", "ae"),
    LENDERS[0]: ("Company", "Plainly Invented Commercial Bank", "my"),
    LENDERS[1]: ("Company", "Fictional Merchant Bank", "sg"),
    LENDERS[2]: ("Company", "Made-up Bank of Nowhere", "ae"),
    "ch-fuel-1": ("Company", "Invented Fuel Traders 1", "my"),
    "ch-fuel-2": ("Company", "Invented Fuel Traders 2", "my"),
    "ch-fuel-3": ("Company", "Invented Fuel Traders 3", "my"),
    "ch-bunker": ("Company", "Invented Bunker Traders", "sg"),
    "ch-listed-house": ("Company", "Listed and Invented Trading House", "my"),
    "ch-bank-1": ("Company", "Big Invented Bank", "sg"),
    "ch-bank-2": ("Company", "Second Invented Bank", "ae"),
    "ch-bank-3": ("Company", "Third Invented Bank", "cn"),
}


def make_pressure_channels(entries: int, outlets: int) -> list[Channel]:
    """The channels with that many entries and outlets each; ids run on from channel to channel."""
    return [
        Channel(
            name=name,
            design=design,
            entries=tuple(f"ch-entry-{place * entries + i + 1:02}" for i in range(entries)),
            outlets=tuple(f"ch-outlet-{place * outlets + i + 1:02}" for i in range(outlets)),
        )
        for place, (name, design) in enumerate(CHANNELS.items())
    ]


def make_parties(channels: list[Channel], innocents: int) -> Parties:
    """Everybody: those whom the answers are about, and that many who pay each other honestly."""
    made = Parties()
    for label, (schema, name, country) in _NAMED.items():
        tags = (
            ("source",) if label in SEEDS else ("exit",) if label in EXITS else ("lender",) if label in LENDERS else ()
        )
        # The seeds are listed by nobody in particular: every regime counts them.
        topics = ("sanction",) if label in SEEDS else ()
        _thing(made, label, schema, name, country, keywords=tags, topics=topics)
    for channel in channels:
        for kind, members in (("Cold Harbour Trading", channel.entries), ("Nowhere Quay Supplies", channel.outlets)):
            for label in members:
                _thing(made, label, "Company", f"{kind} {label.rsplit('-', 1)[1]}", COUNTRY[channel.name])
    for number in range(1, innocents + 1):
        label = f"ch-innocent-{number:03}"
        _thing(made, label, "Company", f"Plainly Invented Foods {number:03}", ("cn", "my", "sg", "ae")[number % 4])
        (made.customers if number % 2 else made.suppliers).append(label)
    made.tie(
        "ch-listing-01", "Sanction", entity="ch-listed-house", authority="Invented Sanctions Office",
        program="INVENTED-R1", startDate="2018-01-24", authorityId="INV-R1-001",
    )  # fmt: skip
    made.ties = [_stamped(tie) for tie in made.ties]
    return made


def _thing(made: Parties, label: str, schema: str, name: str, country: str, **more: tuple[str, ...]) -> None:
    made.thing(label, schema, name, country, **more)
    made.things[-1].properties["notes"] = [_NOTE]


def _stamped(tie: Entity) -> Entity:
    return Entity(tie.id, tie.schema, {**tie.properties, "summary": [_NOTE]})
