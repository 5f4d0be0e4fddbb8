"""Which limb of control a recorded tie touches, and whether what is recorded meets it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Touch", "limb_of"]

_MAJORITY = 500_000  # ppm: a majority is more than this


@dataclass(frozen=True, slots=True)
class Touch:
    """``met`` is yes, no, possibly, or not stated: where the record names a right and not its extent."""

    limb: str
    met: str


# Of rights with an extent, what the record has to state is a majority.
_EXTENT = {
    "votingRights": "voting_majority",
    "appointmentOfBoard": "board_majority",
}
# Whether such a right amounts to what the limb asks is a question of fact: no record alone decides it.
_POSSIBLY = {
    "otherInfluenceOrControl": "dominant_influence",
    "controlViaCompanyRulesOrArticles": "dominant_influence",
    "controlByLegalFramework": "dominant_influence",
    "significant-influence-or-control": "dominant_influence",
    "nominator": "dominant_influence",
    "trustee": "dominant_influence",
    "protector": "dominant_influence",
    "settlor": "dominant_influence",
    "rightsGrantedByContract": "contract",
    "conditionalRightsGrantedByContract": "contract",
    "rightToProfitOrIncomeFromAssets": "assets",
}
_BOARD = frozenset({"boardMember", "boardChair", "seniorManagingOfficial"})


def limb_of(edge_class: str, schema: str | None, role: str | None, low: int | None, high: int | None) -> Touch | None:
    """The limb that a link touches; None for one that says nothing about control.

    ``low`` and ``high`` are ppm, as far as they are stated. Shares never count here, and what is met is never
    ownership: that a holder of more than half of the shares usually has the votes is for the reader to say.

    >>> limb_of("control", "Control", "votingRights", 500_001, 749_999)
    Touch(limb='voting_majority', met='yes')
    >>> limb_of("control", "Control", "voting-rights-25-to-50-percent", 250_001, 500_000)
    Touch(limb='voting_majority', met='no')
    >>> limb_of("governance", "Directorship", "director", None, None)
    Touch(limb='board_majority', met='not stated')
    """
    kind = (role or "").removeprefix("indirect ")
    if edge_class == "consolidation":
        # Consolidated accounts are one half of the EU's criterion; management on a unified basis is the other.
        return Touch("unified_management", "possibly")
    if kind == "enjoymentAndUseOfAssets":
        return Touch("assets", "yes")
    if kind.startswith("right-to-appoint-and-remove"):
        return Touch("board_majority", "yes")  # the register's wording: a majority of the board
    if kind.startswith("voting-rights"):
        kind = "votingRights"
    if kind.startswith("significant-influence-or-control"):
        kind = "significant-influence-or-control"
    if kind in _EXTENT:
        return Touch(_EXTENT[kind], _majority(low, high))
    if kind in _POSSIBLY:
        return Touch(_POSSIBLY[kind], "possibly")
    if kind in _BOARD or (edge_class == "governance" and schema == "Directorship"):
        return Touch("board_majority", "not stated")
    if edge_class == "control":
        return Touch("dominant_influence", "possibly")
    return None


def _majority(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return "not stated"
    if (low or 0) > _MAJORITY:
        return "yes"
    return "no" if high is not None and high <= _MAJORITY else "possibly"
