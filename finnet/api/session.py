"""A session of looking round a case: each line is a command that turns a session into the next and shows something.

    session = Session()
    reply = obey(case, session, "find harbour")      # reply.session, reply.blocks
    reply = obey(case, reply.session, "go 1")

Nothing is printed and nothing is kept outside the session; only ``tag``, ``untag`` and ``note`` store something, by the
verbs of those names.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.api import _exploration_keep as keep
from finnet.api import _exploration_look as look
from finnet.api._exploration_state import Block, Reply, Session
from finnet.api._exploration_ties import Choice
from finnet.errors import UnknownNameError, UsageError, nearest, quoted
from finnet.model.edge_class import EDGE_CLASSES
from finnet.text import visible

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["COMMANDS", "Block", "Choice", "Reply", "Session", "completions", "obey", "repeating"]

Command = Callable[["Case", Session, str], Reply]

# Command -> what follows it; what it does is the first line of its docstring.
COMMANDS: dict[str, tuple[str, Command]] = {
    "find": ("TEXT", look.find),
    "go": ("N|ID|NAME", look.go),
    "back": ("", look.back),
    "links": ("[CLASS] [in|out|through|passed] [listed] [WORD]", look.links),
    "only": ("[CLASS…] [DATE] [GRADE] | all", look.only),
    "more": ("", look.more),
    "show": ("[N|ID|NAME]", look.show),
    "payments": ("N", look.payments),
    "source": ("[N|ID]", look.source),
    "path": ("N|ID|NAME", look.path),
    "verdict": ("[ofac|eu|uk]", look.verdict),
    "mark": ("[N…]", keep.mark),
    "unmark": ("[N…]", keep.unmark),
    "marked": ("", keep.marked),
    "trail": ("", keep.trail),
    "tag": ("WORD [N…]", keep.tag),
    "untag": ("WORD [N…]", keep.untag),
    "note": ("TEXT", keep.note),
    "write": ("FILE", keep.write),
    "view": ("FILE.html", keep.view),
}
_OWN = {"script": "The commands that repeat this session.", "help": "These lines.", "quit": "End; so does Ctrl-D."}
_SHORT = {
    "f": "find", "g": "go", "b": "back", "l": "links", "m": "more", "s": "show", "q": "quit", "exit": "quit",
    "?": "help", "h": "help",
}  # fmt: skip
_NAMES = frozenset({"find", "f", "go", "g", "path", "show", "s"})  # whose line is one name, quoted or not


def obey(case: Case, session: Session, line: str) -> Reply:
    """What a line asks for. A number alone goes there; an empty line and one that begins with # do nothing.

    Raises: FinnetError for a line that cannot be obeyed: the session stays as it was.
    """
    text = line.strip()
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageError(f"{quoted(text)}: not in UTF-8")
    if not text or text.startswith("#"):
        return Reply(session=session)
    if text.isdecimal():
        text = f"go {text}"
    name, _, rest = text.partition(" ")
    command = _command(name.lower())
    if command == "quit":
        return Reply(session=replace(session, is_over=True))
    if command == "help":
        return Reply(session=session, blocks=(_help(),))
    if command == "script":
        return Reply(session=session, blocks=(Block(lines=tuple(("", one) for one in session.lines)),))
    reply = COMMANDS[command][1](case, session, rest)
    if reply.line is None:
        return reply
    return replace(reply, session=replace(reply.session, lines=(*reply.session.lines, reply.line)))


def repeating(session: Session, case: Path | str) -> str:
    """The shell command that repeats a session, by ids instead of numbers; what it stored stands there as comments.

    >>> print(repeating(Session(lines=("go ofac-7", "mark ofac-7")), "dprk.finnet"))
    finnet explore -c dprk.finnet <<'END'
    go ofac-7
    mark ofac-7
    END
    """
    choice = session.begun or session.choice
    options = {
        "as-of": choice.as_of,
        "min-grade": choice.min_grade,
        "edges": choice.edges,
        "known-at": session.known_at,
    }
    given = "".join(f" --{name} {shlex.quote(value)}" for name, value in options.items() if value is not None)
    page = f" -n {session.page}" if session.page != Session().page else ""
    end = "END"
    while end in session.lines:
        end += "_"
    return "\n".join([f"finnet explore -c {shlex.quote(str(case))}{given}{page} <<'{end}'", *session.lines, end])


def completions(session: Session, words: list[str]) -> list[str]:
    """What the last of these words may become: a command, a class of ties, an id or a name of the last list.

    A name of several words is offered from the word that is being typed on, as a terminal completes it.
    """
    begun = words[-1] if words else ""
    if len(words) < 2:
        known = [*COMMANDS, *_OWN]
    elif words[0] in ("links", "l"):
        known = sorted({row["class"] for row in session.listing.rows if "class" in row} | {"in", "out", "listed"})
    elif words[0] == "only":
        known = [*EDGE_CLASSES, "all"]
    elif words[0] == "verdict":
        known = ["ofac", "eu", "uk"]
    else:
        known = [str(row["id"]) for row in session.listing.rows if row.get("id")]
        if words[0] in _NAMES:
            return [*(one for one in dict.fromkeys(known) if one.startswith(begun)), *_names(session, words)]
    return [one for one in dict.fromkeys(known) if one.startswith(begun)]


def _names(session: Session, words: list[str]) -> list[str]:
    typed = " ".join(words[1:]).lower()
    done = len(typed) - len(words[-1])
    rows = (*session.listing.rows, *({"caption": stop.caption} for stop in session.trail))
    names = dict.fromkeys(str(row["caption"]) for row in rows if row.get("caption"))
    # A name that the terminal would have to show otherwise than it is cannot be typed either.
    plain = [name for name in names if visible(name) == name and '"' not in name]
    return [name[done:] for name in plain if typed and name.lower().startswith(typed)]


def _command(name: str) -> str:
    name = _SHORT.get(name, name)
    known = [*COMMANDS, *_OWN]
    if name in known:
        return name
    begun = [one for one in known if one.startswith(name)]
    if len(begun) == 1:
        return begun[0]
    hint = f"{name} begins {', '.join(begun)}" if begun else nearest(name, known)
    raise UnknownNameError(f"no command called {quoted(name)}", hint=f"{hint}; find TEXT searches, help shows all")


def _help() -> Block:
    lines = [(f"{name} {words}".strip(), _first_line(command)) for name, (words, command) in COMMANDS.items()]
    return Block(
        lines=(*lines, *_OWN.items()),
        notes=("N is a number of the last list; id:7 is the party whose id is 7; 2-5 names four at once",),
    )


def _first_line(command: Command) -> str:
    return (command.__doc__ or "").split("\n", 1)[0]
