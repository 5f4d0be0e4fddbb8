"""What a table of payments states: payments, and the parties to them."""
# ruff: noqa: S608  # what is pasted into SQL is ours; values are bound

from __future__ import annotations

from dataclasses import dataclass

from finnet.model.scan import State
from finnet.sources._tables.columns import Columns
from finnet.sources._tables.parties import Party, described_parties, named_only

__all__ = ["payment_states"]

_PARTIES = ("payer", "beneficiary", "intermediary")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """The parties and the amount of a row."""

    parties: dict[str, Party]
    accounts: dict[str, str]
    amount: str
    said: tuple[str, ...] = ()  # words that are kept in the properties as they stand in the row


def payment_states(columns: Columns, *, prefix: str, numbered: str) -> tuple[State, ...]:
    """The payments and their parties; adds checks and lookups to ``columns``.

    ``prefix`` stands before ids, ``numbered`` before the record's number where the file has no payment id.
    """
    is_statement = columns.has("own_account")
    _check_money(columns, is_statement=is_statement)
    _check_rest(columns)
    shape = _statement(columns) if is_statement else _plain(columns)
    ends = [shape.parties[word].id for word in ("payer", "beneficiary")]
    columns.refuse(
        None, " and ".join(f"{end} is null" for end in ends), "E1205", "'neither payer nor beneficiary is given'"
    )
    return _payments(columns, shape, prefix, numbered), _entities(columns, shape, prefix)


def _check_money(columns: Columns, *, is_statement: bool) -> None:
    words = ["amount"]
    if is_statement:
        words = [word for word in ("debit", "credit", "amount") if columns.in_file(word)]
        given = [f"{columns.text(word)} is not null" for word in words]
        columns.refuse(words[0], f"not ({' or '.join(given)})", "E1205", f"'{' and '.join(words)} missing'")
    for word in words:
        columns.check_amount(word, is_required=not is_statement)
    if is_statement and columns.in_file("balance"):
        columns.check_amount("balance", is_required=False)
        words.append("balance")
    columns.check_currency()
    for word in words:
        columns.check_digits(word)
    if is_statement and len(words) - columns.in_file("balance") == 2:
        debit, credit = columns.amount("debit"), columns.amount("credit")
        columns.refuse(
            "debit",
            f"coalesce({debit}, 0) <> 0 and coalesce({credit}, 0) <> 0",
            "E1212",
            "'both debit and credit are given'",
        )


def _check_rest(columns: Columns) -> None:
    for word in ("date", "date_to", "booked_at"):
        if columns.has(word):
            columns.check_date(word)
    for word in ("count", "step"):
        if columns.has(word):
            columns.whole_number(word)
    words = [*_PARTIES, "own"]
    columns.look_up_countries([f"{word}_country" for word in words])
    columns.look_up_schemata([f"{word}_schema" for word in words])


def _plain(columns: Columns) -> _Shape:
    return _Shape(
        parties={word: Party.of(columns, word) for word in _PARTIES},
        accounts={word: columns.text(f"{word}_account") for word in ("payer", "beneficiary")},
        amount=columns.amount("amount"),
        # Which of its names a party used in this payment is evidence of its own.
        said=tuple(f"{word}_name" for word in _PARTIES if columns.has(word)),
    )


def _statement(columns: Columns) -> _Shape:
    """A bank statement: what is debited leaves the own account, what is credited arrives there.

    The other side is the beneficiary's columns for a debit and the payer's for a credit; both may be the same columns.
    Where one amount has both, its sign says which of them it is, and no longer that something is taken back; or the
    column direction says it, and a negative amount takes back.
    """
    debit = columns.amount("debit") if columns.in_file("debit") else None
    if debit and columns.mapping.formats.negative_debits:
        debit = f"-{debit}"
    credit = columns.amount("credit") if columns.in_file("credit") else None
    if columns.in_file("direction"):
        leaves, amount = _leaves(columns), columns.amount("amount")
        credit = f"case when {leaves} then -{amount} else {amount} end"
    elif columns.in_file("amount"):
        signed = columns.amount("amount")
        credit = signed  # for the balance: what leaves is a negative credit
        leaves, amount = f"{signed} < 0", f"abs({signed})"
    elif debit and credit:
        leaves, amount = (
            f"coalesce({debit}, 0) <> 0",
            f"case when coalesce({debit}, 0) <> 0 then {debit} else coalesce({credit}, {debit}) end",
        )
    else:
        leaves, amount = ("true", debit) if debit else ("false", credit or "null")
    own = Party(
        id=columns.text("own_account"),
        name=columns.text("own_name"),
        country=columns.text("own_country"),
        schema=columns.text("own_schema"),
    )
    other = {word: Party.of(columns, word) for word in _PARTIES}

    def side(word: str, is_own: str) -> Party:
        return Party(
            **{
                part: f"case when {is_own} then {getattr(own, part)} else {getattr(other[word], part)} end"
                for part in ("id", "name", "country", "schema")
            }
        )

    accounts = {
        "payer": f"case when {leaves} then {own.id} else {columns.text('payer_account')} end",
        "beneficiary": f"case when {leaves} then {columns.text('beneficiary_account')} else {own.id} end",
    }
    if columns.in_file("balance"):
        _check_balance(columns, own.id, debit or "0", credit or "0")
    return _Shape(
        parties={
            "payer": side("payer", leaves),
            "beneficiary": side("beneficiary", f"not ({leaves})"),
            "intermediary": other["intermediary"],
        },
        accounts=accounts,
        amount=amount,
        said=("balance",),
    )


def _leaves(columns: Columns) -> str:
    """SQL: the column direction says that the money left the account. Another word than the declared is refused."""
    formats, said = columns.mapping.formats, columns.text("direction")
    columns.values |= {"outgoing": list(formats.outgoing), "incoming": list(formats.incoming)}
    leaves, arrives = (f"list_contains(${word}::varchar[], {said})" for word in ("outgoing", "incoming"))
    columns.refuse(
        "direction",
        f"not coalesce({leaves} or {arrives}, false)",
        "E1212",
        f"'direction ' || coalesce('''' || left({said}, 80) || '''', 'is missing: it') || "
        "' is not among what the mapping calls outgoing and incoming'",
    )
    return leaves


def _check_balance(columns: Columns, account: str, debit: str, credit: str) -> None:
    """Each balance must be the one before it plus credit less debit; statements run forwards or backwards in time."""
    currency = columns.text("currency")
    columns.counts[
        f"{columns.table.file.name}: the balance does not follow from the row before in {{}} records, "
        "first in record {}, where it is {} instead of {}: rows may be missing"
    ] = f"""
        with entry as (
            select record, {account} as account, {currency} as currency, {columns.amount("balance")} as balance,
                coalesce({credit}, 0) - coalesce({debit}, 0) as moved
            from good
        ),
        beside as (
            select record, balance, lag(balance) over following + moved as forwards,
                lead(balance) over following + moved as backwards
            from entry window following as (partition by account, currency order by record)
        ),
        broken as (
            select count(*) filter (balance <> forwards) as forwards,
                count(*) filter (balance <> backwards) as backwards,
                arg_min([record::varchar, balance::varchar, forwards::varchar], record)
                    filter (balance <> forwards) as first,
                arg_min([record::varchar, balance::varchar, backwards::varchar], record)
                    filter (balance <> backwards) as last
            from beside
        )
        select least(forwards, backwards), told[1]::bigint,
            regexp_replace(told[2], '0{{1,2}}$', ''), regexp_replace(told[3], '0{{1,2}}$', '')
        from (select *, case when forwards <= backwards then first else last end as told from broken)
    """


def _payments(columns: Columns, shape: _Shape, prefix: str, numbered: str) -> State:
    chosen = {
        "payer_id": shape.parties["payer"].id,
        "beneficiary_id": shape.parties["beneficiary"].id,
        "intermediary_id": shape.parties["intermediary"].id,
        "payer_account": shape.accounts["payer"],
        "beneficiary_account": shape.accounts["beneficiary"],
        "amount": shape.amount,
        "purpose": columns.text("purpose"),
        "commodity": columns.text("commodity"),
    }
    constants: dict[str, str | int] = {}
    if columns.in_file("currency"):
        chosen["currency"] = columns.text("currency")
    else:
        constants["currency"] = columns.mapping.defaults["currency"]
    if columns.has("count"):
        chosen["count"] = f"coalesce(cast({columns.text('count')} as bigint), 1)"
    else:
        constants["count"] = 1
    if columns.has("date"):
        chosen["booked_on"] = columns.day("date")
    if columns.has("date_to"):
        chosen["booked_until"] = columns.day("date_to")
    if columns.has("booked_at"):
        chosen["booked_at"] = columns.time("booked_at")
        if not columns.has("date"):
            chosen["booked_on"] = columns.day("booked_at")
    if columns.has("step"):
        chosen["step"] = f"cast({columns.text('step')} as bigint)"
    if said := [word for word in shape.said if columns.in_file(word)]:
        parts = ", ".join(
            f"case when {text} is not null then '\"{word}\":[' || to_json({text}) || ']' end"
            for word, text in ((word, columns.text(word)) for word in said)
        )
        chosen["properties"] = f"'{{' || concat_ws(',', {parts}) || '}}'"
    prefixes = {word: prefix for word in ("payer_id", "beneficiary_id", "intermediary_id") if prefix}
    ids: dict[str, str] = {}
    if columns.in_file("payment_id"):
        # A row without an id of its own is called by its number.
        own = columns.text("payment_id")
        chosen["payment_id"] = f"coalesce({f'$id_prefix || {own}' if prefix else own}, $id_numbered || record)"
        columns.values |= {"id_prefix": prefix, "id_numbered": numbered}
    else:
        ids["payment_id"] = numbered
    kept = {name: value for name, value in chosen.items() if value != "cast(null as varchar)"}
    listed = ", ".join(f'{value} as "{name}"' for name, value in kept.items())
    return State(
        table="payments",
        select=f"select {listed}, record, byte_offset from good",
        constants=constants,
        prefixes={name: value for name, value in prefixes.items() if name in kept},
        numbered=ids,
    )


def _entities(columns: Columns, shape: _Shape, prefix: str) -> State:
    words = [*_PARTIES, "own"]
    said = any(columns.has(word + part) for word in words for part in ("_name", "_country", "_schema"))
    if not said:
        columns.values["prefix_length"] = len(prefix)
        present = [word for word in _PARTIES if shape.parties[word].id != "cast(null as varchar)"]
        return State(
            table="entities",
            select=named_only([("stated_payments", f"{word}_id") for word in present]),
            constants={"schema": "LegalEntity", "missing": 0, "properties": "{}"},
            describes=[f"payments.{word}_id" for word in _PARTIES],
        )
    parties = [party for party in shape.parties.values() if party.id != "cast(null as varchar)"]
    return State(
        table="entities",
        select=described_parties(parties, schema="'LegalEntity'"),
        constants={"missing": 0},
        prefixes={"entity_id": prefix} if prefix else {},
        describes=[f"payments.{word}_id" for word in _PARTIES],
    )
