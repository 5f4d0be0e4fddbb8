"""Options that several commands share, each defined once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "AsOfOption",
    "BackboneOption",
    "ByOption",
    "CaseOption",
    "CurrencyOption",
    "EdgesOption",
    "EnforcersOption",
    "EntityArgument",
    "Format",
    "GradeOption",
    "GradesOption",
    "GraphOption",
    "LimitOption",
    "MappingOption",
    "MinGradeOption",
    "NetworkOption",
    "OnOption",
    "OnlyOption",
    "RatesOption",
    "ReasonOption",
    "RedactOption",
    "RegimeOption",
    "RewiringOption",
    "ScopeOption",
    "SeedOption",
    "UndirectedOption",
    "WithoutOption",
]


class Format(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    md = "md"


CaseOption = Annotated[
    Path | None,
    typer.Option("--case", "-c", help="The case folder.", envvar="FINNET_CASE", show_default="./case.finnet"),
]
EntityArgument = Annotated[str, typer.Argument(help="An id, or a name that one entity has.", show_default=False)]
LimitOption = Annotated[int | None, typer.Option("--limit", "-n", min=1, help="Show at most this many rows.")]
GraphOption = Annotated[str | None, typer.Option(help="The recipe that says what an edge is.", show_default=False)]
EdgesOption = Annotated[
    str | None, typer.Option(help="Count only these edge classes: ownership,control,…", show_default=False)
]
CurrencyOption = Annotated[str | None, typer.Option(help="Look at one currency only.", show_default=False)]
RatesOption = Annotated[
    str | None,
    typer.Option(help="A dated rate table (CSV: date,currency,base,rate), or sample:NAME.", show_default=False),
]
AsOfOption = Annotated[str | None, typer.Option(help="The date in the world: 2019, 2019-03 or 2019-03-05.")]
MinGradeOption = Annotated[str | None, typer.Option(help="Only statements graded at least this well: C3.")]
SeedOption = Annotated[int, typer.Option(help="Where chance enters: the same seed, the same answer.")]
NetworkOption = Annotated[
    Path | None,
    typer.Option("--network", help="A network file instead of a case: CSV, edge list, matrix, GraphML, GEXF."),
]
UndirectedOption = Annotated[bool, typer.Option("--undirected", help="Read the network file's edges both ways.")]
GradeOption = Annotated[
    str | None,
    typer.Option(help="How far to trust it: reliability A-F and credibility 1-6, as in B2.", show_default=False),
]
MappingOption = Annotated[
    str | None, typer.Option(help="A table mapping: a TOML file, or the name of one that ships.", show_default=False)
]
RedactOption = Annotated[
    bool, typer.Option("--redact", help="For sharing: people as initials, no addresses, no whole numbers.")
]
BackboneOption = Annotated[
    str | None,
    typer.Option(help="Only edges that stand out: disparity:0.05 or noise:1.64.", show_default=False),
]
ScopeOption = Annotated[
    str | None, typer.Option(help="Only these parties and their neighbours (a selector).", show_default=False)
]
ByOption = Annotated[
    str | None,
    typer.Option(help="Who decides.", envvar="FINNET_ANALYST", show_default="the user of this machine"),
]
OnOption = Annotated[str | None, typer.Option(help="When it was decided: 2019-03-05.", show_default="today")]
ReasonOption = Annotated[str | None, typer.Option(help="Why, in a sentence.", show_default=False)]
EnforcersOption = Annotated[str, typer.Option(help="The jurisdictions that act on it: US,EU,… or all.")]
WithoutOption = Annotated[str | None, typer.Option(help="All enforce but these: CN,RU.")]
OnlyOption = Annotated[str | None, typer.Option(help="Nobody enforces but these.")]
RegimeOption = Annotated[str, typer.Option(help="The rule that captures what is owned: ofac, eu, uk.")]
RewiringOption = Annotated[Path | None, typer.Option(help="Your own assumptions on how networks adapt (TOML).")]
GradesOption = Annotated[Path | None, typer.Option(help="Your own reading of grades (TOML).")]
