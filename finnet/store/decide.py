"""Writing down what an analyst decided: one signed, dated line more, under the case's lock, all of it or nothing."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from finnet.errors import UsageError
from finnet.store.decisions import DECISIONS
from finnet.store.faults import engine_errors
from finnet.store.lock import writing

__all__ = ["decide"]


def decide(case: Path, decisions: Sequence[Mapping[str, Any]]) -> None:
    """Add decisions at the end of ``decisions.jsonl``; each says who decided (``by``) and when (``on``).

    Nothing that was decided before is ever changed: what is taken back is taken back by a further line.

    Raises: CaseBusyError if another finnet writes to the case.
    """
    for decision in decisions:
        for name in ("by", "on"):
            if not decision.get(name):
                raise UsageError(f"a decision without {name!r}", hint="say who decides with --by")
    lines = "".join(json.dumps(dict(one), ensure_ascii=False, sort_keys=True) + "\n" for one in decisions)
    path = case / DECISIONS
    with engine_errors(case), writing(case):
        before = path.read_bytes() if path.is_file() else b""
        if before and not before.endswith(b"\n"):
            before += b"\n"
        handle, temporary = tempfile.mkstemp(dir=case, prefix=".decisions-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(before + lines.encode())
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
