"""The country of a place that a list names: a country, ``City, Country``, or a city of this table."""

from __future__ import annotations

from finnet.model.countries import alpha2
from finnet.text import folded

__all__ = ["CITIES", "country_of"]

# Cities that lists name without their country, as far as one city of that name stands out. Tripoli (Libya, Lebanon)
# and Georgia's namesakes are left out on purpose: a place that may be in two countries is in none here.
CITIES: dict[str, str] = {
    "abu dhabi": "ae", "addis ababa": "et", "algiers": "dz", "ankara": "tr", "baghdad": "iq", "bangkok": "th",
    "beijing": "cn", "beirut": "lb", "berlin": "de", "bucharest": "ro", "cairo": "eg", "dalian": "cn",
    "damascus": "sy", "dandong": "cn", "doha": "qa", "dubai": "ae", "geneva": "ch", "guangzhou": "cn",
    "hanoi": "vn", "havana": "cu", "ho chi minh city": "vn", "hong kong": "hk", "hunchun": "cn", "islamabad": "pk",
    "istanbul": "tr", "jakarta": "id", "ji'an": "cn", "kampala": "ug", "karachi": "pk", "khabarovsk": "ru",
    "khartoum": "sd", "kinshasa": "cd", "kuala lumpur": "my", "kuwait city": "kw", "linjiang": "cn", "luanda": "ao",
    "macao": "mo", "macau": "mo", "minsk": "by", "moscow": "ru", "nakhodka": "ru", "nanning": "cn", "new delhi": "in",
    "phnom penh": "kh", "prague": "cz", "pyongyang": "kp", "rangoon": "mm", "shanghai": "cn", "shenyang": "cn",
    "shenzhen": "cn", "singapore": "sg", "sofia": "bg", "taipei": "tw", "tashkent": "uz", "tehran": "ir",
    "tumen": "cn", "ulaanbaatar": "mn", "vienna": "at", "vientiane": "la", "vladivostok": "ru", "warsaw": "pl",
    "windhoek": "na", "yangon": "mm", "yanji": "cn", "zhuhai": "cn",
}  # fmt: skip


def country_of(place: str) -> str | None:
    """ISO alpha-2, lower case; None where the place is neither a country nor in the table.

    The part after the last comma decides if it is a country, so that ``Moscow, United States`` is in the States.

    >>> country_of("Linjiang, China"), country_of("Beijing"), country_of("Nowhere at all")
    ('cn', 'cn', None)
    """
    text = place.strip().rstrip(".").strip().removeprefix("the ")
    if not text:
        return None
    whole = alpha2(text)
    if whole:
        return whole
    city, comma, country = text.rpartition(",")
    if comma:
        return alpha2(country.strip()) or CITIES.get(folded(city)) or None
    return CITIES.get(folded(text))
