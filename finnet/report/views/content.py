"""What a page says besides the network itself: its words, the answer it draws, and the records behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from finnet.report.answer import Answer, Row

__all__ = ["Evidence", "PageContent", "RemovalSet", "captured", "ranks", "removal_sets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The records behind what is drawn, as rows of the case's views.

    ``parties`` and ``listings`` by party id: rows of ``v1_entity`` and ``v1_listing``. ``ties`` by (source id, target
    id): rows of ``v1_link`` or ``v1_payment``. ``sources``: rows of ``v1_source``. Of each row only the columns that
    finnet documents are read, and none of them has to be there. ``certainty`` by pair: the best grade of the records
    and whether all of them are inferred. ``case`` identifies the data (its logical sha256).
    """

    parties: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    listings: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    ties: Mapping[tuple[str, str], Sequence[Row]] = field(default_factory=dict)
    certainty: Mapping[tuple[str, str], tuple[str | None, bool]] = field(default_factory=dict)
    sources: Sequence[Row] = ()
    case: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """Everything on a page that is not the network.

    ``reasons`` by id of a chosen party: sentences, each with the records it rests on (``dataset:record``). ``seeds``
    and ``exits`` are ids; empty for a question that has none. ``stamp`` (``INVENTED``) stands over the whole
    page. ``kind`` is the kind of picture (``finnet.report.views.kinds``). ``seed`` is for the layout.
    """

    title: str
    question: str = ""
    choke: Answer | None = None
    reasons: Mapping[str, Sequence[tuple[str, Sequence[str]]]] = field(default_factory=dict)
    seeds: Sequence[str] = ()
    exits: Sequence[str] = ()
    evidence: Evidence = field(default_factory=Evidence)
    stamp: str | None = None
    notes: Sequence[str] = ()
    kind: str = "network"
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalSet:
    """A set of parties to compare on the page. ``left`` is what the answer says it leaves, where it says so."""

    name: str
    members: tuple[str, ...]
    left: object = None


def ranks(choke: Answer | None) -> dict[str, int]:
    """Rank by id of the chosen parties, from 1; in the answer's own order where it has no ranks.

    A curve's last row names the set for the largest budget. Chosen countries are not parties: empty.

    >>> ranks(Answer(command="choke", columns=("budget", "chosen"), rows=[{"budget": 1, "chosen": ["b", "a"]}]))
    {'b': 1, 'a': 2}
    """
    if choke is None or not choke.rows or choke.params.get("by", "entity") != "entity":
        return {}
    if "id" not in choke.columns:
        return {name: place for place, name in enumerate(_members(choke.rows[-1].get("chosen")), start=1)}
    return {str(row["id"]): int(row.get("rank") or place) for place, row in enumerate(choke.rows, start=1)}


def captured(choke: Answer | None) -> frozenset[str]:
    """Whom the ownership rule takes out besides the chosen, as far as the answer names them.

    >>> said = {"captured": {"parties": 1, "ids": ["c"]}}
    >>> sorted(captured(Answer(command="choke", columns=("rank", "id"), rows=[], summary=said)))
    ['c']
    """
    said = choke.summary.get("captured") if choke is not None else None
    return frozenset(_members(said))


def removal_sets(choke: Answer | None) -> list[RemovalSet]:
    """The chosen set in order of rank, then each naive list whose members the answer names.

    >>> answer = Answer(command="choke", columns=("rank", "id"), rows=[{"rank": 1, "id": "b"}], summary={"after": 3})
    >>> removal_sets(answer)
    [RemovalSet(name='Choke points', members=('b',), left=3)]
    """
    ranked = ranks(choke)
    if choke is None or not ranked:
        return []
    chosen = tuple(sorted(ranked, key=lambda one: (ranked[one], one)))
    sets = [RemovalSet(name="Choke points", members=chosen, left=choke.summary.get("after"))]
    baselines = choke.summary.get("baselines")
    naive: dict[frozenset[str], tuple[list[str], RemovalSet]] = {}
    for name, said in (baselines if isinstance(baselines, Mapping) else {}).items():
        members = _members(said)
        if members:
            left = said.get("after") if isinstance(said, Mapping) else None
            made = RemovalSet(name="", members=members, left=left)
            naive.setdefault(frozenset(members), ([], made))[0].append(str(name).replace("_", " "))
    # Lists that name the same parties are one.
    for words, one in naive.values():
        sets.append(replace(one, name=f"Top {len(one.members)} by {', '.join(words)}"))
    return sets


def _members(said: object) -> tuple[str, ...]:
    if isinstance(said, Mapping):
        said = next((said[key] for key in ("chosen", "ids") if key in said), ())
    if isinstance(said, Sequence) and not isinstance(said, str):
        return tuple(str(one) for one in said)
    return ()
