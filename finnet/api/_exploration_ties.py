"""The ties of one party, numbered: links from the index, payments summed per other party and currency."""

# ruff: noqa: S608 -- SQL is put together from texts of our own; values are always bound.

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from finnet.errors import UsageError, quoted
from finnet.graph.selection import worst_grade
from finnet.model.dates import is_iso_date
from finnet.model.edge_class import EDGE_CLASSES, edge_classes
from finnet.report.answer import Row

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["Choice", "Ties", "group_words", "payments_of", "ties_of"]

WAYS = ("out", "in", "through", "passed from", "passed to")
_WORDS = {
    ("ownership", "out"): "holds shares in",
    ("ownership", "in"): "its shares are held by",
    ("control", "out"): "is recorded as controlling",
    ("control", "in"): "is recorded as controlled by",
    ("consolidation", "out"): "takes into its accounts",
    ("consolidation", "in"): "is taken into the accounts of",
    ("governance", "out"): "has a post in",
    ("governance", "in"): "posts are held by",
    ("representation", "out"): "acts for",
    ("representation", "in"): "is represented by",
    ("money", "out"): "pays",
    ("money", "in"): "is paid by",
    ("money", "through"): "pays or is paid through",
    ("money", "passed from"): "passes on for",
    ("money", "passed to"): "passes on to",
    ("trade", "out"): "trades, as the first party, with",
    ("trade", "in"): "trades, as the second party, with",
    ("maritime", "out"): "has a role in, or gives cargo to",
    ("maritime", "in"): "has a role in it, or gives it cargo",
    ("linked", "out"): "its records point to",
    ("linked", "in"): "records that point to it",
}
# What runs both ways is one group, whichever end a record names first.
_EITHER = {"kin": "is related to", "co_location": "shares an address or number with", "co_mention": "is named beside"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which ties count: of these classes, on this date in the world, graded at least so well."""

    edges: str | None = None
    as_of: str | None = None
    min_grade: str | None = None

    def __post_init__(self) -> None:
        edge_classes(self.edges)
        if self.as_of is not None and not is_iso_date(self.as_of):
            raise UsageError(f"--as-of {quoted(self.as_of)}: should be a date like 2019, 2019-03 or 2019-03-05")
        if self.min_grade is not None:
            worst_grade(self.min_grade)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that count."""
        return edge_classes(self.edges)

    def is_on(self, first: str | None, last: str | None) -> bool:
        """Whether something of these dates may hold on the date in question; a missing date means always.

        >>> Choice(as_of="2019").is_on("2019-03", None), Choice(as_of="2019-02").is_on("2019-03", None)
        (True, False)
        """
        if self.as_of is None:
            return True
        return (first is None or first <= f"{self.as_of}~") and (last is None or f"{last}~" >= self.as_of)

    def is_graded(self, row: Mapping[str, Any]) -> bool:
        """Whether a statement is graded well enough; one without a grade is not, where a grade is asked for."""
        if self.min_grade is None:
            return True
        letter, number = worst_grade(self.min_grade)
        return "A" <= (row["reliability"] or "~") <= letter and "1" <= (row["credibility"] or "~") <= number


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """The ties that count, in their order and numbered; how many others do not, by what they are and why."""

    rows: list[Row]
    left_out: Mapping[tuple[str, str], int] = field(default_factory=dict)


def group_words(row: Row) -> str:
    """What the ties of a row's class and direction say of the party one looks at, as a heading.

    >>> group_words({"class": "representation", "way": "in"})
    'representation: is represented by'
    """
    name = row["class"]
    return f"{name}: {_EITHER.get(name) or _WORDS[name, row['way']]}"


def ties_of(case: Case, label: str, choice: Choice) -> Ties:
    """All ties of a party that count: one row per link statement, one per other party, direction and currency paid.

    By class, then direction; the largest share first, in money the largest sum of each currency; ties by id. Amounts of
    two currencies are never added or compared.
    """
    left_out: Counter[tuple[str, str]] = Counter()
    rows = [_link_row(link, label) for link in case.lookup.links(label, None) if _counts(link, choice, left_out)]
    if case.manifest.files_of("payments"):
        rows += _money_rows(case, label, choice, left_out)
    rows.sort(key=_place)
    return Ties(rows=[{"number": number, **row} for number, row in enumerate(rows, 1)], left_out=dict(left_out))


def _counts(link: Row, choice: Choice, left_out: Counter[tuple[str, str]]) -> bool:
    if link["basis"] == "inferred":
        reason = "inferred, not stated"
    elif link["class"] not in choice.classes:
        reason = f"of class {link['class']}"
    elif not choice.is_on(link["start_date"], link["end_date"]):
        reason = f"not as of {choice.as_of}"
    elif not choice.is_graded(link):
        reason = f"graded below {choice.min_grade}"
    else:
        return True
    left_out["link", reason] += 1
    return False


def _link_row(link: Row, label: str) -> Row:
    outward = link["source_id"] == label
    share = (link["share_min_ppm"], link["share_max_ppm"])
    return {
        "class": link["class"],
        "way": "out" if outward else "in",
        "id": link["target_id"] if outward else link["source_id"],
        "role": link["role"],
        "commodity": link["commodity"],
        "share_min": None if share[0] is None else share[0] / 1_000_000,
        "share_max": None if share[1] is None else share[1] / 1_000_000,
        "amount": link["amount"],
        "currency": link["currency"],
        "payments": None,
        "first": link["start_date"],
        "last": link["end_date"],
        "grade": _grade(link),
        "basis": link["basis"],
        "item": link["link_id"],
        "dataset": link["dataset"],
        "record": link["record"],
        "records": 1,
    }


# A payment through a bank ties the bank to both ends, and each end to the bank and to the other end.
# Every column that is named is read for all payments of the case: only those that are needed are named.
_COMMON = """payment_id, payer_id, beneficiary_id, payer_account, beneficiary_account, intermediary_id, amount,
    currency, "count", booked_on, booked_until, basis, reliability, credibility, dataset, file, record"""
_MINE = """
with mine as materialized (
    select {columns}, case
        when basis = 'inferred' then 'inferred'
        when booked_on > $as_of || '~' then 'dated'
        when $reliability is not null and not coalesce(reliability between 'A' and $reliability
            and credibility between '1' and $credibility, false) then 'graded'
        end as left_out
    from v1_payment where payer_id = $id or beneficiary_id = $id or intermediary_id = $id
)
"""
_TIED = """
, tied as (
    select 'out' as way, coalesce(beneficiary_id, beneficiary_account) as other, * from mine where payer_id = $id
    union all
    select 'in', coalesce(payer_id, payer_account), * from mine
    where beneficiary_id = $id and payer_id is distinct from $id
    union all
    select 'through', intermediary_id, * from mine
    where (payer_id = $id or beneficiary_id = $id) and intermediary_id <> $id
    union all
    select 'passed from', coalesce(payer_id, payer_account), * from mine
    where intermediary_id = $id and payer_id is distinct from $id and beneficiary_id is distinct from $id
    union all
    select 'passed to', coalesce(beneficiary_id, beneficiary_account), * from mine
    where intermediary_id = $id and payer_id is distinct from $id and beneficiary_id is distinct from $id
)
"""
_SUMS = f"""
{_MINE.format(columns=_COMMON)} {_TIED}
select left_out, way, other, currency, sum(amount) as amount, cast(sum(coalesce("count", 1)) as bigint) as payments,
    min(booked_on) as first, max(coalesce(booked_until, booked_on)) as last, count(*) as records,
    min(reliability || credibility) as best, max(reliability || credibility) as worst,
    min(basis) as basis, max(basis) as other_basis,
    min((dataset, file, record, payment_id)) as place
from tied group by left_out, way, other, currency order by left_out, way, currency, amount desc, other
"""
# Each payment is one tie in exactly one of these ways, whatever else it is.
_ONCE = ("out", "in", "passed from")
_SINGLE = f"""
{_MINE.format(columns=f"{_COMMON}, purpose, commodity")} {_TIED}
select payment_id as item, booked_on as first, booked_until as last, amount, currency,
    coalesce("count", 1) as payments, purpose, commodity, reliability, credibility, basis, dataset, record
from tied where left_out is null and way = $way and other is not distinct from $other
    and currency is not distinct from $currency
order by booked_on nulls last, payment_id, dataset, record
"""


def _values(label: str, choice: Choice) -> dict[str, Any]:
    letter, number = (None, None) if choice.min_grade is None else worst_grade(choice.min_grade)
    return {"id": label, "as_of": choice.as_of, "reliability": letter, "credibility": number}


def _money_rows(case: Case, label: str, choice: Choice, left_out: Counter[tuple[str, str]]) -> list[Row]:
    reasons = {
        "inferred": "inferred, not stated",
        "dated": f"not as of {choice.as_of}",
        "graded": f"graded below {choice.min_grade}",
    }
    counted = []
    for sums in case.rows(_SUMS, _values(label, choice)):
        reason = reasons.get(sums["left_out"])
        if "money" not in choice.classes:
            reason = "of class money"
        if reason is None:
            counted.append(sums)
        elif sums["way"] in _ONCE:
            left_out["payment", reason] += sums["records"]
    return [
        {
            "class": "money",
            "way": sums["way"],
            "id": sums["other"],
            "role": None,
            "commodity": None,
            "share_min": None,
            "share_max": None,
            **{name: sums[name] for name in ("amount", "currency", "payments", "first", "last")},
            "grade": _both(sums["best"], sums["worst"], "–"),
            "basis": _both(sums["basis"], sums["other_basis"], "; "),
            "item": sums["place"][3],
            "dataset": sums["place"][0],
            "record": sums["place"][2],
            "records": sums["records"],
        }
        for sums in counted
    ]


def payments_of(case: Case, label: str, tie: Row, choice: Choice) -> list[Row]:
    """The single payments behind a tie of class money, by date."""
    values = {**_values(label, choice), "way": tie["way"], "other": tie["id"], "currency": tie["currency"]}
    return [{"number": number, **row, "grade": _grade(row)} for number, row in enumerate(case.rows(_SINGLE, values), 1)]


def _both(one: str | None, other: str | None, between: str) -> str | None:
    return None if one is None or other is None else between.join(dict.fromkeys((one, other)))


def _grade(row: Row) -> str | None:
    return f"{row['reliability']}{row['credibility']}" if row["reliability"] and row["credibility"] else None


def _place(row: Row) -> tuple[Any, ...]:
    money = row["class"] == "money" and row["payments"] is not None
    return (
        EDGE_CLASSES.index(row["class"]),
        0 if row["class"] in _EITHER else WAYS.index(row["way"]),
        row["currency"] or "" if money else "",
        -(row["amount"] or 0) if money else 0,
        -(row["share_max"] or row["share_min"] or 0),
        row["id"] or "",
        str(row["item"]),
        row["dataset"],
        row["record"] or 0,
    )
