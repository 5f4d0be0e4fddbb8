"""What a page says besides the network itself: its words, the answer it draws, and the records behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from finnet.report.answer import Answer, Row

__all__ = ["Evidence", "PageContent", "RemovalSet", "removal_sets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The records behind what is drawn, as rows of the case's views.

    ``parties`` and ``listings`` by party id: rows of ``v1_entity`` and ``v1_listing``. ``ties`` by (source id, target
    id): rows of ``v1_link`` or ``v1_payment``. ``sources``: rows of ``v1_source``. Of each row only the columns that
    finnet documents are read, and none of them has to be there. ``case`` identifies the data (its logical sha256).
    """

    parties: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    listings: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    ties: Mapping[tuple[str, str], Sequence[Row]] = field(default_factory=dict)
    sources: Sequence[Row] = ()
    case: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """Everything on a page that is not the network.

    ``seeds`` and ``exits`` are ids; empty for a question that has none. ``stamp`` (``INVENTED``) stands over the whole
    page. ``seed`` is for the layout.
    """

    title: str
    question: str = ""
    choke: Answer | None = None
    seeds: Sequence[str] = ()
    exits: Sequence[str] = ()
    evidence: Evidence = field(default_factory=Evidence)
    stamp: str | None = None
    notes: Sequence[str] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalSet:
    """A set of parties to compare on the page. ``left`` is what the answer says it leaves, where it says so."""

    name: str
    members: tuple[str, ...]
    left: object = None


def removal_sets(choke: Answer | None) -> list[RemovalSet]:
    """The chosen set in order of rank, then each naive list whose members the answer names.

    >>> answer = Answer(command="choke", columns=("rank", "id"), rows=[{"rank": 1, "id": "b"}], summary={"after": 3})
    >>> removal_sets(answer)
    [RemovalSet(name='Choke points', members=('b',), left=3)]
    """
    if choke is None or not choke.rows:
        return []
    ranked = sorted(choke.rows, key=lambda row: (row.get("rank") or 0, str(row.get("id"))))
    sets = [
        RemovalSet(
            name="Choke points",
            members=tuple(str(row["id"]) for row in ranked),
            left=choke.summary.get("after"),
        )
    ]
    baselines = choke.summary.get("baselines")
    if isinstance(baselines, Mapping):
        for name, said in baselines.items():
            members = _members(said)
            if members:
                left = said.get("after", said.get("remaining")) if isinstance(said, Mapping) else None
                sets.append(RemovalSet(name=f"Top {len(members)} by {name}", members=members, left=left))
    return sets


def _members(said: object) -> tuple[str, ...]:
    if isinstance(said, Mapping):
        said = next((said[key] for key in ("ids", "chosen", "members", "parties") if key in said), ())
    if isinstance(said, Sequence) and not isinstance(said, str):
        return tuple(str(one) for one in said)
    return ()
