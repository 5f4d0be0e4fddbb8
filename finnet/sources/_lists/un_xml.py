"""The UN consolidated list as XML: its records, each with its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from finnet.errors import InputError, quoted
from finnet.model.xml_tree import Node, read_tree, refusal

__all__ = ["ROOT", "Document", "Node", "Record", "parse"]

ROOT = "CONSOLIDATED_LIST"
SECTIONS: Mapping[str, str] = {"INDIVIDUALS": "INDIVIDUAL", "ENTITIES": "ENTITY"}


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

    Raises: InputError for what ``read_tree`` refuses, for another root or section, or if the list is empty.
    """
    root = read_tree(path, name, _unlike)
    records: list[Record] = []
    for section in root.children:
        if section.name not in SECTIONS:
            known = " and ".join(SECTIONS)
            raise refusal(name, section.line, f"the section {quoted(section.name)} is unknown; the list has {known}")
        for node in section.children:
            if node.name != SECTIONS[section.name]:
                raise refusal(
                    name, node.line, f"{quoted(node.name)} stands where {section.name} has {SECTIONS[section.name]}"
                )
            number = len(records) + 1
            records.append(Record(number=number, byte_offset=node.byte_offset, line=node.line, end=node.end, node=node))
    if not records:
        raise InputError(f"{quoted(name)}: the list has no INDIVIDUAL and no ENTITY; is it the whole list?")
    return Document(generated=root.attributes.get("dateGenerated", ""), records=tuple(records))


def _unlike(root: Node) -> str | None:
    if root.name == ROOT and not root.space:
        return None
    what = f"{quoted(root.name)} in a namespace" if root.name == ROOT else quoted(root.name)
    return f"the root is {what}; the UN consolidated list has {ROOT}, in none"
