"""finnet: who owns, pays and represents whom, and which few designations would bite hardest.

Everything a notebook needs is here under the same words as on the command line:

    import finnet
    case = finnet.open_case("case.finnet")
    finnet.choke(case.network("influence"), budget=5).frame
"""

from __future__ import annotations

import importlib
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
