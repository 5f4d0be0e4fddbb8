"""The vis-network library as pyvis ships it, read without importing pyvis (which takes a second)."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from finnet.errors import NotProvidedError

__all__ = ["vis_network"]

_FILE = "templates/lib/vis-9.1.2/vis-network.min.js"


def vis_network() -> str:
    """The library's text, fit to stand inside a script element.

    Raises: NotProvidedError if pyvis or the file in it is missing, or if the file could end its script element early.
    """
    spec = find_spec("pyvis")
    if spec is None or not spec.submodule_search_locations:
        raise NotProvidedError(
            "pyvis is not installed, whose vis-network draws the page", hint="pip install pyvis~=0.3.2"
        )
    path = Path(spec.submodule_search_locations[0]) / _FILE
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise NotProvidedError(f"this pyvis has no {_FILE}", hint="pip install pyvis~=0.3.2") from error
    # A browser reads every line end as "\n" before it hashes a script. The map is another file: a browser's developer
    # tools would ask for it. Lines are split at "\n" alone, because the library holds U+0085 and U+2028 inside texts.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(line for line in text.split("\n") if not line.startswith("//# sourceMappingURL"))
    if "</script" in text.lower() or "<!--" in text:
        raise NotProvidedError(f"pyvis' {_FILE} is not the one finnet knows", hint="pip install pyvis~=0.3.2")
    return text
