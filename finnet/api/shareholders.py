"""Who owns an entity in the end, and what a party owns: trees of direct and integrated shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from finnet.analysis.ownership.register import WHOLE
from finnet.errors import UsageError, quoted
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.analysis.ownership.register import Register
    from finnet.api._register import Parties, Statements
    from finnet.api.open import Case

__all__ = ["holdings", "owners"]

_COLUMNS = (
    "id", "caption", "schema", "country", "direct_min", "direct_max", "integrated", "stated_min", "stated_max",
    "controls", "depth", "records", "stakes",
)  # fmt: skip
_ROUNDING = 1e-9  # shares come from a float solve: a figure this close to the threshold is taken as on it


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
    by integrated share, by a share that a register states as indirect, or by control. Shares are fractions of one at
    their lower bounds; ``direct_min`` and ``direct_max`` are null where there is no direct stake, ``direct_min`` also
    where its size is not disclosed. ``stakes`` are the party's own stakes on the way to the entity.
    """
    return _answer(case, entity, "owners", threshold=threshold, strict=strict, as_of=as_of, limit=limit)


def holdings(
    case: Case,
    entity: str,
    *,
    threshold: float = 25.0,
    strict: bool = False,
    as_of: str | None = None,
    limit: int | None = None,
) -> Answer:
    """Everything downstream of a party: direct share, integrated share, control, and how many steps away.

    Columns as in ``owners``; ``stakes`` are those through which the party holds the entity of the row.
    """
    return _answer(case, entity, "holdings", threshold=threshold, strict=strict, as_of=as_of, limit=limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """The register seen from one party, upward or downward."""

    register: Register
    statements: Statements
    centre: int
    upward: bool
    depth: Mapping[int, int]

    def stake(self, other: int, near: int) -> int | None:
        """The stake between a party and one that is a step nearer."""
        owner, owned = (other, near) if self.upward else (near, other)
        return next((int(s) for s in self.register.stakes_of(owned) if self.register.owner[s] == owner), None)

    def onward(self, other: int) -> list[tuple[int, int]]:
        """The parties of the view that ``other`` has a stake with on the way to the centre, and the stakes."""
        table = self.register.holdings if self.upward else self.register.holders
        places = range(table.pointers[other], table.pointers[other + 1])
        found = ((int(table.ends[place]), int(table.stakes[place])) for place in places)
        return [(near, stake) for near, stake in found if near == self.centre or near in self.depth]


def _answer(
    case: Case, entity: str, direction: str, *, threshold: float, strict: bool, as_of: str | None, limit: int | None
) -> Answer:
    from finnet.api._register import Parties, near, register_of
    from finnet.store.resolve import resolve

    if not 0 < threshold <= 100:
        raise UsageError(f"--threshold {quoted(f'{threshold:g}')}: should be above 0 and at most 100")
    centre = resolve(case, entity)
    upward = direction == "owners"
    owned = near(case, centre, upward=upward)
    register, statements = register_of(case, as_of=as_of, extra=[centre], owned=owned)
    number = register.number[centre]
    view = _View(
        register=register,
        statements=statements,
        centre=number,
        upward=upward,
        depth=_depths(register, number, upward=upward),
    )
    shares, controls = _shares(view), _controls(view)
    stated = statements.stated_indirectly(**{"owned" if upward else "owner": centre})
    others = sorted(view.depth, key=lambda i: (view.depth[i], -shares.get(i, 0.0), i))
    parties = Parties(case).fetch([centre, *(register.ids[i] for i in others), *stated])
    rows = [_row(view, parties, i, shares.get(i, 0.0), i in controls, stated) for i in others]
    rows += [
        _stated_row(parties, party, stated) for party in sorted(stated) if register.number.get(party) not in view.depth
    ]
    return Answer(
        command=direction,
        columns=_COLUMNS,
        shown=("id", "caption", "country", "direct_min", "direct_max", "integrated", "controls", "depth"),
        rows=rows[:limit],
        summary={
            "id": centre,
            "entity": parties.caption(centre),
            "threshold": f"{'more than' if strict else 'at least'} {threshold:g} %",
            **_above(view, rows, threshold / 100, strict=strict),
            "undisclosed": int(register.undisclosed[number]) / WHOLE if upward else None,
        },
        notes=tuple(_notes(view, parties, rows)),
        params={"entity": entity, "threshold": threshold, "strict": strict, "as_of": as_of, "limit": limit},
        truncated=limit is not None and len(rows) > limit,
        total=len(rows),
    )


def _depths(register: Register, start: int, *, upward: bool) -> dict[int, int]:
    table = register.holders if upward else register.holdings
    depth, waiting = {start: 0}, [start]
    for current in waiting:
        for other in table.ends[table.pointers[current] : table.pointers[current + 1]].tolist():
            if other not in depth:
                depth[other] = depth[current] + 1
                waiting.append(other)
    del depth[start]
    return depth


def _shares(view: _View) -> Mapping[int, float]:
    from finnet.analysis.ownership.integrated import integrated, integrated_owners

    if view.upward:
        return integrated_owners(view.register, view.centre)
    whole = integrated(view.register, np.array([view.centre]))
    return {i: float(whole[i]) for i in view.depth}


def _controls(view: _View) -> frozenset[int]:
    from finnet.analysis.ownership.control import controlled_by, controllers_of

    found = (
        controllers_of(view.register, view.centre, sorted(view.depth))
        if view.upward
        else controlled_by(view.register, view.centre)
    )
    return frozenset(found.tolist())


def _row(
    view: _View,
    parties: Parties,
    other: int,
    share: float,
    controls: bool,
    stated: Mapping[str, tuple[int, int, str]],
) -> Row:
    register = view.register
    stake = view.stake(other, view.centre)
    indirect = stated.get(register.ids[other])
    # What is only said to be held indirectly is no direct stake, though a rule has to reckon with it.
    direct = None if stake is None or register.indirect[stake] else stake
    records = view.statements.records(register, [] if stake is None else [stake])
    return {
        **parties.cells(register.ids[other]),
        "direct_min": int(register.low[direct]) / WHOLE if direct is not None and register.disclosed[direct] else None,
        "direct_max": int(register.most[direct]) / WHOLE if direct is not None else None,
        "integrated": round(share, 9),
        "stated_min": indirect[0] / WHOLE if indirect else None,
        "stated_max": indirect[1] / WHOLE if indirect else None,
        "controls": controls,
        "depth": view.depth[other],
        "records": sorted({*records, indirect[2]}) if indirect else records,
        "stakes": [_stake_cell(view, near, one) for near, one in view.onward(other)],
    }


def _stake_cell(view: _View, near: int, stake: int) -> Row:
    register = view.register
    return {
        "of" if view.upward else "by": register.ids[near],
        "min": int(register.low[stake]) / WHOLE if register.disclosed[stake] else None,
        "max": int(register.most[stake]) / WHOLE,
        "indirect": bool(register.indirect[stake]),
        "records": view.statements.records(register, [stake]),
    }


def _stated_row(parties: Parties, party: str, stated: Mapping[str, tuple[int, int, str]]) -> Row:
    low, high, record = stated[party]
    found: Row = dict.fromkeys(_COLUMNS)
    return found | {
        **parties.cells(party),
        "integrated": 0.0,
        "stated_min": low / WHOLE,
        "stated_max": high / WHOLE,
        "controls": False,
        "records": [record],
        "stakes": [],
    }


def _above(view: _View, rows: Sequence[Row], least: float, *, strict: bool) -> Row:
    def meets(row: Row) -> bool:
        share = max(row["integrated"], row["stated_min"] or 0.0)
        return bool(share > least + _ROUNDING if strict else share >= least - _ROUNDING) or row["controls"]

    found = [row for row in rows if meets(row)]
    if not view.upward:
        return {"held at the threshold": _captions(found)}
    register = view.register
    holders = np.diff(register.holders.pointers)
    ends = [row for row in found if row["schema"] != "Person" and not _is_held(register, holders, row["id"])]
    return {
        "beneficial owners": _captions(row for row in found if row["schema"] == "Person"),
        "no owner of these is recorded": _captions(ends),
    }


def _is_held(register: Register, holders: np.ndarray[tuple[int], np.dtype[np.int64]], party: str) -> bool:
    return party in register.number and bool(holders[register.number[party]])


def _captions(rows: Iterable[Row]) -> list[str]:
    return [str(row["caption"]) for row in rows]


def _notes(view: _View, parties: Parties, rows: Sequence[Row]) -> list[str]:
    from finnet.api._verdict_rows import percent

    register = view.register
    concerned = {view.centre, *view.depth}
    found = []
    for entity in [one for one in register.impossible.tolist() if one in concerned][:10]:
        records = ", ".join(view.statements.records(register, register.stakes_of(entity)))
        found.append(
            f"{parties.caption(register.ids[entity])}: recorded shares add up to"
            f" {percent(int(register.disclosed_low[entity]))} (records {records});"
            " integrated shares take each in proportion"
        )
    if any(row["stated_min"] is not None for row in rows):
        found.append(
            "stated_min and stated_max are what a register states as indirect; integrated is computed from the chain"
        )
    if view.centre in register.own:
        found.append(f"{percent(register.own[view.centre])} held of itself does not count")
    return found
