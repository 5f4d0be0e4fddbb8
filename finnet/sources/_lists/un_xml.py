"""The UN consolidated list as XML: streamed, with every record's byte offset, and refusing what no list needs.

A document type definition, an entity, elements nested deeper than 256 and fields over 1 MiB are refused, with file and
line; so is a file that ends too early, and one with another root.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from finnet.errors import InputError, quoted

__all__ = ["Document", "Node", "Record", "parse"]

ROOT = "CONSOLIDATED_LIST"
SECTIONS: Mapping[str, str] = {"INDIVIDUALS": "INDIVIDUAL", "ENTITIES": "ENTITY"}
DEEPEST = 256
LONGEST_FIELD = 1 << 20  # bytes
_CHUNK = 1 << 16


@dataclass(slots=True)
class Node:
    """An element: its text without that of its children, and its children."""

    name: str
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, *path: str) -> list[Node]:
        """The elements at the end of the path, in order."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def values(self, *path: str) -> tuple[str, ...]:
        """The texts at the end of the path that are not empty, spaces made one."""
        return tuple(text for node in self.all(*path) if (text := " ".join(node.text.split())))

    def value(self, *path: str) -> str:
        """The first of ``values``, or nothing."""
        return next(iter(self.values(*path)), "")

    def paragraphs(self, *path: str) -> str:
        """The first text at the end of the path, with its line breaks."""
        return next((text for node in self.all(*path) if (text := node.text.strip())), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One INDIVIDUAL or ENTITY: its number in the file, and where its element begins and ends."""

    number: int
    byte_offset: int
    line: int
    end: int
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The list: when it was generated, as the root says, and its records in document order."""

    generated: str
    records: tuple[Record, ...]


def parse(path: Path, name: str) -> Document:
    """Read the file whole before anything is made of it.

    Raises: InputError as the module says, or if the list is empty.
    """
    parser = _Parser(name)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
    return parser.close()


class _Parser:
    def __init__(self, name: str) -> None:
        self._name = name
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = False
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.EntityDeclHandler = self._entity
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text
        self._depth = 0
        self._fed = self._last_event = self._text_bytes = 0
        self._generated = ""
        self._section: str | None = None
        self._path: list[Node] = []
        self._place = (0, 0)
        self._records: list[Record] = []

    def feed(self, chunk: bytes) -> None:
        self._parse(chunk, is_last=False)
        self._fed += len(chunk)
        if self._fed - self._last_event > LONGEST_FIELD + _CHUNK:
            self._too_long()

    def close(self) -> Document:
        if self._fed == 0:
            raise InputError(f"{quoted(self._name)}: the file is empty", code="E1108")
        self._parse(b"", is_last=True)
        if not self._records:
            raise InputError(f"{quoted(self._name)}: the list has no INDIVIDUAL and no ENTITY; is it the whole list?")
        return Document(generated=self._generated, records=tuple(self._records))

    def _parse(self, chunk: bytes, *, is_last: bool) -> None:
        try:
            self._expat.Parse(chunk, is_last)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            if is_last or error.code in _ENDS_EARLY:
                raise self._refusal(
                    f"the file ends too early ({what}); get the whole list again", "E1102", line=error.lineno
                ) from None
            raise self._refusal(f"not well-formed XML ({what})", "E1100", line=error.lineno) from None

    def _refusal(self, what: str, code: str, *, line: int | None = None) -> InputError:
        return InputError(f"{quoted(self._name)} line {line or self._expat.CurrentLineNumber}: {what}", code=code)

    def _doctype(self, *_: object) -> NoReturn:
        raise self._refusal(
            "the file has a document type definition (DTD); no list needs one, so it is refused", "E1101"
        )

    def _entity(self, *_: object) -> NoReturn:
        raise self._refusal("the file declares an entity; no list needs one, so it is refused", "E1101")

    def _too_long(self) -> NoReturn:
        raise self._refusal(f"a field is longer than {LONGEST_FIELD} bytes", "E1210")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._last_event, self._text_bytes = self._fed, 0
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refusal(f"elements are nested deeper than {DEEPEST}", "E1100")
        if any(len(value) > LONGEST_FIELD for value in attributes.values()):
            self._too_long()
        if self._depth == 1:
            self._root(name, attributes)
        elif self._depth == 2:
            if name not in SECTIONS:
                known = " and ".join(SECTIONS)
                raise self._refusal(f"the section {quoted(name)} is unknown; the list has {known}", "E1100")
            self._section = name
        elif self._depth == 3:
            self._path = [Node(name)]
            self._place = (self._expat.CurrentByteIndex, self._expat.CurrentLineNumber)
            if name != SECTIONS[self._section or ""]:
                raise self._refusal(
                    f"{quoted(name)} stands where {self._section} has {SECTIONS[self._section or '']}", "E1100"
                )
        else:
            node = Node(name)
            self._path[-1].children.append(node)
            self._path.append(node)

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        if name != ROOT or "xmlns" in attributes:
            what = f"{quoted(name)} in a namespace" if name == ROOT else quoted(name)
            raise self._refusal(f"the root is {what}; the UN consolidated list has {ROOT}, in none", "E1100")
        self._generated = attributes.get("dateGenerated", "")

    def _end(self, _: str) -> None:
        self._last_event, self._text_bytes = self._fed, 0
        if self._depth == 3:
            offset, line = self._place
            end = self._expat.CurrentByteIndex
            number = len(self._records) + 1
            self._records.append(Record(number=number, byte_offset=offset, line=line, end=end, node=self._path[0]))
        if self._depth >= 3:
            self._path.pop()
        self._depth -= 1

    def _text(self, text: str) -> None:
        self._last_event = self._fed
        if self._depth < 3:
            return
        self._text_bytes += len(text)
        if self._text_bytes > LONGEST_FIELD:
            self._too_long()
        self._path[-1].text += text


_ENDS_EARLY = frozenset(
    {expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS], expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]}
)
