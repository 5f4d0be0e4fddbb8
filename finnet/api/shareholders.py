"""Who owns an entity in the end, and what a party owns: trees of direct and integrated shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from finnet.errors import UsageError
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.analysis.ownership.register import Register
    from finnet.api._register import Statement
    from finnet.api.open import Case

__all__ = ["holdings", "owners"]

_PPM = 1_000_000
_COLUMNS = (
    "id",
    "caption",
    "schema",
    "country",
    "direct_min",
    "direct_max",
    "integrated",
    "controls",
    "depth",
    "records",
)


def owners(
    case: Case,
    entity: str,
    *,
    threshold: float = 25.0,
    strict: bool = False,
    as_of: str | None = None,
    limit: int | None = None,
) -> Answer:
    """Everybody upstream of an entity: direct share, integrated share, control, and how many steps away.

    ``threshold`` in percent says from where on somebody is a beneficial owner (``strict``: more than, else at least),
    by integrated share or by control. Shares are fractions of one; ``direct_min`` and ``direct_max`` are null where
    there is no direct stake, ``direct_min`` also where its size is not disclosed.
    """
    return _tree(case, entity, "owners", threshold=threshold, strict=strict, as_of=as_of, limit=limit)


def holdings(
    case: Case,
    entity: str,
    *,
    threshold: float = 25.0,
    strict: bool = False,
    as_of: str | None = None,
    limit: int | None = None,
) -> Answer:
    """Everything downstream of a party: direct share, integrated share, control, and how many steps away."""
    return _tree(case, entity, "holdings", threshold=threshold, strict=strict, as_of=as_of, limit=limit)


def _tree(
    case: Case, entity: str, direction: str, *, threshold: float, strict: bool, as_of: str | None, limit: int | None
) -> Answer:
    from finnet.analysis.ownership.control import controlled_by
    from finnet.analysis.ownership.integrated import integrated, integrated_owners
    from finnet.api._register import parties, register_of
    from finnet.store.resolve import resolve

    if not 0 < threshold <= 100:
        raise UsageError(f"--threshold {threshold:g}: should be above 0 and at most 100")
    centre = resolve(case, entity)
    known = parties(case)
    register, statements = register_of(case, as_of=as_of, extra=[centre])
    number = register.number[centre]
    upward = direction == "owners"
    depth = _depths(register, number, upward=upward)
    if upward:
        shares = integrated_owners(register, number)
        controls = {i for i in depth if number in controlled_by(register, i)}
    else:
        whole = integrated(register, np.array([number]))
        shares = {i: float(whole[i]) for i in depth}
        controls = set(controlled_by(register, number).tolist())
    rows = [
        {
            **known.cells(register.ids[i]),
            **_direct(register, *((i, number) if upward else (number, i))),
            "integrated": round(shares.get(i, 0.0), 9),
            "controls": i in controls,
            "depth": depth[i],
            "records": _records(register, statements, *((i, number) if upward else (number, i))),
        }
        for i in sorted(depth, key=lambda i: (depth[i], -shares.get(i, 0.0), register.ids[i]))
    ]
    label = "beneficial owners" if upward else "held at the threshold"
    return Answer(
        command=direction,
        columns=_COLUMNS,
        shown=("id", "caption", "direct_min", "direct_max", "integrated", "controls", "depth"),
        rows=rows[:limit],
        summary={
            "entity": known.cells(centre)["caption"],
            "threshold": f"{'more than' if strict else 'at least'} {threshold:g} %",
            label: _above(rows, threshold, strict=strict, people=upward),
            "undisclosed": int(register.undisclosed[number]) / _PPM if upward else None,
        },
        params={"entity": entity, "threshold": threshold, "strict": strict, "as_of": as_of},
        truncated=limit is not None and len(rows) > limit,
        total=len(rows),
    )


def _depths(register: Register, start: int, *, upward: bool) -> dict[int, int]:
    table = register.holders if upward else register.holdings
    depth, waiting = {start: 0}, [start]
    while waiting:
        current = waiting.pop(0)
        for place in range(table.pointers[current], table.pointers[current + 1]):
            other = int(table.ends[place])
            if other not in depth:
                depth[other] = depth[current] + 1
                waiting.append(other)
    del depth[start]
    return depth


def _stake_between(register: Register, owner: int, owned: int) -> int | None:
    return next((int(s) for s in register.stakes_of(owned) if register.owner[s] == owner), None)


def _direct(register: Register, owner: int, owned: int) -> Row:
    stake = _stake_between(register, owner, owned)
    if stake is None:
        return {"direct_min": None, "direct_max": None}
    return {
        "direct_min": int(register.low[stake]) / _PPM if register.disclosed[stake] else None,
        "direct_max": int(register.most[stake]) / _PPM,
    }


def _records(register: Register, statements: dict[str, Statement], owner: int, owned: int) -> list[str]:
    stake = _stake_between(register, owner, owned)
    links = register.statements[stake] if stake is not None else ()
    return [f"{statements[link].dataset}:{statements[link].record}" for link in links if link in statements]


def _above(rows: Sequence[Row], threshold: float, *, strict: bool, people: bool) -> list[str]:
    least = threshold / 100

    def meets(share: float) -> bool:
        # Shares come from a float solve: a figure within a billionth of the threshold is taken as on it.
        return share > least + 1e-9 if strict else share >= least - 1e-9

    found = [row for row in rows if meets(row["integrated"]) or row["controls"]]
    return [str(row["caption"]) for row in found if not people or row["schema"] in {"Person", None}]
