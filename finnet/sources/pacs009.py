"""ISO 20022 pacs.009 transfers between banks, XML: what banks pay each other, cover payments too."""

from __future__ import annotations

from collections.abc import Sequence

from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.sources._messages.iso20022 import is_message
from finnet.sources._messages.pacs import Transfers, bank_party, read_transfers

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "ISO 20022 pacs.009 transfers between banks, XML"
GRADE = "B2"  # a bank's own messages, as handed on by somebody
IS_LIST = False
TOGETHER = True

_KIND = Transfers(message="pacs.009", body="FICdtTrf", title=TITLE, party=bank_party)


def sniff(head: Head) -> bool:
    """Whether the file has the namespace of pacs.009."""
    return is_message(head, "pacs.009")


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """Each transaction as a payment from debtor to creditor, at the amount settled between the banks.

    Raises: InputError for what is no pacs.009, or holds what none needs.
    """
    return read_transfers(_KIND, files, options)
