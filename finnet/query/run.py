"""Run saved queries: each into a folder of its own with outputs, pages and a manifest."""

from __future__ import annotations

import datetime
import hashlib
import inspect
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from finnet import api
from finnet.errors import FinnetError, QueryError, quoted
from finnet.query.expectation import differences
from finnet.query.manifest import canonical, digest, manifest
from finnet.query.saved import Input, Query, Step, load
from finnet.report.answer import Answer
from finnet.report.render import to_csv, to_json
from finnet.shipped import shipped_names

__all__ = ["DRAWN_BY", "Folder", "OnStep", "answer_steps", "run"]

OnStep = Callable[[Query, Step, Answer], None]
_SHOWN_DIFFERENCES = 10
DRAWN_BY = ("graph", "edges", "currency", "rates", "as_of", "min_grade", "seed")  # what view has in common with a step


@dataclass(slots=True)
class Folder:
    """A run folder while it is being written."""

    path: Path
    outputs: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, content: bytes, *, rows: int | None, expected: str | None = None) -> None:
        (self.path / name).write_bytes(content)
        self.outputs[name] = hashlib.sha256(content).hexdigest()
        self.rows.append({"output": name, "sha256": self.outputs[name], "rows": rows, "expected": expected})


def run(
    queries: Sequence[str],
    *,
    all: bool = False,
    case: Path | str | None = None,
    inputs: Sequence[str] = (),
    into: Path | str = "runs",
    on_step: OnStep | None = None,
) -> Answer:
    """Run saved queries and compare their answers with those beside them.

    Without ``case`` each run reads its inputs into a case of its own inside the run folder. ``inputs`` are
    ``NAME=FILE``. The outcome is 3 if an answer differs from the expected one. A run that fails leaves no folder.

    Raises: QueryError for a query that is wrong or an input that is missing.
    """
    loaded = [load(name) for name in _names(queries, every=all)]
    given = dict(_pair(text) for text in inputs)
    answers = [_run_one(query, case=case, given=given, into=Path(into), on_step=on_step) for query in loaded]
    return Answer(
        command="run",
        columns=("output", "sha256", "rows", "expected"),
        rows=[row for answer in answers for row in answer.rows],
        summary={"run folder": [str(answer.summary["run folder"]) for answer in answers]}
        if len(answers) > 1
        else dict(answers[0].summary),
        notes=tuple(note for answer in answers for note in answer.notes),
        params={"queries": [query.name for query in loaded]},
        outcome=max(answer.outcome for answer in answers),
    )


def _names(queries: Sequence[str], *, every: bool) -> list[str]:
    names = list(queries)
    if every:
        names += [name for name in shipped_names("queries") if not _needs_files(load(name))]
    if not names:
        raise QueryError("no query is named", hint=f"there are: {', '.join(shipped_names('queries'))}, or --all")
    return names


def _needs_files(query: Query) -> bool:
    return any(one.sample is None and (one.file is None or not one.file.is_file()) for one in query.inputs)


def _pair(text: str) -> tuple[str, Path]:
    name, equals, file = text.partition("=")
    if not equals:
        raise QueryError(f"--input {quoted(text)}: should be NAME=FILE")
    return name, Path(file)


def _run_one(
    query: Query, *, case: Path | str | None, given: dict[str, Path], into: Path, on_step: OnStep | None
) -> Answer:
    started = datetime.datetime.now(datetime.UTC)
    files = [_located(one, given, query) for one in query.inputs]
    mark = hashlib.sha256((query.sha256 + "".join(str(one) for one in files)).encode()).hexdigest()[:8]
    try:
        into.mkdir(parents=True, exist_ok=True)
        final = _free(into / f"{started:%Y%m%dT%H%M%SZ}-{mark}")
        folder = Folder(into / f".partial-{final.name}")
        folder.path.mkdir()
    except OSError as error:
        hint = "say --into FOLDER"
        raise FinnetError(f"{quoted(into)}: run folders cannot be made there: {error.strerror}", hint=hint) from error
    try:
        answer = _fill(folder, query, files, case=case, on_step=on_step, started=started, final=final)
        folder.path.rename(final)
    except BaseException:
        shutil.rmtree(folder.path, ignore_errors=True)
        raise
    return answer


def _free(path: Path) -> Path:
    number = 1
    while path.exists() if number == 1 else path.with_name(f"{path.name}-{number}").exists():
        number += 1
    return path if number == 1 else path.with_name(f"{path.name}-{number}")


def _located(one: Input, given: dict[str, Path], query: Query) -> Input:
    if one.name in given:
        one = replace(one, file=given[one.name], sample=None)
    if one.sample is None and (one.file is None or not one.file.is_file()):
        raise QueryError(
            f"{query.name}: the input {one.name!r} is not here", hint=f"say where it is: --input {one.name}=FILE"
        )
    if one.sha256 and one.file is not None and digest(one.file) != one.sha256:
        raise QueryError(f"{query.name}: {one.file.name} is not the file the query was written for (sha256 differs)")
    return one


def _fill(
    folder: Folder,
    query: Query,
    files: Sequence[Input],
    *,
    case: Path | str | None,
    on_step: OnStep | None,
    started: datetime.datetime,
    final: Path,
) -> Answer:
    clock = time.monotonic()
    place = Path(case) if case is not None else folder.path / "case.finnet"
    if case is None:
        for one in files:
            _ingest(one, place, folder)
    with api.open_case(place) as opened:
        steps = answer_steps(opened, query, folder, on_step=on_step)
        described = {
            "logical_sha256": opened.logical_sha256,
            "own": case is None,
            "datasets": _plain_rows(api.info(opened)),
        }
        read = _jsonable(opened.rows("select * from v1_source order by dataset, file, sha256"))
    document = manifest(
        query=query,
        outputs=folder.outputs,
        steps=_jsonable(steps),
        inputs=read,
        case=described,
        warnings=folder.notes,
        timing={"started": f"{started:%Y-%m-%dT%H:%M:%SZ}", "seconds": round(time.monotonic() - clock, 2)},
    )
    (folder.path / "manifest.json").write_bytes(canonical(document))
    failed = [row for row in folder.rows if row["expected"] == "differs"]
    return Answer(
        command="run",
        columns=("output", "sha256", "rows", "expected"),
        rows=folder.rows,
        summary={"run folder": str(final), "result_sha256": document["result_sha256"]},
        notes=tuple(folder.notes),
        outcome=3 if failed else 0,
    )


def answer_steps(
    opened: api.Case, query: Query, folder: Folder, *, on_step: OnStep | None = None
) -> list[dict[str, Any]]:
    """Do each step of the query, write its outputs into the folder, and say what was asked with which options."""
    steps = []
    for step in query.steps:
        answer = _do(opened, query, step, folder)
        folder.notes += [f"{step.id}: {note}" for note in answer.notes]
        steps.append({"id": step.id, "do": step.do, "params": answer.params, "truncated": answer.truncated})
        if on_step is not None:
            on_step(query, step, answer)
    return steps


def _ingest(one: Input, place: Path, folder: Folder) -> None:
    target = f"sample:{one.sample}" if one.sample is not None else str(one.file)
    answer = api.ingest([target], case=place, as_=one.as_, mapping=one.mapping, dataset=one.dataset)
    folder.notes += [f"ingest {one.name}: {note}" for note in answer.notes]


def _do(opened: api.Case, query: Query, step: Step, folder: Folder) -> Answer:
    verb = getattr(api, step.do)
    options = dict(step.options)
    if "seed" in _parameters(verb) and "seed" not in options:
        options["seed"] = query.seed
    answer: Answer = verb(opened, **options)
    text = to_csv(answer)
    verdict = None
    if step.expect is not None:
        moved = differences(step.expect, text)
        verdict = "differs" if moved else "as expected"
        folder.notes += [f"{step.id}: {difference}" for difference in moved[:_SHOWN_DIFFERENCES]]
        if len(moved) > _SHOWN_DIFFERENCES:
            folder.notes.append(f"{step.id}: and {len(moved) - _SHOWN_DIFFERENCES} more differences")
    folder.add(f"{step.id}.csv", text.encode(), rows=len(answer.rows), expected=verdict)
    folder.add(f"{step.id}.json", to_json(answer).encode(), rows=len(answer.rows))
    if step.draw == "view":
        page = folder.path / f"{step.id}.html"
        drawing: dict[str, Any] = {name: options[name] for name in DRAWN_BY if name in options}
        if step.do in {"choke", "trace"}:
            drawing[step.do] = answer
        api.view(opened, title=query.title, question=query.question, output=page, **drawing)
        folder.add(page.name, page.read_bytes(), rows=None)
    return answer


def _parameters(verb: Callable[..., Answer]) -> set[str]:
    return set(inspect.signature(verb).parameters)


def _plain_rows(answer: Answer) -> list[dict[str, Any]]:
    return list(_jsonable([{column: row.get(column) for column in answer.columns} for row in answer.rows]))


def _jsonable(rows: Any) -> Any:
    import orjson

    return orjson.loads(to_json(Answer(command="", columns=(), rows=[], summary={"rows": rows})))["summary"]["rows"]
