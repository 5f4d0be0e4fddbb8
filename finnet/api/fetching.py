"""The one verb that uses the network: it fetches a published list into a folder, and says what from where."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from importlib.resources import files as resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from finnet.errors import FinnetError, UnknownNameError, UsageError, nearest, quoted
from finnet.report.answer import Answer, Row

__all__ = ["fetch"]

_COLUMNS = ("file", "bytes", "sha256", "from", "last_modified")
_LARGEST = 2_000_000_000
_BLOCK = 1 << 20
_SECONDS = 60
_OWN_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def fetch(
    name: str | None = None, *, output: Path | str = Path(), url: Sequence[str] = (), dry_run: bool = False
) -> Answer:
    """Fetch a list that an authority publishes, or the files at ``url``, into a folder; nothing is ingested.

    Without a name the rows are the lists there are. Only https is asked (http on this machine itself). A file takes
    its place when all of it has come. With ``dry_run`` nothing is fetched, only said.

    Raises: UnknownNameError for a list that is not in the table; FinnetError where the other side does not answer.
    """
    lists = known_lists()
    if name is None and not url:
        return Answer(
            command="fetch",
            columns=("name", "title", "licence", "files"),
            rows=[{"name": one, **facts} for one, facts in lists.items()],
            notes=("nothing was fetched: name a list, or give --url",),
        )
    if name is not None and url:
        raise UsageError("--url goes without the name of a list", hint="give one of the two")
    if name is not None and name not in lists:
        raise UnknownNameError(f"no list called {quoted(name)}", hint=nearest(name, lists))
    addresses = list(url) if name is None else lists[name]["files"]
    folder = Path(output)
    targets = [(address, folder / _file_name(address)) for address in addresses]
    if dry_run:
        rows: list[Row] = [{"file": path.name, "from": address} for address, path in targets]
        return _answer(rows, name, ["nothing was fetched (--dry-run)"])
    folder.mkdir(parents=True, exist_ok=True)
    rows = [_fetched(address, path) for address, path in targets]
    note = f"finnet ingest {' '.join(str(folder / row['file']) for row in rows)} reads it"
    return _answer(rows, name, [note])


def known_lists() -> dict[str, dict[str, Any]]:
    """The lists that can be fetched by name: title, licence, addresses."""
    return tomllib.loads(resources("finnet.api").joinpath("official_lists.toml").read_text(encoding="utf-8"))


def _answer(rows: Sequence[Row], name: str | None, notes: Sequence[str]) -> Answer:
    return Answer(
        command="fetch",
        columns=_COLUMNS,
        rows=[{column: row.get(column) for column in _COLUMNS} for row in rows],
        summary={"files": len(rows), "bytes": sum(row.get("bytes") or 0 for row in rows)},
        notes=tuple(notes),
        params={"name": name},
    )


def _file_name(address: str) -> str:
    parts = urlsplit(address)
    is_own = parts.hostname in _OWN_MACHINE
    if parts.scheme != "https" and not (parts.scheme == "http" and is_own):
        raise UsageError(f"{quoted(address)}: only https addresses are asked")
    name = Path(parts.path).name
    if not name or name.startswith(".") or not all(c.isalnum() or c in "._-" for c in name):
        raise UsageError(f"{quoted(address)}: does not end in a file's name")
    return name


def _fetched(address: str, path: Path) -> Row:
    import urllib.error
    import urllib.request

    from finnet.report.files import atomic_file
    from finnet.version import __version__

    request = urllib.request.Request(address, headers={"User-Agent": f"finnet/{__version__}"})
    digest, size = hashlib.sha256(), 0
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer, atomic_file(path) as file:
            _file_name(answer.geturl())  # where it was sent on to has to be as safe
            told = answer.headers.get("Content-Length")
            while block := answer.read(_BLOCK):
                size += len(block)
                if size > _LARGEST:
                    raise FinnetError(f"{address}: more than {_LARGEST:,} bytes; nothing was kept")
                digest.update(block)
                file.write(block)
            if told is not None and size != int(told):
                raise FinnetError(f"{address}: ended after {size:,} of {told} bytes; nothing was kept")
            modified = answer.headers.get("Last-Modified")
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise FinnetError(
            f"{address}: {quoted(getattr(error, 'reason', error))}", hint="nothing was kept of it"
        ) from error
    return {"file": path.name, "bytes": size, "sha256": digest.hexdigest(), "from": address, "last_modified": modified}
