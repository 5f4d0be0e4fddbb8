"""What a table of entities states: one entity per row, its columns as FollowTheMoney properties."""
# ruff: noqa: S608  # what is pasted into SQL is ours; values are bound

from __future__ import annotations

from collections.abc import Callable, Sequence

from finnet.errors import MappingError, nearest
from finnet.model.countries import read_country
from finnet.model.dates import DateFormat
from finnet.model.scan import Lookup, State
from finnet.model.schema import all_schemata, schema
from finnet.sources._tables.columns import Columns

__all__ = ["NOT_PROPERTIES", "each_once", "entity_states", "kind_of_property", "read_cell"]

# Finnet's words for entities that are no FollowTheMoney properties.
NOT_PROPERTIES = ("id", "schema", "tags")
# Under which country an entity is counted; never by nationality.
_COUNTED_UNDER = ("jurisdiction", "country", "mainCountry", "flag")


def entity_states(columns: Columns, *, prefix: str) -> tuple[State, ...]:
    """The entities; adds checks and lookups to ``columns``.

    Raises: MappingError for a property that the one schema of all rows does not have.
    """
    words = [*columns.mapping.columns, *(word for word in columns.mapping.defaults if not columns.in_file(word))]
    properties = [word for word in words if word not in NOT_PROPERTIES]
    _check_properties(columns, properties)
    identity = [columns.text(word) for word in ("id", "name") if columns.has(word)]
    columns.refuse(
        "id" if columns.in_file("id") else "name",
        f"coalesce({', '.join(identity)}) is null",
        "E1205",
        "'id is missing'",
    )
    columns.look_up_schemata(["schema"])
    values = {word: _values(columns, word, place) for place, word in enumerate(properties)}
    tags = _split(columns, "tags") if columns.has("tags") else "[]"
    names = [f"{values[word]}[1]" for word in ("name", "alias", "abbreviation") if word in values]
    places = [values[word] for word in _COUNTED_UNDER if word in values]
    first_country = f"coalesce({', '.join(f'{place}[1]' for place in places)})" if places else "cast(null as varchar)"
    nationality = [values[word] for word in ("nationality", "citizenship") if word in values]
    everywhere = ", ".join(f"coalesce({place}, [])" for place in [*places, *nationality])
    countries = f"flatten([{everywhere}])" if everywhere else "cast([] as varchar[])"
    parts = ", ".join(
        f"case when {value} is not null then '\"{word}\":' || to_json({value}) end"
        for word, value in sorted(values.items())
    )
    schema_text = f"coalesce({columns.text('schema')}, 'LegalEntity')" if columns.has("schema") else "'LegalEntity'"
    return (
        State(
            table="entities",
            select=f"select coalesce({', '.join(identity)}) as entity_id, {schema_text} as schema, "
            f"coalesce({', '.join([*names, *identity])}) as caption, {first_country} as country, "
            f"{each_once('everywhere')} as countries, "
            f"{values.get('topics', '[]')} as topics, {tags} as tags, "
            f"'{{' || concat_ws(',', {parts or 'null'}) || '}}' as properties, record, byte_offset "
            f"from (select *, {countries} as everywhere from good)",
            constants={"missing": 0},
            prefixes={"entity_id": prefix} if prefix else {},
        ),
    )


def each_once(values: str) -> str:
    """SQL: a list without repetitions, in the order of first occurrence (list_distinct has an order of its own)."""
    return f"list_filter({values}, lambda value, place: list_position({values}, value) = place)"


def kind_of_property(word: str) -> str:
    """The type of a property in whatever schema has it first: name, country, date, string …"""
    return next((one.properties[word] for one in all_schemata().values() if word in one.properties), "string")


def read_cell(kind: str, separator: str | None, dates: DateFormat) -> Callable[[str], Sequence[object]]:
    """How a cell of countries or dates becomes a list of values. The function raises Refusal."""

    def read(text: str) -> Sequence[object]:
        parts = [part.strip() for part in text.split(separator)] if separator else [text]
        values = [read_country(part)[0] if kind == "country" else dates.read(part) for part in parts if part]
        return ([value for value in values if value is not None] or None,)

    return read


def _values(columns: Columns, word: str, place: int) -> str:
    """SQL: the property's list of values in this row, null if there are none."""
    kind = kind_of_property(word)
    if kind not in {"country", "date"}:
        return _split(columns, word)
    text, name = columns.text(word), f"p{place}"
    dates = columns.date_format("date")
    columns.lookups.append(
        Lookup(
            name=name,
            words=f"select {text} from raw",
            outputs={"found": "varchar[]"},
            read=read_cell(kind, columns.mapping.formats.separator, dates),
        )
    )
    code = "E1212" if kind == "country" else "E1204"
    columns.refuse(
        word,
        f"{text} in (select l.word from lookup_{name} as l where l.code is not null)",
        code,
        f"(select l.reason from lookup_{name} as l where l.word = {text})",
    )
    return f"(select l.found from lookup_{name} as l where l.word = {text})"


def _split(columns: Columns, word: str) -> str:
    text, separator = columns.text(word), columns.mapping.formats.separator
    if separator is None:
        return f"case when {text} is not null then [{text}] end"
    columns.values["separator"] = separator
    parts = f"list_filter(list_transform(string_split({text}, $separator), lambda x: trim(x)), lambda x: x <> '')"
    return f"case when len({parts}) > 0 then {parts} end"


def _check_properties(columns: Columns, properties: Sequence[str]) -> None:
    if columns.in_file("schema"):
        return
    one = schema(columns.mapping.defaults.get("schema", "LegalEntity"))
    for word in properties:
        if word != "country" and one.property_type(word) is None:
            raise MappingError(
                f"{columns.mapping.name}: {one.name} has no property {word!r}", hint=nearest(word, one.properties)
            )
