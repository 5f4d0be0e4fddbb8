"""One file per command: read the options, call the verb, hand over its Answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

__all__ = ["application"]


def application() -> typer.Typer:
    """The command line with every command of this folder."""
    from finnet.cli._shell import build

    return build()
