"""The verb on looking round: one party, and its ties by class and direction, as a session shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from finnet.api._describe import counted
from finnet.api._exploration_ties import Choice, Ties, group_words, ties_of
from finnet.api.look import authorities_on
from finnet.model.listed import is_listed
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["explore"]

_COLUMNS = (
    "number", "group", "class", "way", "id", "caption", "schema", "country", "listed", "role", "commodity", "share_min",
    "share_max", "amount", "currency", "payments", "first", "last", "grade", "basis", "item", "dataset", "record",
    "records",
)  # fmt: skip
_NAMESAKES = 5


def explore(
    case: Case,
    entity: str,
    *,
    edges: str | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    limit: int | None = 20,
) -> Answer:
    """One party as a session of ``finnet explore`` shows it: its ties by class and direction, numbered.

    One row per link statement, and per other party, direction and currency of payments; amounts of two currencies are
    never added. Shares are fractions of one. ``way`` is ``out``, ``in``, or, of money, ``through`` a bank, and for that
    bank ``passed from`` and ``passed to``. ``item`` is the link, or the first of the payments, for ``source``;
    ``listed`` are the authorities that list the other party on the date in question. A party without ties has no rows.

    Raises: UnknownNameError if nobody or several have the name; UsageError for a class, date or grade that is none.
    """
    from finnet.store.resolve import resolve

    choice = Choice(edges=edges, as_of=as_of, min_grade=min_grade)
    label = resolve(case, entity)
    ties = ties_of(case, label, choice)
    shown = ties.rows[:limit]
    return Answer(
        command="explore",
        columns=_COLUMNS,
        rows=described(case, shown, choice),
        summary={**summary_of(case, label, choice), "ties": len(ties.rows), "groups": groups_of(ties)},
        notes=notes_of(case, label, ties),
        params={"entity": entity, "edges": edges, "as_of": as_of, "min_grade": min_grade, "limit": limit},
        truncated=len(shown) < len(ties.rows),
        total=len(ties.rows),
        shown=("number", "group", "caption", "id", "country", "listed", "role", "share_min", "share_max", "amount",
               "currency", "payments", "first", "last", "grade", "dataset", "record"),
    )  # fmt: skip


def described(case: Case, rows: Sequence[Row], choice: Choice) -> list[Row]:
    """The ties with who the other party is: name, schema, country, who lists it, and the heading it stands under."""
    return [{**row, "group": group_words(row), **party_of(case, row["id"], choice)} for row in rows]


def party_of(case: Case, label: str | None, choice: Choice) -> Row:
    """caption, schema, country and listing authorities of a party; an account that nobody describes is its number."""
    statements = case.lookup.entity(label) if label is not None else []
    if not statements:
        return {"caption": label, "schema": None, "country": None, "listed": []}
    best = statements[0]
    return {
        "caption": best["caption"],
        "schema": best["schema"],
        "country": best["country"],
        "listed": authorities_on(statements, case.lookup.listings(best["canonical_id"]), choice.as_of),
    }


def summary_of(case: Case, label: str, choice: Choice) -> dict[str, Any]:
    """Who a party is, in a few values: who lists it and under what, tags, and others of the very same name."""
    known = party_of(case, label, choice)
    programs: dict[str, list[str]] = {authority: [] for authority in known["listed"]}
    for one in case.lookup.listings(label):
        if is_listed(one["listed_on"], one["delisted_on"], choice.as_of) and one["program"]:
            programs[one["authority"]].append(one["program"])
    return {
        "id": label,
        **known,
        "listed": {name: list(dict.fromkeys(found)) for name, found in programs.items()},
        "tags": tags_of(case, label),
        "same_name": _namesakes(case, label),
    }


def tags_of(case: Case, label: str) -> list[str]:
    """The tags that analysts gave a party, under any of its ids."""
    from finnet.store.decisions import tags

    ids = {label, *(one["entity_id"] for one in case.lookup.entity(label))}
    return sorted({tag for one, given in tags(case.decisions).items() if one in ids for tag in given})


def sums_of(ties: Ties) -> dict[tuple[str, str], tuple[Decimal, int, int]]:
    """Of the money ties that count, by heading and currency: the sum, how many payments, how many other parties."""
    found: dict[tuple[str, str], tuple[Decimal, int, int]] = {}
    for row in ties.rows:
        if row["payments"] is not None:
            key = (group_words(row), row["currency"] or "")
            amount, payments, parties = found.get(key, (Decimal(0), 0, 0))
            found[key] = (amount + (row["amount"] or 0), payments + row["payments"], parties + 1)
    return found


def groups_of(ties: Ties) -> dict[str, int]:
    """How many ties there are under each heading, in the order of the rows."""
    return dict(Counter(group_words(row) for row in ties.rows))


def notes_of(case: Case, label: str, ties: Ties) -> tuple[str, ...]:
    """What limits the view: ties that do not count, a party that nobody describes, others of the same name."""
    notes = [f"{counted(number, what)} left out: {reason}" for (what, reason), number in ties.left_out.items()]
    if case.lookup.entity(label)[0]["missing"]:
        notes.append("nobody describes this party: somebody points at it")
    others = _namesakes(case, label)
    if others:
        notes.append(f"the same name is recorded for {', '.join(others)}: a possible match, not decided")
    return tuple(notes)


def _namesakes(case: Case, label: str) -> list[str]:
    caption = case.lookup.entity(label)[0]["caption"]
    return [one for one in case.lookup.named(caption or label) if one != label][:_NAMESAKES]
