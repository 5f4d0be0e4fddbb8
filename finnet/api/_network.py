"""What the verbs on structure and choke points work on: a network as given, or one made from the case."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from finnet.api.open import rate_table
from finnet.errors import UsageError
from finnet.graph.build import build, currencies_in
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.graph.selection import Queries

__all__ = ["CaseLike", "as_network", "by_currency", "has_payments"]


class CaseLike(Queries, Protocol):
    """What these verbs ask of a case."""

    def select(self, selector: str, /) -> tuple[str, ...]:
        """The canonical ids that a selector stands for, sorted."""
        ...


def as_network(
    subject: CaseLike | Network,
    *,
    graph: str | None = None,
    default: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    leave_out: str | None = None,
    counts_ties: bool = False,
) -> Network:
    """The network itself, or the case's network by recipe ``graph``, else ``default``, else the one its data suggest.

    That is ``payments`` where the case has payments, else ``influence``. The dataset ``leave_out`` does not count. With
    ``counts_ties`` amounts in several currencies stand side by side (finnet.graph.build).

    Raises: UsageError for an option that only means something with a case.
    """
    if isinstance(subject, Network):
        options = {
            "graph": graph, "edges": edges, "currency": currency, "rates": rates, "as-of": as_of, "min-grade": min_grade
        }  # fmt: skip
        given = [f"--{name}" for name, value in options.items() if value is not None]
        if given:
            raise UsageError(f"this is a network, not a case: it cannot take {', '.join(given)}", hint="leave that out")
        return subject
    recipe = _recipe(subject, graph, default)
    table = rates if isinstance(rates, RateTable) or rates is None else rate_table(rates)
    return build(
        subject, recipe, edges=edges, currency=currency, rates=table, as_of=as_of, min_grade=min_grade,
        leave_out=leave_out, counts_ties=counts_ties,
    )  # fmt: skip


def by_currency(
    subject: CaseLike | Network,
    *,
    graph: str | None = None,
    default: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
) -> list[Network]:
    """The network of each currency by itself, by code, where the amounts are in several and no choice was made.

    Else the one network that ``as_network`` gives: a list is never empty.
    """
    codes: list[str] = []
    if not isinstance(subject, Network) and currency is None and rates is None:
        codes = currencies_in(subject, _recipe(subject, graph, default), edges=edges, as_of=as_of, min_grade=min_grade)
    return [
        as_network(
            subject, graph=graph, default=default, edges=edges, currency=code, rates=rates, as_of=as_of,
            min_grade=min_grade,
        )
        for code in (codes if len(codes) > 1 else [currency])
    ]  # fmt: skip


def _recipe(case: Queries, graph: str | None, default: str | None) -> str:
    return graph or default or ("payments" if has_payments(case) else "influence")


def has_payments(case: Queries) -> bool:
    """Whether the case has a payment."""
    return bool(case.rows("select 1 as one from v1_payment limit 1", {}))
