"""What the user named on the command line as files to read, folder by folder and sample by sample."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from finnet.catalogue import Catalogue
from finnet.errors import InputError, UsageError, quoted
from finnet.model.reading import Head, ReadOptions, SourceFile
from finnet.shipped import shipped, shipped_names
from finnet.store.ingest import Incoming, stamp

__all__ = ["SOURCES", "format_of", "incoming", "mapping_path", "sample_file", "sample_path"]

SOURCES = Catalogue(
    "finnet.sources", kind="source format", verbs=("TITLE", "GRADE", "IS_LIST", "TOGETHER", "sniff", "read")
)

# A table is what nobody else claims.
_LAST = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """One file with what was said about it."""

    file: SourceFile
    shown: str  # as the user named it
    path: str  # where to find it again: absolute, or sample:NAME/FILE
    stamp: tuple[int, int]
    format: str
    mapping: Path | None
    dataset: str | None


@contextlib.contextmanager
def incoming(
    files: Sequence[str],
    *,
    as_: str | None,
    mapping: str | None,
    dataset: str | None,
    grade: str | None,
    retrieved_on: str | None,
    accept_float_money: bool = False,
) -> Iterator[tuple[list[Incoming], list[str]]]:
    """The datasets that the named files make, and in words which format was recognised; samples live as long as this.

    Raises: InputError (E1105) for a file that no format recognises; UsageError for a file that is not there.
    """
    with contextlib.ExitStack() as stack:
        named: list[_Named] = []
        for text in files:
            if text.startswith("sample:"):
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="finnet-sample-")))
                named += _sample(text.removeprefix("sample:"), folder)
            else:
                path = None if mapping is None else mapping_path(mapping)
                named += [_recognised(one, as_, path, dataset) for one in _expanded(text)]
        told = [f"{one.shown}: read as {one.format} ({SOURCES[one.format].TITLE})" for one in named if as_ is None]
        said = ReadOptions(retrieved_on=retrieved_on, accept_float_money=accept_float_money)
        yield _grouped(named, said, grade=grade), told


@contextlib.contextmanager
def sample_file(sample: str, *, role: str) -> Iterator[Path]:
    """The file that plays a role in a sample, made anew; it is gone afterwards.

    Raises: UsageError if the sample has none.
    """
    from finnet.samples import SAMPLES

    with tempfile.TemporaryDirectory(prefix="finnet-sample-") as folder:
        for file in SAMPLES[sample].write(Path(folder)):
            if file.role == role:
                yield file.path
                return
    raise UsageError(f"the sample {sample!r} has no {role}")


@contextlib.contextmanager
def sample_path(sample: str, name: str) -> Iterator[Path]:
    """The file of that name in a sample, made anew; it is gone afterwards."""
    from finnet.samples import SAMPLES

    with tempfile.TemporaryDirectory(prefix="finnet-sample-") as folder:
        yield next(file.path for file in SAMPLES[sample].write(Path(folder)) if file.name == name)


def format_of(path: Path) -> str:
    """The name of the format that recognises the file.

    Raises: InputError (E1105) if none does.
    """
    head = Head(path)
    try:
        claims = [name for name in SOURCES if name != _LAST and SOURCES[name].sniff(head)]
    except OSError as error:
        raise InputError(f"{quoted(path.name)}: cannot be read: {error.strerror}") from error
    if claims:
        return claims[0]
    if SOURCES[_LAST].sniff(head):
        return _LAST
    known = ", ".join(f"{name} ({SOURCES[name].TITLE})" for name in SOURCES)
    raise InputError(
        f"{quoted(path.name)}: no format recognises it", hint=f"say which with --as: {known}", code="E1105"
    )


def mapping_path(name: str | Path) -> Path:
    """A mapping file, or the mapping of that name that ships with finnet."""
    path = Path(name)
    if path.suffix == ".toml" or path.is_file():
        return path
    if str(name) in shipped_names("mappings"):
        return shipped("mappings") / f"{name}.toml"
    raise UsageError(
        f"--mapping {quoted(name)}: there is no such file", hint=f"these ship: {', '.join(shipped_names('mappings'))}"
    )


def _expanded(text: str) -> list[Path]:
    if "://" in text:
        raise UsageError(f"{quoted(text)}: finnet reads no addresses", hint="download the file first")
    path = Path(text)
    if path.is_dir():
        found = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        if not found:
            raise UsageError(f"{quoted(text)}: the folder holds no file")
        return found
    if text == "-" or (path.exists() and not path.is_file()):
        raise UsageError(
            f"{quoted(text)}: is neither a file nor a folder",
            hint="write what comes through a pipe to a file first: each record is cited by its place there",
        )
    if not path.exists():
        raise UsageError(f"{quoted(text)}: there is no such file")
    return [path]


def _recognised(path: Path, as_: str | None, mapping: Path | None, dataset: str | None) -> _Named:
    chosen = as_ or ("table" if mapping is not None else format_of(path))
    SOURCES[chosen]  # an unknown name is told now
    return _Named(
        file=SourceFile(path=path, name=path.name),
        shown=str(path),
        path=str(path.absolute()),
        stamp=_stamp(path),
        format=chosen,
        mapping=mapping,
        dataset=dataset,
    )


def _stamp(path: Path) -> tuple[int, int]:
    try:
        return stamp(path)
    except OSError as error:
        raise InputError(f"{quoted(path.name)}: cannot be read: {error.strerror}") from error


def _sample(name: str, folder: Path) -> list[_Named]:
    from finnet.samples import SAMPLES

    return [
        _Named(
            file=SourceFile(path=one.path, name=f"{name}/{one.name}"),
            shown=f"sample:{name}/{one.name}",
            path=f"sample:{name}/{one.name}",
            stamp=stamp(one.path),
            format=one.as_,
            mapping=one.mapping,
            dataset=one.dataset,
        )
        for one in SAMPLES[name].write(folder)
        if one.role == "data"
    ]


def _grouped(named: Sequence[_Named], said: ReadOptions, *, grade: str | None) -> list[Incoming]:
    """What belongs together in one dataset; several tables of one dataset are its parts, stored one after the other."""
    groups: dict[tuple[object, ...], list[_Named]] = {}
    for place, one in enumerate(named):
        together = SOURCES[one.format].TOGETHER
        groups.setdefault((one.format, one.dataset, one.mapping, None if together else place), []).append(one)
    made = [_incoming(members, said, grade) for members in groups.values()]
    formats: dict[str, str] = {}
    for part in made:
        if formats.setdefault(part.dataset, part.format) != part.format:
            raise UsageError(
                f"the dataset {quoted(part.dataset)} would be of two formats: {formats[part.dataset]}, {part.format}",
                hint="name it with --dataset, one by one",
            )
    return made


def _incoming(members: Sequence[_Named], said: ReadOptions, grade: str | None) -> Incoming:
    source: ModuleType = SOURCES[members[0].format]
    files = tuple(one.file for one in members)
    for repeated in sorted({file.name for file in files if sum(other.name == file.name for other in files) > 1}):
        raise UsageError(f"two files are called {quoted(repeated)}", hint="ingest them one by one")
    reading = source.read(files, replace(said, mapping=members[0].mapping, dataset=members[0].dataset))
    mapping = members[0].mapping
    return Incoming(
        dataset=reading.dataset,
        format=members[0].format,
        title=reading.title,
        is_list=source.IS_LIST,
        grade=grade or reading.grade or source.GRADE,
        mapping_sha256=hashlib.sha256(mapping.read_bytes()).hexdigest() if mapping is not None else None,
        files=files,
        paths=tuple(one.path for one in members),
        stamps=tuple(one.stamp for one in members),
        read=lambda: reading,
    )
