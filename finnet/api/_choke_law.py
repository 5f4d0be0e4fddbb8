"""What is in force, and what a regime's ownership rule makes of it: read from the case and the register of holdings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from finnet.api._network import CaseLike
from finnet.errors import UsageError
from finnet.graph.network import Network

if TYPE_CHECKING:
    from finnet.analysis.interdiction.cascade import Cascade
    from finnet.analysis.ownership.regime import Regime, Rule
    from finnet.analysis.ownership.register import BoolArray, Register
    from finnet.api._register import Statements
    from finnet.api.open import Case

__all__ = ["Law", "law_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A regime on a date, the whole register of the case with the ``statements`` that it rests on, and the ids of those
    who are in force by default."""

    regime: Regime
    rule: Rule
    register: Register
    statements: Statements
    listed: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The rule as the summary says it."""
        together = "holdings of all together" if self.rule.aggregate == "all" else "each person alone"
        return f"{self.regime.name}: {self.rule.words}, {together}"

    def cascade(self, network: Network, in_force: Sequence[str]) -> Cascade:
        """The rule for the parties of a network, starting from these ids."""
        from finnet.analysis.interdiction.cascade import Cascade

        return Cascade(network, self.register, self.rule, in_force, self.regime.joint)

    def with_stakes(self, kept: BoolArray) -> Law:
        """The same law where only these stakes of the register are held."""
        return replace(self, register=self.register.part(kept))


def law_of(subject: CaseLike | Network, regime: str, as_of: str | None) -> Law | None:
    """The law that ``--regime`` names, None for ``none``.

    Raises: UsageError where there is no case to look into, UnknownNameError for a regime that nobody knows.
    """
    if regime.casefold() == "none":
        return None
    if isinstance(subject, Network):
        raise UsageError(
            "--regime looks into a case, and this is a network", hint="leave it away, or ingest who holds what of whom"
        )
    from finnet.analysis.ownership.regime import load_regime
    from finnet.api._register import listed_by, register_of, unspecified_note

    law = load_regime(regime)
    case = cast("Case", subject)
    register, statements = register_of(case, as_of=as_of)
    return Law(
        regime=law, rule=law.rule_on(as_of), register=register, statements=statements,
        listed=tuple(listed_by(case, law, as_of=as_of)), notes=unspecified_note(case, law),
    )  # fmt: skip
