"""A saved query as it is written: loaded, and every word in it checked before anything runs."""

from __future__ import annotations

import hashlib
import inspect
import keyword
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finnet import api
from finnet.errors import QueryError, UnknownNameError, nearest, quoted
from finnet.shipped import shipped, shipped_names

__all__ = ["Input", "Query", "Step", "load", "option_name", "parse"]

_QUERY_KEYS = {"title", "question", "inputs", "seed", "steps"}
_INPUT_KEYS = {"name", "sample", "file", "dataset", "as", "mapping", "sha256", "max_age"}
_STEP_KEYS = {"do", "id", "expect", "draw"}
_DRAWINGS = {"view"}
_FILE_OPTIONS = {"rates", "network", "rewiring", "grades", "revenue"}
_NAME_OR_FILE = {"levers", "file", "size"}  # a name or a word, or a file that ends in .toml or .csv
_NOT_STEPS = {"Case", "ingest", "open_case", "open_network", "sniff", "synth", "view", "export", "why"}
# What an option's type in the verb's signature lets a query write, in a reader's words.
_KINDS = {
    "str": "a text",
    "Path": "the name of a file",
    "Literal": "a word",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "Sequence": "a list of texts",
}
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What a query reads: a sample, a file beside it, or a file that the user names with ``--input NAME=FILE``."""

    name: str
    sample: str | None = None
    file: Path | None = None
    as_: str | None = None
    mapping: str | None = None
    dataset: str | None = None
    sha256: str | None = None
    max_age: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One verb with its options. ``expect`` is a CSV with the answer; ``draw`` is ``view`` for a page of it."""

    id: str
    do: str
    options: Mapping[str, Any]
    expect: Path | None = None
    draw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A saved query, its text and the text's sha256."""

    name: str
    path: Path
    text: str
    sha256: str
    title: str
    question: str
    inputs: tuple[Input, ...]
    seed: int
    steps: tuple[Step, ...]


def load(name: str) -> Query:
    """The query in a TOML file, or the one of that name that ships with finnet.

    Raises: QueryError with file and key for whatever is not as it should be; UnknownNameError for a name nobody knows.
    """
    path = _path_of(name)
    return parse(path.read_text(encoding="utf-8"), path)


def parse(text: str, path: Path) -> Query:
    """The query that a text states; ``path`` is where it lies, for what is named relative to it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise QueryError(f"{path.name}: not valid TOML: {error}") from error
    _only(content, _QUERY_KEYS, path.name)
    for key in ("title", "question", "steps"):
        if key not in content:
            raise QueryError(f"{path.name}: {key!r} is missing")
    steps = tuple(_step(step, place, path) for place, step in enumerate(content["steps"], start=1))
    ids = [step.id for step in steps]
    for repeated in sorted({one for one in ids if ids.count(one) > 1}):
        raise QueryError(f"{path.name}: two steps have the id {repeated!r}")
    return Query(
        name=path.stem,
        path=path,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=content["title"],
        question=content["question"],
        inputs=tuple(_input(one, path) for one in content.get("inputs", [])),
        seed=content.get("seed", 0),
        steps=steps,
    )


def option_name(key: str) -> str:
    """The parameter that an option's name stands for.

    >>> option_name("from"), option_name("target-state"), option_name("budget")
    ('from_', 'target_state', 'budget')
    """
    name = key.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def _path_of(name: str) -> Path:
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise QueryError(f"{name}: there is no such file")
        return path
    if name not in shipped_names("queries"):
        raise UnknownNameError(f"no query called {quoted(name)}", hint=nearest(name, shipped_names("queries")))
    return shipped("queries") / f"{name}.toml"


def _only(table: Mapping[str, Any], known: set[str], place: str) -> None:
    for key in table:
        if key not in known:
            raise QueryError(f"{place}: unknown key {quoted(key)}", hint=nearest(key, known))


def _input(entry: str | Mapping[str, Any], path: Path) -> Input:
    if isinstance(entry, str):
        if entry.startswith("sample:"):
            return Input(name=entry.removeprefix("sample:"), sample=entry.removeprefix("sample:"))
        return Input(name=Path(entry).stem, file=path.parent / entry)
    _only(entry, _INPUT_KEYS, f"{path.name}: inputs")
    file = path.parent / entry["file"] if "file" in entry else None
    mapping = entry.get("mapping")
    name = entry.get("name") or entry.get("sample") or entry.get("dataset") or (file.stem if file else None)
    if name is None:
        raise QueryError(f"{path.name}: an input has neither name, sample, file nor dataset")
    return Input(
        name=name,
        sample=entry.get("sample"),
        file=file,
        as_=entry.get("as"),
        mapping=None if mapping is None else str(path.parent / mapping) if mapping.endswith(".toml") else mapping,
        dataset=entry.get("dataset"),
        sha256=entry.get("sha256"),
        max_age=entry.get("max_age"),
    )


def _fits(value: Any, wanted: str) -> bool:
    """Whether a value of TOML is of a type that the annotation names; a whole number is a number."""
    has = {name for name in _KINDS if re.search(rf"\b{name}\b", wanted)}
    match value:
        case bool():
            return "bool" in has
        case int():
            return bool(has & {"int", "float"})
        case float():
            return "float" in has
        case str():
            return bool(has & {"str", "Path", "Literal"})
        case list():
            return "Sequence" in has and all(isinstance(one, str) for one in value)
    return False


def _step(entry: Mapping[str, Any], place: int, path: Path) -> Step:
    where = f"{path.name}: step {entry.get('id', place)}"
    verbs = sorted(set(api.__all__) - _NOT_STEPS)
    if "do" not in entry:
        raise QueryError(f"{where}: 'do' is missing", hint=f"it names a verb: {', '.join(verbs)}")
    if entry["do"] not in verbs:
        raise QueryError(f"{where}: no verb {quoted(entry['do'])}", hint=nearest(entry["do"], verbs))
    signature = inspect.signature(getattr(api, entry["do"]))
    parameters = list(signature.parameters)[1:]
    options = {option_name(key): value for key, value in entry.items() if key not in _STEP_KEYS}
    for key in options:
        if key not in parameters:
            shown = [parameter.rstrip("_") for parameter in parameters]
            raise QueryError(f"{where}: {entry['do']} has no option {quoted(key)}", hint=nearest(key, shown))
        value = options[key]
        wanted = str(signature.parameters[key].annotation)
        if not _fits(value, wanted):
            said = ", ".join(words for name, words in _KINDS.items() if re.search(rf"\b{name}\b", wanted))
            raise QueryError(f"{where}: {key.rstrip('_')} = {quoted(value)} is not what {entry['do']} takes", hint=said)
        is_file = key in _FILE_OPTIONS or (key in _NAME_OR_FILE and str(value).endswith((".toml", ".csv")))
        if is_file and isinstance(value, str) and not value.startswith("sample:"):
            options[key] = str(path.parent / value)
    if entry.get("draw") not in {None, *_DRAWINGS}:
        raise QueryError(f"{where}: cannot draw {quoted(entry['draw'])}", hint=nearest(str(entry["draw"]), _DRAWINGS))
    name = entry.get("id", f"step_{place}")
    if not _ID.fullmatch(name):
        raise QueryError(f"{where}: an id is made of a-z, 0-9 and _, as in who_to_designate")
    return Step(
        id=name,
        do=entry["do"],
        options=options,
        expect=path.parent / entry["expect"] if "expect" in entry else None,
        draw=entry.get("draw"),
    )
