"""The payments of a case in the order of time: case and choices in, Ledger out."""

# ruff: noqa: S608 -- SQL is put together from column names of our own; values are always bound.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from finnet.errors import FinnetError, UsageError, quoted
from finnet.graph.edge_list import integers
from finnet.graph.ledger import NO_DAY, Ledger, TimeUnit
from finnet.graph.money import LARGEST_TOTAL, STORED_DIGITS, Counted, counted_ties, refuse_several
from finnet.graph.network import Column, IntArray, LazyColumns, taken
from finnet.graph.parties import party_columns
from finnet.graph.rates import RateTable
from finnet.graph.recipe import Recipe
from finnet.graph.selection import Queries, Selection, select_ties
from finnet.model.currency import minor_digits

__all__ = ["ledger_of"]

# Up to here payment ids are read at once, so that a ledger outlives its case; above, when they are first needed.
_EAGER = 200_000

# A time as written may end in its offset from UTC, which the engine reads and does not count.
_OFFSET = r"regexp_extract(substr(booked_at, 12), '([+-])([0-9][0-9]):?([0-9][0-9])$', {part})"
_MINUTES = (
    f"case {_OFFSET.format(part=1)} when '+' then 1 when '-' then -1 else 0 end"
    f" * (60 * coalesce(try_cast({_OFFSET.format(part=2)} as bigint), 0)"
    f" + coalesce(try_cast({_OFFSET.format(part=3)} as bigint), 0))"
)
_ZONED = "regexp_matches(substr(booked_at, 12), '(Z|[+-][0-9]{2}:?[0-9]{2})$')"
_FIRST_DAY = "case length(booked_on) when 4 then '-01-01' when 7 then '-01' else '' end"

# As in graphs/payments.toml: where no party is named the account stands for it (or the other way round, by account),
# and an intermediary that is an end itself makes no leg. A reversal through an intermediary runs back through it, so
# its second leg comes first.
_LEGS = """
with ends as (
    select *,
        coalesce(payer_{first}, payer_{second}) as payer,
        coalesce(beneficiary_{first}, beneficiary_{second}) as beneficiary
    from v1_payment
    where basis is distinct from 'inferred'
),
way as (
    select * replace (case
        when intermediary_id is distinct from payer and intermediary_id is distinct from beneficiary
        then intermediary_id end as intermediary_id)
    from ends
),
leg as (
    select 0 as leg, payer as source, coalesce(intermediary_id, beneficiary) as target, way.* from way
    union all
    select 1, intermediary_id, beneficiary, way.* from way where intermediary_id is not null
)
select source, target, leg, case when amount < 0 then -leg else leg end as turn,
    amount, currency, coalesce("count", 1) as "count", booked_on, booked_until, payment_id,
    reliability, credibility, dataset, record, byte_offset, step,
    datediff('day', date '1970-01-01', try_cast(left(booked_on, 10) || {first_day} as date)) as day,
    cast(floor((epoch_us(try_cast(booked_at as timestamp)) - 60000000 * ({minutes})) / 1e6) as bigint) as second,
    -- Of an instant within its second the offset changes nothing.
    case when booked_at like '%.%' then (epoch_us(try_cast(booked_at as timestamp)) % 1000000 + 1000000) % 1000000
        else 0 end as microsecond,
    coalesce({zoned}, false) as zoned
from leg
order by source
"""

_ORDER = "time, microsecond, dataset, record, payment_id, turn, source, target, byte_offset, amount"


def ledger_of(
    case: Queries,
    *,
    currency: str | None = None,
    rates: RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    by: Literal["party", "account"] = "party",
    one_ended: bool = False,
) -> Ledger:
    """The stated payments in the order of time, in one currency.

    An end is the party, or with ``by="account"`` the account; where a record has only one of the two, that one.
    Payments with one end only are left out with a note, or kept with UNKNOWN at the other end if ``one_ended``. A
    payment dated to a month or a year stands at its first day, one that covers a period at its begin, one without a
    time of day at the begin of its day; a time with its offset from UTC counts as that instant; where no payment has a
    date, the integer clock orders them. Payments without a place in time are counted (``undated``) and left out.
    ``notes`` says all of this.

    Raises: UsageError (E2001) for amounts in several currencies with neither ``currency`` nor ``rates``; FinnetError
    (E2002) for a missing rate; FinnetError (E2000) if all amounts together leave 64 bits.
    """
    first, second = ("id", "account") if by == "party" else ("account", "id")
    recipe = Recipe(
        name="payments",
        title="Payments in the order of time",
        question="Who paid whom, when?",
        unit="currency",
        edges=_LEGS.format(first=first, second=second, first_day=_FIRST_DAY, minutes=_MINUTES, zoned=_ZONED),
    )
    ties = select_ties(case, recipe, currency=currency, as_of=as_of, min_grade=min_grade)
    told = _told(case, ties)
    if not told["currencies"] and currency is not None:
        raise UsageError(f"no amounts in {quoted(currency)}", hint="`finnet info` lists the currencies")
    if rates is None:
        refuse_several(case, ties, told["currencies"])
    unit: TimeUnit = "seconds" if told["timed"] else "days" if told["dated"] else "steps"
    key = {"seconds": "coalesce(second, day * 86400)", "days": "day", "steps": "step"}[unit]
    both = "" if one_ended else "and source is not null and target is not null"
    kept = replace(
        ties,
        sql=f"select * from (select *, cast({key} as bigint) as time from ({ties.sql})) where time is not null {both}",
        columns=ties.columns | {"time"},
        is_read_again=True,
    )
    base = rates.base if rates is not None else told["currencies"][0] if told["currencies"] else "currency"
    counted = counted_ties(case, kept, rates)
    has_days = bool(told["summed"] or (unit != "steps" and (told["zoned"] or told["coarse"] or told["periods"])))
    found, ids, scale, is_ordered = _arrays(case, kept, counted, base, _DAYS[unit] if has_days else "")
    datasets = tuple(row["dataset"] for row in kept.rows(case, _DATASETS))
    return Ledger(
        ids=ids,
        payer=integers(found["payer"]),
        beneficiary=integers(found["beneficiary"]),
        minor=found["minor"],
        time=integers(found["time"]),
        leg=np.abs(integers(found["turn"])),
        dataset=integers(found["dataset"]),
        record=integers(found["record"]),
        currency=base,
        scale=scale,
        time_unit=unit,
        datasets=datasets,
        payments=_named(case, kept, found, datasets if is_ordered else None),
        vertices=party_columns(case, ids),
        undated=int(told["payments"] - told[_PLACED[unit]]),
        choices=_choices(rates=counted.rates, currency=currency, as_of=as_of, min_grade=min_grade, by=by),
        notes=_notes(told, unit, rates, one_ended),
        days=integers(found["day"]) if has_days else None,
    )


_PLACED = {"seconds": "placed", "days": "dated", "steps": "stepped"}
_DAY = ', cast(case when coalesce("count", 1) > 1{several} then {none} else {day} end as bigint) as day'
_SEVERAL = " or coalesce(booked_until > booked_on, false) or (length(booked_on) < 10 and second is null)"
_DAYS: dict[TimeUnit, str] = {
    "seconds": _DAY.format(several=_SEVERAL, none=NO_DAY, day="coalesce(day, floor(time / 86400))"),
    "days": _DAY.format(several=_SEVERAL, none=NO_DAY, day="day"),
    "steps": _DAY.format(several="", none=NO_DAY, day="time"),
}
_DATASETS = "select distinct dataset from tie order by dataset"


def _told(case: Queries, ties: Selection) -> dict[str, Any]:
    """How many payments there are of each kind that matters for their order."""
    [counts] = ties.rows(
        case,
        """
        select count(*) as payments, count(day) as dated, count(second) as timed,
            count(coalesce(second, day)) as placed, count(second) filter (zoned) as zoned, count(step) as stepped,
            count(*) filter (day is not null and length(booked_on) < 10 and second is null) as coarse,
            count(*) filter (day is not null and booked_until > booked_on) as periods,
            count(*) filter ("count" > 1) as summed,
            count(*) filter (amount < 0) as reversals,
            count(*) filter (source is null or target is null) as loose
        from tie where leg = 0
        """,
    )
    currencies = ties.rows(case, "select distinct currency from tie order by currency")
    return {**counts, "currencies": [row["currency"] for row in currencies]}


def _arrays(
    case: Queries, kept: Selection, counted: Counted, base: str, day: str
) -> tuple[dict[str, Any], tuple[str, ...], int, bool]:
    """The columns in order, the ids, the scale, and whether no two legs share time, data set, record and turn.

    ``day`` is a column more where times do not give the day that the record gives.
    """
    ids = kept.arrays(
        case,
        "select distinct id from (select source as id from tie union all select target from tie) "
        "where id is not null order by id",
    )["id"]
    numbers = f"""
        , vertex as materialized (
            select id, row_number() over (order by id) - 1 as number
            from (select distinct source as id from tie union select distinct target from tie) where id is not null
        ),
        origin as materialized (
            select dataset as name, row_number() over (order by dataset) - 1 as number from ({_DATASETS})
        ),
        counted as ({counted.sql})
        select coalesce(head.number, -1) as payer, coalesce(tail.number, -1) as beneficiary,
            try_cast(cast(counted as decimal(38, 4)) * 10000 as bigint) as stored, time, turn,
            origin.number as dataset, coalesce(record, 0) as record{day}
        from counted left join vertex as head on source = head.id left join vertex as tail on target = tail.id
            join origin on counted.dataset = origin.name
    """
    found = kept.arrays(case, numbers, counted.values)
    order = _in_order(*(found[name] for name in ("time", "dataset", "record", "turn")))
    if order is None:
        found = kept.arrays(case, f"{numbers} order by {_ORDER.replace('dataset', 'origin.number')}", counted.values)
    else:
        for name, column in found.items():
            found[name] = column[order]
    stored = found.pop("stored")
    # An amount that left 64 bits comes back as null.
    is_counted = stored.dtype != object and not np.ma.is_masked(stored)
    if is_counted:
        stored = integers(stored)
        needed = next(digits for digits in (0, 2, 3, 4) if not np.mod(stored, 10 ** (STORED_DIGITS - digits)).any())
        digits = max(minor_digits(base), needed)
        found["minor"] = stored // 10 ** (STORED_DIGITS - digits)
    if not is_counted or np.abs(found["minor"].astype(np.float64)).sum() >= LARGEST_TOTAL:
        raise FinnetError(f"the amounts in {base} add up to more than can be counted exactly", code="E2000")
    return found, tuple(ids.tolist()), 10**digits, order is not None


def _in_order(*columns: NDArray[Any]) -> IntArray | None:
    """The places by the first column, then the second and so on; None where two rows have all of them the same.

    The engine's own sort carries names along and takes twice the memory; it is left to decide where these numbers do
    not. (None too where the numbers are too large to be put into one.)
    """
    key, span = np.zeros(len(columns[0]), np.int64), 1
    for column in columns if len(key) else ():
        low, high = int(column.min()), int(column.max())
        span *= high - low + 1
        if span >= 2**63:
            return None
        key = key * (high - low + 1) + (column - low)
    order = np.argsort(key)
    ordered = key[order]
    return None if np.any(ordered[1:] == ordered[:-1]) else order


def _named(
    case: Queries, kept: Selection, found: dict[str, Any], datasets: tuple[str, ...] | None
) -> LazyColumns | dict[str, Column]:
    """How the legs are called; ``datasets`` where time, data set, record and turn tell each from all others."""
    names = ("payment_id", "byte_offset")
    keys = [found[name] for name in ("time", "dataset", "record", "turn")]

    def columns(identity: Sequence[str], offsets: Sequence[int]) -> dict[str, Column]:
        return {"payment_id": identity, "byte_offset": [None if offset < 0 else offset for offset in offsets]}

    def read() -> dict[str, Column]:
        said = kept.arrays(
            case, f"select payment_id, coalesce(byte_offset, -1) as byte_offset from tie order by {_ORDER}"
        )
        return columns(said["payment_id"].tolist(), said["byte_offset"].tolist())

    def read_at(places: IntArray) -> dict[str, Column]:
        if len(places) > _EAGER or datasets is None:
            return {name: taken(column, places) for name, column in read().items()}
        said = kept.arrays(
            case,
            "select time, dataset, coalesce(record, 0) as record, turn, payment_id, "
            "coalesce(byte_offset, -1) as byte_offset from tie "
            "where coalesce(record, 0) in (select unnest($records::bigint[]))",
            {"records": np.unique(keys[2][places]).tolist()},
        )
        *telling, identity, offset = (column.tolist() for column in said.values())
        place = {leg: number for number, leg in enumerate(zip(*telling, strict=True))}
        time, origin, record, turn = (key[places].tolist() for key in keys)
        legs = zip(time, (datasets[number] for number in origin), record, turn, strict=True)
        found_at = [place[leg] for leg in legs]
        return columns([identity[number] for number in found_at], [offset[number] for number in found_at])

    lazy = LazyColumns(names, read, read_at)
    return dict(lazy) if len(keys[0]) <= _EAGER else lazy


def _choices(*, rates: Mapping[str, Any] | None, by: str, **said: str | None) -> dict[str, Any]:
    choices = {**said, "rates": rates, "by": by if by != "party" else None}
    return {name: value for name, value in choices.items() if value is not None}


def _notes(told: dict[str, Any], unit: TimeUnit, rates: RateTable | None, one_ended: bool) -> tuple[str, ...]:
    notes = []
    if undated := told["payments"] - told[_PLACED[unit]]:
        notes.append(f"{undated:,} payments have no date and no place in time: they are left out")
    if unit == "steps" and told["payments"]:
        notes.append("no payment has a date: the integer clock of the data orders them")
    if unit != "steps" and told["coarse"]:
        notes.append(f"{told['coarse']:,} payments are dated to a month or a year: they stand at its first day")
    if unit != "steps" and told["periods"]:
        notes.append(f"{told['periods']:,} payments cover a period: they stand at its first day")
    if unit == "seconds" and (days := told["placed"] - told["timed"]):
        notes.append(f"{days:,} payments have no time of day: they stand at the begin of their day")
    if unit == "seconds" and (zoned := told["zoned"]):
        notes.append(f"{zoned:,} payments have a time with its offset from UTC: they stand at that instant, in UTC")
        if local := told["timed"] - zoned:
            notes.append(
                f"{local:,} payments have a time without an offset, taken as it is written: which of the two kinds "
                "came first may be wrong by hours"
            )
    if told["summed"]:
        notes.append(f"{told['summed']:,} records add up several payments: each stands as one")
    if told["reversals"]:
        notes.append(f"{told['reversals']:,} payments are reversals (amounts below zero): they cancel earlier payments")
    if told["loose"]:
        done = "the other is taken for outside" if one_ended else "they are left out"
        notes.append(f"{told['loose']:,} payments have one end only on record: {done}")
    if rates is not None and told["currencies"]:
        notes.append(f"amounts in {', '.join(told['currencies'])} are counted in {rates.base} by {rates.name}")
    return tuple(notes)
