"""Text that may stand in an XML 1.0 document."""

from __future__ import annotations

import re

__all__ = ["attribute", "content", "has_illegal", "identity", "legal"]

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_SPECIAL = re.compile('[&<>"\t\n\r]')


def has_illegal(text: str) -> bool:
    """Whether XML 1.0 has no way to write a character of the text, not even as a reference."""
    return bool(_ILLEGAL.search(text))


def legal(text: str) -> str:
    r"""The text with each character that XML 1.0 cannot hold replaced by U+FFFD.

    >>> legal("NUL\x00")
    'NUL\ufffd'

    Source: W3C, Extensible Markup Language 1.0, fifth edition, 2.2.
    """
    return _ILLEGAL.sub("\ufffd", text)


def identity(text: str) -> str:
    """The id of a node: legal text, ``(no id)`` for an empty one, which some readers refuse.

    >>> identity(""), identity("a")
    ('(no id)', 'a')
    """
    return legal(text) or "(no id)"


def attribute(text: str) -> str:
    r"""A quoted attribute value; line ends and tabs are written as references, so that they are not turned into spaces.

    >>> attribute('a "b"\n')
    '"a &quot;b&quot;&#10;"'
    """
    return f'"{content(text)}"'


def content(text: str) -> str:
    """Text between tags, escaped; legal characters only."""
    return _SPECIAL.sub(lambda found: _MARKUP[found.group()], legal(text))
