"""One file per format: ``write(subject, path)`` writes the subject and says which files it wrote.

TITLE     what the format is called
SUFFIX    how its files end
SUBJECT   "network" or "case": what ``write`` takes
"""

from __future__ import annotations

from finnet.catalogue import Catalogue

__all__ = ["EXPORTS"]

EXPORTS = Catalogue("finnet.report.exports", kind="export format", verbs=("TITLE", "SUFFIX", "SUBJECT", "write"))
