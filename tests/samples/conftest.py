"""The sample as it ships, written once for all of its tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode does not: sample_networks.py

from finnet.samples import cold_harbour


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the files of the sample."""
    folder = tmp_path_factory.mktemp("cold_harbour")
    cold_harbour.write(folder)
    return folder
