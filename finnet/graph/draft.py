"""A network as it is read from a file, edge by edge, and the Network that becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from finnet.errors import InputError, quoted
from finnet.graph.network import Column, Network

__all__ = ["Draft", "Line", "finished", "weight_of"]

_EXACT_DECIMALS = 6
_LARGEST_TOTAL = 2**62


@dataclass(slots=True, kw_only=True)
class Draft:
    """A network as it is read: ends and weights edge by edge, and what the file says of direction."""

    source: list[str] = field(default_factory=list)
    target: list[str] = field(default_factory=list)
    weight: list[Decimal] = field(default_factory=list)
    isolated: list[str] = field(default_factory=list)
    directed: bool | None = None  # None: the file does not say
    edges: dict[str, list[str | None]] = field(default_factory=dict)
    vertices: dict[str, dict[str, str]] = field(default_factory=dict)  # column -> id -> value
    notes: list[str] = field(default_factory=list)

    def add(self, source: str, target: str, weight: Decimal = Decimal(1)) -> None:
        """One more edge."""
        self.source.append(source)
        self.target.append(target)
        self.weight.append(weight)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file with its number; it names itself in messages."""

    file: str
    number: int
    text: str

    def wrong(self, reason: str, code: str = "E1100") -> InputError:
        """The error that points here."""
        return InputError(f"{quoted(self.file)} line {self.number}: {reason}", code=code)


def weight_of(text: str, line: Line) -> Decimal:
    """A weight: a finite number, not negative. ``1e3`` is one; ``1,5`` and ``nan`` are not.

    >>> weight_of("2.50", Line("example.csv", 1, ""))
    Decimal('2.50')
    """
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise line.wrong(f"weight {quoted(text)} is not a number like 1.5", "E1203") from error
    if not value.is_finite() or value < 0 or not -300 < value.adjusted() < 300:
        raise line.wrong(f"weight {quoted(text)} is not a finite number of at least 0", "E1203")
    return value


def finished(draft: Draft, directed: bool | None, *, title: str) -> Network:
    """The Network of a draft; ``directed`` overrides what the file says."""
    said = draft.directed if directed is None else directed
    if said is None:
        said = not _stands_both_ways(draft)
        if not said:
            draft.notes.append("every edge stands both ways: read as undirected")
    draft = draft if said else _each_once(draft)
    scale, minor = _exact(draft.weight)
    network = Network.build(
        source=draft.source,
        target=draft.target,
        weight=[float(weight) for weight in draft.weight],
        unit="weight" if any(weight != 1 for weight in draft.weight) else "edges",
        directed=said,
        isolated=draft.isolated,
        minor=minor,
        scale=scale,
        edges={name: column for name, column in draft.edges.items() if any(value is not None for value in column)},
        title=title,
        notes=tuple(draft.notes),
    )
    columns: dict[str, Column] = {
        name: [values.get(label) for label in network.ids] for name, values in draft.vertices.items()
    }
    return replace(network, vertices=columns)


def _stands_both_ways(draft: Draft) -> bool:
    arcs = {(s, t, w) for s, t, w in zip(draft.source, draft.target, draft.weight, strict=True) if s != t}
    return bool(arcs) and all((t, s, w) in arcs for s, t, w in arcs)


def _each_once(draft: Draft) -> Draft:
    """In an undirected network an edge that the file lists from both ends is one edge."""
    if not _stands_both_ways(draft):
        return draft
    kept = [place for place, (s, t) in enumerate(zip(draft.source, draft.target, strict=True)) if s <= t]
    return replace(
        draft,
        source=[draft.source[place] for place in kept],
        target=[draft.target[place] for place in kept],
        weight=[draft.weight[place] for place in kept],
        edges={name: [column[place] for place in kept] for name, column in draft.edges.items()},
    )


def _exact(weights: Sequence[Decimal]) -> tuple[int, list[int] | None]:
    """Weights as integers and their scale, where they have few decimals and their sum fits 64 bits."""
    exponents = [weight.as_tuple().exponent for weight in weights]
    decimals = max([0, *(-exponent for exponent in exponents if isinstance(exponent, int))])
    if decimals > _EXACT_DECIMALS or sum(weights) * 10**decimals >= _LARGEST_TOTAL:
        return 1, None
    return 10**decimals, [int(weight.scaleb(decimals)) for weight in weights]
