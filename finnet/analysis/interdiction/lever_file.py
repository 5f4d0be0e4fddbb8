"""Levers as data: measures that somebody can take, read from a TOML file with a closed schema."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finnet.errors import UnknownNameError, UsageError, nearest, quoted
from finnet.shipped import shipped, shipped_names

__all__ = ["KINDS", "Lever", "LeverFile", "load_levers"]

# Kind -> the keys that say what it aims at; the first it cannot do without (of relieve: one of the two).
KINDS: dict[str, tuple[str, ...]] = {
    "designate": ("who",),
    "enforce": ("where",),
    "correspondent": ("bank", "currency"),
    "embargo": ("commodity",),
    "vessel": ("vessel",),
    "relieve": ("program", "who"),
}
_LISTS = ("by", "where", "currency", "commodity", "program")
_ALWAYS = ("id", "name", "kind", "cost", "by", "source", "note")
_FILE = ("title", "note", "lever")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One measure, at a ``cost`` in whole numbers above 0. ``by``: who can take it (jurisdictions or groups; empty:
    anybody).

    Of the last fields only those of its kind are filled: ``who``, ``bank`` and ``vessel`` are selectors, ``where``,
    ``currency``, ``commodity`` and ``program`` lists; the last two may end in ``*``.
    """

    id: str
    name: str
    kind: str
    cost: int = 1
    by: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    who: str | None = None
    bank: str | None = None
    vessel: str | None = None
    where: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()
    commodity: tuple[str, ...] = ()
    program: tuple[str, ...] = ()

    @property
    def gives_relief(self) -> bool:
        """Whether taking it loosens what is in force."""
        return self.kind == "relieve"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverFile:
    """The levers in the order of the file."""

    title: str
    levers: tuple[Lever, ...]
    note: str = ""

    def numbers(self, names: Sequence[str]) -> list[int]:
        """The places of the levers with these ids.

        Raises: UnknownNameError for an id that is not there.
        """
        place = {lever.id: number for number, lever in enumerate(self.levers)}
        for name in names:
            if name not in place:
                raise UnknownNameError(f"no lever called {quoted(name)}", hint=nearest(name, list(place)))
        return sorted({place[name] for name in names})


def load_levers(name: str) -> LeverFile:
    """A file of levers that ships with finnet, by its name, or one of the user's (``… .toml``).

    Raises: UnknownNameError, or UsageError naming file, lever and key.
    """
    path = Path(name) if name.endswith(".toml") else shipped("levers") / f"{name}.toml"
    if not path.is_file():
        raise UnknownNameError(f"no file of levers called {quoted(name)}", hint=nearest(name, shipped_names("levers")))
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name}: not valid TOML: {error}") from error
    _only(content, _FILE, path.name)
    entries = content.get("lever", [])
    if not isinstance(entries, list) or not entries:
        raise UsageError(f"{path.name}: no [[lever]]", hint="each measure is a [[lever]] with id, kind and its aim")
    levers = tuple(_lever(entry, path.name) for entry in entries)
    seen: set[str] = set()
    for lever in levers:
        if lever.id in seen:
            raise UsageError(f"{path.name}: two levers are called {quoted(lever.id)}", hint="ids must differ")
        seen.add(lever.id)
    return LeverFile(
        title=_text(content, "title", path.name) or path.stem, levers=levers, note=_text(content, "note", path.name)
    )


def _lever(entry: Mapping[str, Any], place: str) -> Lever:
    label = entry.get("id")
    if not isinstance(label, str) or not label.strip():
        raise UsageError(f"{place}: a lever has no id", hint='as in id = "oil"')
    place = f"{place}: {label}"
    kind = entry.get("kind")
    if kind not in KINDS:
        raise UsageError(f"{place}: kind {quoted(kind)} is not known", hint=nearest(str(kind), list(KINDS)))
    aims = KINDS[kind]
    _only(entry, (*_ALWAYS, *aims), place)
    needed = aims if kind == "relieve" else aims[:1]
    if not any(entry.get(key) for key in needed):
        raise UsageError(f"{place}: {kind} needs {' or '.join(needed)}")
    cost = entry.get("cost", 1)
    if not isinstance(cost, int) or isinstance(cost, bool) or cost < 1:
        raise UsageError(f"{place}: cost {quoted(cost)}: should be a whole number above 0")
    texts = {key: _text(entry, key, place) for key in ("name", "source", "note", "who", "bank", "vessel")}
    return Lever(
        id=label,
        kind=kind,
        cost=cost,
        name=texts["name"] or label,
        source=texts["source"],
        note=texts["note"],
        who=texts["who"] or None,
        bank=texts["bank"] or None,
        vessel=texts["vessel"] or None,
        **{key: _list(entry, key, place) for key in _LISTS},
    )


def _text(entry: Mapping[str, Any], key: str, place: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise UsageError(f"{place}: {key} {quoted(value)}: should be text")
    return value


def _list(entry: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    value = entry.get(key, ())
    values = [value] if isinstance(value, str) else value
    texts = [one.strip() for one in values if isinstance(one, str)] if isinstance(values, (list, tuple)) else []
    if not isinstance(values, (list, tuple)) or len(texts) != len(values) or not all(texts):
        raise UsageError(f"{place}: {key} {quoted(value)}: should be a text or a list of texts")
    return tuple(texts)


def _only(table: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    for key in table:
        if key not in known:
            raise UsageError(f"{place}: unknown key {quoted(key)}", hint=nearest(key, list(known)))
