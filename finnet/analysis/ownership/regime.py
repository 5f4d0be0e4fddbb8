"""Regimes as data: which share blocks, whether listed owners add up, from when to when, by which text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finnet.errors import UnknownNameError, UsageError, nearest, quoted
from finnet.shipped import shipped, shipped_names

__all__ = ["LIMBS", "Regime", "Rule", "load_regime"]

# What the regimes that count control ask for, in the words of the EU's list of criteria.
LIMBS = ("board_majority", "voting_majority", "dominant_influence", "contract", "assets", "unified_management")

_REGIME_KEYS = {"title", "authority", "rule", "control", "joint"}
_RULE_KEYS = {"threshold", "strict", "aggregate", "from", "to", "source"}
_CONTROL_KEYS = {"counts", "limbs", "acts_for", "source"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``aggregate`` is ``all`` (every listed holder together) or ``none`` (each listed person or joint group alone).

    ``valid_from`` and ``valid_to`` are ISO dates, both inclusive; None is open.
    """

    threshold_ppm: int
    strict: bool
    aggregate: str
    source: str
    valid_from: str | None = None
    valid_to: str | None = None

    @property
    def meet(self) -> int:
        """The smallest holding in ppm that blocks."""
        return self.threshold_ppm + 1 if self.strict else self.threshold_ppm

    @property
    def words(self) -> str:
        """The threshold as a reader says it: "≥ 50 %"."""
        return f"{'>' if self.strict else '≥'} {self.threshold_ppm / 10_000:g} %"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A regime with its rules over time.

    ``joint``: declared joint groups, each a set of ids that count as one. ``control_counts``: whether control blocks as
    well; finnet lists its ``limbs`` and decides none. ``acts_for``: whether a listed person who acts for a party that
    is not blocked is to be flagged.
    """

    name: str
    title: str
    authorities: tuple[str, ...]
    rules: tuple[Rule, ...]
    control_counts: bool
    limbs: tuple[str, ...]
    acts_for: bool = False
    control_source: str = ""
    joint: tuple[tuple[str, ...], ...] = ()

    def rule_on(self, date: str | None) -> Rule:
        """The rule in force on an ISO date; the latest one for None.

        Raises: UsageError if the regime has no rule for that date.
        """
        if date is None:
            return self.rules[0]
        for rule in self.rules:
            if (rule.valid_from is None or rule.valid_from <= date) and (
                rule.valid_to is None or date <= rule.valid_to
            ):
                return rule
        raise UsageError(f"--as-of {date}: the regime {self.name!r} has no rule for that date")


def load_regime(name: str) -> Regime:
    """A regime that ships with finnet (``ofac``, ``eu``, ``uk``), or one in a TOML file of the user's.

    Raises: UnknownNameError, or UsageError naming file and key.
    """
    path = Path(name) if name.endswith(".toml") else shipped("regimes") / f"{name}.toml"
    if not path.is_file():
        raise UnknownNameError(f"no regime called {quoted(name)}", hint=nearest(name, shipped_names("regimes")))
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path.name}: not valid TOML: {error}") from error
    _only(content, _REGIME_KEYS, path.name)
    control = content.get("control", {})
    _only(control, _CONTROL_KEYS, f"{path.name}: control")
    rules = tuple(_rule(entry, path.name) for entry in content.get("rule", []))
    if not rules:
        raise UsageError(f"{path.name}: no [[rule]]")
    return Regime(
        name=path.stem,
        title=content.get("title", path.stem),
        authorities=tuple(content.get("authority", ())),
        rules=tuple(sorted(rules, key=lambda rule: rule.valid_from or "", reverse=True)),
        control_counts=control.get("counts", False),
        limbs=tuple(_limb(limb, path.name) for limb in control.get("limbs", ())),
        acts_for=control.get("acts_for", False),
        control_source=control.get("source", ""),
        joint=tuple(tuple(group) for group in content.get("joint", ())),
    )


def _rule(entry: Mapping[str, Any], place: str) -> Rule:
    _only(entry, _RULE_KEYS, f"{place}: rule")
    threshold = entry.get("threshold")
    if not isinstance(threshold, (int, float)) or not 0 < threshold <= 100:
        raise UsageError(f"{place}: threshold {quoted(threshold)}: should be a percentage above 0 and up to 100")
    if entry.get("aggregate", "all") not in {"all", "none"}:
        raise UsageError(f"{place}: aggregate {quoted(entry['aggregate'])}: should be all or none")
    return Rule(
        threshold_ppm=round(threshold * 10_000),
        strict=entry.get("strict", False),
        aggregate=entry.get("aggregate", "all"),
        source=entry.get("source", ""),
        valid_from=entry.get("from"),
        valid_to=entry.get("to"),
    )


def _limb(name: str, place: str) -> str:
    if name not in LIMBS:
        raise UsageError(f"{place}: control: unknown limb {quoted(name)}", hint=nearest(name, LIMBS))
    return name


def _only(table: Mapping[str, Any], known: set[str], place: str) -> None:
    for key in table:
        if key not in known:
            raise UsageError(f"{place}: unknown key {quoted(key)}", hint=nearest(key, known))
