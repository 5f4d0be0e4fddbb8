"""XML from strangers as a tree: every element with its place in the file, and nothing in it that no such file needs.

A document type definition, an entity, elements nested deeper than 256 and fields over 1 MiB are refused, with file and
line; so is a file that ends too early, and one with another root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from finnet.errors import InputError, quoted

__all__ = ["DEEPEST", "LONGEST_FIELD", "Node", "read_tree", "refusal"]

DEEPEST = 256
LONGEST_FIELD = 1 << 20  # bytes
_CHUNK = 1 << 16


@dataclass(slots=True)
class Node:
    """An element: its text without that of its children, its children, and where it begins and ends in the file."""

    name: str  # without its namespace
    space: str = field(default="", repr=False)  # the namespace
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    text: str = ""
    children: list[Node] = field(default_factory=list)
    byte_offset: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)  # where its closing tag begins
    line: int = field(default=0, compare=False, repr=False)

    def all(self, *path: str) -> list[Node]:
        """The elements at the end of the path, in order."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def one(self, *path: str) -> Node | None:
        """The first of ``all``."""
        return next(iter(self.all(*path)), None)

    def values(self, *path: str) -> tuple[str, ...]:
        """The texts at the end of the path that are not empty, spaces made one."""
        return tuple(text for node in self.all(*path) if (text := " ".join(node.text.split())))

    def value(self, *path: str) -> str:
        """The first of ``values``, or nothing."""
        return next(iter(self.values(*path)), "")

    def paragraphs(self, *path: str) -> str:
        """The first text at the end of the path, with its line breaks."""
        return next((text for node in self.all(*path) if (text := node.text.strip())), "")

    def everywhere(self, name: str) -> Iterator[Node]:
        """This element and all below it that have the name, in document order."""
        if self.name == name:
            yield self
        for child in self.children:
            yield from child.everywhere(name)


def read_tree(path: Path, name: str, unlike: Callable[[Node], str | None]) -> Node:
    """The file's root, read whole before anything is made of it; ``unlike`` says what is wrong with a root, or None.

    Raises: InputError as the module says.
    """
    parser = _Parser(name, unlike)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
    return parser.close()


def refusal(file: str, line: int, what: str, code: str = "E1100") -> InputError:
    """The error that names file and line."""
    return InputError(f"{quoted(file)} line {line}: {what}", code=code)


class _Parser:
    def __init__(self, name: str, unlike: Callable[[Node], str | None]) -> None:
        self._name, self._unlike = name, unlike
        self._expat = expat.ParserCreate(namespace_separator=" ")
        self._expat.buffer_text = False
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.EntityDeclHandler = self._entity
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text
        self._fed = self._last_event = self._text_bytes = 0
        self._root: Node | None = None
        self._path: list[Node] = []

    def feed(self, chunk: bytes) -> None:
        self._parse(chunk, is_last=False)
        self._fed += len(chunk)
        if self._fed - self._last_event > LONGEST_FIELD + _CHUNK:
            self._too_long()

    def close(self) -> Node:
        if self._fed == 0:
            raise InputError(f"{quoted(self._name)}: the file is empty", code="E1108")
        self._parse(b"", is_last=True)
        assert self._root is not None
        return self._root

    def _parse(self, chunk: bytes, *, is_last: bool) -> None:
        try:
            self._expat.Parse(chunk, is_last)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            if is_last or error.code in _ENDS_EARLY:
                raise refusal(
                    self._name, error.lineno, f"the file ends too early ({what}); get the whole file again", "E1102"
                ) from None
            raise refusal(self._name, error.lineno, f"not well-formed XML ({what})") from None

    def _refusal(self, what: str, code: str) -> InputError:
        return refusal(self._name, self._expat.CurrentLineNumber, what, code)

    def _doctype(self, *_: object) -> NoReturn:
        raise self._refusal(
            "the file has a document type definition (DTD); none is needed here, so it is refused", "E1101"
        )

    def _entity(self, *_: object) -> NoReturn:
        raise self._refusal("the file declares an entity; none is needed here, so it is refused", "E1101")

    def _too_long(self) -> NoReturn:
        raise self._refusal(f"a field is longer than {LONGEST_FIELD} bytes", "E1210")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._last_event, self._text_bytes = self._fed, 0
        if len(self._path) >= DEEPEST:
            raise self._refusal(f"elements are nested deeper than {DEEPEST}", "E1100")
        if any(len(value) > LONGEST_FIELD for value in attributes.values()):
            self._too_long()
        space, _, local = name.rpartition(" ")
        node = Node(local, space, attributes)
        node.byte_offset, node.line = self._expat.CurrentByteIndex, self._expat.CurrentLineNumber
        if self._path:
            self._path[-1].children.append(node)
        elif (wrong := self._unlike(node)) is not None:
            raise self._refusal(wrong, "E1100")
        else:
            self._root = node
        self._path.append(node)

    def _end(self, _: str) -> None:
        self._last_event, self._text_bytes = self._fed, 0
        self._path.pop().end = self._expat.CurrentByteIndex

    def _text(self, text: str) -> None:
        self._last_event = self._fed
        self._text_bytes += len(text)
        if self._text_bytes > LONGEST_FIELD:
            self._too_long()
        self._path[-1].text += text


_ENDS_EARLY = frozenset(
    {expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS], expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]}
)
