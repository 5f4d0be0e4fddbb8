"""A bundle described for archives: RO-Crate metadata, with the run as the action that made its outputs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from finnet.report.answer import Row

__all__ = ["CRATE", "described"]

CRATE = "ro-crate-metadata.json"

_SPECIFICATION = "https://w3id.org/ro/crate/1.2"
_FORMATS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".md": "text/markdown",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
}
_WHAT = {
    "report.html": "The report as a page",
    "report.md": "The report as Markdown",
    "records.jsonl": "The records that the report cites, as they stand in their files",
    "run/manifest.json": "What went into the run, what was asked and what came out, each with its SHA-256",
}


def described(
    files: Mapping[str, bytes],
    sources: Sequence[Row],
    *,
    title: str,
    question: str,
    started: str,
    version: str,
) -> dict[str, Any]:
    """The metadata of a crate that holds ``files`` (by path). ``sources`` are what they rest on, and are not in it.

    ``started`` is when the run was made (an ISO time); ``version`` is finnet's.

    >>> crate = described({"run/a.csv": b"1"}, [], title="T", question="", started="2024-05-01T00:00:00Z", version="1")
    >>> [entity["@id"] for entity in crate["@graph"]]
    ['ro-crate-metadata.json', './', 'run/a.csv', '#finnet', '#run']

    Source: RO-Crate Metadata Specification 1.2, sections Root Data Entity, Data Entities and Provenance.
    """
    given = [_source(number, row) for number, row in enumerate(sources, 1)]
    parts = [_part(name, content) for name, content in sorted(files.items())]
    queries = [name for name in files if name.endswith(".toml")]
    outputs = [name for name in files if name.startswith("run/") and name not in {"run/manifest.json", *queries}]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": question or title,
        "datePublished": started,
        "license": _licences(sources),
        "hasPart": _references(part["@id"] for part in parts),
        "isBasedOn": _references(one["@id"] for one in given),
        "mentions": {"@id": "#run"},
    }
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"finnet run: {title}",
        "startTime": started,
        "instrument": {"@id": "#finnet"},
        "object": _references([*map(quote, sorted(queries)), *(one["@id"] for one in given)]),
        "result": _references(map(quote, sorted(outputs))),
    }
    software = {"@id": "#finnet", "@type": "SoftwareApplication", "name": "finnet", "softwareVersion": version}
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _SPECIFICATION},
        "about": {"@id": "./"},
    }
    graph: list[dict[str, Any]] = [descriptor, root, *parts, *given, software, run]
    return {
        "@context": f"{_SPECIFICATION}/context",
        "@graph": [{key: value for key, value in entity.items() if value not in (None, [])} for entity in graph],
    }


def _part(name: str, content: bytes) -> dict[str, Any]:
    path = PurePosixPath(name)
    return {
        "@id": quote(name),
        "@type": "File",
        "name": path.name,
        "description": _WHAT.get(name, "The saved query" if path.suffix == ".toml" else "An output of the run"),
        "encodingFormat": _FORMATS.get(path.suffix),
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _source(number: int, row: Row) -> dict[str, Any]:
    """A file that was read: its id begins with ``#``, since it is not in the crate."""
    return {
        "@id": f"#source-{number}",
        "@type": "File",
        "name": row["file"],
        "description": f"Read as the dataset {row['dataset']} ({row['title']}); not part of this crate",
        "license": row["licence"] or "not stated",
        "sha256": row["sha256"],
    }


def _licences(sources: Sequence[Row]) -> str:
    said = sorted({f"{row['dataset']}: {row['licence'] or 'not stated'}" for row in sources})
    return f"Each source keeps its own licence: {'; '.join(said) or 'there is no source'}"


def _references(ids: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    found = [{"@id": one} for one in ids]
    return found[0] if len(found) == 1 else found
