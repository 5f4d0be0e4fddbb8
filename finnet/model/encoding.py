"""Text files in any encoding, as bytes in which line ends, quotes and delimiters are those of ASCII."""

from __future__ import annotations

import codecs
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from finnet.errors import InputError, MappingError, quoted

__all__ = ["OpenedText", "canonical_encoding", "open_text", "stated_by_mark"]

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
# Encodings that use ASCII's bytes inside other characters, but none of , ; tab quote CR LF.
_TRAILING_ASCII = frozenset(
    {
        "shift_jis",
        "shift_jis_2004",
        "shift_jisx0213",
        "cp932",
        "big5",
        "big5hkscs",
        "cp950",
        "gbk",
        "gb18030",
        "cp949",
        "johab",
    }
)
_SAFE_DELIMITERS = frozenset(",;\t")


@dataclass(frozen=True, slots=True)
class OpenedText:
    """A stream to read records from; ``exact`` says whether its offsets are those of the file on disk."""

    stream: BinaryIO
    encoding: str
    exact: bool


def canonical_encoding(name: str) -> str:
    """Python's name for an encoding.

    >>> canonical_encoding("Windows-1252"), canonical_encoding("UTF8")
    ('cp1252', 'utf-8')

    Raises: MappingError for one that Python does not know.
    """
    try:
        found = codecs.lookup(name)
    except LookupError as error:
        raise MappingError(
            f"no encoding called {quoted(name)}", hint="for example utf-8, cp1252, euc-kr or utf-16"
        ) from error
    if not found._is_text_encoding:
        raise MappingError(
            f"{quoted(name)} is not an encoding of text", hint="for example utf-8, cp1252, euc-kr or utf-16"
        )
    return "utf-8" if found.name in {"utf-8-sig", "ascii"} else found.name


def stated_by_mark(start: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark states, and the mark's length."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding, len(mark)
    return None


def open_text(path: Path, encoding: str, *, delimiter: str = ",", name: str | None = None) -> OpenedText:
    """The file as it is, where the encoding keeps ASCII's bytes; else a transcoded copy in UTF-8, without its mark.

    Raises: InputError (E1103) where the file to be transcoded is not in the encoding.
    """
    encoding = canonical_encoding(encoding)
    if _keeps_ascii(encoding, delimiter):
        return OpenedText(path.open("rb"), encoding, True)
    copy = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = 0
    with path.open("rb") as file:
        first = True
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                copy.close()
                raise InputError(
                    f"{quoted(name or path.name)} near byte {done + error.start:,}: not valid {encoding}",
                    code="E1103",
                    hint="set encoding in [formats] to what the file is in",
                ) from error
            done += len(chunk)
            copy.write((text.removeprefix("\ufeff") if first else text).encode())
            first = first and not text
            if not chunk:
                break
    copy.seek(0)
    return OpenedText(copy, "utf-8", False)


def _keeps_ascii(encoding: str, delimiter: str) -> bool:
    if encoding in {"utf-8", "euc_kr", "euc_jp", "gb2312"}:
        return True
    if encoding in _TRAILING_ASCII:
        return delimiter in _SAFE_DELIMITERS
    every = bytes(range(128))
    try:
        # One byte per character, and ASCII is itself: every single-byte encoding but EBCDIC and its kin.
        return (
            every.decode(encoding) == every.decode("ascii")
            and all(len(bytes([byte]).decode(encoding, "replace")) == 1 for byte in range(256))
            and len((b"\xe9" * 4).decode(encoding, "replace")) == 4
            and encoding not in {"utf-7", "hz"}
            and not encoding.startswith("iso2022")
        )
    except UnicodeDecodeError:
        return False
