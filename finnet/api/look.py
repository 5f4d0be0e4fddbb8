"""Looking into a case: find, show, source, sql."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from finnet.api._describe import counted
from finnet.api._tie_words import share_words
from finnet.errors import quoted
from finnet.model.currency import money_words
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["authorities_on", "decided_about", "find", "show", "source", "sql", "stated_of"]

MOST_HITS = 2_000


def find(case: Case, text: str, *, limit: int | None = 20) -> Answer:
    """Entities whose name, alias or id is like ``text``, best first; score 1 is the name itself.

    Half of the score is the share of the words that stand in the name whole, half the share of letters that agree;
    ``matched`` is the name that was found. A likeness of names is a possible match, never an identity.
    """
    hits = _hits(case, text, most=MOST_HITS if limit is None else limit + 1)
    rows: list[Row] = []
    for label, name, score in hits[:limit]:
        statements = case.lookup.entity(label)
        best = statements[0]
        rows.append(
            {
                "id": label,
                "caption": best["caption"],
                "schema": best["schema"],
                "country": best["country"],
                "score": score,
                "dataset": "; ".join(dict.fromkeys(one["dataset"] for one in statements)),
                "matched": name,
            }
        )
    return Answer(
        command="find",
        columns=("id", "caption", "schema", "country", "score", "dataset", "matched"),
        shown=("id", "caption", "schema", "country", "score", "matched", "dataset"),
        rows=rows,
        params={"text": text},
        notes=() if rows else (f"nobody is recorded under a name like {quoted(text)}",),
        truncated=len(hits) > len(rows) or len(hits) == MOST_HITS,
    )


def _hits(case: Case, text: str, most: int) -> list[tuple[str, str, float]]:
    """(id, what is like the text, score): who has the id, then names, then ids that begin so."""
    hits = [(row["canonical_id"], text, 1.0) for row in case.lookup.entity(text)[:1]]
    known = {label for label, _, _ in hits}
    hits += [hit for hit in case.lookup.search(text) if hit[0] not in known]
    if len(hits) < most:
        known = {label for label, _, _ in hits}
        begun = [label for label in case.lookup.beginning_with(text, most) if label not in known]
        hits += [(label, label, round(len(text) / max(len(label), 1), 4)) for label in begun]
    return hits[:most]


def show(case: Case, entity: str, *, limit: int | None = 1_000) -> Answer:
    """All that is recorded about an entity: one row per value, with the dataset and record that say so.

    Links follow as ``link: class`` with the other party (at most ``limit`` of them), listings as ``listing``, payments
    as their sums per currency and dataset. ``degree`` is the number of other parties it shares a link or payment with.
    """
    from finnet.store.resolve import resolve

    label = resolve(case, entity)
    statements = case.lookup.entity(label)
    rows = stated_of(case, label)
    listings = case.lookup.listings(label)
    for listing in listings:
        words = [listing["authority"], listing["program"], listing["reference"], listing["listed_on"]]
        gone = f"delisted {listing['delisted_on']}" if listing["delisted_on"] else None
        rows.append(_line("listing", " · ".join(word for word in (*words, gone) if word), listing))
    links = case.lookup.links(label, limit)
    rows += [_line(f"link: {link['class']}", _link_words(case, link, label), link) for link in links]
    rows += decided_about(case, label)
    paid, payers = _payments(case, label)
    every = case.lookup.link_count(label)
    notes = ["nobody describes this party: somebody points at it"] if statements[0]["missing"] else []
    if every > len(links):
        notes.append(f"{len(links):,} of {every:,} links are shown")
    return Answer(
        command="show",
        columns=("property", "value", "dataset", "record", "file"),
        shown=("property", "value", "dataset", "record"),
        rows=rows + paid,
        summary={
            "id": label,
            "caption": statements[0]["caption"],
            "schema": statements[0]["schema"],
            "degree": len(payers.union(case.lookup.neighbours(label))),
            "listed": authorities_on(statements, listings, None),
            "captured": None,
        },
        notes=tuple(notes),
        params={"entity": entity},
        truncated=every > len(links),
    )


def authorities_on(statements: Sequence[Row], listings: Sequence[Row], as_of: str | None) -> list[str]:
    """Who lists a party on a date, or now: by its statements and listings in the index."""
    from finnet.model.listed import is_listed, listing_authorities

    active = [one["authority"] for one in listings if is_listed(one["listed_on"], one["delisted_on"], as_of)]
    topics = {topic for statement in statements for topic in statement["topics"]}
    return list(listing_authorities(active, topics))


def stated_of(case: Case, label: str) -> list[Row]:
    """What records state about a party itself: one row per value, without listings, links, payments, notes."""
    return [row for statement in case.lookup.entity(label) for row in _statement_rows(case, statement, label)]


def decided_about(case: Case, label: str) -> list[Row]:
    """What analysts noted about a party and the tags they gave it, under any of its ids, in the order they did."""
    from finnet.store.analyst import ANALYST, notes_about
    from finnet.store.decisions import DECISIONS, tags

    ids = {label, *(statement["entity_id"] for statement in case.lookup.entity(label))}
    told = [note for one, notes in notes_about(case.decisions).items() if one in ids for note in notes]
    given = {(one, name) for one, names in tags(case.decisions).items() if one in ids for name in names}
    last = {(one["entity"], one["tag"]): one for one in case.decisions if one.get("do") == "tag"}
    told += [last[key] for key in given]
    return [
        _line(
            one["do"],
            f"{one['text' if one['do'] == 'note' else 'tag']} ({one['by']}, {one['on']})",
            {"dataset": ANALYST, "record": one["record"], "file": DECISIONS},
        )
        for one in sorted(told, key=lambda one: int(one["record"]))
    ]


def _statement_rows(case: Case, statement: Row, label: str) -> list[Row]:
    import orjson

    details = case.lookup.details(statement["entity_id"])
    where = {(detail["property"], detail["value"]): detail for detail in details}
    rows = []
    if statement["entity_id"] != label:
        rows.append(_line("same party as", statement["entity_id"], statement))
    properties = orjson.loads(statement["properties"]) if statement["properties"] else {}
    if not properties.get("name") and statement["caption"] not in (None, statement["entity_id"]):
        rows.append(_line("name", statement["caption"], statement))
    for name in sorted(properties, key=lambda name: (name != "name", name)):
        rows += [_line(name, value, where.get((name, value), statement)) for value in properties[name]]
    return rows


_PAYMENTS = """
with paid as (
    select 'payments out' as property, beneficiary_id as other, * from v1_payment where payer_id = $id
    union all select 'payments in', payer_id, * from v1_payment where beneficiary_id = $id
    union all select 'payments passed on', null, * from v1_payment where intermediary_id = $id
)
select property, dataset, currency, sum(amount) as amount, sum(count)::bigint as payments,
    list_sort(list_distinct(list(other) filter (other is not null and other <> $id))) as others,
    min(booked_on) as first, max(booked_on) as last, arg_min(file, (file, record)) as file,
    arg_min(record, (file, record)) as record
from paid group by property, dataset, currency order by property desc, dataset, currency
"""


def _payments(case: Case, label: str) -> tuple[list[Row], set[str]]:
    """The party's payments per currency and dataset, with the first record of each; and the other parties."""
    if not case.manifest.files_of("payments"):
        return [], set()
    rows: list[Row] = []
    others: set[str] = set()
    for sums in case.rows(_PAYMENTS, {"id": label}):
        others.update(sums["others"] or ())
        many = len(sums["others"] or ())
        parties = f", {many:,} other {'party' if many == 1 else 'parties'}" if many else ""
        span = f", {sums['first']} to {sums['last']}" if sums["first"] else ""
        amount = f"{sums['currency']} {money_words(sums['amount'], sums['currency'])}"
        words = f"{amount} in {counted(sums['payments'], 'payment')}{parties}{span}"
        rows.append(_line(sums["property"], words, sums))
    return rows, others


def source(case: Case, item: str) -> Answer:
    """The records that a link, payment or entity comes from, as they stand in their files.

    ``raw`` is null where the file is not where it was, has changed, or has no byte offsets; a note says which.
    """
    from finnet.api._raw_record import RawRecords

    raw = RawRecords(case.manifest.active, case.path)
    rows: list[Row] = []
    seen: set[tuple[Any, ...]] = set()
    for place in _places(case, item):
        key = (place["dataset"], place["file"], place["record"])
        if key not in seen:
            seen.add(key)
            shown = {name: place[name] for name in ("dataset", "file", "record", "byte_offset")}
            rows.append({**shown, "raw": raw.read(place)})
    return Answer(
        command="source",
        columns=("dataset", "file", "record", "byte_offset", "raw"),
        rows=rows,
        notes=tuple(raw.notes),
        params={"item": item},
    )


_STATED = """
select dataset, file, record, byte_offset from v1_link where link_id = $id
union all select dataset, file, record, byte_offset from v1_payment where payment_id = $id
order by dataset, file, record
"""


def _places(case: Case, item: str) -> list[Row]:
    """Where an entity, a link or a payment of this id is stated, else a party of this name."""
    from finnet.store.resolve import resolve

    statements = case.lookup.entity(item)
    if not statements:
        stated = case.rows(_STATED, {"id": item})
        if stated:
            return stated
        statements = case.lookup.entity(resolve(case, item))
    return [place for statement in statements for place in (statement, *case.lookup.details(statement["entity_id"]))]


def sql(case: Case, query: str, *, limit: int | None = None) -> Answer:
    """Read-only SQL over the ``v1_`` views.

    Raises: UsageError for anything but one SELECT over those views.
    """
    rows, columns = case.select_rows(query, limit)
    return Answer(
        command="sql",
        columns=columns,
        rows=rows[:limit],
        params={"query": query},
        truncated=limit is not None and len(rows) > limit,
    )


def _line(name: str, value: str, statement: Row) -> Row:
    return {
        "property": name,
        "value": value,
        "dataset": statement["dataset"],
        "record": statement["record"],
        "file": statement["file"],
    }


def _link_words(case: Case, link: Row, label: str) -> str:
    outward = link["source_id"] == label
    other = link["target_id"] if outward else link["source_id"]
    known = case.lookup.entity(other)
    name = known[0]["caption"] if known else other
    ppm = (link["share_min_ppm"], link["share_max_ppm"])
    share = share_words(*(None if one is None else one / 1_000_000 for one in ppm))
    role = f" ({link['role']})" if link["role"] else ""
    return f"{'→' if outward else '←'} {name} [{other}]{share and f' {share}'}{role}"
