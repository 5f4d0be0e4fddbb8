"""Check a past run: are its outputs, inputs and case what the manifest says, and does it come out the same again?"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from finnet import api
from finnet.api.open import rate_table
from finnet.errors import FinnetError, UsageError, quoted
from finnet.query.expectation import differences
from finnet.query.manifest import digest, result_digest
from finnet.query.run import Folder, answer_steps
from finnet.query.saved import Query, parse
from finnet.report.answer import Answer, Row
from finnet.shipped import shipped
from finnet.version import __version__

__all__ = ["verify"]

_TABLES = {"rates": "rate table", "size": "table of sizes", "revenue": "table of revenues"}  # options that name one
_GOOD = {"identical", "not checked"}


def verify(run: Path | str, *, rerun: bool = True, case: Path | str | None = None) -> Answer:
    """One row per item: identical, same numbers (text differs, figures within one part in 10⁹), changed, missing.

    Items are the manifest itself, every output, every input file that is still where it was, the case's data, the rate
    and other tables that steps counted by, and, unless ``rerun`` is off, every output computed again. The summary names
    the first cause of a difference. ``case`` says where the case is now, for runs that used one of the user's. The
    outcome is 3 if anything differs.

    Raises: UsageError if the folder is no run.
    """
    folder = Path(run)
    manifest = _manifest(folder)
    rows = [*_stored(folder, manifest), *_case(folder, manifest, case), *_tables(manifest)]
    if rerun:
        rows += _again(folder, manifest, case)
    wrong = [row for row in rows if row["verdict"] not in _GOOD and row["verdict"] != "same numbers"]
    return Answer(
        command="verify",
        columns=("item", "verdict", "cause"),
        rows=rows,
        summary={
            "run folder": str(folder),
            "result_sha256": manifest["result_sha256"],
            "verdict": "differs" if wrong else "identical",
            "first cause": f"{wrong[0]['item']}: {wrong[0]['cause']}" if wrong else None,
        },
        notes=tuple(_tools(manifest)),
        params={"run": str(run), "rerun": rerun},
        outcome=3 if wrong else 0,
    )


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.is_file():
        raise UsageError(f"{quoted(folder)}: not a run folder: it has no manifest.json")
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        document["predicate"]["query"]["text"], document["subject"], document["result_sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{quoted(path)}: not the manifest of a run") from error
    return document


def _stored(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Row]:
    recomputed = result_digest(manifest["subject"], manifest["predicate"])
    yield _row(
        "manifest.json",
        recomputed == manifest["result_sha256"],
        "what it says does not have the result_sha256 it names",
    )
    for one in manifest["subject"]:
        path = folder / one["name"]
        if not path.is_file():
            yield {"item": f"output {one['name']}", "verdict": "missing", "cause": "the file is gone"}
        else:
            yield _row(
                f"output {one['name']}",
                digest(path) == one["digest"]["sha256"],
                "the output was changed after the run",
            )


def _case(folder: Path, manifest: Mapping[str, Any], case: Path | str | None) -> Iterator[Row]:
    said = manifest["predicate"]["case"]
    try:
        with api.open_case(_where(folder, said, case)) as opened:
            for name in sorted(_damaged(opened)):
                yield {"item": f"case data/{name}", "verdict": "changed", "cause": "the data file was changed"}
            yield _row(
                "case",
                opened.logical_sha256 == said["logical_sha256"],
                "the case holds other data or decisions than at the time of the run",
            )
            paths = {(one.dataset, file.name): file.path for one in opened.manifest.ingests for file in one.files}
    except FinnetError as error:
        yield {"item": "case", "verdict": "missing" if error.code == "E3000" else "changed", "cause": str(error)}
        return
    for one in manifest["predicate"]["inputs"]:
        path = paths.get((one["dataset"], one["file"]))
        item = f"input {one['file']}"
        if path is None or path.startswith("sample:") or not Path(path).is_file():
            made = path is not None and path.startswith("sample:")
            cause = "made anew by finnet" if made else "the file is not where it was read"
            yield {"item": item, "verdict": "not checked", "cause": cause}
        else:
            yield _row(item, digest(Path(path)) == one["sha256"], "the input file was changed after it was read")


def _tables(manifest: Mapping[str, Any]) -> Iterator[Row]:
    """The tables that steps counted or measured by, each once: they are no input, but decide every figure."""
    query = _query(manifest)
    params = {step["id"]: step["params"] for step in manifest["predicate"]["steps"]}
    seen = set()
    for step in query.steps:
        for option, what in _TABLES.items():
            said, place = params.get(step.id, {}).get(option), step.options.get(option)
            if not isinstance(said, Mapping) or not isinstance(place, str) or (option, place) in seen:
                continue
            seen.add((option, place))
            item = f"{option} {said['name']}"
            try:
                now = rate_table(place).sha256 if option == "rates" else digest(Path(place))
            except (FinnetError, OSError) as error:
                gone = f"the {what} is not where it was"
                yield {
                    "item": item,
                    "verdict": "missing",
                    "cause": gone if isinstance(error, OSError) else str(error),
                }
                continue
            yield _row(item, now == said["sha256"], f"the {what} was changed after the run")


def _query(manifest: Mapping[str, Any]) -> Query:
    """The query as it was; what it names relative to itself lies where it lay then, or where the shipped ones do."""
    said = manifest["predicate"]["query"]
    path = Path(str(manifest.get("where", {}).get("query", "")))
    return parse(said["text"], path if path.is_file() else shipped("queries") / f"{said['name']}.toml")


def _damaged(opened: api.Case) -> Iterator[str]:
    # Opening goes by sizes and times of change; here every byte is read.
    for data in (data for one in opened.manifest.active for data in one.data):
        if digest(opened.path / "data" / data.name) != data.sha256:
            yield data.name


def _again(folder: Path, manifest: Mapping[str, Any], case: Path | str | None) -> Iterator[Row]:
    query = _query(manifest)
    query = replace(query, steps=tuple(replace(step, expect=None) for step in query.steps))
    with tempfile.TemporaryDirectory(prefix="finnet-verify-") as place:
        made = Folder(Path(place))
        try:
            with api.open_case(_where(folder, manifest["predicate"]["case"], case)) as opened:
                answer_steps(opened, query, made)
        except FinnetError as error:
            yield {"item": "rerun", "verdict": "changed", "cause": str(error)}
            return
        for one in manifest["subject"]:
            name = one["name"]
            now = made.outputs.get(name)
            if now == one["digest"]["sha256"]:
                yield {"item": f"rerun {name}", "verdict": "identical", "cause": None}
            elif name.endswith(".csv") and now is not None and (folder / name).is_file():
                moved = differences(folder / name, (made.path / name).read_text(encoding="utf-8"))
                verdict = "changed" if moved else "same numbers"
                yield {"item": f"rerun {name}", "verdict": verdict, "cause": moved[0] if moved else None}
            else:
                yield {
                    "item": f"rerun {name}",
                    "verdict": "changed",
                    "cause": "computed again, it comes out differently",
                }


def _where(folder: Path, said: Mapping[str, Any], case: Path | str | None) -> Path | str | None:
    return case if case is not None or not said["own"] else folder / "case.finnet"


def _row(item: str, same: bool, cause: str) -> Row:
    return {"item": item, "verdict": "identical" if same else "changed", "cause": None if same else cause}


def _tools(manifest: Mapping[str, Any]) -> Iterator[str]:
    from importlib.metadata import version

    for name, then in manifest.get("tool", {}).items():
        if name in {"python", "platform"}:
            continue
        now = __version__ if name == "finnet" else version(name)
        if now != then:
            yield f"the run was made with {name} {then}, this is {now}"
