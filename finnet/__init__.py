"""finnet: who owns, pays and represents whom, and which few designations would bite hardest.

Everything a notebook needs is here under the same words as on the command line:

    import finnet
    case = finnet.open_case("case.finnet")
    finnet.choke(case.network("influence"), budget=5).frame
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finnet.version import __version__ as __version__

if TYPE_CHECKING:
    from finnet.api import *  # noqa: F403
    from finnet.query.run import run as run
    from finnet.query.verify import verify as verify

_QUERY_VERBS = ("run", "verify")


def __getattr__(name: str) -> Any:
    # The verbs are looked up when first used, so that `import finnet` and `finnet --help` stay quick.
    if name.startswith("_"):
        raise AttributeError(f"module 'finnet' has no attribute {name!r}")
    if name in _QUERY_VERBS:
        return getattr(importlib.import_module("finnet.query"), name)
    api = importlib.import_module("finnet.api")
    if name not in api.__all__:
        raise AttributeError(f"module 'finnet' has no attribute {name!r}")
    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted([*importlib.import_module("finnet.api").__all__, *_QUERY_VERBS, "__version__"])


def _give_compiled_code_a_place() -> None:
    """numba refuses to work where it can keep what it compiled neither beside the code nor in a user's cache folder.

    So it is for a user without a home, with finnet installed by somebody else: then the place is a new folder of this
    process alone. One that others can write to would let them choose what runs.
    """
    package = Path(__file__).parent / "analysis"
    # Not Path: it raises where there is no home, or one that may not be looked into.
    user = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    while not os.path.exists(user) and user != os.path.dirname(user):  # noqa: PTH110, PTH120
        user = os.path.dirname(user)  # noqa: PTH120
    if "NUMBA_CACHE_DIR" in os.environ or os.access(package, os.W_OK) or os.access(user, os.W_OK | os.X_OK):
        return
    import atexit
    import shutil
    import tempfile

    place = tempfile.mkdtemp(prefix="finnet-compiled-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    os.environ["NUMBA_CACHE_DIR"] = place


_give_compiled_code_a_place()
