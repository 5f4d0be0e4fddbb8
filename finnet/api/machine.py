"""The machine finnet runs on: what is installed, how text is read, how much room there is."""

from __future__ import annotations

import importlib.metadata
import locale
import os
import platform
import re
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from finnet.report.answer import Answer, Row
from finnet.version import __version__

__all__ = ["doctor"]

_OLDEST = (3, 11)
_LITTLE_DISK = 2**30  # a case of two million entities takes about as much while it is written
_LITTLE_MEMORY = 2 * 2**30
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_FIRST_PART = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def doctor(*, case: Path | str | None = None) -> Answer:
    """Look at the machine and say what would keep finnet from working; nothing is sent or fetched.

    One row per item with the verdict ``ok``, ``warning`` or ``wrong``; ``advice`` says what to do. The outcome is 3
    if anything is wrong. Disk and writing are tried in the folder that holds, or would hold, the case.
    """
    from finnet.api.open import case_path

    path = case_path(case)
    rows = [*_programs(), *_text(), *_room(_existing(path)), *_case(path), *_surroundings()]
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in ("ok", "warning", "wrong")}
    return Answer(
        command="doctor",
        columns=("item", "value", "verdict", "advice"),
        rows=rows,
        summary=counts,
        outcome=3 if counts["wrong"] else 0,
    )


def _row(item: str, value: str, advice: str | None = None, *, verdict: str = "warning") -> Row:
    return {"item": item, "value": value, "verdict": "ok" if advice is None else verdict, "advice": advice}


def _programs() -> Iterator[Row]:
    yield _row("finnet", __version__)
    old = sys.version_info < _OLDEST
    yield _row("python", platform.python_version(), "install Python 3.11 or newer" if old else None, verdict="wrong")
    yield _row("system", f"{platform.system()} {platform.machine()}")
    for name, wanted in _required():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield _row(name, "not installed", "install finnet again with its packages", verdict="wrong")
            continue
        yield _row(name, found, None if _allowed(found, wanted) else f"finnet needs {name}{wanted}", verdict="wrong")


def _required() -> list[tuple[str, str]]:
    """The packages that finnet's own metadata asks for, with the versions it allows, without those for developers."""
    try:
        stated = importlib.metadata.requires("finnet") or []
    except importlib.metadata.PackageNotFoundError:  # run from a folder that was never installed
        return []
    plain = (line.split(";", 1)[0].replace(" ", "") for line in stated if "extra ==" not in line)
    found = ((_NAME.match(line), line) for line in plain)
    return sorted((name[0], line[name.end() :]) for name, line in found if name is not None)


def _allowed(version: str, wanted: str) -> bool:
    """Whether a version is within bounds such as ``>=1.4,<3`` or ``~=0.3.2``.

    >>> _allowed("2.0.0", ">=1.4,<3"), _allowed("3.0", ">=1.4,<3")
    (True, False)
    >>> _allowed("0.3.9", "~=0.3.2"), _allowed("0.4", "~=0.3.2")
    (True, False)

    Source: PEP 440, for the operators that finnet's own metadata use.
    """
    have = _numbers(version)
    for bound in filter(None, wanted.split(",")):
        limit = _numbers(bound.lstrip("<>=~!"))
        if bound.startswith(">=") and have < limit:
            return False
        if bound.startswith("<") and have >= limit:
            return False
        if bound.startswith("~=") and not (have >= limit and have[: len(limit) - 1] == limit[:-1]):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    found = _FIRST_PART.match(version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()  # 3 and 3.0 are the same version
    return tuple(numbers)


def _text() -> Iterator[Row]:
    named = locale.setlocale(locale.LC_CTYPE, None)
    yield _row("locale", named)
    for item, encoding in (
        ("file names", sys.getfilesystemencoding()),
        ("terminal", getattr(sys.stdout, "encoding", None) or "unknown"),
    ):
        good = encoding.lower().replace("-", "") == "utf8"
        yield _row(item, encoding, None if good else "names outside it are escaped; set PYTHONUTF8=1 or LANG=C.UTF-8")
    yield _row("unicode", unicodedata.unidata_version)


def _room(folder: Path) -> Iterator[Row]:
    free = shutil.disk_usage(folder).free
    yield _row("disk", f"{_size(free)} free", "less than 1 GiB: ingests may fail" if free < _LITTLE_DISK else None)
    memory = _memory()
    if memory is not None:
        little = memory < _LITTLE_MEMORY
        yield _row("memory", _size(memory), "less than 2 GiB: large cases will be slow" if little else None)
    yield _row("processors", str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()))
    yield _written(folder)


def _written(folder: Path) -> Row:
    """Write, flush, rename and read back, as an ingest does."""
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".finnet-doctor-") as place:
            first, second = Path(place, "a"), Path(place, "이름")
            with first.open("wb") as file:
                file.write(b"finnet")
                file.flush()
                os.fsync(file.fileno())
            first.replace(second)
            same = second.read_bytes() == b"finnet"
    except (OSError, UnicodeEncodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return _row("write test", reason, "choose another folder with --case", verdict="wrong")
    advice = None if same else "what was written did not come back: do not keep cases here"
    return _row("write test", "written, renamed, read back", advice, verdict="wrong")


def _case(path: Path) -> Iterator[Row]:
    from finnet.api.open import Case
    from finnet.errors import CaseError

    if not path.exists():
        yield _row("case", "none yet")
        return
    try:
        with Case.open(path) as case:
            datasets = len({ingest.dataset for ingest in case.manifest.active})
    except CaseError as error:
        yield _row("case", "cannot be opened", str(error), verdict="wrong")
        return
    yield _row("case", f"{datasets:,} datasets")


def _surroundings() -> Iterator[Row]:
    from finnet.shipped import shipped, shipped_names

    for folder in ("graphs", "queries", "mappings", "regimes", "levers"):
        count = len(shipped_names(folder)) if shipped(folder).is_dir() else 0
        yield _row(
            folder,
            f"{count} that ship",
            None if count else "install finnet again: its files are missing",
            verdict="wrong",
        )
    yield _row("network", "never used: finnet sends and fetches nothing")
    yield _row("browser", "any opens a page; none is needed to make one")


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not every system tells
        return None


def _existing(path: Path) -> Path:
    """The nearest folder above a path that exists."""
    place = path.absolute()
    while not place.is_dir():
        place = place.parent
    return place


def _size(count: int) -> str:
    return f"{count / 2**30:,.1f} GiB"
