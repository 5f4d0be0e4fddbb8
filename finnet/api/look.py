"""Looking into a case: find, show, source, sql."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finnet.errors import UnknownNameError, UsageError, quoted
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["find", "show", "source", "sql"]

_LONGEST_RAW = 65_536


def find(case: Case, text: str, *, limit: int | None = 20) -> Answer:
    """Entities whose name, alias or id is like ``text``, best first; score 1 is the name itself.

    A likeness of names is a possible match, never an identity.
    """
    wanted = limit or 1_000_000
    hits = case.lookup.search(text, wanted)
    by_id = [(row["canonical_id"], row["caption"], 1.0) for row in case.lookup.entity(text)[:1]]
    hits = by_id + [hit for hit in hits if hit[0] not in {label for label, _, _ in by_id}]
    rows: list[Row] = []
    for label, name, score in hits[:wanted]:
        statements = case.lookup.entity(label)
        best = statements[0]
        rows.append(
            {
                "id": label,
                "caption": best["caption"],
                "schema": best["schema"],
                "country": best["country"],
                "score": score,
                "dataset": "; ".join(dict.fromkeys(one["dataset"] for one in statements)),
                "matched": name,
            }
        )
    return Answer(
        command="find",
        columns=("id", "caption", "schema", "country", "score", "dataset", "matched"),
        shown=("id", "caption", "schema", "country", "score", "dataset"),
        rows=rows,
        params={"text": text},
        notes=() if rows else (f"nobody is recorded under a name like {quoted(text)}",),
        truncated=len(hits) > len(rows),
        total=len(hits),
    )


def show(case: Case, entity: str) -> Answer:
    """All that is recorded about an entity: one row per value, with the dataset and record that say so.

    Links follow as ``link: class`` with the other party, listings as ``listing``.
    """
    import orjson

    from finnet.store.resolve import resolve

    label = resolve(case, entity)
    statements = case.lookup.entity(label)
    rows: list[Row] = []
    for statement in statements:
        where = {
            (detail["property"], detail["value"]): detail for detail in case.lookup.details(statement["entity_id"])
        }
        if statement["entity_id"] != label:
            rows.append(_line("same party as", statement["entity_id"], statement))
        properties = orjson.loads(statement["properties"]) if statement["properties"] else {}
        if not properties.get("name") and statement["caption"]:
            rows.append(_line("name", statement["caption"], statement))
        for name in sorted(properties, key=lambda name: (name != "name", name)):
            rows += [_line(name, value, where.get((name, value), statement)) for value in properties[name]]
    listings = case.lookup.listings(label)
    for listing in listings:
        words = [listing["authority"], listing["program"], listing["reference"], listing["listed_on"]]
        rows.append(_line("listing", " · ".join(word for word in words if word), listing))
    links = case.lookup.links(label)
    for link in links:
        rows.append(_line(f"link: {link['class']}", _link_words(case, link, label), link))
    best = statements[0]
    return Answer(
        command="show",
        columns=("property", "value", "dataset", "record", "file"),
        shown=("property", "value", "dataset", "record"),
        rows=rows,
        summary={
            "id": label,
            "caption": best["caption"],
            "schema": best["schema"],
            "degree": len({link["source_id"] for link in links} | {link["target_id"] for link in links} - {label})
            - (1 if any(link["source_id"] == label for link in links) else 0),
            "listed": sorted({listing["authority"] for listing in listings if not listing["delisted_on"]}),
            "captured": None,
        },
        notes=("nobody describes this party: somebody points at it",) if best["missing"] else (),
        params={"entity": entity},
    )


def source(case: Case, item: str) -> Answer:
    """The records that a link, payment or entity comes from, as they stand in their files.

    ``raw`` is null where the file is not where it was, has changed, or has no byte offsets; a note says which.
    """
    found: list[Row] = [*case.lookup.entity(item)]
    for view, column in (("v1_link", "link_id"), ("v1_payment", "payment_id")):
        found = found or case.rows(
            f"select dataset, file, record, byte_offset from {view} where {column} = $item order by 1, 2, 3",  # noqa: S608
            {"item": item},
        )
    if not found:
        from finnet.store.resolve import resolve

        found = [*case.lookup.entity(resolve(case, item))]
    notes: list[str] = []
    seen: set[tuple[Any, ...]] = set()
    rows: list[Row] = []
    for one in found:
        places = [one, *(case.lookup.details(one["entity_id"]) if "entity_id" in one else ())]
        for place in places:
            key = (place["dataset"], place["file"], place["record"])
            if key in seen:
                continue
            seen.add(key)
            raw, note = _raw(case, place)
            notes += [note] if note else []
            rows.append({name: place[name] for name in ("dataset", "file", "record", "byte_offset")} | {"raw": raw})
    return Answer(
        command="source",
        columns=("dataset", "file", "record", "byte_offset", "raw"),
        rows=rows,
        notes=tuple(dict.fromkeys(notes)),
        params={"item": item},
    )


def sql(case: Case, query: str, *, limit: int | None = None) -> Answer:
    """Read-only SQL over the ``v1_`` views.

    Raises: UsageError for anything but one SELECT over those views.
    """
    from finnet.store.views import VIEWS

    if not re.match(r"(?is)^\s*(select|with|from|describe|summarize|show)\b", query):
        raise UsageError("only a SELECT can be run", hint=f"there are: {', '.join(VIEWS)}")
    if ";" in query.strip().rstrip(";"):
        raise UsageError("one SELECT at a time")
    rows, columns = case.select_rows(query.strip().rstrip(";"), limit)
    cut = limit is not None and len(rows) > limit
    return Answer(
        command="sql",
        columns=columns,
        rows=rows[:limit],
        params={"query": query},
        truncated=cut,
    )


def _line(name: str, value: str, statement: Row) -> Row:
    return {
        "property": name,
        "value": value,
        "dataset": statement["dataset"],
        "record": statement["record"],
        "file": statement["file"],
    }


def _link_words(case: Case, link: Row, label: str) -> str:
    outward = link["source_id"] == label
    other = link["target_id"] if outward else link["source_id"]
    known = case.lookup.entity(other)
    name = known[0]["caption"] if known else other
    low, high = link["share_min_ppm"], link["share_max_ppm"]
    share = ""
    if low is not None or high is not None:
        share = f" {(low or 0) / 10_000:g}"
        share += " %" if low == high else f"–{(1_000_000 if high is None else high) / 10_000:g} %"
    role = f" ({link['role']})" if link["role"] else ""
    return f"{'→' if outward else '←'} {name} [{other}]{share}{role}"


def _raw(case: Case, place: Row) -> tuple[str | None, str | None]:
    for one in case.manifest.ingests:
        for file in one.files:
            if one.dataset == place["dataset"] and file.name == place["file"]:
                return _read(file.path, file.sha256, place["byte_offset"])
    raise UnknownNameError(f"{quoted(place['file'])}: no ingest of this case read it")


def _read(path: str, sha256: str, offset: int | None) -> tuple[str | None, str | None]:
    import hashlib

    if offset is None:
        return None, f"{path}: this format has no byte offsets; go by the record number"
    if path.startswith("sample:"):
        from finnet.api._inputs import sample_path

        sample, _, name = path.removeprefix("sample:").partition("/")
        with sample_path(sample, name) as file:
            return _record(file, offset), None
    file = Path(path)
    if not file.is_file():
        return None, f"{path}: the file is not where it was when it was read"
    with file.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
            return None, f"{path}: the file has changed since it was read"
    return _record(file, offset), None


def _record(file: Path, offset: int) -> str:
    """The record at an offset: to the end of its line, outside quotes; of XML or a JSON array, its element."""
    with file.open("rb") as stream:
        stream.seek(offset)
        block = stream.read(_LONGEST_RAW)
    if block[:1] == b"<":
        name = re.match(rb"<([\w:.-]+)", block)
        end = block.find(b"</" + name.group(1) + b">") if name else -1
        found = block[: end + len(name.group(1)) + 3] if name and end >= 0 else block
    elif block[:1] == b"{":
        found = _json_object(block)
    else:
        found = _line_of(block)
    return found.decode("utf-8", "backslashreplace")


def _json_object(block: bytes) -> bytes:
    import json

    text = block.decode("utf-8", "ignore")
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return block.split(b"\n", 1)[0]
    return text[:end].encode()


def _line_of(block: bytes) -> bytes:
    inside = False
    for place, byte in enumerate(block):
        if byte == 0x22:
            inside = not inside
        elif byte in b"\r\n" and not inside:
            return block[:place]
    return block.split(b"\n", 1)[0] if inside else block
