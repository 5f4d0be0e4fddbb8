r"""Untrusted text made safe to look at: what is invisible or moves the cursor is shown as ``\u{..}``."""

from __future__ import annotations

import unicodedata

__all__ = ["csv_safe", "folded", "one_line", "visible"]

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORMULA = frozenset("=+-@\t\r＝＋－＠")
_JOINERS = frozenset("\u200c\u200d")


def visible(text: str) -> str:
    r"""The text with control, format and unassigned characters shown as ``\u{hex}``.

    Joiners between two letters of a script that needs them (Arabic, Indic) are kept. Printable text comes back
    unchanged. A newline is a control character too: one value is one line.

    >>> visible("Acme\x1b[31m\u202eCo")
    'Acme\\u{1b}[31m\\u{202e}Co'
    >>> visible("이름")
    '이름'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character if _is_shown(text, place) else f"\\u{{{ord(character):x}}}" for place, character in enumerate(text)
    )


def _is_shown(text: str, place: int) -> bool:
    character = text[place]
    if character in _JOINERS:
        around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
        return len(around) == 2 and all(unicodedata.category(c)[0] in "LM" and ord(c) >= 0x0600 for c in around)
    return unicodedata.category(character) not in _HIDDEN


def one_line(text: str, width: int) -> str:
    """Visible text cut to ``width`` characters with an ellipsis.

    >>> one_line("Plainly Invented Holdings", 10)
    'Plainly I…'
    """
    shown = visible(text)
    return shown if len(shown) <= width else shown[: max(0, width - 1)] + "…"


def csv_safe(text: str) -> str:
    """Text for a spreadsheet: what a spreadsheet would run as a formula gets an apostrophe in front.

    For text columns only: a negative number in a number column must stay a number.

    >>> csv_safe("=HYPERLINK(1)"), csv_safe("  @x"), csv_safe("Acme")
    ("'=HYPERLINK(1)", "'  @x", 'Acme')

    Source: OWASP, CSV Injection.
    """
    stripped = text.lstrip(" \u3000\xa0\n")
    return f"'{text}" if stripped and stripped[0] in _FORMULA else text


def folded(text: str) -> str:
    """A search key: no case, no accents, no invisible characters, single spaces.

    >>> folded("  Société  Générale ")
    'societe generale'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) not in _HIDDEN)
    return " ".join(unicodedata.normalize("NFC", kept).split())
