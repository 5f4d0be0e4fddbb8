"""The SQL of the FollowTheMoney source: each line parsed once, then entities, links, payments and listings from it."""
# ruff: noqa: S608  # what is pasted into SQL is ours; values are bound

from __future__ import annotations

from finnet.model.currency import CURRENCIES
from finnet.model.edge_class import BY_SCHEMA
from finnet.model.money import AmountFormat
from finnet.model.schema import EdgeEnds, all_schemata, edge_schemata, schema

__all__ = ["EDGES", "LINKS", "LISTINGS", "PAYMENTS", "PREPARED", "entities_select"]

_AMOUNTS = AmountFormat(exponent=True)
# More decimals than a currency has occur in converted amounts; finnet keeps four.
_DIGITS = "4"


def _edge(name: str) -> EdgeEnds:
    edge = schema(name).edge
    assert edge is not None
    return edge


_CAPTIONS = {name: one.caption_properties or ("name",) for name, one in all_schemata().items() if not one.edge}


def _shape(*words: str) -> str:
    return "{" + ",".join(f'"{word}":["VARCHAR"]' for word in sorted(set(words))) + "}"


# What every node is read for; whatever else a node has is only kept.
_NODE = (
    "name",
    "jurisdiction",
    "country",
    "mainCountry",
    "flag",
    "nationality",
    "citizenship",
    "topics",
    "keywords",
    "addressEntity",
)
_EDGE = _shape(
    *(end for name in edge_schemata() for end in (_edge(name).source, _edge(name).target)),
    *("role", "relationship", "ownershipType", "controlType", "percentage", "startDate", "endDate", "date"),
    *("amount", "currency", "amountEur", "amountUsd", "payerAccount", "beneficiaryAccount", "purpose"),
)
_SANCTION = _shape(
    *("entity", "authority", "publisher", "program", "programId", "authorityId", "unscId", "recordId"),
    *("listingDate", "startDate", "endDate"),
)
_NODE_SHAPE = _shape(*_NODE)
_EDGES = ", ".join(f"'{name}'" for name in edge_schemata())


def _first(*words: str) -> str:
    said = ", ".join(f"p.{word}[1]" for word in words)
    return f"coalesce({said})" if len(words) > 1 else said


_IS_READ = f"regexp_full_match({{}}, '{_AMOUNTS.pattern}') and length({{}}) <= 60"


def _readable(text: str) -> str:
    fits = f"not coalesce({_AMOUNTS.too_fine(text, _DIGITS)}, true)"
    return f"({_IS_READ.replace('{}', text)} and {fits})"


_CODES = "|".join(sorted(CURRENCIES))
# The amount in its own currency comes before the converted ones.
_OWN = (
    f"len(p.amount) = 1 and len(p.currency) = 1 and regexp_full_match(p.currency[1], '{_CODES}') "
    f"and {_readable('p.amount[1]')}"
)
_EUR = f"len(p.amountEur) = 1 and {_readable('p.amountEur[1]')}"
_USD = f"len(p.amountUsd) = 1 and {_readable('p.amountUsd[1]')}"


def _text(json: str) -> str:
    """SQL: the text of a JSON string; most have nothing escaped and only lose their quotes."""
    return f"case when contains({json}, '\\') then {json} ->> '$' else trim({json}, '\"') end"


# What the engine cannot be sure of by itself is marked as suspect and read again in Python, which gives the reason.
# Where every property is a list of texts, a colon is followed by a bracket, and brackets and commas by a quote (or the
# list is empty); three plain searches for anything else cost a third of asking for the types of all values.
PREPARED = rf"""
with read as (
    select *, case when json_valid(line) then json_extract(line,
        ['$.id', '$.schema', '$.properties', '$.caption', '$.first_seen', '$.last_seen']) end as j
    from raw
),
parts as (
    select record, byte_offset, byte_length, line, cast(j[1] as varchar) as id, cast(j[2] as varchar) as schema,
        cast(j[3] as varchar) as properties, nullif(cast(j[4] as varchar), 'null') as caption,
        nullif(cast(j[5] as varchar), 'null') as first_seen, nullif(cast(j[6] as varchar), 'null') as last_seen
    from read
),
typed as (
    select *, coalesce(
        not starts_with(id, '"') or id = '""' or not starts_with(schema, '"') or schema = '""'
        or not starts_with(properties, '{{') or contains(line, 'NaN') or contains(line, 'Infinity')
        or regexp_matches(properties, '":[^\[]') or regexp_matches(properties, '\[[^"\]]')
        or regexp_matches(properties, '",[^"]'), true)
        or not starts_with(coalesce(caption, '"'), '"') or not starts_with(coalesce(first_seen, '"'), '"')
        or not starts_with(coalesce(last_seen, '"'), '"') as suspect
    from parts
)
select record, byte_offset, byte_length, suspect, case when suspect then line end as line, {_text("id")} as id,
    {_text("schema")} as schema, {_text("caption")} as caption, {_text("first_seen")} as first_seen,
    {_text("last_seen")} as last_seen, properties, from_json(properties, '{_NODE_SHAPE}') as p
from typed
"""

_AMOUNT = (
    f"case when {_OWN} then {_AMOUNTS.value('p.amount[1]', _DIGITS)} when {_EUR} then "
    f"{_AMOUNTS.value('p.amountEur[1]', _DIGITS)} when {_USD} then {_AMOUNTS.value('p.amountUsd[1]', _DIGITS)} end"
)
_CURRENCY = f"case when {_OWN} then p.currency[1] when {_EUR} then 'EUR' when {_USD} then 'USD' end"


def _day(text: str) -> str:
    """SQL: an ISO date of any precision without its time; null for what is none."""
    return f"regexp_extract({text}, '^[0-9]{{4}}(-[0-9]{{2}}(-[0-9]{{2}})?)?')"


def _earliest(*words: str) -> str:
    parts = ", ".join(f"nullif({_day(f'list_min(p.{word})')}, '')" for word in words)
    return f"coalesce({parts})" if len(words) > 1 else parts


def _latest(word: str) -> str:
    return f"nullif({_day(f'list_max(p.{word})')}, '')"


_EDGES = ", ".join(f"'{name}'" for name in edge_schemata())


def _case(column: str, cases: dict[str, str], otherwise: str | None = None) -> str:
    said = " ".join(f"when '{value}' then {result}" for value, result in cases.items())
    return f"case {column} {said} {f'else {otherwise}' if otherwise else ''} end"


# The links and payments, parsed once more for what only they have.
EDGES = f"""
with parsed as (
    select record, byte_offset, id, schema, properties, from_json(properties, '{_EDGE}') as p
    from raw where schema in ({_EDGES})
),
ended as (
    select *,
        coalesce({_case("schema", {name: f"p.{_edge(name).source}" for name in edge_schemata()})}, []) as sources,
        coalesce({_case("schema", {name: f"p.{_edge(name).target}" for name in edge_schemata()})}, []) as targets
    from parsed
)
select *,
    case when schema = 'Payment' then len(sources) + len(targets) = 0
        else len(sources) = 0 or len(targets) = 0 end as is_loose,
    schema = 'Payment' and len(sources) <= 1 and len(targets) <= 1
        and coalesce(case when {_OWN} then true when {_EUR} then true else {_USD} end, false) as is_payment
from ended
"""

LINKS = f"""
with ends as (
    select * replace (case when len(sources) > 0 then sources else [null] end as sources,
        case when len(targets) > 0 then targets else [null] end as targets)
    from edge where not is_payment and record not in (select record from refused)
),
pair as (
    select *, unnest(range(len(sources) * len(targets))) as place from ends
)
select case when len(sources) * len(targets) = 1 then id else id || '/' || (place + 1) end as link_id,
    {_case("schema", {name: f"'{BY_SCHEMA[name]}'" for name in edge_schemata()})} as class, schema,
    sources[place // len(targets) + 1] as source_id, targets[place % len(targets) + 1] as target_id,
    {_first("role", "relationship", "ownershipType", "controlType")} as role,
    l.low as share_min_ppm, l.high as share_max_ppm,
    case when len(sources) * len(targets) = 1 then {_AMOUNT} end as amount,
    case when len(sources) * len(targets) = 1 then {_CURRENCY} end as currency,
    {_earliest("startDate", "date")} as start_date, {_latest("endDate")} as end_date,
    list_concat(
        case when schema = 'Payment' then ['no_single_amount'] else [] end,
        case when l.code is not null then ['unread_share'] else [] end) as flags,
    properties, record, byte_offset
from pair left join lookup_share as l on l.word = array_to_string(p.percentage, chr(31))
"""

PAYMENTS = f"""
select id as payment_id, p.payer[1] as payer_id, p.beneficiary[1] as beneficiary_id,
    p.payerAccount[1] as payer_account, p.beneficiaryAccount[1] as beneficiary_account,
    {_AMOUNT} as amount, {_CURRENCY} as currency,
    {_earliest("date", "startDate")} as booked_on, coalesce({_latest("endDate")},
        case when len(p.date) > 1 then {_latest("date")} end) as booked_until,
    case when len(p.date) = 1 and regexp_matches(p.date[1], '^.{{10}}T') then p.date[1] end as booked_at,
    p.purpose[1] as purpose, properties, record, byte_offset
from edge
where is_payment and record not in (select record from refused)
"""

LISTINGS = f"""
with parsed as (
    select record, byte_offset, properties, from_json(properties, '{_SANCTION}') as p
    from good where schema = 'Sanction'
),
sanction as (
    select *, case when len(p.program) > 0 then p.program when len(p.programId) > 0 then p.programId else [null] end
        as programs
    from parsed where len(p.entity) > 0
),
pair as (select *, unnest(range(len(p.entity) * len(programs))) as place from sanction)
select p.entity[place // len(programs) + 1] as entity_id,
    coalesce({_first("authority", "publisher")}, 'unspecified') as authority,
    programs[place % len(programs) + 1] as program, {_first("authorityId", "unscId", "recordId")} as reference,
    {_earliest("listingDate", "startDate")} as listed_on, {_latest("endDate")} as delisted_on,
    properties, record, byte_offset
from pair
"""


def entities_select() -> str:
    """The nodes. The country is the jurisdiction, else country, main country, the address's country, the flag."""
    # Looked for only where an entity has neither a caption nor a name.
    captions = _case(
        "schema",
        {
            name: "coalesce(" + ", ".join(f"properties ->> '$.{word}[0]'" for word in words) + ", null)"
            for name, words in _CAPTIONS.items()
            if words != ("name",)
        },
        "null",
    )
    everywhere = ", ".join(f"coalesce(p.{word}, [])" for word in _NODE[1:7])
    return f"""
with node as (
    select *, {_first("jurisdiction", "country", "mainCountry")} as own_country
    from good where schema not in ({_EDGES})
),
address as (
    select id, arg_min(p.country[1], record) as country from good
    where schema = 'Address' and p.country is not null group by id
)
select node.id as entity_id, schema,
    case when caption <> '' then caption when len(p.name) > 0 then p.name[1]
        else coalesce({captions}, node.id) end as caption,
    case when regexp_full_match(chosen, '[a-z]{{2}}(-.+)?') then left(chosen, 2) end as country,
    case when len(recorded) > 1 then list_filter(recorded, lambda c, place: list_position(recorded, c) = place)
        else recorded end as countries,
    p.topics as topics, p.keywords as tags,
    nullif({_day("first_seen")}, '') as first_seen, nullif({_day("last_seen")}, '') as last_seen,
    properties, record, byte_offset
from (
    select node.*, coalesce(own_country, address.country, p.flag[1]) as chosen,
        list_concat({everywhere}, case when address.country is null then [] else [address.country] end) as recorded
    from node left join address
        on address.id = case when own_country is null then p.addressEntity[1] end
) as node
"""
