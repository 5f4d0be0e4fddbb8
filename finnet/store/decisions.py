"""What analysts decided: merges, tags, retractions, kept apart from the data, signed and dated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from finnet.errors import CaseDamagedError

__all__ = ["DECISIONS", "canonical_ids", "read_decisions", "tags"]

DECISIONS = "decisions.jsonl"

# What a decision of a kind that changes what the views show cannot do without.
_NEEDS = {
    "merge": ("left", "right"),
    "split": ("left", "right"),
    "tag": ("entity", "tag"),
    "untag": ("entity", "tag"),
    "link": ("class", "source_id", "target_id"),
    "note": ("about", "text"),
    "retract": ("item",),
    "restore": ("item",),
}


def read_decisions(case: Path) -> list[dict[str, Any]]:
    """All decisions in the order they were taken, with ``record`` (line) and ``byte_offset``; none if nobody took any.

    Raises: CaseDamagedError naming the line that is no JSON object or lacks what its kind needs.
    """
    path = case / DECISIONS
    if not path.is_file():
        return []
    decisions = []
    offset = 0
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        offset, begins_at = offset + len(line) + 1, offset
        if not line.strip():
            continue
        try:
            decision = json.loads(line)
        except ValueError as error:
            raise CaseDamagedError(f"{path.name}:{number}: not valid JSON") from error
        if not isinstance(decision, dict):
            raise CaseDamagedError(f"{path.name}:{number}: not a JSON object")
        for name in _NEEDS.get(str(decision.get("do")), ()):
            if not isinstance(decision.get(name), str):
                raise CaseDamagedError(f"{path.name}:{number}: {decision['do']} without {name!r}")
        decisions.append({**decision, "record": number, "byte_offset": begins_at})
    return decisions


def canonical_ids(decisions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """For each id that was merged with another the id that stands for all of them: the smallest.

    A later ``split`` of the same two takes their ``merge`` back.

    >>> canonical_ids([{"do": "merge", "left": "b", "right": "a"}, {"do": "merge", "left": "b", "right": "c"}])
    {'a': 'a', 'b': 'a', 'c': 'a'}
    """
    pairs: set[tuple[str, str]] = set()
    for decision in decisions:
        pair = tuple(sorted((str(decision.get("left")), str(decision.get("right")))))
        if decision.get("do") == "merge":
            pairs.add((pair[0], pair[1]))
        elif decision.get("do") == "split":
            pairs.discard((pair[0], pair[1]))
    parent: dict[str, str] = {}

    def root(label: str) -> str:
        while parent.setdefault(label, label) != label:
            parent[label] = parent[parent[label]]
            label = parent[label]
        return label

    for left, right in sorted(pairs):
        first, second = sorted((root(left), root(right)))
        parent[second] = first
    return {label: root(label) for label in sorted(parent)}


def tags(decisions: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The tags that analysts gave, by entity, sorted."""
    found: dict[str, set[str]] = {}
    for decision in decisions:
        if decision.get("do") == "tag":
            found.setdefault(str(decision["entity"]), set()).add(str(decision["tag"]))
        elif decision.get("do") == "untag":
            found.get(str(decision["entity"]), set()).discard(str(decision["tag"]))
    return {entity: sorted(names) for entity, names in sorted(found.items()) if names}
