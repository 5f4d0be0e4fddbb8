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

__all__ = ["writing"]

_POLL_SECONDS = 0.1


@contextlib.contextmanager
def writing(case: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the case for writing; the lock goes with the process, however it ends.

    Raises: CaseBusyError naming the holder if it is not free within ``wait`` seconds.
    """
    path = case / "lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= deadline:
                    raise CaseBusyError(
                        f"{case.name}: in use by {_holder(path)}", hint="wait for it, or say --wait SECONDS"
                    ) from error
                time.sleep(_POLL_SECONDS)
        started = datetime.datetime.now(datetime.UTC).strftime("%H:%M:%S UTC")
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "since": started}).encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _holder(path: Path) -> str:
    try:
        said = json.loads(path.read_text())
        return f"finnet (pid {int(said['pid'])}, since {said['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another finnet"
