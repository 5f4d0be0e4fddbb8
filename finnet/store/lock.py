"""One writer at a time: the case's lock file, with the holder's name in it."""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from finnet.errors import CaseBusyError

__all__ = ["LOCK", "writing"]

LOCK = "lock"
_POLL_SECONDS = 0.1


@contextlib.contextmanager
def writing(case: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the case for writing; the lock goes with the process, however it ends. Makes the folder if there is none.

    Raises: CaseBusyError naming the holder if it is not free within ``wait`` seconds.
    """
    handle = _acquire(case, time.monotonic() + wait)
    try:
        since = datetime.datetime.now(datetime.UTC).strftime("%H:%M:%S UTC")
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "since": since}).encode(), 0)
        yield
    finally:
        os.ftruncate(handle, 0)
        os.close(handle)


def _acquire(case: Path, deadline: float) -> int:
    path = case / LOCK
    while True:
        case.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(path, handle):
                return handle
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                os.close(handle)
                raise CaseBusyError(
                    f"{case.name}: in use by {_holder(path)}", hint="wait for it, or say --wait SECONDS"
                ) from error
            time.sleep(_POLL_SECONDS)
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _is_still(path: Path, handle: int) -> bool:
    """Whether the locked file is the one that others find: a failed first ingest takes its lock file away."""
    try:
        return path.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    try:
        said = json.loads(path.read_text())
        return f"finnet (pid {int(said['pid'])}, since {said['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another finnet"
