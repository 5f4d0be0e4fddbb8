"""What a table's columns seem to be and how they are written, with the counts that it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from finnet.errors import quoted
from finnet.model.countries import alpha2
from finnet.model.currency import CURRENCIES
from finnet.model.dates import DateFormat
from finnet.model.edge_class import EDGE_CLASSES
from finnet.model.mapping import Kind, words_of
from finnet.model.money import AmountFormat
from finnet.model.refusal import Refusal
from finnet.model.schema import all_schemata, edge_schemata
from finnet.sources._tables.column_names import DIRECTION, DIRECTIONS, NAMES, OTHER_SIDE, key_of
from finnet.sources._tables.entities import kind_of_property
from finnet.text import visible

__all__ = ["Draft", "guess_columns", "guess_currency", "guess_formats", "recognised", "toml_string", "weigh_content"]

_DATE_WORDS = {"date", "date_to", "booked_at", "start", "end"}
_MONEY_WORDS = {"amount", "debit", "credit", "balance"}
_DATE_FORMATS = (
    "iso", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%b %d, %Y",
    "%d %b %Y", "%d-%b-%Y", "%B %d, %Y", "%d %B %Y", "%m/%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%Y/%m/%d %H:%M:%S", "%d.%m.%y", "%d/%m/%y",
    "%m/%d/%y",
)  # fmt: skip
_AMOUNT_FORMATS = tuple(
    AmountFormat(decimal=decimal, thousands=thousands, exponent=exponent)
    for exponent in (False, True)
    for decimal, thousands in (
        (".", ""),
        (",", ""),
        (".", ","),
        (",", "."),
        (",", " "),
        (".", " "),
        (".", "'"),
        (",", "'"),
    )
)


@dataclass(slots=True)
class Draft:
    """The mapping while it is put together."""

    kind: Kind
    columns: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)  # word -> what speaks for it
    defaults: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def guess_columns(kind: Kind, columns: dict[str, list[str]]) -> Draft:
    draft = Draft(kind=kind)
    # A column without a value says nothing; unless no column has any.
    titles = [title for title, values in columns.items() if values] or list(columns)
    keys = {title: key_of(title) for title in titles}
    taken: set[str] = set()
    for word, names in NAMES[kind].items():
        for title in titles:
            if title not in taken and keys[title] in names:
                draft.columns[word] = title
                taken.add(title)
                break
    if kind == "payments":
        _name_other_side(draft, {title: columns[title] for title in titles})
    if kind == "entities":
        known = {word.lower(): word for word in words_of("entities")}
        for title in titles:
            same = known.get(keys[title])
            if title not in taken and same is not None and same not in draft.columns:
                draft.columns[same] = title
    return draft


def recognised(titles: Sequence[str]) -> int:
    """How many titles are names that finnet knows, of the kind of table of which it knows most."""
    keys = {key_of(title) for title in titles if title}
    known = [frozenset[str]().union(*words.values()) for words in NAMES.values()]
    known[0] = known[0].union(*OTHER_SIDE.values())
    return max(len(keys & names) for names in known)


def _name_other_side(draft: Draft, columns: dict[str, list[str]]) -> None:
    """Of a bank statement, which has debit and credit, or an own account, a balance or a sign beside the amount."""
    said = draft.columns
    if {"debit", "credit"} <= set(said):
        said.pop("amount", None)
    is_two_sided = bool({"debit", "credit"} & set(said))
    is_signed = (
        "amount" in said
        and not is_two_sided
        and (
            _tell_direction(draft, columns)
            or bool({"own_account", "balance"} & set(said))
            or any(value.startswith("-") for value in columns[said["amount"]])
        )
    )
    if not (is_two_sided or is_signed) or any(word.startswith(("payer", "beneficiary")) for word in said):
        return
    free = [title for title in columns if title not in said.values()]
    for part, names in OTHER_SIDE.items():
        title = next((title for title in free if key_of(title) in names), None)
        own = said.get("own_account")
        if part == "other_account" and title is None and own is not None and _differs(columns[own]):
            title = said.pop("own_account")
        if title is not None:
            said |= dict.fromkeys((part.replace("other", "payer"), part.replace("other", "beneficiary")), title)


def _tell_direction(draft: Draft, columns: dict[str, list[str]]) -> bool:
    """The column that says of each amount whether it is a debit or a credit, if there is one."""
    rows = max(map(len, columns.values()), default=0)
    for title, values in columns.items():
        for pair in DIRECTIONS:
            found = set(values)
            is_named = key_of(title) in DIRECTION
            if len(values) == rows and found <= {*pair} and (is_named or len(found) == 2):
                draft.columns["direction"] = title
                draft.comments["direction"] = f"all {len(values):,} values are {pair[0]} or {pair[1]}"
                draft.formats += [
                    f"{word} = {toml_string(one)}" for word, one in zip(("outgoing", "incoming"), pair, strict=True)
                ]
                return True
    return False


def _differs(values: Sequence[str]) -> bool:
    """Whether a column of accounts has another one in most rows, and so is not the statement's own."""
    return len(set(values)) * 2 > max(len(values), 2)


def weigh_content(draft: Draft, columns: dict[str, list[str]]) -> None:
    """What the values say about the words: kept beside each, and a word dropped that they speak against."""
    for word, title in list(draft.columns.items()):
        values = columns[title]
        test, name = _test(draft.kind, word)
        if test is None or not values:
            continue
        fitting = sum(test(value) for value in values)
        draft.comments[word] = f"{fitting:,} of {len(values):,} values are {name}"
        if fitting * 2 < len(values):
            del draft.columns[word]
            draft.notes.append(f"column {visible(title)} is called like a {word}, but only {draft.comments[word]}")


def _test(kind: Kind, word: str) -> tuple[Callable[[str], bool] | None, str]:
    if word.endswith("country") or (kind == "entities" and kind_of_property(word) == "country"):
        return (lambda value: alpha2(value) is not None), "countries"
    if word == "currency":
        return (lambda value: value in CURRENCIES), "currencies"
    if word in _MONEY_WORDS:
        return (lambda value: any(re.fullmatch(one.pattern, value) for one in _AMOUNT_FORMATS)), "amounts"
    if word in _DATE_WORDS or (kind == "entities" and kind_of_property(word) == "date"):
        return (lambda value: any(_is_date(value, form) for form in _DATE_FORMATS)), "dates"
    if word in {"step", "count"}:
        return (lambda value: re.fullmatch("-?[0-9]{1,18}", value) is not None), "whole numbers"
    if word == "class":
        return (lambda value: value in EDGE_CLASSES), "edge classes"
    if word == "schema":
        known = set(edge_schemata()) if kind == "links" else set(all_schemata()) - set(edge_schemata())
        return (lambda value: value in known), "schemata"
    return None, ""


def _is_date(value: str, form: str) -> bool:
    try:
        DateFormat(form).read(value)
    except Refusal:
        return False
    return True


def guess_currency(draft: Draft, columns: dict[str, list[str]]) -> None:
    if draft.kind != "payments" or "currency" in draft.columns:
        return
    for title, values in columns.items():
        if values and title not in draft.columns.values() and all(value in CURRENCIES for value in values):
            draft.columns["currency"] = title
            draft.comments["currency"] = f"all {len(values):,} values are currencies"
            return
    draft.defaults.append('# currency = "USD"      # the file does not say: fill it in')
    draft.notes.append("no column holds a currency: give it in [defaults]")


def guess_formats(draft: Draft, columns: dict[str, list[str]], records: int) -> None:
    money = [value for word in _MONEY_WORDS for value in columns.get(draft.columns.get(word, ""), [])]
    if money:
        _amounts(draft, money)
    debits = columns.get(draft.columns.get("debit", ""), [])
    if 2 * (negative := sum(value.startswith("-") for value in debits)) > len(debits):
        draft.formats.append(f"negative_debits = true        # {negative:,} of {len(debits):,} debits have a minus")
    shares = columns.get(draft.columns.get("share", ""), []) if draft.kind == "links" else []
    plain = [value for value in shares if re.fullmatch(r"[0-9.]+", value)]
    if plain and all(float(value) <= 1 for value in plain if value.count(".") < 2):
        draft.formats.append('# share = "fraction"     # or "percent": all shares are 1 or less; say which they are')
    dates = {
        word: columns[title]
        for word, title in draft.columns.items()
        if word in _DATE_WORDS or (draft.kind == "entities" and kind_of_property(word) == "date")
    }
    _dates(draft, dates)
    blanks = sum(value != value.strip(" ") for values in columns.values() for value in values)
    if blanks:
        draft.formats.append(f"trim = true            # {blanks:,} values have blanks around them")
    for word in ("NULL", "\\N", "-0-", "n/a", "N/A", "NaN"):
        found = sum(value == word for values in columns.values() for value in values)
        if found > records // 20:
            draft.formats.append(f"null = [{toml_string(word)}]        # {found:,} cells")


def _amounts(draft: Draft, values: Sequence[str]) -> None:
    # A format with exponents fits all that the same without fits: it says nothing where no amount has one.
    has_exponent = any("e" in value.lower() for value in values)
    forms = [one for one in _AMOUNT_FORMATS if has_exponent or not one.exponent]
    fitting = [one for one in forms if all(re.fullmatch(one.pattern, value) for value in values)]
    if not fitting:
        best = max(forms, key=lambda one: sum(re.fullmatch(one.pattern, v) is not None for v in values))
        odd = [value for value in values if not re.fullmatch(best.pattern, value)]
        draft.notes.append(
            f"{len(odd):,} of {len(values):,} amounts are not in the format {best.example}, such as {quoted(odd[0])}"
        )
        fitting = [best]
    plainest = fitting[0]
    # "1.234" is a thousand or one and a bit: formats that fit alike but read other numbers are ambiguous.
    others = [one for one in fitting[1:] if any(_number(one, v) != _number(plainest, v) for v in values)]
    lines = [f'decimal = "{plainest.decimal}"']
    if plainest.thousands:
        lines.append(f'thousands = "{plainest.thousands}"')
    if plainest.exponent:
        written = sum("e" in value.lower() for value in values)
        lines.append(f"exponent = true        # {written:,} of {len(values):,} amounts")
        draft.notes.append(
            f"{written:,} of {len(values):,} amounts are written with an exponent: a spreadsheet that writes so has "
            "rounded what it shows; compare with the original before you rely on sums"
        )
    if others:
        shown = " or ".join(sorted({one.example for one in (plainest, *others)}))
        draft.notes.append(f"the amounts can be read as {shown}: choose in [formats]")
        draft.formats.append(f"# the amounts fit {shown}: choose")
        lines = [f"# {line}" for line in lines]
    draft.formats += lines


def _number(one: AmountFormat, text: str) -> object:
    try:
        return one.read(text, "CLF")  # four decimals, the most there are
    except Refusal:
        return None


def _dates(draft: Draft, dates: dict[str, list[str]]) -> None:
    for word, values in dates.items():
        if not values:
            continue
        fitting = [form for form in _DATE_FORMATS if all(_is_date(value, form) for value in values)]
        key = word if draft.kind != "entities" else "date"
        if not fitting:
            best = max(_DATE_FORMATS, key=lambda form: sum(_is_date(value, form) for value in values))
            fit = sum(_is_date(value, best) for value in values)
            draft.formats.append(f'{key} = "{best}"       # {fit:,} of {len(values):,} values')
            draft.notes.append(f"{word}: {len(values) - fit:,} of {len(values):,} values are not in the format {best}")
        elif len(fitting) > 1:
            draft.formats.append(
                f"# {key} = {' or '.join(toml_string(form) for form in fitting)}   # ambiguous: choose one"
            )
            draft.notes.append(f"{word}: the dates fit {' and '.join(fitting)}: choose in [formats]")
        elif fitting[0] != "iso":
            draft.formats.append(f'{key} = "{fitting[0]}"')
        if draft.kind == "entities":
            return


def toml_string(text: str) -> str:
    """A TOML basic string: what a hostile header could break out with is escaped."""
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or c in '"\\' else c for c in text)
    return f'"{escaped}"'
