"""Run benchmarks: ``python -m benchmarks`` all, ``python -m benchmarks graph`` one."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from benchmarks import PARTS

__all__ = ["main"]


def main(names: list[str]) -> int:
    """Print one line per comparison as it is made; 2 for a benchmark that does not exist."""
    here = Path(__file__).parent
    known = sorted(path.stem for path in here.glob("*.py") if not path.stem.startswith("_"))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no benchmark called {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    print(f"{'what':<62} {'finnet':>11} {'peer':>11} {'ratio':>8}  of")
    parts = {part for whole in PARTS.values() for part in whole}
    for name in names or [name for name in known if name not in parts]:
        module = importlib.import_module(f"benchmarks.{name}")
        if not hasattr(module, "comparisons"):
            print(f"{name}: prints a table of its own: python -m benchmarks.{name}", file=sys.stderr)
            continue
        for one in module.comparisons():
            unit = f"{one.unit:<2}"
            took = f"{one.finnet:>9.3f}{unit} {one.seconds:>9.3f}{unit} {one.ratio:>7.1f}x"
            print(f"{f'{name}: {one.what}':<62} {took}  {one.peer}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
