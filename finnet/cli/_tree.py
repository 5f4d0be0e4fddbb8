"""Holdings on the terminal as a tree: who holds whom, how much, and why somebody is blocked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from finnet.text import visible

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from finnet.report.answer import Answer, Row

__all__ = ["proof_tree", "share_tree"]

_BAR = 10  # characters for the whole of an entity
_MOST = 200  # lines; a tree that does not fit a few screens is no help, the rows below have all
_STYLES = {"listed": "bold red", "blocked": "red", "possibly": "yellow"}

Branch = tuple["Row", Mapping[str, Any]]  # the party, and its stake in the one above it


def share_tree(answer: Answer) -> Tree | None:
    """The answer of ``owners`` or ``holdings``: each party below whom it holds, or below who holds it."""
    if not answer.rows:
        return None
    below: dict[str, list[Branch]] = {}
    for row in answer.rows:
        for stake in row["stakes"] or ():
            below.setdefault(str(stake.get("of") or stake.get("by")), []).append((row, stake))
    centre = {"id": answer.summary["id"], "caption": answer.summary["entity"], "country": None}
    return _grown(centre, below, _integrated)


def proof_tree(answer: Answer) -> Tree | None:
    """The proof that ``blocked ENTITY`` gives: the entity, below it the holders that count, back to the listed."""
    if answer.params.get("entity") is None or not answer.rows:
        return None
    known = {str(row["id"]): row for row in answer.rows}
    below: dict[str, list[Branch]] = {}
    for row in answer.rows:
        for holder in row["holders"] or ():
            party = known.get(str(holder["id"]), {"id": holder["id"], "caption": holder["id"], "country": None})
            below.setdefault(str(row["id"]), []).append((party, holder))
    return _grown(answer.rows[0], below, _verdict)


def _integrated(row: Row) -> tuple[str, str]:
    share = row.get("integrated")
    words = f"in all {100 * share:.6g} %" if share else ""
    return (f"{words}, controls" if words else "controls") if row.get("controls") else words, "dim"


def _verdict(row: Row) -> tuple[str, str]:
    word = str(row.get("verdict") or "")
    rounds = f" (round {row['round']})" if word == "blocked" and row.get("round") else ""
    return f"{word}{rounds}", _STYLES.get(word, "dim")


@dataclass(slots=True)
class _Grower:
    """A tree in the making: each party's branches are drawn once, at its first place."""

    below: Mapping[str, list[Branch]]
    words: Callable[[Row], tuple[str, str]]
    drawn: set[str] = field(default_factory=set)
    lines: int = 0

    def branches(self, party: str) -> Iterator[Branch]:
        """The largest stakes first."""
        found: Iterable[Branch] = self.below.get(party, ())
        yield from sorted(found, key=lambda one: (-(one[1].get("min") or 0), -(one[1].get("max") or 0), one[0]["id"]))

    def label(self, row: Row, stake: Mapping[str, Any] | None, *, again: bool) -> Text:
        """Name, country, share with a bar, and what follows from it; nothing is read as markup."""
        from rich.text import Text

        label = Text(visible(str(row["caption"])), style="bold" if stake is None else "")
        if row.get("country"):
            label.append(f" [{visible(str(row['country']))}]", style="dim")
        if stake is not None:
            label.append(f"  {_share(stake)}")
            label.append(f"  {_bar(stake)}", style="cyan")
        text, style = self.words(row)
        if text:
            label.append(f"  {text}", style=style)
        if again:
            label.append("  (its own holders are shown above)" if self.below.get(str(row["id"])) else "", style="dim")
        return label


def _grown(centre: Row, below: Mapping[str, list[Branch]], words: Callable[[Row], tuple[str, str]]) -> Tree:
    from rich.text import Text
    from rich.tree import Tree

    grower = _Grower(below=below, words=words)
    root = Tree(grower.label(centre, None, again=False), guide_style="dim")
    waiting = [(root, str(centre["id"]))]
    grower.drawn.add(str(centre["id"]))
    # Level by level, so that what lies near is drawn in full before room runs out.
    for node, party in waiting:
        for row, stake in grower.branches(party):
            if grower.lines >= _MOST:
                node.add(Text("… more, see the rows", style="dim"))
                break
            label = str(row["id"])
            again = label in grower.drawn
            child = node.add(grower.label(row, stake, again=again))
            grower.lines += 1
            if not again:
                grower.drawn.add(label)
                waiting.append((child, label))
    return root


def _share(stake: Mapping[str, Any]) -> str:
    low, high = stake.get("min"), stake.get("max")
    if low is None or high is None:
        return "share not disclosed"
    if stake.get("indirect"):
        return "indirectly, chain of shares not on record"
    return f"{100 * low:g} %" if low == high else f"{100 * low:g}–{100 * high:g} %"


def _bar(stake: Mapping[str, Any]) -> str:
    low, high = min(stake.get("min") or 0.0, 1.0), min(stake.get("max") or 0.0, 1.0)
    full, possible = round(_BAR * low), round(_BAR * high)
    return "█" * full + "▒" * max(0, possible - full) + "·" * (_BAR - max(full, possible))
