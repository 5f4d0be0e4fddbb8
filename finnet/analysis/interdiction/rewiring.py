"""What is assumed about how a network finds its way round: delays by role, who takes over, how much comes back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from finnet.errors import UnknownNameError, UsageError, nearest, quoted
from finnet.graph.network import FloatArray, Network
from finnet.model.schema import is_schema, schema
from finnet.shipped import shipped

__all__ = ["SUBSTITUTES", "Rewiring", "Role", "load_rewiring"]

SUBSTITUTES = ("random", "nearest", "degree", "spare")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Whom a delay is for: a party fits if its schema, a topic or a word of its name does, or without any condition."""

    name: str
    days: float
    source: str
    assumed: bool = True
    topics: frozenset[str] = frozenset()
    schemata: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @property
    def fits_all(self) -> bool:
        """Whether it has no condition."""
        return not (self.topics or self.schemata or self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewiring:
    """The parameters of ``assumptions/rewiring.toml``; ``sources`` says where each figure is from.

    ``substitute`` is the rule by which somebody takes over, ``capacity_share`` (0 to 1) how much of a severed relation
    its replacement carries, ``new_shell_share`` (0 to 1) how many go to a party formed anew, ``follow_up_per_day`` the
    hazard that a substitute is designated in turn, ``runs`` how often chance is thrown.
    """

    roles: tuple[Role, ...]
    substitute: str = "nearest"
    capacity_share: float = 0.8
    new_shell_share: float = 0.0
    follow_up_per_day: float = 0.0
    runs: int = 16
    name: str = "rewiring"
    sources: Mapping[str, str] | None = None

    @classmethod
    def of(cls, days: float, **rest: Any) -> Rewiring:
        """One delay for everybody, for examples and tests.

        >>> Rewiring.of(14).roles[0].days
        14
        """
        return cls(roles=(Role(name="anybody", days=days, source="an example"),), **rest)

    def varied(self) -> dict[str, Rewiring]:
        """The same assumptions with one of them changed, by what is changed: how much hangs on each.

        >>> list(Rewiring.of(14).varied())
        ['delays halved', 'delays doubled', 'half the capacity', 'all the capacity', 'no new shells']
        """

        def slower(times: float) -> Rewiring:
            return replace(self, roles=tuple(replace(role, days=role.days * times) for role in self.roles))

        return {
            "delays halved": slower(0.5),
            "delays doubled": slower(2),
            "half the capacity": replace(self, capacity_share=0.5),
            "all the capacity": replace(self, capacity_share=1.0),
            "no new shells": replace(self, new_shell_share=0.0),
        }

    def role_of(self, network: Network) -> list[int]:
        """Which role each vertex has, as a place in ``roles``."""
        empty: tuple[Any, ...] = ((),) * network.size
        blank: tuple[Any, ...] = (None,) * network.size
        columns = network.vertices
        return [
            self._fitting(*of_party)
            for of_party in zip(
                columns.get("schema", blank),
                columns.get("topics", empty),
                columns.get("tags", empty),
                columns.get("caption", blank),
                strict=True,
            )
        ]

    def days_of(self, network: Network) -> FloatArray:
        """The mean delay per vertex, in days."""
        days = np.array([role.days for role in self.roles], np.float64)
        return days[np.array(self.role_of(network), np.int64)] if network.size else np.empty(0)

    def _fitting(self, kind: str | None, topics: Any, tags: Any, caption: str | None) -> int:
        said = {str(tag).casefold() for tag in tags or ()}
        for place, role in enumerate(self.roles):
            if role.name.casefold() in said:
                return place
        kinds = set(schema(kind).ancestors) if kind and is_schema(kind) else {kind}
        words = set(re.findall(r"\w+", (caption or "").casefold()))
        for place, role in enumerate(self.roles):
            if role.fits_all or role.topics & set(topics or ()) or role.schemata & kinds or role.words & words:
                return place
        raise AssertionError("the last role fits all")


def load_rewiring(name: str | Path | None = None) -> Rewiring:
    """The assumptions that ship with finnet, or those of a TOML file of the same form.

    >>> [(role.name, role.days) for role in load_rewiring().roles][-1]
    ('trading shell', 14.0)

    Raises: UnknownNameError if there is no such file, UsageError naming file and key if it is wrong.
    """
    path = shipped("assumptions") / "rewiring.toml" if name is None else Path(name)
    said = _read(path)
    _only(said, {"title", "parameter", "role"}, path.name)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for entry in said.get("parameter", []):
        _only(entry, {"name", "value", "assumed", "source"}, f"{path.name}: parameter")
        key = entry.get("name")
        if key not in _PARAMETERS:
            raise UsageError(f"{path.name}: unknown parameter {quoted(key)}", hint=nearest(str(key), _PARAMETERS))
        values[key] = _checked(key, entry.get("value"), path.name)
        sources[key] = str(entry.get("source", ""))
    roles = tuple(_role(entry, path.name) for entry in said.get("role", []))
    if not roles or not roles[-1].fits_all:
        raise UsageError(
            f"{path.name}: the last role has to fit everybody", hint="end with a [[role]] of name and days"
        )
    return Rewiring(roles=roles, name=path.stem, sources=sources, **values)


_PARAMETERS: dict[str, tuple[float, float]] = {
    "substitute": (0, 0),
    "capacity_share": (0, 1),
    "new_shell_share": (0, 1),
    "follow_up_per_day": (0, 1),
    "runs": (1, 10_000),
}


def _checked(key: str, value: object, place: str) -> object:
    if key == "substitute":
        if value not in SUBSTITUTES:
            raise UsageError(f"{place}: substitute {quoted(value)}", hint=f"there are: {', '.join(SUBSTITUTES)}")
        return value
    least, most = _PARAMETERS[key]
    is_number = isinstance(value, int if key == "runs" else int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:  # type: ignore[operator]  # a number by now
        raise UsageError(f"{place}: {key} {quoted(value)}: should be a number from {least:g} to {most:g}")
    return value


def _role(entry: Mapping[str, Any], place: str) -> Role:
    _only(entry, {"name", "days", "topics", "schemata", "words", "assumed", "source"}, f"{place}: role")
    days = entry.get("days")
    if not isinstance(days, int | float) or isinstance(days, bool) or not 0 < days < float("inf"):
        raise UsageError(f"{place}: role {quoted(entry.get('name'))}: days should be a number above 0")
    for name in entry.get("schemata", ()):
        if not is_schema(name):
            raise UsageError(f"{place}: role {quoted(entry.get('name'))}: there is no schema {quoted(name)}")
    return Role(
        name=str(entry.get("name", "")),
        days=float(days),
        source=str(entry.get("source", "")),
        assumed=bool(entry.get("assumed", True)),
        topics=frozenset(entry.get("topics", ())),
        schemata=frozenset(entry.get("schemata", ())),
        words=frozenset(word.casefold() for word in entry.get("words", ())),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        why = error.strerror or "cannot be read"
        raise UnknownNameError(f"no assumptions in {quoted(path, 200)}: {why}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name}: not valid TOML: {error}") from error


def _only(table: Mapping[str, Any], known: set[str], place: str) -> None:
    for key in table:
        if key not in known:
            raise UsageError(f"{place}: unknown key {quoted(key)}", hint=nearest(key, known))
