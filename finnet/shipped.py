"""Where recipes, queries, mappings, regimes and levers that ship lie: beside the package, or inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped", "shipped_names"]

_PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """The folder ``graphs``, ``queries``, ``mappings``, ``regimes`` or ``levers`` that comes with this finnet.

    >>> shipped("graphs").is_dir()
    True
    """
    inside = _PACKAGE / "_shipped" / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def shipped_names(folder: str) -> list[str]:
    """The names of the TOML files in a shipped folder, sorted."""
    return sorted(path.stem for path in shipped(folder).glob("*.toml"))
