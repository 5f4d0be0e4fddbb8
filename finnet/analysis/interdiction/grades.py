"""How likely a recorded link is taken to be true, by the grade of what states it: assumptions, in a file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finnet.errors import UnknownNameError, UsageError, nearest, quoted
from finnet.shipped import shipped

__all__ = ["Grades", "load_grades"]

_LETTERS, _DIGITS = "ABCDEF", "123456"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """What ``assumptions/grades.toml`` says. None of it is a measured probability.

    ``missing_per_false_link``: for each recorded link that is expected to be false, so many true ones are expected not
    to be recorded.
    """

    reliability: Mapping[str, float]
    credibility: Mapping[str, float]
    least: float = 0.05
    most: float = 0.99
    missing_per_false_link: float = 0.25
    name: str = "grades"

    def of(self, grade: str) -> float:
        """Reliability of the source times credibility of the information, kept between ``least`` and ``most``.

        What has no grade is F6: not to be judged.

        >>> load_grades().of("B2"), load_grades().of("A1"), load_grades().of("E5"), load_grades().of("")
        (0.5625, 0.99, 0.05, 0.25)
        """
        letter, digit = (*grade.strip().upper(), "", "")[:2]
        product = self.reliability[letter if letter in _LETTERS and letter else "F"]
        product *= self.credibility[digit if digit in _DIGITS and digit else "6"]
        return min(self.most, max(self.least, product))

    def pooled(self, stated: Iterable[tuple[str, str]]) -> float:
        """From several statements (dataset, grade): the best of each dataset, log-odds of independent datasets added.

        A dataset says nothing against a link by stating it: those below even odds do not count beside others, and the
        result is never below the best single one.

        >>> grades = load_grades()
        >>> round(grades.pooled([("register", "B1"), ("leak", "B1")]), 4)
        0.9
        >>> grades.pooled([("leak", "E4"), ("leak", "B1")])
        0.75

        Source: log-odds pooling with even prior odds, as in Genest, Zidek, Combining probability distributions (1986).
        """
        best: dict[str, float] = {}
        for dataset, grade in stated:
            best[dataset] = max(best.get(dataset, 0.0), self.of(grade))
        if not best:
            return self.of("")
        single = max(best.values())
        if single >= 1:
            return 1.0
        odds = sum(math.log(one / (1 - one)) for one in sorted(best.values()) if one > 0.5)
        together = 1 / (1 + math.exp(-odds)) if odds > 0 else 0.0
        return min(self.most, max(single, together))


def load_grades(name: str | Path | None = None) -> Grades:
    """The ladder that ships with finnet, or one in a TOML file of the same form.

    Raises: UnknownNameError if there is no such file, UsageError naming file and key if it is wrong.
    """
    path = shipped("assumptions") / "grades.toml" if name is None else Path(name)
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnknownNameError(f"no grades in {quoted(path)}: {error.strerror or 'cannot be read'}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name}: not valid TOML: {error}") from error
    tables = {
        "reliability": _LETTERS,
        "credibility": _DIGITS,
        "limits": ("least", "most"),
        "missing": ("per_false_link",),
    }
    for key in said:
        if key not in {*tables, "title"}:
            raise UsageError(f"{path.name}: unknown key {quoted(key)}", hint=nearest(key, tables))
    read = {table: _numbers(said.get(table, {}), keys, f"{path.name}: {table}") for table, keys in tables.items()}
    if read["limits"]["least"] > read["limits"]["most"]:
        raise UsageError(f"{path.name}: limits: least is above most")
    return Grades(
        reliability=read["reliability"],
        credibility=read["credibility"],
        least=read["limits"]["least"],
        most=read["limits"]["most"],
        missing_per_false_link=read["missing"]["per_false_link"],
        name=path.stem,
    )


def _numbers(table: Mapping[str, Any], keys: Iterable[str], place: str) -> dict[str, float]:
    wanted = list(keys)
    for key in table:
        if key not in {*wanted, "source"}:
            raise UsageError(f"{place}: unknown key {quoted(key)}", hint=f"there are: {', '.join(wanted)}")
    found = {}
    for key in wanted:
        value = table.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
            raise UsageError(f"{place}: {key} {quoted(value)}: should be a number from 0 to 1")
        found[key] = float(value)
    return found
