"""A mapping proposed for a table: what its columns seem to be, by name and by content, with the counts it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from finnet.errors import InputError, MappingError, quoted
from finnet.model.countries import alpha2
from finnet.model.currency import CURRENCIES
from finnet.model.dates import DateFormat
from finnet.model.edge_class import EDGE_CLASSES
from finnet.model.encoding import stated_by_mark
from finnet.model.mapping import Kind, read_mapping, words_of
from finnet.model.money import AmountFormat
from finnet.model.reading import SourceFile
from finnet.model.refusal import Refusal
from finnet.model.schema import all_schemata, edge_schemata
from finnet.sources._tables.entities import kind_of_property
from finnet.sources._tables.opened import OpenedTable, first_records, open_table
from finnet.sources._tables.rows import preview_rows
from finnet.text import folded, visible

__all__ = ["Proposal", "propose"]

_SAMPLE = 5_000
_PREVIEW = 10
# Tried in this order when the file is not UTF-8; never taken, only named.
_SUGGESTED = ("cp1252", "cp1251", "euc-kr", "gb18030", "shift_jis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The mapping as TOML text to look at and correct, ten rows as it would read them, and what was noticed."""

    toml: str
    rows: list[dict[str, object]]
    notes: tuple[str, ...] = ()


# What columns are called, folded and without blanks, by finnet's words. A name decides only where it is one of these.
_NAMES: dict[Kind, dict[str, str]] = {
    "payments": {
        "payer": "from|payer|payerid|sender|senderid|source|sourceid|originator|originatorid|originatorbankid|orig|nameorig"
        "|debtor|debtorid|remitter|fromid|sourcenodeid|sourceaccount|ordering|orderingcustomer|von|absender",
        "payer_name": "payername|sendername|fromname|originatorname|originatorbank|debtorname|remittername|orderingname|auftraggeber",
        "payer_account": "payeraccount|fromaccount|senderaccount|debtoraccount|fromiban|senderiban|accountfrom|debitaccount",
        "payer_country": "payercountry|fromcountry|sendercountry|originatoriso|originatorcountry|debtorcountry",
        "beneficiary": "to|beneficiary|beneficiaryid|receiver|receiverid|target|targetid|payee|payeeid|creditor|creditorid"
        "|recipient|toid|targetnodeid|namedest|beneficiarybankid|targetaccount|an|empfangerid",
        "beneficiary_name": "beneficiaryname|receivername|toname|payeename|creditorname|recipientname|beneficiarybank|empfanger",
        "beneficiary_account": "beneficiaryaccount|toaccount|receiveraccount|creditoraccount|toiban|receiveriban|accountto|creditaccount",
        "beneficiary_country": "beneficiarycountry|tocountry|receivercountry|beneficiaryiso|creditorcountry",
        "intermediary": "intermediary|intermediaryid|correspondent|filerorgnameid",
        "intermediary_name": "intermediaryname|correspondentname|filerorgname",
        "amount": "amount|value|sum|total|betrag|amounttransactions|transactionamount|amt|paymentamount",
        "currency": "currency|ccy|curr|currencycode|wahrung|isocurrency",
        "count": "count|numbertransactions|ntransactions|transactions",
        "date": "date|booked|bookedon|bookingdate|valuedate|transactiondate|paymentdate|begindate|datum|buchungstag|postingdate",
        "date_to": "dateto|enddate|until|todate",
        "booked_at": "bookedat|timestamp|datetime|transactiontime",
        "step": "step|time|tick|period",
        "purpose": "purpose|description|reference|memo|details|remittanceinformation|narrative|verwendungszweck|reason",
        "commodity": "commodity|goods|cargo|product",
        "payment_id": "paymentid|transactionid|txid|id|reference number|transaction|uetr",
        "own_account": "ownaccount|account|accountnumber|iban",
        "debit": "debit|debitamount|withdrawal|withdrawals|moneyout|paidout|soll",
        "credit": "credit|creditamount|deposit|deposits|moneyin|paidin|haben",
        "balance": "balance|runningbalance|saldo|closingbalance",
    },
    "links": {
        "id": "id|linkid|relationid|edgeid",
        "source": "source|from|sourceid|fromid|owner|ownerid|parent|parentid|nodeid1|startid|start|filerorgnameid",
        "source_name": "sourcename|fromname|ownername|parentname|filerorgname",
        "source_country": "sourcecountry|fromcountry|ownercountry",
        "target": "target|to|targetid|toid|asset|assetid|company|companyid|subsidiary|subsidiaryid|child|childid|nodeid2|endid|entitybid",
        "target_name": "targetname|toname|assetname|companyname|subsidiaryname|childname|entityb",
        "target_country": "targetcountry|tocountry|assetcountry|entitybisocode|companycountry",
        "class": "class|edgeclass",
        "schema": "schema",
        "role": "role|relation|relationship|relationshiptype|type|link|reltype",
        "share": "share|percentage|percent|ownership|stake|shareholding|pct|shares",
        "start": "startdate|since|validfrom|begindate",
        "end": "enddate|until|validto|dateto",
    },
    "entities": {
        "id": "id|entityid|nodeid|uid|key",
        "schema": "schema|entitytype",
        "name": "name|entityname|fullname|companyname|caption|legalname|shipname|vesselname",
        "country": "country|countrycode|nationality|iso|countries|countrycodes",
        "jurisdiction": "jurisdiction|jurisdictioncode|incorporatedin",
        "flag": "flag|flagstate",
        "imoNumber": "imo|imonumber",
        "registrationNumber": "registrationnumber|companynumber|regno|registration",
        "birthDate": "birthdate|dateofbirth|dob",
        "incorporationDate": "incorporationdate|incorporated|dateofincorporation",
        "address": "address|addresses",
        "alias": "alias|aliases|aka|othernames",
        "topics": "topics",
        "tags": "tags",
        "website": "website|url",
        "phone": "phone|telephone",
        "email": "email|mail",
    },
}
_NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "payments": (("amount", "debit", "credit"), ("payer", "payer_name", "payer_account", "own_account", "beneficiary")),
    "links": (("source", "source_name"), ("target", "target_name")),
    "entities": (("id", "name"),),
}
_DATE_WORDS = {"date", "date_to", "booked_at", "start", "end"}
_MONEY_WORDS = {"amount", "debit", "credit", "balance"}
_DATE_FORMATS = (
    "iso", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%b %d, %Y",
    "%d %b %Y", "%d-%b-%Y", "%B %d, %Y", "%d %B %Y", "%m/%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%Y/%m/%d %H:%M:%S",
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
class _Draft:
    """The mapping while it is put together."""

    kind: Kind
    columns: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)  # word -> what speaks for it
    defaults: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def propose(file: SourceFile) -> Proposal:
    """Look at the file's name, header and first records. What is ambiguous is a comment, never a choice.

    Raises: InputError for what is no table or, like Parquet, holds columns that only the engine reads.
    """
    encoding, notes = _encoding(file)
    table = open_table(file, None if encoding is None else read_mapping(_bare(encoding)))
    if table.layout == "parquet":
        raise InputError(
            f"{quoted(file.name)}: a Parquet file is not looked into",
            hint="write the mapping by hand; docs/mappings.md has one",
        )
    if not table.titles:
        return Proposal(toml="", rows=[], notes=(*notes, *table.notes, "there is nothing to propose a mapping for"))
    records = [row for _, row in first_records(table, _SAMPLE) if row is not None and any(row)]
    columns = {
        title: [row[place] for row in records if row[place]] for place, title in enumerate(table.titles) if title
    }
    draft = _draft(columns, len(records))
    draft.notes = [*notes, *table.notes, *draft.notes]
    text = _toml(file, table, draft, encoding, len(records))
    rows = _preview(file, text, draft)
    return Proposal(toml=text, rows=rows, notes=tuple(draft.notes))


def _preview(file: SourceFile, text: str, draft: _Draft) -> list[dict[str, object]]:
    # A currency that is still to be filled in changes nothing about what the other columns are.
    shown = text.replace("# currency =", "currency =", 1) if "currency" not in draft.columns else text
    try:
        mapping = read_mapping(shown.encode(), "the proposal")
        rows = preview_rows(open_table(file, mapping), mapping, _PREVIEW)
    except MappingError as error:
        draft.notes.append(f"the proposal is not complete yet: {error}")
        return []
    return [{word: v for word, v in row.items() if shown == text or word != "currency"} for row in rows]


def _bare(encoding: str) -> bytes:
    return f'kind = "entities"\n[columns]\nname = "name"\n[formats]\nencoding = "{encoding}"\n'.encode()


def _encoding(file: SourceFile) -> tuple[str | None, list[str]]:
    """The encoding to declare, None where UTF-8 or a mark says it; a suggestion where the file is not UTF-8."""
    with file.path.open("rb") as stream:
        start = stream.read(1 << 22)
    if stated_by_mark(start) or start[:4] in (b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return None, []
    try:
        start.decode()
    except UnicodeDecodeError as error:
        if error.start >= len(start) - 3 and len(start) == 1 << 22:
            return None, []
        possible = [name for name in _SUGGESTED if _decodes(start, name)]
        if not possible:
            return None, ["the file is not in UTF-8, and no common encoding fits"]
        said = (
            f"the file is not in UTF-8 (byte {error.start:,}); {', '.join(possible)} can read it: check which is right"
        )
        return possible[0], [said]
    return None, []


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start >= len(text) - 4
    return True


def _draft(columns: dict[str, list[str]], records: int) -> _Draft:
    drafts = [_by_name(kind, columns) for kind in ("payments", "links", "entities")]
    complete = [
        draft for draft in drafts if all(any(w in draft.columns for w in words) for words in _NEEDED[draft.kind])
    ]
    chosen = max(complete or drafts, key=lambda draft: (len(draft.columns), -drafts.index(draft)))
    if chosen.kind == "payments" and not {"debit", "credit"} & set(chosen.columns):
        for word in ("own_account", "balance"):
            chosen.columns.pop(word, None)
    if not complete:
        chosen.notes.append("the columns' names do not say what this table is: correct [columns] by hand")
    _by_content(chosen, columns)
    _currency(chosen, columns)
    _formats(chosen, columns, records)
    if chosen.kind == "links" and not {"class", "schema"} & set(chosen.columns):
        chosen.defaults.append('class = "linked"      # ownership, control, governance, … : see docs/mappings.md')
    return chosen


def _by_name(kind: Kind, columns: dict[str, list[str]]) -> _Draft:
    draft = _Draft(kind=kind)
    taken: set[str] = set()
    for word, names in _NAMES[kind].items():
        for title in columns:
            key = re.sub(r"[^a-z0-9]", "", folded(title))
            if title not in taken and (key in names.split("|") or key == word.replace("_", "").lower()):
                draft.columns[word] = title
                taken.add(title)
                break
    if kind == "entities":
        known = {word.lower(): word for word in words_of("entities")}
        for title in columns:
            same = known.get(re.sub(r"[^a-z0-9]", "", folded(title)))
            if title not in taken and same is not None and same not in draft.columns:
                draft.columns[same] = title
    return draft


def _by_content(draft: _Draft, columns: dict[str, list[str]]) -> None:
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


def _currency(draft: _Draft, columns: dict[str, list[str]]) -> None:
    if draft.kind != "payments" or "currency" in draft.columns:
        return
    for title, values in columns.items():
        if values and title not in draft.columns.values() and all(value in CURRENCIES for value in values):
            draft.columns["currency"] = title
            draft.comments["currency"] = f"all {len(values):,} values are currencies"
            return
    draft.defaults.append('# currency = "USD"      # the file does not say: fill it in')
    draft.notes.append("no column holds a currency: give it in [defaults]")


def _formats(draft: _Draft, columns: dict[str, list[str]], records: int) -> None:
    money = [value for word in _MONEY_WORDS for value in columns.get(draft.columns.get(word, ""), [])]
    if money:
        _amounts(draft, money)
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
            draft.formats.append(f"null = [{_string(word)}]        # {found:,} cells")


def _amounts(draft: _Draft, values: Sequence[str]) -> None:
    fitting = [one for one in _AMOUNT_FORMATS if all(re.fullmatch(one.pattern, value) for value in values)]
    if not fitting:
        best = max(_AMOUNT_FORMATS, key=lambda one: sum(re.fullmatch(one.pattern, v) is not None for v in values))
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
        lines.append("exponent = true")
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


def _dates(draft: _Draft, dates: dict[str, list[str]]) -> None:
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
                f"# {key} = {' or '.join(_string(form) for form in fitting)}   # ambiguous: choose one"
            )
            draft.notes.append(f"{word}: the dates fit {' and '.join(fitting)}: choose in [formats]")
        elif fitting[0] != "iso":
            draft.formats.append(f'{key} = "{fitting[0]}"')
        if draft.kind == "entities":
            return


def _toml(file: SourceFile, table: OpenedTable, draft: _Draft, encoding: str | None, records: int) -> str:
    used = set(draft.columns.values())
    lines = [
        f"# Proposed for {visible(file.name)} from its first {records:,} records: check it before you rely on it.",
        f'kind    = "{draft.kind}"',
        f"dataset = {_string(re.sub(r'[^A-Za-z0-9_]+', '_', Path(file.name).stem).strip('_').lower() or 'table')}",
        '# grade = "B2"          # how far the source is trusted: A to F, 1 to 6',
        "",
        "[columns]",
    ]
    width = max((len(word) for word in draft.columns), default=0)
    for word, title in draft.columns.items():
        comment = f"   # {draft.comments[word]}" if word in draft.comments else ""
        lines.append(f"{word:{width}} = {_string(title)}{comment}")
    lines += [f"# not used: {visible(title)}" for title in table.titles if title and title not in used]
    lines += ["", "[defaults]", *draft.defaults, "", "[formats]", *draft.formats]
    if table.layout == "delimited":
        lines.append(f"delimiter = {_string(table.delimiter)}")
        lines.append(f'encoding = "{encoding or table.encoding}"')
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """A TOML basic string: what a hostile header could break out with is escaped."""
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or c in '"\\' else c for c in text)
    return f'"{escaped}"'
