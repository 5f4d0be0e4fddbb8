"""Every error finnet raises on purpose, and what each of their codes means.

FinnetError                      1  failed, nothing changed
├── UsageError                   2  the command, an option or a name in it is wrong
│   ├── UnknownNameError            no plug-in, recipe, query, entity or column of that name
│   ├── SelectorError               a set of entities cannot be read
│   ├── MappingError                a table mapping is wrong
│   ├── RecipeError                 a graph recipe is wrong
│   └── QueryError                  a saved query is wrong
├── InputError                   1  a file cannot be read as what it is said to be
│   └── TooManyRejectsError         more rows are bad than the limit allows
├── CaseError                    1  there is no such case, or it is not a case
│   ├── CaseBusyError            4  another finnet is writing to the case
│   └── CaseDamagedError         5  the case's files are not what its manifest says
└── NotProvidedError             1  something this installation lacks

A message names the place, what is wrong and what would be right: ``leak.csv record 41: amount '1.000,00' is not a
number in the format 1,234.56; set decimal = "," in the mapping``. Untrusted text in it is passed through ``quoted``.
"""

from __future__ import annotations

from collections.abc import Iterable

from finnet.text import visible

__all__ = [
    "CODES",
    "CaseBusyError",
    "CaseDamagedError",
    "CaseError",
    "FinnetError",
    "InputError",
    "MappingError",
    "NotProvidedError",
    "QueryError",
    "RecipeError",
    "SelectorError",
    "TooManyRejectsError",
    "UnknownNameError",
    "UsageError",
    "nearest",
    "quoted",
]

# Codes are stable: scripts may rely on them. `finnet explain CODE` prints the text. Blocks: E10 usage, E11 files and
# XML, E12 rows and values, E13 references, E20 graphs and analysis, E30 the case.
CODES: dict[str, str] = {
    "E1000": "Something failed; nothing was changed.",
    "E1001": "The command or one of its options is wrong.",
    "E1002": "No plug-in, recipe, query, entity or column of that name.",
    "E1003": "A selector cannot be read: key:value terms, ! binds tighter than +, + tighter than a comma.",
    "E1004": "A table mapping is wrong: unknown key, missing column or impossible combination.",
    "E1005": "A graph recipe is wrong: unknown key, or no order by at the end.",
    "E1006": "A saved query is wrong: unknown key, unknown verb or unknown option.",
    "E1100": "The file cannot be read as the format it is said to be.",
    "E1101": "The file holds a document type definition (DTD); finnet refuses those.",
    "E1102": "The file ends too early.",
    "E1103": "The file is not in the encoding that is declared.",
    "E1104": "The file changed while it was read.",
    "E1105": "No source format recognises the file.",
    "E1106": "The file unpacks to more than is allowed.",
    "E1107": "Two columns of the file have the same name.",
    "E1108": "The file is empty.",
    "E1200": "The record has too few or too many fields.",
    "E1201": "The record is not valid JSON, or not the kind of JSON this format has.",
    "E1202": "A quote is opened and not closed.",
    "E1203": "An amount is not a number in the declared format.",
    "E1204": "A date is not in the declared format, or does not exist.",
    "E1205": "A required value is missing.",
    "E1206": "A currency code is unknown.",
    "E1207": "An amount has more decimals than its currency, or more digits than finnet keeps exactly.",
    "E1208": "A share is not a number or a range between 0 and 100 %.",
    "E1209": "The schema is unknown.",
    "E1210": "The record, or a field of it, is too long.",
    "E1211": "The text is not valid in the declared encoding.",
    "E1212": "A value is not one of those allowed here.",
    "E1213": "The same id stands for something of another kind.",
    "E1300": "The record points at an entity that is not in the file.",
    "E2000": "The graph cannot carry the question.",
    "E2001": "Amounts in several currencies and no rate table: choose one with --currency, or give --rates.",
    "E2002": "A rate is missing for a currency and date.",
    "E3000": "There is no case here, or the folder is not one.",
    "E3001": "Another finnet is writing to the case.",
    "E3002": "The case's files are not what its manifest says.",
    "E3003": "The case was made by a newer finnet.",
    "E3004": "More rows are bad than --max-rejects allows; nothing was stored.",
    "E3005": "A dataset of that name exists: use --append or --replace.",
    "E4000": "Something this needs is not installed.",
}


class FinnetError(Exception):
    """Whatever finnet refuses to do, with the place, the reason and the way out in one line."""

    exit_code = 1
    code = "E1000"

    def __init__(self, message: str, *, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message if hint is None else f"{message}; {hint}")
        self.code = code or type(self).code
        self.hint = hint


class UsageError(FinnetError):
    """The command, an option or a name in it is wrong."""

    exit_code = 2
    code = "E1001"


class UnknownNameError(UsageError):
    """No plug-in, recipe, query, entity or column of that name."""

    code = "E1002"


class SelectorError(UsageError):
    """A set of entities cannot be read."""

    code = "E1003"


class MappingError(UsageError):
    """A table mapping is wrong."""

    code = "E1004"


class RecipeError(UsageError):
    """A graph recipe is wrong."""

    code = "E1005"


class QueryError(UsageError):
    """A saved query is wrong."""

    code = "E1006"


class InputError(FinnetError):
    """A file cannot be read as what it is said to be."""

    code = "E1100"


class TooManyRejectsError(InputError):
    """More rows are bad than the limit allows; nothing was stored."""

    code = "E3004"


class CaseError(FinnetError):
    """There is no such case, or the folder is not one."""

    code = "E3000"


class CaseBusyError(CaseError):
    """Another finnet is writing to the case."""

    exit_code = 4
    code = "E3001"


class CaseDamagedError(CaseError):
    """The case's files are not what its manifest says."""

    exit_code = 5
    code = "E3002"


class NotProvidedError(FinnetError):
    """Something this installation lacks."""

    code = "E4000"


_LISTED = 20  # names that a message lists: all plug-ins of a kind, never all parties of a network


def quoted(value: object, limit: int = 80) -> str:
    r"""Untrusted text for a message: in quotes, escaped, at most ``limit`` characters of it.

    >>> quoted("1.000,00")
    "'1.000,00'"
    >>> quoted("Acme\x1b[31m")
    "'Acme\\u{1b}[31m'"
    >>> quoted("x" * 100, limit=5)
    "'xxxxx…'"
    """
    text = str(value)
    return f"'{visible(text[:limit])}{'…' if len(text) > limit else ''}'"


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that offers the nearest known name, else lists them, or the first few of many.

    >>> nearest("raech", ["reach", "flow"])
    "did you mean 'reach'?"
    >>> nearest("zzz", ["reach", "flow"])
    'there are: flow, reach'
    >>> nearest("zzz", (f"party-{number:03}" for number in range(100)))[-32:]
    'party-018, party-019 and 80 more'
    """
    from difflib import get_close_matches

    names = sorted(known)
    found = get_close_matches(name, names, n=1)
    if found:
        return f"did you mean {found[0]!r}?"
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return f"there are: {', '.join(map(visible, names[:_LISTED]))}{more}"
