"""A graph recipe: what counts as an edge, in which unit, as one SELECT over the case's views."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from finnet.errors import RecipeError, UnknownNameError, nearest, quoted
from finnet.model.edge_class import EDGE_CLASSES
from finnet.shipped import shipped, shipped_names

__all__ = ["BUILT_IN_VALUES", "Parameter", "Recipe", "load_recipe", "recipe_names"]

Parameter = str | int | float | bool

# Values that a recipe's SELECT may use besides its own parameters.
BUILT_IN_VALUES = ("classes",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a file in ``graphs/`` says.

    ``unit`` is what weights count; ``"currency"`` stands for the currency of the amounts, known only once the network
    is built. ``classes`` are the edge classes it counts unless ``--edges`` says otherwise. ``vertex`` says whether a
    vertex is a party or a country.
    """

    name: str
    title: str
    question: str
    unit: str
    edges: str
    directed: bool = True
    vertex: Literal["party", "country"] = "party"
    classes: tuple[str, ...] = ()
    params: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def unordered(self) -> str:
        """The SELECT without its order by, for where the rows are added up: sorting millions would cost the most."""
        return self.edges[: _last_order(self.edges)]

    @property
    def uses_classes(self) -> bool:
        """Whether ``--edges`` means something to this recipe."""
        return "$classes" in self.edges


_KEYS: dict[str, type] = {
    "title": str,
    "question": str,
    "unit": str,
    "directed": bool,
    "vertex": str,
    "classes": list,
    "params": dict,
    "edges": str,
}
_REQUIRED = ("title", "question", "unit", "edges")


def recipe_names() -> list[str]:
    """The recipes that ship with finnet, sorted."""
    return shipped_names("graphs")


def load_recipe(name: str) -> Recipe:
    """The recipe of that name, or in that TOML file.

    >>> load_recipe("payments").title
    'Payments between parties'

    Raises: UnknownNameError if there is no such recipe, RecipeError if the file is wrong.
    """
    is_file = name.endswith(".toml") or "/" in name or "\\" in name
    path = Path(name) if is_file else shipped("graphs") / f"{name}.toml"
    if not is_file and name not in recipe_names():
        raise UnknownNameError(f"no recipe called {quoted(name)}", hint=nearest(name, recipe_names()))
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnknownNameError(f"no recipe in {quoted(path)}: {reason}", hint="give a name or a TOML file") from error
    except UnicodeDecodeError as error:
        raise RecipeError(f"{quoted(path.name)}: not UTF-8 at byte {error.start}") from error
    return read_recipe(text, name=path.stem, place=path.name)


def read_recipe(text: str, *, name: str, place: str) -> Recipe:
    """The recipe that a TOML text holds; ``place`` names it in messages."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{quoted(place)}: {error}") from error
    _check_keys(said, place)
    vertex = said.get("vertex", "party")
    if vertex not in ("party", "country"):
        raise RecipeError(f"{quoted(place)}: vertex {quoted(vertex)} is not known", hint="there are: country, party")
    return Recipe(
        name=name,
        title=said["title"],
        question=said["question"],
        unit=said["unit"],
        edges=_one_select(said["edges"], place),
        directed=said.get("directed", True),
        vertex=vertex,
        classes=_classes(said.get("classes", []), place),
        params=_params(said.get("params", {}), place),
    )


def _check_keys(said: Mapping[str, object], place: str) -> None:
    for key, value in said.items():
        if key not in _KEYS:
            raise RecipeError(f"{quoted(place)}: unknown key {quoted(key)}", hint=f"known keys: {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            wanted = {str: "text in quotes", bool: "true or false", list: "a list", dict: "a table"}[_KEYS[key]]
            raise RecipeError(f"{quoted(place)}: {key} has to be {wanted}")
    for key in _REQUIRED:
        if key not in said:
            raise RecipeError(f"{quoted(place)}: {key} is missing", hint=f"known keys: {', '.join(_KEYS)}")


def _classes(said: list[object], place: str) -> tuple[str, ...]:
    for name in said:
        if name not in EDGE_CLASSES:
            raise RecipeError(
                f"{quoted(place)}: no edge class called {quoted(name)}", hint=nearest(str(name), EDGE_CLASSES)
            )
    return tuple(str(name) for name in said)


def _params(said: Mapping[str, object], place: str) -> dict[str, Parameter]:
    params: dict[str, Parameter] = {}
    for name, value in said.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in BUILT_IN_VALUES:
            raise RecipeError(
                f"{quoted(place)}: {quoted(name)} cannot name a parameter", hint="use lower case, digits, _"
            )
        if not isinstance(value, str | int | float | bool):
            raise RecipeError(f"{quoted(place)}: parameter {name} has to be text, a number, true or false")
        params[name] = value
    return params


def _one_select(sql: str, place: str) -> str:
    """The SELECT without comments and closing semicolon, checked: one statement, and it ends in ``order by``."""
    bare = _without_comments(sql).strip().rstrip(";").strip()
    outline = _outline(bare)
    if ";" in outline:
        raise RecipeError(f"{quoted(place)}: edges has to be one SELECT, there are several statements")
    if not re.match(r"(?i)(select|with)\b", outline):
        raise RecipeError(f"{quoted(place)}: edges has to be a SELECT")
    order = _last_order(bare)
    if order < 0 or re.search(r"(?i)\b(select|from|where|union|limit|offset)\b", outline[order:]):
        raise RecipeError(
            f"{quoted(place)}: edges does not end in order by", hint="end with: order by source, target, …"
        )
    return bare


def _last_order(sql: str) -> int:
    """Where the last ``order by`` outside brackets and quotes begins; -1 without one."""
    return max((found.start() for found in re.finditer(r"(?i)\border\s+by\b", _outline(sql))), default=-1)


def _without_comments(sql: str) -> str:
    quoted_or_comment = r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|--[^\n]*|/\*.*?\*/"""
    return re.sub(quoted_or_comment, lambda found: found.group(1) or " ", sql, flags=re.DOTALL)


def _outline(sql: str) -> str:
    """The statement, as long as before, with blanks for quoted text and what stands in brackets."""
    bare = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", lambda found: " " * len(found.group()), sql)
    depth, kept = 0, []
    for character in bare:
        depth += character in "(["
        kept.append(character if depth == 0 else " ")
        depth -= character in ")]"
    return "".join(kept)
