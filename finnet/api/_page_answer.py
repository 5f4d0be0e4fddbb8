"""An answer of ``choke`` or ``trace`` as it is drawn: given as it is, or read again from the JSON file of one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from finnet.errors import FinnetError, InputError, UsageError, quoted
from finnet.report.answer import Answer

__all__ = ["choke_answer", "trace_asked"]

_FIGURES = frozenset({"before", "after", "bound", "bite", "cumulative", "remaining", "collateral", "lasting"})


def choke_answer(given: Answer | Path | str | None) -> Answer | None:
    """The answer itself, or the one in a JSON file as ``finnet choke --json`` and ``finnet run`` write it."""
    if given is None or isinstance(given, Answer):
        return given
    place = Path(given)
    try:
        said = json.loads(place.read_bytes())
        rows = [
            {key: _number(value) if key in _FIGURES else value for key, value in row.items()} for row in said["rows"]
        ]
        if said["command"] != "choke":
            raise UsageError(f"{quoted(place.name)} holds an answer of {quoted(said['command'])}, not of choke")
        return Answer(
            command="choke",
            columns=tuple(rows[0]) if rows else ("rank", "id"),
            rows=rows,
            summary={key: _figure(key, value) for key, value in said["summary"].items()},
            notes=tuple(said["notes"]),
            params=dict(said["params"]),
        )
    except OSError as error:
        raise FinnetError(f"{quoted(place)}: {error.strerror or 'cannot be read'}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{quoted(place.name)}: not an answer of finnet choke", hint="make one with `finnet choke … --json`"
        ) from error


def trace_asked(given: Answer | Path | str) -> dict[str, Any]:
    """What an answer of ``trace`` was asked, from the answer or from the JSON file of one."""
    if isinstance(given, Answer):
        command, asked = given.command, given.params
        name = command
    else:
        place = Path(given)
        name = place.name
        try:
            said = json.loads(place.read_bytes())
            command, asked = said["command"], dict(said["params"])
        except OSError as error:
            raise FinnetError(f"{quoted(place)}: {error.strerror or 'cannot be read'}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{quoted(name)}: not an answer of finnet trace", hint="make one with `finnet trace … --json`"
            ) from error
    if command != "trace" or "rule" not in asked:
        raise UsageError(
            f"{quoted(name)} holds no traced links to draw",
            hint="make one with `finnet trace … --json`, without --null",
        )
    return asked


def _figure(key: str, value: object) -> object:
    if key == "baselines" and isinstance(value, dict):
        return {
            name: {**one, "after": _number(one["after"])} if isinstance(one, dict) and "after" in one else one
            for name, one in value.items()
        }
    return _number(value) if key in _FIGURES else value


def _number(value: object) -> object:
    """JSON holds exact amounts as text."""
    try:
        return Decimal(value) if isinstance(value, str) else value
    except ArithmeticError:
        return value
