"""A run folder read again: its manifest, its answers, its case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finnet.errors import FinnetError, UsageError, quoted
from finnet.query.manifest import digest, result_digest
from finnet.query.saved import Query, parse
from finnet.report.answer import Answer
from finnet.report.dossier.document import StepAnswer
from finnet.shipped import shipped

__all__ = ["StoredRun", "is_run", "load_run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """What lies in a run folder. ``case`` is where its own case is, or None where it used one of the user's."""

    folder: Path
    manifest: Mapping[str, Any]
    query: Query
    steps: tuple[StepAnswer, ...]
    case: Path | None


def is_run(name: str) -> bool:
    """Whether a name is that of a run folder."""
    return (Path(name) / "manifest.json").is_file()


def load_run(place: Path | str) -> StoredRun:
    """Read a run; nothing in it may have changed since it was made.

    Raises: UsageError if the folder is no run; FinnetError if an output or the manifest was changed afterwards.
    """
    folder = Path(place)
    path = folder / "manifest.json"
    if not path.is_file():
        raise UsageError(f"{quoted(folder)}: not a run folder: it has no manifest.json")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        predicate, subject = document["predicate"], document["subject"]
        text, name = predicate["query"]["text"], predicate["query"]["name"]
        whole = result_digest(subject, predicate) == document["result_sha256"]
        outputs = {str(one["name"]): str(one["digest"]["sha256"]) for one in subject}
        said = {str(step["id"]): step for step in predicate["steps"]}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{quoted(path)}: not the manifest of a run") from error
    if not whole:
        raise FinnetError(f"{quoted(path)}: was changed after the run", hint="finnet verify RUN says what else was")
    for output, sha256 in outputs.items():
        file = folder / output
        if Path(output).name != output or not file.is_file() or digest(file) != sha256:
            raise FinnetError(f"{quoted(file)}: is not what the run wrote", hint="finnet verify RUN says what moved")
    lies = Path(str(document.get("where", {}).get("query", "")))
    query = parse(text, lies if lies.is_file() else shipped("queries") / f"{name}.toml")
    steps = tuple(_step(folder, step, outputs) for step in said.values() if f"{step['id']}.json" in outputs)
    own = predicate["case"]["own"]
    return StoredRun(
        folder=folder, manifest=document, query=query, steps=steps, case=folder / "case.finnet" if own else None
    )


def _step(folder: Path, step: Mapping[str, Any], outputs: Mapping[str, str]) -> StepAnswer:
    name = str(step["id"])
    said = json.loads((folder / f"{name}.json").read_bytes())
    rows = said["rows"]
    page = f"{name}.html"
    return StepAnswer(
        id=name,
        answer=Answer(
            command=str(said["command"]),
            columns=tuple(rows[0]) if rows else (),
            rows=rows,
            summary=dict(said["summary"]),
            notes=tuple(said["notes"]),
            params=dict(said["params"]),
            truncated=bool(said["truncated"]),
        ),
        expected=step.get("expected"),
        page=page if page in outputs else None,
    )
