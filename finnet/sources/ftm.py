"""FollowTheMoney entities as JSON lines, alone or as OpenSanctions exports them."""
# what is pasted into SQL is ours; values are bound

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from finnet.errors import quoted
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.refusal import Refusal
from finnet.model.scan import BulkScan, Check, Lookup, RawColumn, State
from finnet.model.schema import all_schemata, edge_schemata, is_schema, schema
from finnet.model.shares import read_share
from finnet.sources._tables.ftm_sql import EDGES, LINKS, LISTINGS, PAYMENTS, PREPARED, entities_select

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "FollowTheMoney entities (JSON lines)"
GRADE = "B2"
IS_LIST = False
TOGETHER = False

_ENDINGS = (".json", ".jsonl", ".ijson", ".ftm", ".ndjson")
_BETWEEN = "\x1f"


def sniff(head: Head) -> bool:
    """Whether the first line that is not blank is a JSON object with an id, a known schema and properties."""
    import orjson

    line = next((line for line in head.start.splitlines() if line.strip()), b"")
    if not line.lstrip().startswith(b"{"):
        return False
    try:
        first = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return {"id", "schema", "properties"} <= set(first) and is_schema(str(first["schema"]))


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """The entities, ids verbatim. The dataset is called like the file unless it is named.

    Nodes become entities with all their properties. Edges become links of the class of their schema, one for each pair
    of ends; their percentages are read as shares. A Payment with one readable amount in a known currency and at most
    one party on each side becomes a payment, any other a link of class money with a flag. A Sanction stays an entity
    and gives a listing per entity and programme.

    What is not kept beside id, schema and properties: ``datasets``, ``referents`` and ``target`` of OpenSanctions,
    which the record still shows.
    """
    name = Path(files[0].name).name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return Reading(
        dataset=options.dataset or name or "ftm",
        title=TITLE,
        list_date=options.retrieved_on,
        scans=tuple(_scan(file) for file in files),
    )


def _scan(file: SourceFile) -> BulkScan:
    with file.path.open("rb") as stream:
        begins_at = 3 if stream.read(3) == b"\xef\xbb\xbf" else 0
    return BulkScan(
        path=file.path,
        name=file.name,
        layout="lines",
        begins_at=begins_at,
        columns=(RawColumn(name="line", field=0, title="line"),),
        prepared={"raw": PREPARED, "edge": EDGES},
        lookups=(
            Lookup(name="line", words="select line from raw where suspect", outputs={}, read=_read_line),
            Lookup(
                name="share",
                words="select array_to_string(p.percentage, chr(31)) from edge where len(p.percentage) > 0",
                outputs={"low": "integer", "high": "integer"},
                read=_read_shares,
            ),
            Lookup(
                name="shape",
                words="select schema || chr(31) || array_to_string(json_keys(properties), chr(31)) from raw",
                outputs={"unknown": "varchar"},
                read=_unknown_properties,
            ),
        ),
        checks=_checks(),
        states=(
            State(table="entities", select=entities_select(), constants={"missing": 0}),
            State(table="links", select=LINKS),
            State(table="payments", select=PAYMENTS, constants={"count": 1}),
            State(table="listings", select=LISTINGS),
        ),
        counts={
            f"{file.name}: {{}} properties that FollowTheMoney does not have are kept as they are: {{}}": (
                "select count(*), string_agg(unknown, ', ' order by unknown) from ("
                "select distinct unnest(string_split(unknown, chr(31))) as unknown from lookup_shape)"
            ),
            f"{file.name}: {{}} payments have no single amount in a known currency, or several parties on one side: "
            "they are links of class money": (
                "select count(*) from edge where schema = 'Payment' and not is_payment and not is_loose"
            ),
            f"{file.name}: {{}} shares cannot be read and count as undisclosed": (
                "select count(*) from edge where array_to_string(p.percentage, chr(31)) in "
                "(select word from lookup_share where code is not null)"
            ),
            f"{file.name}: {{}} sanctions name no entity and list nobody": (
                "select count(*) from good where schema = 'Sanction' and not json_exists(properties, '$.entity[0]')"
            ),
        },
    )


def _checks() -> tuple[Check, ...]:
    known = ", ".join(f"'{name}'" for name in all_schemata())
    reasons = " ".join(f"when '{name}' then '{_end_words(name)}'" for name in edge_schemata())
    found = "(select l.word from lookup_line as l where l.code"
    reason = "(select l.reason from lookup_line as l where l.word = line)"
    return (
        Check(bad=f"line in {found} = 'skip')", code=None, reason=reason),
        Check(bad=f"line in {found} = 'E1205')", code="E1205", reason=reason),
        Check(bad=f"line in {found} is not null)", code="E1201", reason=reason),
        Check(
            bad=f"schema not in ({known})",
            code="E1209",
            reason="'no schema called ''' || left(schema, 80) || ''' in FollowTheMoney'",
            column="schema",
        ),
        Check(
            bad="record in (select record from edge where is_loose)", code="E1205", reason=f"case schema {reasons} end"
        ),
    )


def _end_words(name: str) -> str:
    edge = schema(name).edge
    assert edge is not None
    if name == "Payment":
        return "Payment with neither payer nor beneficiary"
    return f"{name} without {edge.source} or without {edge.target}"


def _read_line(text: str) -> Sequence[object]:
    """The engine found something unusual in the line: nothing if it is an entity all the same.

    Raises: Refusal with the reason; its code is ``skip`` for a blank line.
    """
    import orjson

    if not text.strip(" \t\r\n"):
        raise Refusal("skip", "blank line")
    try:
        entity = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refusal("E1201", f"not valid JSON: {quoted(error.msg)} at character {error.pos}") from error
    if not isinstance(entity, dict):
        raise Refusal("E1201", "the line is not a JSON object")
    for key in ("id", "schema"):
        if key not in entity or entity[key] == "":
            raise Refusal("E1205", f"the entity has no {key}")
        if not isinstance(entity[key], str):
            raise Refusal("E1201", f"{key} is {quoted(entity[key])}, not a text")
    if not isinstance(entity.get("properties"), dict):
        raise Refusal("E1201", "properties is not an object")
    for name, values in entity["properties"].items():
        if not isinstance(values, list):
            raise Refusal("E1201", f"property {quoted(name)} is not a list")
        for value in values:
            if not isinstance(value, str):
                raise Refusal("E1201", f"property {quoted(name)} has the value {quoted(value)}, which is not a text")
    for key in ("caption", "first_seen", "last_seen"):
        if not isinstance(entity.get(key, ""), str | None):
            raise Refusal("E1201", f"{key} is not a text")
    return ()


def _read_shares(text: str) -> Sequence[object]:
    """Several percentages of one link make one interval that holds them all."""
    read = [read_share(part) for part in text.split(_BETWEEN)]
    return min(low for low, _ in read), max(high for _, high in read)


def _unknown_properties(text: str) -> Sequence[object]:
    name, *properties = text.split(_BETWEEN)
    if not is_schema(name):
        return (None,)
    known = schema(name).properties
    unknown = [f"{name}.{quoted(one, 40)[1:-1]}" for one in properties if one and one not in known]
    return (_BETWEEN.join(unknown) or None,)
