"""The commands of a session that keep something: mark, tag, note, write, view, and the way walked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.api._exploration_card import next_page
from finnet.api._exploration_state import Block, Listing, Reply, Session
from finnet.api._exploration_words import as_word, id_word, many, one, words_of
from finnet.api.exploration import party_of
from finnet.errors import UsageError, quoted
from finnet.report.answer import Answer

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["mark", "marked", "note", "tag", "trail", "unmark", "untag", "view", "write"]

_MARKED = ("no", "party", "id", "cc", "listed")
_TRAIL = ("no", "party", "id", "how", "record")


def mark(case: Case, session: Session, rest: str) -> Reply:
    """Mark the party, or others, to write down or draw later; nothing is stored."""
    words = many(case, session, words_of(rest))
    after = replace(session, marked=tuple(dict.fromkeys((*session.marked, *words))))
    return Reply(session=after, blocks=(_count(after),), line=" ".join(["mark", *map(id_word, words)]))


def unmark(case: Case, session: Session, rest: str) -> Reply:
    """Take the mark off the party, or off others."""
    words = many(case, session, words_of(rest))
    after = replace(session, marked=tuple(label for label in session.marked if label not in words))
    return Reply(session=after, blocks=(_count(after),), line=" ".join(["unmark", *map(id_word, words)]))


def marked(case: Case, session: Session, rest: str) -> Reply:
    """The marked parties."""
    del rest
    rows = []
    for number, label in enumerate(session.marked, 1):
        known = party_of(case, label, session.choice)
        rows.append(
            {**known, "no": number, "number": number, "id": label, "party": known["caption"], "cc": known["country"]}
        )
    after, block = next_page(case, replace(session, listing=Listing(kind="marked", columns=_MARKED, rows=rows)))
    if not rows:
        block = replace(block, notes=("nobody is marked: mark, or mark 1-3",))
    return Reply(session=replace(session, listing=after), blocks=(block,), line="marked")


def trail(case: Case, session: Session, rest: str) -> Reply:
    """The way walked to here, each step with the record of the tie that was followed."""
    del rest
    rows = [
        {
            "no": number, "number": number, "id": stop.id, "party": stop.caption, "how": stop.how,
            "item": stop.item, "record": stop.place,
        }
        for number, stop in enumerate(session.trail, 1)
    ]  # fmt: skip
    after, block = next_page(case, replace(session, listing=Listing(kind="trail", columns=_TRAIL, rows=rows)))
    return Reply(session=replace(session, listing=after), blocks=(block,), line="trail")


def tag(case: Case, session: Session, rest: str) -> Reply:
    """Put a tag on the party, or on others: signed and dated, as by finnet tag."""
    return _tagged(case, session, rest, remove=False)


def untag(case: Case, session: Session, rest: str) -> Reply:
    """Take a tag off the party, or off others."""
    return _tagged(case, session, rest, remove=True)


def note(case: Case, session: Session, rest: str) -> Reply:
    """Write down a sentence about the party: signed and dated, as by finnet note."""
    from finnet.api.annotation import note as note_

    if not rest.strip():
        raise UsageError("note what?", hint="note the register gives another address since May")
    _may_write(session)
    label = session.here.id
    answer = note_(case, label, one(rest))
    return _written(session, answer, f"# finnet note {as_word(label)} {as_word(one(rest))}")


def write(case: Case, session: Session, rest: str) -> Reply:
    """Write the ids of the marked into a file, which is a selector wherever one is asked for: @FILE."""
    from finnet.report.files import write_atomically

    del case
    file = _file(rest, "write", "marked.txt")
    _are_marked(session)
    for label in session.marked:
        if label != label.strip() or label.startswith("#") or "\n" in label:
            raise UsageError(f"{quoted(label)}: a file of ids cannot say this id")
    write_atomically(Path(file), "".join(f"{label}\n" for label in session.marked).encode())
    said = Block(notes=(f"{len(session.marked):,} ids are in {file}: use it as @{file}",))
    return Reply(session=session, blocks=(said,), line=f"write {as_word(file)}")


def view(case: Case, session: Session, rest: str) -> Reply:
    """Draw the marked (or the party) and their neighbours as one page, or a picture (.svg, .png)."""
    from finnet.api.pages import view as view_

    file = _file(rest, "view", "marked.html")
    chosen = session.marked or (session.here.id,)
    for label in chosen:
        if '"' in label or label.endswith("*"):
            raise UsageError(
                f"{quoted(label)}: cannot be said in a selector", hint="write FILE, then finnet view @FILE"
            )
    choice = session.choice
    answer = view_(
        case,
        selection=",".join(f'id:"{label}"' for label in chosen),
        output=file,
        graph="everything",
        edges=choice.edges,
        as_of=choice.as_of,
        min_grade=choice.min_grade,
    )
    (row,) = answer.rows
    said = f"{row['vertices']:,} parties and {row['edges']:,} ties are drawn in {row['output']}"
    return Reply(session=session, blocks=(Block(notes=(said, *answer.notes)),), line=f"view {as_word(file)}")


def _count(session: Session) -> Block:
    number = len(session.marked)
    return Block(notes=(f"{number:,} {'party is' if number == 1 else 'parties are'} marked",))


def _are_marked(session: Session) -> None:
    if not session.marked:
        raise UsageError("nobody is marked", hint="mark, or mark 1-3")


def _file(rest: str, command: str, example: str) -> str:
    if not one(rest):
        raise UsageError(f"{command} which file?", hint=f"{command} {example}")
    return one(rest)


def _may_write(session: Session) -> None:
    if session.known_at is not None:
        raise UsageError(
            f"the case is shown as known on {session.known_at}: nothing can be written into the past",
            hint="begin the session without --known-at",
        )


def _tagged(case: Case, session: Session, rest: str, *, remove: bool) -> Reply:
    from finnet.api.annotation import tag as tag_

    words = words_of(rest)
    command = "untag" if remove else "tag"
    if not words:
        raise UsageError(f"{command} with which word?", hint=f"{command} to-check, or {command} to-check 1-3")
    _may_write(session)
    parties = many(case, session, words[1:])
    answer = tag_(case, words[0], parties, remove=remove)
    option = " --remove" if remove else ""
    return _written(session, answer, f"# finnet tag{option} {as_word(words[0])} {' '.join(map(as_word, parties))}")


def _written(session: Session, answer: Answer, line: str) -> Reply:
    """What was stored is stored: a repeated session must not store it again, so the line is a comment."""
    said = [
        f"{row['id']}: {row['what']} {quoted(row['text'])} for {row['about']}, by {row['by']}" for row in answer.rows
    ]
    return Reply(
        session=session,
        blocks=(Block(notes=(*said, *answer.notes)),),
        line=f"{line}   (stored: {', '.join(row['id'] for row in answer.rows)})",
        wrote=True,
    )
