"""The manifest of a run: what went in, what was asked, what came out, each with its sha256."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from finnet.query.saved import Query
from finnet.version import __version__

__all__ = ["canonical", "digest", "manifest", "result_digest"]

_PACKAGES = ("duckdb", "igraph", "networkx", "numpy", "scipy", "numba", "highspy", "ortools", "pandas")


def manifest(
    *,
    query: Query,
    outputs: Mapping[str, str],
    steps: Sequence[Mapping[str, Any]],
    inputs: Sequence[Mapping[str, Any]],
    case: Mapping[str, Any],
    warnings: Sequence[str],
    timing: Mapping[str, Any],
) -> dict[str, Any]:
    """An in-toto statement about a run. All but ``timing``, ``where`` and ``tool`` is the same on every machine.

    ``result_sha256`` covers just that deterministic part: two runs with the same figure have the same results.
    """
    subject = [{"name": name, "digest": {"sha256": digest_}} for name, digest_ in sorted(outputs.items())]
    predicate = {
        "query": {"name": query.name, "sha256": query.sha256, "text": query.text},
        "seed": query.seed,
        "steps": list(steps),
        "inputs": list(inputs),
        "case": dict(case),
        "warnings": sorted(set(warnings)),
    }
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "predicateType": "finnet-run/v1",
        "subject": subject,
        "predicate": predicate,
        "result_sha256": result_digest(subject, predicate),
        "tool": {
            "finnet": __version__,
            "python": platform.python_version(),
            "platform": platform.platform(terse=True),
            **{name: version(name) for name in _PACKAGES},
        },
        "where": {"query": str(query.path)},
        "timing": dict(timing),
    }


def result_digest(subject: Sequence[Mapping[str, Any]], predicate: Mapping[str, Any]) -> str:
    """sha256 of the canonical form of what does not depend on when and where the run was made."""
    return hashlib.sha256(canonical({"subject": list(subject), "predicate": dict(predicate)})).hexdigest()


def canonical(document: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, indented, UTF-8, one newline at the end.

    >>> canonical({"b": 1, "a": "é"}).decode()
    '{\\n  "a": "é",\\n  "b": 1\\n}\\n'
    """
    import orjson

    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def digest(path: Path) -> str:
    """The file's sha256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
