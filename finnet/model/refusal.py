"""Why a value cannot be taken as it stands."""

from __future__ import annotations

__all__ = ["Refusal"]


class Refusal(ValueError):
    """A value that is not in the declared format: ``code`` of ``finnet.errors.CODES`` and the words for the user.

    The source turns it into a reject; it never reaches the user as an error by itself.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason
