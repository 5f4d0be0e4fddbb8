"""Dates in one declared format, as ISO text of the precision that was given: in Python and in the engine alike."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from functools import cached_property

from finnet.errors import MappingError, quoted
from finnet.model.refusal import Refusal

__all__ = ["DateFormat", "is_iso_date"]

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_SHORT = {name[:3]: number for name, number in _MONTHS.items()}

_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?"
_ISO = rf"[1-9][0-9]{{3}}(?:-[0-9]{{2}}(?:-[0-9]{{2}}(?:[T ]{_TIME})?)?)?"

# Directive -> (its regular expression, whether its width can vary)
_DIRECTIVES: dict[str, tuple[str, bool]] = {
    "Y": ("[1-9][0-9]{3}", False),
    "y": ("[0-9]{2}", False),
    "m": ("[0-9]{2}", True),
    "d": ("[0-9]{2}", True),
    "b": ("(?:" + "|".join(sorted(_SHORT)) + ")", False),
    "B": ("(?:" + "|".join(sorted(_MONTHS)) + ")", False),
    "H": ("[0-9]{2}", True),
    "I": ("[0-9]{2}", True),
    "M": ("[0-9]{2}", False),
    "S": ("[0-9]{2}", False),
    "p": ("(?:am|pm)", False),
}


@dataclass(frozen=True, slots=False)
class DateFormat:
    """How a column writes dates: ``iso`` or a pattern of %Y %y %m %d %b %B %H %I %M %S %p and literal text.

    ``iso`` takes 2019, 2019-03, 2019-03-05 and 2019-03-05T10:20:30Z (of which a date column keeps the day as written).
    Day, month and hour may have one digit unless another directive stands next to them. Month names are English, in any
    case. Years of two digits, %y, are 1969 to 2068, as POSIX has it. A date that does not exist is refused.

    >>> DateFormat("%b %d, %Y").read("Jul 5, 2012")
    '2012-07-05'
    >>> DateFormat("%d.%m.%Y").read("31.02.2019")
    Traceback (most recent call last):
    finnet.model.refusal.Refusal: '31.02.2019' is not a date in the format %d.%m.%Y
    """

    text: str = "iso"

    def __post_init__(self) -> None:
        if self.is_iso:
            return
        found = re.findall(r"%-?(.)", self.text.replace("%%", ""))
        known = ", ".join(f"%{name}" for name in _DIRECTIVES)
        for name in found:
            if name not in _DIRECTIVES:
                raise MappingError(f"date format {quoted(self.text)}: no directive %{name}", hint=f"there are: {known}")
        repeated = {name for name in found if found.count(name) > 1}
        months = [name for name in found if name in "mbB"]
        if repeated or ("Y" in found) == ("y" in found) or len(months) > 1 or ("d" in found and not months):
            raise MappingError(
                f"date format {quoted(self.text)} does not give one date", hint='for example "%d.%m.%Y" or "iso"'
            )
        if ("I" in found) != ("p" in found) or ("I" in found and "H" in found):
            raise MappingError(f"date format {quoted(self.text)}: %I goes with %p, %H alone")

    @property
    def is_iso(self) -> bool:
        """Whether the column is in ISO 8601."""
        return self.text == "iso"

    @property
    def has_time(self) -> bool:
        """Whether the pattern has an hour; an ISO column may have one."""
        return self.is_iso or "%H" in self.text or "%I" in self.text

    @property
    def has_century(self) -> bool:
        """Whether the years are written out."""
        return self.is_iso or "%y" not in self.text

    @property
    def layout(self) -> str | None:
        """How a day stands in the text if each has the same width, as in ``DD.MM.YYYY``; None if they have not.

        An ISO column may have other dates beside; a pattern, days of a digit less.
        """
        text = "%Y-%m-%d" if self.is_iso else self.text
        layout = text.replace("%Y", "YYYY").replace("%m", "MM").replace("%d", "DD")
        rest = layout.replace("YYYY", "", 1).replace("MM", "", 1).replace("DD", "", 1)
        return layout if len(layout) == len(rest) + 8 and re.fullmatch("[-./ ]*", rest) else None

    @cached_property
    def pattern(self) -> str:
        """A regular expression for the whole text, the same in Python and in the engine."""
        return _ISO if self.is_iso else "(?i)" + "".join(expression for expression, _ in self._pieces)

    @cached_property
    def _pieces(self) -> list[tuple[str, str | None]]:
        parts = re.findall(r"%-?(.)|([^%]+)", self.text)
        pieces: list[tuple[str, str | None]] = []
        for place, (name, literal) in enumerate(parts):
            if literal or name == "%":
                pieces.append((re.escape(literal or "%"), None))
                continue
            expression, varies = _DIRECTIVES[name]
            beside = [one[0] for one in (*parts[max(place - 1, 0) : place], *parts[place + 1 : place + 2])]
            if varies and not any(beside):
                expression = "[0-9]{1,2}"
            pieces.append((expression, name))
        return pieces

    def read(self, text: str) -> str:
        """The day, month or year, in ISO form. Raises: Refusal E1204."""
        return self._parts(text)[0]

    def read_time(self, text: str) -> str:
        """Date and time in ISO form, as written: no zone is added or changed. Raises: Refusal E1204."""
        day, time = self._parts(text)
        return f"{day}T{time}" if time else day

    def _parts(self, text: str) -> tuple[str, str]:
        if not re.fullmatch(self.pattern, text):
            raise self._refusal(text)
        if self.is_iso:
            if not _exists(text[:10]):
                raise self._refusal(text)
            return text[:10], text[11:]
        found = re.fullmatch("(?i)" + "".join(f"({e})" if name else e for e, name in self._pieces), text)
        assert found is not None
        given: dict[str, str] = dict(zip([name for _, name in self._pieces if name], found.groups(), strict=True))
        month = given.get("m") or _SHORT.get(given.get("b", "").lower()) or _MONTHS.get(given.get("B", "").lower())
        year = given.get("Y") or f"{'19' if given['y'] >= '69' else '20'}{given['y']}"
        day = year + (f"-{int(month):02}" if month else "") + (f"-{int(given['d']):02}" if "d" in given else "")
        if not _exists(day):
            raise self._refusal(text)
        return day, self._time(given, text)

    def _time(self, given: dict[str, str], text: str) -> str:
        hour = given.get("H") or given.get("I")
        if hour is None:
            return ""
        number = int(hour)
        if "p" in given:
            if not 1 <= number <= 12:
                raise self._refusal(text)
            number = number % 12 + (12 if given["p"].lower() == "pm" else 0)
        minute, second = int(given.get("M", "0")), int(given.get("S", "0"))
        if number > 23 or minute > 59 or second > 59:
            raise self._refusal(text)
        return f"{number:02}:{minute:02}:{second:02}"

    def _refusal(self, text: str) -> Refusal:
        return Refusal("E1204", f"{quoted(text)} is not a date in the format {self._shown}")

    @property
    def _shown(self) -> str:
        return "2019-03-05" if self.is_iso else self.text

    # The same in SQL

    def unread(self, column: str) -> str:
        """SQL: the text is not a date in this format."""
        matches = f"regexp_full_match({column}, '{_quoted(self.pattern)}')"
        if self.is_iso:
            exists = (
                f"case when length({column}) >= 10 then try_cast(left({column}, 10) as date) is not null "
                f"else length({column}) < 7 or substr({column}, 6, 2) between '01' and '12' end"
            )
        else:
            exists = f"try_strptime({column}, '{_quoted(self._engine)}') is not null"
        return f"not ({matches} and {exists})"

    def unread_reason(self, column: str) -> str:
        """SQL: the words for it."""
        return f"'''' || left({column}, 80) || ''' is not a date in the format {_quoted(self._shown)}'"

    def day(self, column: str) -> str:
        """SQL: the day, month or year in ISO form."""
        if self.is_iso:
            return f"left({column}, 10)"
        shape = "%Y-%m-%d" if "d" in self._names else "%Y-%m" if self._names & {"m", "b", "B"} else "%Y"
        return f"strftime(try_strptime({column}, '{_quoted(self._engine)}'), '{shape}')"

    def time(self, column: str) -> str:
        """SQL: date and time in ISO form; null where there is no time."""
        if self.is_iso:
            return f"case when length({column}) > 10 then left({column}, 10) || 'T' || substr({column}, 12) end"
        if not self.has_time:
            return "cast(null as varchar)"
        return f"strftime(try_strptime({column}, '{_quoted(self._engine)}'), '%Y-%m-%dT%H:%M:%S')"

    @cached_property
    def _names(self) -> set[str]:
        return {name for _, name in self._pieces if name}

    @cached_property
    def _engine(self) -> str:
        return self.text.replace("%-", "%")


def is_iso_date(text: str) -> bool:
    """Whether the text is a year, month or day in ISO form that exists.

    >>> is_iso_date("2019-02"), is_iso_date("2019-02-30")
    (True, False)
    """
    return re.fullmatch(_ISO, text) is not None and len(text) <= 10 and _exists(text)


def _exists(day: str) -> bool:
    year, *rest = (int(part) for part in day.split("-"))
    if rest and not 1 <= rest[0] <= 12:
        return False
    return len(rest) < 2 or 1 <= rest[1] <= calendar.monthrange(year, rest[0])[1]


def _quoted(text: str) -> str:
    return text.replace("'", "''")
