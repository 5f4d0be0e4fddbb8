"""Countries and territories: names, alpha-3 and alpha-2 codes to ISO 3166-1 alpha-2 in lower case."""

from __future__ import annotations

import importlib.resources
from functools import cache

from finnet.errors import quoted
from finnet.model.refusal import Refusal
from finnet.text import folded

__all__ = ["alpha2", "read_country"]

# What lists write where they do not know.
_NO_COUNTRY = frozenset({"", "undetermined", "unknown", "none", "n/a", "-0-"})


def alpha2(text: str) -> str | None:
    """The code of a country, given as a name in English or as a code, in any case; None if it is not one for sure.

    ``Korea`` alone is none: there are two. Beside ISO 3166-1: Kosovo is xk, the Netherlands Antilles an. What lists
    call regions counts for the state they were recorded under.

    >>> alpha2("Korea, North"), alpha2("DPRK"), alpha2("PRK"), alpha2("kp"), alpha2("Korea")
    ('kp', 'kp', 'kp', 'kp', None)

    Source: ISO 3166-1 (codes, English short names), the names of the tz database, spellings of the OFAC list.
    """
    found = _table().get(text)
    return found if found is not None else _table().get(_key(text))


def read_country(text: str) -> tuple[str | None]:
    """The code, as a lookup of the engine wants it; null for the words that say there is none.

    >>> read_country("Burma"), read_country("undetermined")
    (('mm',), (None,))

    Raises: Refusal E1212 for what is no country.
    """
    found = alpha2(text)
    if found is None and text.strip().lower() not in _NO_COUNTRY:
        raise Refusal(
            "E1212", f"{quoted(text)} is not a country: ISO code of two or three letters, or its name in English"
        )
    return (found,)


def _key(text: str) -> str:
    return folded(text).replace("’", "'").replace(".", "").removeprefix("the ").strip()


@cache
def _table() -> dict[str, str]:
    file = importlib.resources.files("finnet.model").joinpath("countries.tsv")
    table: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        code, alpha3, names = line.split("\t")
        for name in (code, alpha3, *names.split("|")):
            table[_key(name)] = code
    return table
