"""A small invented list, as statements, and how to store it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from finnet.model.reading import Reading, SourceFile
from finnet.model.statement import Counted, Entity, Link, Listing, Origin, Reject, Skip, Statement
from finnet.store.ingest import Incoming, Outcome, ingest

FILE = "list.txt"


def entity(number: int, name: str | None = None, **more: object) -> Entity:
    return Entity(
        id=f"e{number}",
        schema="Company",
        caption=name or f"Invented Company {number}",
        origin=Origin(FILE, number, 10 * number),
        properties={"name": [name or f"Invented Company {number}"]},
        **more,
    )


def link(number: int, source: str, target: str) -> Link:
    return Link(
        id=f"l{number}",
        edge_class="ownership",
        schema="Ownership",
        source=source,
        target=target,
        origin=Origin(FILE, number, 10 * number),
        share_min_ppm=500_000,
        share_max_ppm=500_000,
    )


def small_list() -> list[Statement]:
    return [
        entity(1, country="kp", countries=("kp",)),
        entity(2, topics=("sanction",), tags=("source",)),
        link(3, "e1", "e2"),
        link(4, "e2", "nobody"),
        Listing(entity="e2", authority="Invented Office", program="P1", origin=Origin(FILE, 2, 20)),
        Reject(origin=Origin(FILE, 5, 50), code="E1205", reason="no name", raw=b";;"),
        Skip(origin=Origin(FILE, 6, 60), reason="blank line"),
        Counted(file=FILE, records=6),
    ]


def incoming(
    folder: Path,
    statements: Iterable[Statement],
    *,
    text: str = "a list",
    is_list: bool = True,
    dataset: str = "small",
    name: str = FILE,
    list_date: str | None = None,
) -> Incoming:
    path = folder / name
    path.write_text(text)
    kept = [_in_file(one, name) for one in statements]
    return Incoming(
        dataset=dataset,
        format="invented",
        title="An invented list",
        is_list=is_list,
        grade="B2",
        mapping_sha256=None,
        files=(SourceFile(path=path, name=name),),
        paths=(str(path),),
        read=lambda: Reading(dataset=dataset, title="An invented list", list_date=list_date, statements=iter(kept)),
    )


def _in_file(statement: Statement, name: str) -> Statement:
    if isinstance(statement, Counted):
        return replace(statement, file=name)
    return replace(statement, origin=replace(statement.origin, file=name))


def store(case: Path, folder: Path, statements: Iterable[Statement], **options: object) -> Outcome:
    names = ("text", "is_list", "dataset", "name", "list_date")
    said = {name: options.pop(name) for name in names if name in options}
    (outcome,) = ingest(case, [incoming(folder, statements, **said)], **options)
    return outcome
