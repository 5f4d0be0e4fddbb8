"""A folder read as a list of plug-ins: the file name is the public name, the first docstring line is the help."""

from __future__ import annotations

import ast
import importlib
import importlib.resources
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from finnet.errors import UnknownNameError, nearest

__all__ = ["Catalogue"]


class Catalogue(Mapping[str, Any]):
    """The modules of a package, by name, each imported when it is first asked for.

    A file whose name begins with an underscore is not a plug-in. A plug-in without its verbs is a mistake in finnet
    itself and raises TypeError.

    >>> codecs = Catalogue("json", kind="codec", verbs=("JSONDecoder",))
    >>> sorted(codecs)[:2]
    ['decoder', 'encoder']
    >>> codecs["decodr"]
    Traceback (most recent call last):
    finnet.errors.UnknownNameError: no codec called 'decodr'; did you mean 'decoder'?
    """

    def __init__(self, package: str, *, kind: str, verbs: tuple[str, ...]) -> None:
        self._package, self._kind, self._verbs = package, kind, verbs
        self._names: tuple[str, ...] | None = None

    def __iter__(self) -> Iterator[str]:
        if self._names is None:
            entries = importlib.resources.files(self._package).iterdir()
            self._names = tuple(sorted(e.name[:-3] for e in entries if e.name.endswith(".py") and e.name[0] != "_"))
        return iter(self._names)

    def __len__(self) -> int:
        return len(tuple(iter(self)))

    def __contains__(self, name: object) -> bool:
        return name in tuple(iter(self))

    def __getitem__(self, name: str) -> ModuleType:
        if name not in self:
            raise UnknownNameError(f"no {self._kind} called {name!r}", hint=nearest(name, self))
        module = importlib.import_module(f"{self._package}.{name}")
        for verb in self._verbs:
            if not hasattr(module, verb):
                raise TypeError(f"{self._package}/{name}.py has no {verb}()")
        return module

    def help(self, name: str) -> str:
        """The first line of the plug-in's docstring, read without importing it."""
        source = importlib.resources.files(self._package).joinpath(f"{name}.py").read_text(encoding="utf-8")
        return (ast.get_docstring(ast.parse(source)) or "").split("\n", 1)[0]
