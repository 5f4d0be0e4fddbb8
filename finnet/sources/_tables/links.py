"""What a table of links states: links, and the entities of which it gives a name, a country or a schema."""
# ruff: noqa: S608  # what is pasted into SQL is ours; values are bound

from __future__ import annotations

from collections.abc import Sequence

from finnet.errors import nearest, quoted
from finnet.model.edge_class import BY_SCHEMA, EDGE_CLASSES
from finnet.model.mapping import CLASS_SCHEMA
from finnet.model.refusal import Refusal
from finnet.model.scan import Lookup, State
from finnet.model.shares import ShareUnit, read_share
from finnet.sources._tables.columns import Columns
from finnet.sources._tables.parties import Party, described_parties

__all__ = ["link_states"]

_NULL = "cast(null as varchar)"


def link_states(columns: Columns, *, prefix: str, numbered: str) -> tuple[State, ...]:
    """The links and what is said about their ends; adds checks and lookups to ``columns``."""
    parties = {end: Party.of(columns, end, has_account=False) for end in ("source", "target")}
    for end, party in parties.items():
        columns.refuse(end if columns.in_file(end) else None, f"{party.id} is null", "E1205", f"'{end} is missing'")
    edge_class, schema = _kind(columns)
    columns.look_up_countries(["country", "source_country", "target_country"])
    columns.look_up_schemata(["source_schema", "target_schema"])
    chosen = {
        "class": edge_class,
        "schema": schema,
        "source_id": parties["source"].id,
        "target_id": parties["target"].id,
        "role": columns.text("role"),
        "commodity": columns.text("commodity"),
    }
    if columns.has("country"):
        chosen["country"] = f"(select l.alpha2 from lookup_country as l where l.word = {columns.text('country')})"
    _share(columns, chosen)
    _amount(columns, chosen)
    for word, column in (("start", "start_date"), ("end", "end_date")):
        if columns.has(word):
            columns.check_date(word)
            chosen[column] = columns.day(word)
    ids: dict[str, str] = {}
    if columns.in_file("id"):
        own = columns.text("id")
        chosen["link_id"] = f"coalesce({f'$id_prefix || {own}' if prefix else own}, $id_numbered || record)"
        columns.values |= {"id_prefix": prefix, "id_numbered": numbered}
    else:
        ids["link_id"] = numbered
    listed = ", ".join(f'{value} as "{name}"' for name, value in chosen.items() if value != _NULL)
    links = State(
        table="links",
        select=f"select {listed}, record, byte_offset from good",
        prefixes={"source_id": prefix, "target_id": prefix} if prefix else {},
        numbered=ids,
    )
    parts = ("_name", "_country", "_schema")
    if not any(columns.has(end + part) for end in parties for part in parts):
        return (links,)
    entities = State(
        table="entities",
        select=described_parties(list(parties.values()), schema="'LegalEntity'", only_described=True),
        constants={"missing": 0},
        prefixes={"entity_id": prefix} if prefix else {},
    )
    return links, entities


def _kind(columns: Columns) -> tuple[str, str]:
    """The class and the schema of a row, in SQL: what the file does not say follows from the other one."""
    if columns.in_file("class"):
        _look_up(columns, "class", {"schema": "varchar"}, _edge_class)
    if columns.in_file("schema"):
        _look_up(columns, "edge", {"class": "varchar"}, _edge_schema, word="schema")
    if columns.has("schema"):
        schema = columns.text("schema")
    elif columns.in_file("class"):
        schema = f"(select l.schema from lookup_class as l where l.word = {columns.text('class')})"
    else:
        schema = f"'{CLASS_SCHEMA[columns.mapping.defaults['class']]}'"
    if columns.has("class"):
        edge_class = columns.text("class")
    elif columns.in_file("schema"):
        edge_class = f"(select l.class from lookup_edge as l where l.word = {columns.text('schema')})"
    else:
        edge_class = f"'{BY_SCHEMA[columns.mapping.defaults['schema']]}'"
    for word in ("class", "schema"):
        if columns.in_file(word):
            columns.require(word)
    return edge_class, schema


def _look_up(columns: Columns, name: str, outputs: dict[str, str], read: object, *, word: str | None = None) -> None:
    word = word or name
    text = columns.text(word)
    columns.lookups.append(Lookup(name=name, words=f"select {text} from raw", outputs=outputs, read=read))  # type: ignore[arg-type]
    columns.refuse_unread(word, name, text)


def _edge_class(text: str) -> Sequence[object]:
    if text not in EDGE_CLASSES:
        raise Refusal("E1212", f"no edge class called {quoted(text)}; {nearest(text, EDGE_CLASSES)}")
    return (CLASS_SCHEMA[text],)


def _edge_schema(text: str) -> Sequence[object]:
    if text not in BY_SCHEMA:
        raise Refusal("E1209", f"no schema of links called {quoted(text)}; {nearest(text, BY_SCHEMA)}")
    return (BY_SCHEMA[text],)


def _share(columns: Columns, chosen: dict[str, str]) -> None:
    if not columns.has("share"):
        return
    unit: ShareUnit | None = columns.mapping.formats.share
    text = columns.text("share")

    def read(written: str) -> Sequence[object]:
        return read_share(written, unit)

    columns.lookups.append(
        Lookup(name="share", words=f"select {text} from raw", outputs={"low": "integer", "high": "integer"}, read=read)
    )
    columns.refuse_unread("share", "share", text)
    for column, output in (("share_min_ppm", "low"), ("share_max_ppm", "high")):
        chosen[column] = f"(select l.{output} from lookup_share as l where l.word = {text})"


def _amount(columns: Columns, chosen: dict[str, str]) -> None:
    if not columns.in_file("amount"):
        return
    columns.check_amount("amount", is_required=False)
    columns.check_currency()
    columns.check_digits("amount")
    chosen["amount"] = columns.amount("amount")
    chosen["currency"] = f"case when {columns.text('amount')} is not null then {columns.text('currency')} end"
