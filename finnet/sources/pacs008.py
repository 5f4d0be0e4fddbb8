"""ISO 20022 pacs.008 customer credit transfers, XML: what customers pay, with all banks on the way."""

from __future__ import annotations

from collections.abc import Sequence

from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.sources._messages.iso20022 import is_message, party_of
from finnet.sources._messages.pacs import Transfers, read_transfers

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "ISO 20022 pacs.008 customer credit transfers, XML"
GRADE = "B2"  # a bank's own messages, as handed on by somebody
IS_LIST = False
TOGETHER = True

_KIND = Transfers(message="pacs.008", body="FIToFICstmrCdtTrf", title=TITLE, party=party_of)


def sniff(head: Head) -> bool:
    """Whether the file has the namespace of pacs.008."""
    return is_message(head, "pacs.008")


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """Each transaction as a payment from debtor to creditor, at the amount settled between the banks.

    Raises: InputError for what is no pacs.008, or holds what none needs.
    """
    return read_transfers(_KIND, files, options)
