"""The commands of a session that look: find, go, back, show, links, only, more, payments, source, path, verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from finnet.api._exploration_card import card, listing_of_ties, next_page
from finnet.api._exploration_state import Block, Listing, Reply, Session, Stop
from finnet.api._exploration_ties import Choice, group_words, payments_of, ties_of
from finnet.api._exploration_words import as_word, id_word, one, party, row_of, words_of
from finnet.api._tie_words import period_words
from finnet.api.exploration import described, party_of
from finnet.errors import UsageError, quoted
from finnet.model.currency import money_words
from finnet.model.dates import is_iso_date
from finnet.model.edge_class import EDGE_CLASSES
from finnet.report.answer import Row
from finnet.text import folded

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["back", "find", "go", "links", "more", "only", "path", "payments", "show", "source", "verdict"]

_MOST_HITS = 200
_GRADE = re.compile("[A-Fa-f][1-6]")
_HITS = ("no", "party", "id", "cc", "listed", "score", "matched", "dataset")
_PAYMENTS = ("no", "date", "amount", "currency", "payments", "purpose", "commodity", "grade", "item", "record")
_PATH = ("no", "path", "from", "class", "to", "role", "record")
_WAYS = ("out", "in", "through", "passed")


def find(case: Case, session: Session, rest: str) -> Reply:
    """Search names, aliases and ids; the best first."""
    from finnet.api.look import find as find_

    text = one(rest)
    if not text:
        raise UsageError("find what?", hint="find harbour")
    answer = find_(case, text, limit=_MOST_HITS)
    rows = []
    for number, row in enumerate(answer.rows, 1):
        known = party_of(case, row["id"], session.choice)
        matched = None if row["matched"] in (row["caption"], row["id"]) else row["matched"]
        shown = {"no": number, "party": row["caption"], "cc": row["country"], "matched": matched}
        rows.append({**row, "number": number, "listed": known["listed"], **shown})
    session, block = _listed(case, session, Listing(kind="hits", columns=_HITS, rows=rows))
    cut = (f"more than {_MOST_HITS} are like it: say more of the name",) if answer.truncated else ()
    return Reply(
        session=session,
        blocks=(replace(block, notes=(*answer.notes, *block.notes, *cut)),),
        line=f"find {as_word(text)}",
    )


def go(case: Case, session: Session, rest: str) -> Reply:
    """Walk to a party: a number of the last list, an id, or a name that one party has."""
    text = one(rest)
    if not text:
        raise UsageError("go where?", hint="go 3, go ofac-7203, or find a name first")
    label, row = party(case, session, text)
    caption = party_of(case, label, session.choice)["caption"] or label
    followed = row or next((one for one in session.listing.rows if one.get("id") == label), None)
    if followed is not None and session.listing.kind == "ties":
        place = f"{followed['dataset']}:{followed['record']}"
        stop = Stop(id=label, caption=caption, how=group_words(followed), item=followed["item"], place=place)
    else:
        stop = Stop(id=label, caption=caption, how="asked for")
    return _arrived(case, replace(session, trail=(*session.trail, stop)), f"go {id_word(label)}")


def back(case: Case, session: Session, rest: str) -> Reply:
    """Return to the party before this one."""
    del rest
    if len(session.trail) < 2:
        raise UsageError("there is no party before this one", hint="trail shows the way walked")
    return _arrived(case, replace(session, trail=session.trail[:-1]), "back")


def show(case: Case, session: Session, rest: str) -> Reply:
    """All that is recorded about the party, or another one, value by value with its record."""
    from finnet.api.look import show as show_

    text = one(rest)
    label = party(case, session, text)[0] if text else session.here.id
    answer = show_(case, label, limit=0)
    rows = [{**row, "record": f"{row['dataset']}:{row['record']}"} for row in answer.rows]
    heading = f"{answer.summary['caption']} [{label}]"
    limits = [one for one in (session.choice.as_of, session.choice.min_grade, session.choice.edges) if one is not None]
    notes = (f"all records, whatever their date and grade: {', '.join(limits)} is about ties",) if limits else ()
    block = Block(heading=heading, columns=("property", "value", "record"), rows=rows, notes=notes)
    return Reply(session=session, blocks=(block,), line=f"show {id_word(label)}")


def links(case: Case, session: Session, rest: str) -> Reply:
    """The ties from the first, or those of a class, in a direction, with the listed, with a word in the name."""
    words, here, ties = words_of(rest), session.here, session.ties
    rows = _chosen(case, session, ties.rows, words)
    session, block = _listed(case, session, listing_of_ties(rows))
    block = replace(block, heading=f"{here.caption} [{here.id}]")
    if not rows and words:
        known = "; ".join(dict.fromkeys(f"{row['class']} {row['way'].split(' ')[0]}" for row in ties.rows)) or "none"
        block = replace(block, notes=(f"none of the {len(ties.rows):,} ties is such; there are: {known}",))
    elif len(rows) < len(ties.rows):
        block = replace(block, notes=(f"{len(rows):,} of the {len(ties.rows):,} ties are such", *block.notes))
    return Reply(session=session, blocks=(block,), line=" ".join(["links", *map(as_word, words)]))


def only(case: Case, session: Session, rest: str) -> Reply:
    """From here on only ties of these classes, on a date, graded at least so; all: as if nothing had been said."""
    words = words_of(rest)
    choice = Choice() if "all" in words else session.choice
    classes = []
    for word in (word for word in words if word != "all"):
        if is_iso_date(word):
            choice = replace(choice, as_of=word)
        elif _GRADE.fullmatch(word):
            choice = replace(choice, min_grade=word.upper())
        else:
            classes.append(word)
    if classes:
        choice = replace(choice, edges=",".join(classes))
    after = replace(session, choice=choice, begun=session.begun or session.choice)
    said = Block(notes=(_counting(choice),))
    if not words:
        return Reply(session=session, blocks=(said,))
    line = " ".join(["only", *map(as_word, words)])
    if not session.trail:
        return Reply(session=after, blocks=(said,), line=line)
    reply = _arrived(case, after, line)
    return replace(reply, blocks=(said, *reply.blocks))


def _counting(choice: Choice) -> str:
    when = "at any time" if choice.as_of is None else f"as of {choice.as_of}"
    grade = "of any grade" if choice.min_grade is None else f"graded {choice.min_grade} or better"
    return f"counting ties of class {', '.join(choice.classes)}; {when}; {grade}"


def more(case: Case, session: Session, rest: str) -> Reply:
    """The next page of the last list."""
    del rest
    listing = session.listing
    if listing.shown >= len(listing.rows):
        raise UsageError("the last list is shown to its end", hint="links shows the ties from the first")
    session, block = _listed(case, session, listing)
    return Reply(session=session, blocks=(block,), line="more")


def payments(case: Case, session: Session, rest: str) -> Reply:
    """The single payments behind a tie of class money, by date."""
    tie = _tie(session, rest, "payments")
    if tie["class"] != "money" or tie["payments"] is None:
        raise UsageError(f"{tie['number']}: a tie of class {tie['class']}, not a sum of payments", hint="try source")
    rows = [
        {
            **{name: row[name] for name in ("number", "currency", "payments", "purpose", "commodity")},
            **{name: row[name] for name in ("grade", "item", "dataset")},
            "no": row["number"],
            "amount": money_words(row["amount"], row["currency"] or ""),
            "date": period_words(row["first"], row["last"]),
            "record": f"{row['dataset']}:{row['record']}",
        }
        for row in payments_of(case, session.here.id, tie, session.choice)
    ]
    heading = f"{group_words(tie)} {party_of(case, tie['id'], session.choice)['caption'] or '(not recorded)'}"
    session, block = _listed(case, session, Listing(kind="payments", columns=_PAYMENTS, rows=rows))
    return Reply(session=session, blocks=(replace(block, heading=heading),), line=f"payments {tie['number']}")


def source(case: Case, session: Session, rest: str) -> Reply:
    """The raw record of a tie or payment of the last list (of a sum its first), of any id, or of the party itself."""
    from finnet.api.look import source as source_

    text = one(rest)
    notes: tuple[str, ...] = ()
    if text.isdecimal():
        row = row_of(session, int(text))
        item = row.get("item") or row["id"]
        more = (row.get("records") or 1) - 1
        if more:
            notes = (f"the first of {more + 1:,} records: payments {text} lists them",)
    else:
        item = text.removeprefix("id:") or session.here.id
    answer = source_(case, item)
    rows = [
        {"record": f"{row['dataset']}:{row['record']}", "file": row["file"], "raw": row["raw"]} for row in answer.rows
    ]
    block = Block(heading=item, columns=("record", "file", "raw"), rows=rows, notes=(*answer.notes, *notes))
    return Reply(session=session, blocks=(block,), line=f"source {id_word(item)}")


def path(case: Case, session: Session, rest: str) -> Reply:
    """The shortest ways from here to another party, each step with its record."""
    from finnet.api.connections import path as path_

    text = one(rest)
    if not text:
        raise UsageError("path to whom?", hint="path 3, or path ofac-7203")
    label, choice = party(case, session, text)[0], session.choice
    answer = path_(case, session.here.id, label, edges=choice.edges, as_of=choice.as_of, min_grade=choice.min_grade)
    rows = []
    for number, row in enumerate(answer.rows, 1):
        forward = {
            "no": number,
            "number": number,
            "id": row["target"],
            "path": f"{row['path']}.{row['step']}",
            "from": row["source_caption"],
            "to": row["target_caption"],
            "record": f"{row['dataset']}:{row['record']}",
        }
        rows.append({**forward, "class": row["class"], "role": row["role"]})
    session, block = _listed(case, session, Listing(kind="path", columns=_PATH, rows=rows))
    return Reply(
        session=session, blocks=(replace(block, notes=answer.notes + block.notes),), line=f"path {id_word(label)}"
    )


def verdict(case: Case, session: Session, rest: str) -> Reply:
    """What a regime's ownership rule says of the party: ofac (unless said otherwise), eu or uk."""
    from finnet.api.ownership import blocked

    regime = one(rest) or "ofac"
    answer = blocked(case, session.here.id, regime=regime, as_of=session.choice.as_of)
    lines = [(f"{row['caption']} [{row['id']}]", f"{row['verdict']}: {row['because']}") for row in answer.rows]
    said = (("regime", str(answer.summary.get("regime"))), ("threshold", str(answer.summary.get("threshold"))))
    block = Block(lines=(*lines, *said), notes=answer.notes)
    return Reply(session=session, blocks=(block,), line=f"verdict {as_word(regime)}")


def _arrived(case: Case, session: Session, line: str) -> Reply:
    ties = ties_of(case, session.here.id, session.choice)
    session = replace(session, ties=ties)
    head = card(case, session)
    session, block = _listed(case, session, listing_of_ties(ties.rows))
    return Reply(session=session, blocks=(head, block) if ties.rows else (head,), line=line)


def _listed(case: Case, session: Session, listing: Listing) -> tuple[Session, Block]:
    after, block = next_page(case, replace(session, listing=listing))
    return replace(session, listing=after), block


def _tie(session: Session, rest: str, command: str) -> Row:
    text = one(rest)
    if not text.isdecimal() or session.listing.kind != "ties":
        raise UsageError(f"{command} {quoted(text)}: should be the number of a tie", hint="links shows the ties")
    return row_of(session, int(text))


def _chosen(case: Case, session: Session, rows: Sequence[Row], words: Sequence[str]) -> list[Row]:
    """The ties that all words fit: classes are alternatives, so are ways; each other word has to be in the name."""
    classes = {word for word in words if word in EDGE_CLASSES}
    ways = {word for word in words if word in _WAYS}
    names = [folded(word) for word in words if word not in classes | ways and word != "listed"]
    kept = [
        row
        for row in rows
        if (not classes or row["class"] in classes) and (not ways or row["way"].split(" ")[0] in ways)
    ]
    if not names and "listed" not in words:
        return kept
    fits = [
        all(name in folded(row["caption"] or "") for name in names) and ("listed" not in words or bool(row["listed"]))
        for row in described(case, kept, session.choice)
    ]
    return [row for row, is_fit in zip(kept, fits, strict=True) if is_fit]
