"""What the tests of pages and exports share: a browser, and invented networks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode does not: chromium.py, invented_networks.py

from chromium import Chromium, found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """A headless Chromium; tests that need it skip where there is none."""
    program = found()
    if program is None:
        pytest.skip("Chromium is not here: apt-get install chromium")
    browser = Chromium(program)
    yield browser
    browser.close()
