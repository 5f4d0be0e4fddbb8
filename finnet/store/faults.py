"""What goes wrong in the engine and on the disk, in our words."""

from __future__ import annotations

import contextlib
import errno
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from finnet.errors import CaseDamagedError, CaseError, FinnetError, UsageError, quoted

__all__ = ["engine_errors"]

_SURROGATE = re.compile(r"surrogate '(.*?)' at position (\d+)")
_LONGEST = 200  # the engine's texts may quote whole records


@contextlib.contextmanager
def engine_errors(case: Path) -> Iterator[None]:
    """Tell errors of the engine and the disk as errors of finnet; an interrupted query is an interrupt.

    A bug stays what it is and keeps its traceback.
    """
    try:
        yield
    except FinnetError:
        raise
    except OSError as error:
        raise _disk_error(case, error) from error
    except Exception as error:
        told = _told(case, error)
        if told is error:
            raise
        raise told from error


def _disk_error(case: Path, error: OSError) -> FinnetError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(case)
    where = f"{quoted(error.filename, 200)}: " if error.filename else ""
    return CaseError(f"{case}: {where}{error.strerror or error}", hint="nothing was changed")


def _full(case: Path) -> CaseError:
    place = next((folder for folder in (case, *case.absolute().parents) if folder.exists()), Path("/"))
    free = shutil.disk_usage(place).free
    return CaseError(
        f"{case}: the disk is full ({free / 1e6:,.0f} MB free)",
        hint="nothing was changed; make room, or name a case on another disk with --case",
    )


def _told(case: Path, error: Exception) -> BaseException:
    import duckdb

    text = str(error).split("\n", 1)[0]
    if isinstance(error, duckdb.InterruptException) or (isinstance(error, RuntimeError) and "interrupted" in text):
        return KeyboardInterrupt()
    if not isinstance(error, duckdb.Error):
        return error
    if (found := _SURROGATE.search(text)) and isinstance(error, duckdb.InvalidInputException):
        told = f"an argument is not valid UTF-8: {quoted(found[1])} at position {found[2]}"
        return UsageError(told, hint="see how your terminal, or the file, encodes it")
    told = quoted(text, _LONGEST)
    if "No space left on device" in text:
        return _full(case)
    if isinstance(error, duckdb.OutOfMemoryException):
        return FinnetError(
            "out of memory; nothing was changed", hint="set FINNET_MEMORY higher, as in FINNET_MEMORY=8GB"
        )
    if isinstance(error, duckdb.PermissionException):
        return UsageError(f"SQL: only the views of the case can be read: {told}")
    if isinstance(error, (duckdb.IOException, duckdb.SerializationException)) or ".parquet" in text:
        return CaseDamagedError(f"{case.name}: a data file cannot be read: {told}")
    refused = (
        duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException, duckdb.ConversionException,
        duckdb.InvalidInputException, duckdb.OutOfRangeException, duckdb.SyntaxException, duckdb.TypeMismatchException,
    )  # fmt: skip
    return UsageError(f"SQL: {told}") if isinstance(error, refused) else error
