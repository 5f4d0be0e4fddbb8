"""What a record says, in a sentence that says no more than the record does."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from finnet.model.currency import money_words
from finnet.report.dossier.document import Record, Sentence
from finnet.text import one_line

__all__ = ["LONGEST_NAME", "name_of", "record_of", "sentence_of", "weakest"]

LONGEST_NAME = 120
_TIES = {
    "ownership": "is recorded as an owner of",
    "control": "is recorded as controlling",
    "governance": "is recorded as holding an office at",
    "representation": "is recorded as representing",
    "maritime": "is recorded as tied to the vessel or its voyage:",
    "trade": "is recorded as trading with",
    "kin": "is recorded as family or associate of",
    "linked": "is recorded as linked to",
    "co_location": "shares a recorded address or telephone number with",
    "co_mention": "is mentioned in the same document as",
    "money": "is recorded as paying",
}
_BASIS = {
    "derived": "derived by a rule, not stated",
    "inferred": "inferred, not stated",
    "analyst": "an analyst's own statement",
}


def name_of(caption: object, label: object) -> str:
    """How a party is called in a sentence: its name, cut where it is endless, with its id.

    >>> name_of("Plainly Invented Ltd", "inv-1")
    'Plainly Invented Ltd [inv-1]'
    """
    name, code = one_line(str(caption or label), LONGEST_NAME), one_line(str(label), LONGEST_NAME)
    return code if name == code else f"{name} [{code}]"


def sentence_of(row: Mapping[str, Any]) -> Sentence:
    """The sentence for one row: ``kind`` is entity, listing, link or payment, the rest are that view's columns.

    >>> sentence_of({"kind": "entity", "id": "inv-1", "caption": "Nobody", "schema": "Person", "country": "kp",
    ...              "dataset": "list", "file": "l.csv", "record": 3}).text
    'Nobody [inv-1] is recorded as a Person in KP'
    """
    texts = {"entity": _entity, "listing": _listing, "link": _link, "payment": _payment}
    text = texts[row["kind"]](row)
    basis = _BASIS.get(str(row.get("basis")))
    about = [row.get(name) for name in ("id", "source_id", "target_id", "payer_id", "beneficiary_id")]
    return Sentence(
        text=f"{text} ({basis})" if basis else text,
        records=(record_of(row),),
        about=tuple(dict.fromkeys(str(one) for one in about if one)),
    )


def record_of(row: Mapping[str, Any]) -> Record:
    """Where a row of the case's views is stated, with its grade."""
    return Record(
        dataset=str(row["dataset"]),
        file=str(row["file"]),
        record=row["record"],
        byte_offset=row.get("byte_offset"),
        grade=f"{row.get('reliability') or ''}{row.get('credibility') or ''}" or None,
        basis=row.get("basis"),
    )


def weakest(records: tuple[Record, ...]) -> str | None:
    """The worst grade among records: the later letter, then the higher number; None where none is graded.

    A chain is as weak as its weakest link. F and 6 mean that nobody can judge, which is not the same as bad; they come
    last all the same, for somebody has to look.

    >>> made = [Record(dataset="a", file="f", record=1, grade=grade) for grade in ("A1", "C3", "B6", None)]
    >>> weakest(tuple(made)), weakest(())
    ('C3', None)
    """
    return max((one.grade for one in records if one.grade), default=None)


def _entity(row: Mapping[str, Any]) -> str:
    kind = str(row.get("schema") or "party")
    article = "an" if kind[:1] in "AEIOUaeio" else "a"
    where = f" in {str(row['country']).upper()}" if row.get("country") else ""
    return f"{name_of(row['caption'], row['id'])} is recorded as {article} {kind}{where}"


def _listing(row: Mapping[str, Any]) -> str:
    parts = [f"{name_of(row['caption'], row['id'])} appears on the list of {one_line(str(row['authority']), 80)}"]
    if row.get("program"):
        parts.append(f", programme {one_line(str(row['program']), 80)}")
    if row.get("reference"):
        parts.append(f", reference {one_line(str(row['reference']), 80)}")
    if row.get("listed_on"):
        parts.append(f", listed {row['listed_on']}")
    if row.get("delisted_on"):
        parts.append(f", DELISTED {row['delisted_on']}")
    return "".join(parts)


def _link(row: Mapping[str, Any]) -> str:
    left = name_of(row["source_caption"], row["source_id"])
    right = name_of(row["target_caption"], row["target_id"])
    tie = _TIES.get(str(row["class"]), f"is recorded with a tie of class {one_line(str(row['class']), 40)} to")
    more = [one_line(str(row["role"]), 80)] if row.get("role") else []
    share = _share(row.get("share_min_ppm"), row.get("share_max_ppm"))
    more += [share] if share else ["share not stated"] if row["class"] == "ownership" else []
    more += [f"{word} {row[name]}" for word, name in (("from", "start_date"), ("until", "end_date")) if row.get(name)]
    behind = f" ({', '.join(more)})" if more else ""
    return f"{left} {tie} {right}{behind}"


def _payment(row: Mapping[str, Any]) -> str:
    left = name_of(row["payer_caption"], row["payer_id"])
    right = name_of(row["beneficiary_caption"], row["beneficiary_id"])
    amount = "an amount that is not stated"
    if row.get("amount") is not None:
        amount = f"{row['currency']} {money_words(Decimal(str(row['amount'])), row['currency'])}"
    on = f" on {row['booked_on']}" if row.get("booked_on") else ""
    through = f", through {name_of(None, row['intermediary_id'])}" if row.get("intermediary_id") else ""
    several = f", in {row['count']:,} payments" if (row.get("count") or 1) > 1 else ""
    return f"{left} is recorded as paying {right} {amount}{on}{through}{several}"


def _share(least: int | None, most: int | None) -> str | None:
    if least is None and most is None:
        return None
    low, high = (0 if least is None else least) / 10_000, (1_000_000 if most is None else most) / 10_000
    return f"{low:g} %" if low == high else f"{low:g}–{high:g} %"
