"""What may be shared: people as initials and a number, no addresses, no whole numbers of accounts or documents."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from finnet.graph.network import Column, Network
from finnet.report.answer import Answer
from finnet.report.redaction_policy import (
    ACCOUNTS,
    BORN,
    FREE,
    GONE,
    PLACES,
    RECORDS,
    TEXTS,
    kind_of,
    property_type,
)

__all__ = ["Party", "Redaction", "redacted_network"]

WITHHELD = "(withheld)"
_WORD = re.compile(r"\w+")
_LONGEST = 12  # words of a name that is looked for in a text
_NUMBER = re.compile(r"\b(?=[A-Z0-9]*[0-9]{5})[A-Z0-9]{8,}\b(?![.,][0-9])")  # of an account or document; no amount
_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party with what decides how it is shown: its ids, its names, and the schema that it is recorded under.

    ``references`` are the words under which lists keep it: as readable as its name to whoever has the list.
    """

    id: str
    names: Sequence[str] = ()
    schema: str | None = None
    others: Sequence[str] = ()
    references: Sequence[str] = ()


class Redaction:
    """One way to show each party, the same wherever it appears.

    People become initials and a number, accounts their last four characters, addresses and documents a number. Firms,
    vessels and offices keep their names. Who is of no known schema may be a person and is treated as one. The numbers
    follow a digest of the ids, so that they do not tell the alphabet; they stay the same as long as the parties do.

    >>> hidden = Redaction([Party(id="p1", names=["Plainly Invented"], schema="Person")])
    >>> hidden.caption("p1", "Plainly Invented"), hidden.label("p1")
    ('P. I. (person 1)', 'person-1')
    >>> hidden.text("account 40817810500000012345 of Plainly Invented <a@example.invalid>")
    'account …2345 of P. I. (person 1) <(withheld)>'
    >>> hidden.value("birthDate", "1950-05-05"), hidden.value("passportNumber", "A1234567")
    ('1950', '(withheld)')
    """

    def __init__(self, parties: Iterable[Party]) -> None:
        hidden = [(one, kind) for one in parties if (kind := kind_of(one.schema)) is not None]
        hidden.sort(
            key=lambda pair: (hashlib.sha256(pair[0].id.encode("utf-8", "backslashreplace")).digest(), pair[0].id)
        )
        self._labels: dict[str, str] = {}
        self._captions: dict[str, str] = {}
        self._phrases: dict[tuple[str, ...], str] = {}
        counts: dict[str, int] = {}
        for one, kind in hidden:
            if one.id in self._labels:
                continue
            counts[kind] = counts.get(kind, 0) + 1
            label = f"{kind}-{counts[kind]}"
            shown = _shown(kind, counts[kind], one)
            for text in (one.id, *one.others):
                self._labels[text] = label
                self._captions[text] = shown
            for text in (*one.names, *map(_turned, one.names), one.id, *one.others):
                words = _words(text)
                if words and (len(words) > 1 or len(words[0]) > 2):
                    self._phrases.setdefault(words[:_LONGEST], shown)
            for text in one.references:
                if words := _words(text):
                    self._phrases.setdefault(words[:_LONGEST], WITHHELD)
        self._lengths = sorted({len(words) for words in self._phrases}, reverse=True)

    def hides(self, party: str) -> bool:
        """Whether the party of this id is not shown by its name."""
        return party in self._labels

    def label(self, party: str) -> str:
        """The id to show: a party's own, or the one that stands for it."""
        return self._labels.get(party, party)

    def caption(self, party: str, caption: str | None) -> str | None:
        """The name to show for the party of this id."""
        return self._captions.get(party, caption)

    def text(self, text: str) -> str:
        """A text with known names and ids replaced, long numbers cut to their last four, e-mail addresses withheld.

        Spelling counts: a name that is written another way is not found. Case and what stands between words do not.
        """
        found, at, words = [], 0, list(_WORD.finditer(text))
        folded = [word.group().casefold() for word in words]
        place = 0
        while place < len(words):
            rest = len(words) - place
            lengths = (n for n in self._lengths if n <= rest and tuple(folded[place : place + n]) in self._phrases)
            length = next(lengths, 0)
            if length:
                shown = self._phrases[tuple(folded[place : place + length])]
                found += [_masked(text[at : words[place].start()]), shown]
                at = words[place + length - 1].end()
            place += length or 1
        return "".join([*found, _masked(text[at:])])

    def value(self, name: str, value: str, *, of: str | None = None) -> str | None:
        """The value of a FollowTheMoney property; None where nothing of it may be shown.

        ``of`` is the id of the party that has the property: what only a hidden party has to hide (its web page, notes
        about it) stays with the others.
        """
        if value in self._labels:
            return self._labels[value]
        if name in BORN:
            return value[:4]
        if name in ACCOUNTS:
            return f"…{value[-4:]}" if len(value) > 4 else WITHHELD
        kind = property_type(name)
        if name in PLACES or kind in {"address", "email", "phone", "ip"}:
            return None
        if of is not None and not self.hides(of):
            return value if kind in {"identifier", "url", "name", "date", "country", "topic"} else self.text(value)
        if kind in GONE:
            return None
        if kind == "identifier":
            return WITHHELD
        if name in TEXTS or kind == "name":
            return self.caption(of, None) if of is not None else self.text(value)
        return self.text(value)

    def properties(self, properties: Mapping[str, Sequence[str]], *, of: str | None = None) -> dict[str, list[str]]:
        """A party's or a link's properties as they may be shown, each value once."""
        shown: dict[str, list[str]] = {}
        for name, values in properties.items():
            kept = [told for value in values if (told := self.value(name, value, of=of)) is not None]
            if kept:
                shown[name] = list(dict.fromkeys(kept))
        return shown

    def cell(self, column: str, value: Any) -> Any:
        """A cell of a row: ids, names, free text and record numbers by the column's name."""
        match value:
            case str():
                if value in self._labels:
                    return self._labels[value] if column != "caption" else self._captions[value]
                if column in RECORDS or column in FREE:
                    return None
                if column in ACCOUNTS:
                    return f"…{value[-4:]}" if len(value) > 4 else WITHHELD
                return self.text(value)
            case bool() | None:
                return value
            case int() if column in RECORDS and column != "records":  # which may be a count of them
                return None
            case Mapping():
                return {self.cell("", key): self.cell(str(key), one) for key, one in value.items()}
            case list() | tuple() if column not in RECORDS:
                return [self.cell(column, one) for one in value]
            case list() | tuple():
                return []
            case _:
                return value

    def row(self, row: Mapping[str, Any], *, of: str | None = None) -> dict[str, Any]:
        """A row of an answer or of a view; where it has an ``id`` and a ``caption``, the caption is that party's.

        A row of ``property`` and ``value`` states one of ``of``.
        """
        made = {column: self.cell(column, value) for column, value in row.items()}
        if isinstance(row.get("property"), str) and isinstance(row.get("value"), str):
            made["value"] = self.value(row["property"], row["value"], of=of)
        party = row.get("id", row.get("canonical_id", row.get("entity_id")))
        if isinstance(party, str) and party in self._captions and "caption" in row:
            made["caption"] = self._captions[party]
        return made

    def answer(self, answer: Answer) -> Answer:
        """The answer with everything in it as it may be shown."""
        about = answer.summary.get("id")
        return replace(
            answer,
            rows=[self.row(row, of=about if isinstance(about, str) else None) for row in answer.rows],
            summary={name: self.cell(name, value) for name, value in answer.summary.items()},
            params={name: self.cell(name, value) for name, value in answer.params.items()},
            notes=tuple(self.text(note) for note in answer.notes),
        )


def redacted_network(network: Network, redaction: Redaction | None = None) -> tuple[Network, Redaction]:
    """The network with its hidden parties under other ids and captions, and how each was hidden.

    Give the ``redaction`` of the case that the network was made of, so that a party has one number in all that is made
    of the case; without it the network's own columns say who is hidden. Vertices are sorted by their new ids, edges
    with them. ``records`` of edges (they lead back to a line of a list) are left out.
    """
    import numpy as np

    if redaction is None:
        captions = network.vertices.get("caption", network.ids)
        schemata = network.vertices.get("schema", [None] * network.size)
        redaction = Redaction(
            Party(id=label, names=[str(caption)] if caption else [], schema=kind)
            for label, caption, kind in zip(network.ids, captions, schemata, strict=True)
        )
    labels = [redaction.label(label) for label in network.ids]
    order = np.asarray(sorted(range(network.size), key=labels.__getitem__), dtype=np.int64)
    place = np.empty(network.size, dtype=np.int64)
    place[order] = np.arange(network.size)
    tails, heads = place[network.source], place[network.target]
    edge_order = np.lexsort((heads, tails))
    shown: dict[str, Column] = {
        name: [redaction.cell(name, value) for value in column]
        for name, column in network.vertices.items()
        if name not in RECORDS
    }
    if "caption" in shown:
        shown["caption"] = [
            redaction.caption(*pair) for pair in zip(network.ids, network.vertices["caption"], strict=True)
        ]
    edges: dict[str, Column] = {
        name: [redaction.cell(name, value) for value in column]
        for name, column in network.edges.items()
        if name not in RECORDS
    }
    made = replace(
        network,
        ids=tuple(labels[i] for i in order),
        source=tails[edge_order],
        target=heads[edge_order],
        weight=network.weight[edge_order],
        minor=None if network.minor is None else network.minor[edge_order],
        vertices={name: [column[i] for i in order] for name, column in shown.items()},
        edges={name: [column[i] for i in edge_order] for name, column in edges.items()},
        notes=tuple(redaction.text(note) for note in network.notes),
    )
    return made, redaction


def _shown(kind: str, number: int, party: Party) -> str:
    behind = f"{kind} {number}"
    if kind == "account":
        digits = "".join(_words(party.names[0] if party.names else party.id))
        return f"…{digits[-4:]} ({behind})" if len(digits) > 4 else behind
    if kind != "person":
        return behind
    initials = " ".join(f"{word[0].upper()}." for word in _words(party.names[0] if party.names else "")[:4])
    return f"{initials} ({behind})" if initials else behind


def _turned(name: str) -> str:
    """A name as lists write it (``MADEUP, Nobody``) the way everybody else does; any other as it is."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last}" if comma else name


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.group().casefold() for word in _WORD.finditer(text))


def _masked(text: str) -> str:
    text = _EMAIL.sub(WITHHELD, text)
    return _NUMBER.sub(lambda found: f"…{found.group()[-4:]}", text)
