"""A party in a session: a card of what is recorded, its ties in a list, what limits the view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from finnet.api._describe import counted
from finnet.api._exploration_state import Block, Listing, Session
from finnet.api._exploration_ties import Ties, group_words
from finnet.api._tie_words import period_words, tie_words
from finnet.api.exploration import described, groups_of, notes_of, summary_of, sums_of
from finnet.api.look import decided_about, stated_of
from finnet.model.currency import money_words
from finnet.model.listed import UNSPECIFIED
from finnet.report.answer import Row

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["TIE_COLUMNS", "card", "listing_of_ties", "next_page"]

TIE_COLUMNS = ("no", "party", "cc", "listed", "says", "grade", "id", "dates", "record")
_VALUES = 3  # of a property on the card; `show` has all
_IN_THE_NAME = frozenset({"firstName", "secondName", "middleName", "lastName"})
_LONG = 240  # characters of a value on the card


def card(case: Case, session: Session) -> Block:
    """Who the party is, in a screen: what `show` has in full, who lists it, how many ties there are of each kind."""
    label, ties = session.here.id, session.ties
    summary = summary_of(case, label, session.choice)
    when = f", as of {session.choice.as_of}" if session.choice.as_of else ""
    first = (("schema", summary["schema"] or ""), ("appears on", f"{_lists(summary['listed'])}{when}"))
    groups = "; ".join(f"{number:,} {heading}" for heading, number in groups_of(ties).items())
    return Block(
        heading=f"{summary['caption']} [{label}]",
        lines=(*first, *_facts(case, label, summary["caption"]), *_money(ties), ("ties", groups or "none that count")),
        notes=notes_of(case, label, ties),
    )


def _lists(listed: Mapping[str, Sequence[str]]) -> str:
    if UNSPECIFIED in listed:
        return "no list that is named: a record calls it sanctioned and does not say by whom"
    said = [f"{name} ({', '.join(programs)})" if programs else name for name, programs in listed.items()]
    return f"lists of {'; '.join(said)}" if said else "no list in this case"


def _facts(case: Case, label: str, caption: str | None) -> tuple[tuple[str, str], ...]:
    told: dict[str, list[str]] = {}
    for row in (*stated_of(case, label), *decided_about(case, label)):
        if row["property"] not in _IN_THE_NAME:
            values = told.setdefault(row["property"], [])
            if row["value"] not in values and row["value"] != caption:
                values.append(row["value"])
    return tuple((name, _cut(values)) for name, values in told.items() if values)


def _money(ties: Ties) -> tuple[tuple[str, str], ...]:
    """Per direction, one sum for each currency."""
    told: dict[str, list[str]] = {}
    for (heading, currency), (amount, payments, parties) in sums_of(ties).items():
        words = f"{currency} {money_words(amount, currency)} in {counted(payments, 'payment')}"
        others = f"{parties:,} {'party' if parties == 1 else 'parties'}"
        told.setdefault(heading.removeprefix("money: "), []).append(f"{words}, {others}")
    return tuple((heading, "; ".join(words)) for heading, words in told.items())


def _cut(values: Sequence[str]) -> str:
    values = [" ".join(value.split()) for value in values]
    shown = [value if len(value) <= _LONG else f"{value[:_LONG]}… (show has all of it)" for value in values[:_VALUES]]
    more = len(values) - len(shown)
    return "; ".join(shown) + (f"; and {more:,} more (show)" if more else "")


def listing_of_ties(rows: Sequence[Row]) -> Listing:
    """Ties as a list to take numbers from."""
    return Listing(kind="ties", columns=TIE_COLUMNS, rows=rows)


def next_page(case: Case, session: Session) -> tuple[Listing, Block]:
    """The next rows of the list, and the list as it is after them."""
    listing = session.listing
    end = min(listing.shown + session.page, len(listing.rows))
    part = listing.rows[listing.shown : end]
    shown = [_tie_cells(row) for row in described(case, part, session.choice)] if listing.kind == "ties" else part
    left = len(listing.rows) - end
    cut = (
        (f"{end:,} of {len(listing.rows):,} are shown: more has the next {min(left, session.page):,}",) if left else ()
    )
    after = Listing(kind=listing.kind, columns=listing.columns, rows=listing.rows, shown=end)
    return after, Block(columns=listing.columns, rows=shown, notes=cut)


def _tie_cells(row: Mapping[str, Any]) -> Row:
    more = row["records"] - 1
    return {
        "group": group_words(dict(row)),
        "no": row["number"],
        "party": row["caption"] if row["caption"] is not None else "(not recorded)",
        "cc": row["country"],
        "listed": row["listed"],
        "says": tie_words(dict(row)),
        "grade": row["grade"] if row["basis"] in (None, "stated") else f"{row['grade'] or ''} {row['basis']}".strip(),
        "id": row["id"],
        "dates": period_words(row["first"], row["last"]),
        "record": f"{row['dataset']}:{row['record']}" + (f" and {more:,} more" if more else ""),
    }
