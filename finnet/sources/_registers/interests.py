"""What each kind of interest in beneficial ownership data is: ownership, control or governance, and how large."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from finnet.errors import quoted

__all__ = ["INTERESTS", "interval", "kind_of"]

# Interest type (0.4 and 0.3, then 0.2's spellings) -> edge class, FtM schema. Source: Beneficial Ownership Data
# Standard, codelist interestType. Shares in profit or surplus are not shares in the entity: they are linked only.
INTERESTS: dict[str, tuple[str, str]] = {
    "shareholding": ("ownership", "Ownership"),
    "votingRights": ("control", "Control"),
    "appointmentOfBoard": ("control", "Control"),
    "otherInfluenceOrControl": ("control", "Control"),
    "controlViaCompanyRulesOrArticles": ("control", "Control"),
    "controlByLegalFramework": ("control", "Control"),
    "rightsGrantedByContract": ("control", "Control"),
    "conditionalRightsGrantedByContract": ("control", "Control"),
    "trustee": ("control", "Control"),
    "protector": ("control", "Control"),
    "settlor": ("control", "Control"),
    "nominator": ("control", "Control"),
    "nominee": ("representation", "Representation"),
    "beneficiaryOfLegalArrangement": ("linked", "UnknownLink"),
    "rightsToSurplusAssetsOnDissolution": ("linked", "UnknownLink"),
    "rightsToProfitOrIncome": ("linked", "UnknownLink"),
    "rightToProfitOrIncomeFromAssets": ("linked", "UnknownLink"),
    "enjoymentAndUseOfAssets": ("linked", "UnknownLink"),
    "unknownInterest": ("linked", "UnknownLink"),
    "unpublishedInterest": ("linked", "UnknownLink"),
    "seniorManagingOfficial": ("governance", "Directorship"),
    "boardMember": ("governance", "Directorship"),
    "boardChair": ("governance", "Directorship"),
}

_OLDER = {
    "voting-rights": "votingRights",
    "appointment-of-board": "appointmentOfBoard",
    "influence-or-control": "otherInfluenceOrControl",
    "other-influence-or-control": "otherInfluenceOrControl",
    "senior-managing-official": "seniorManagingOfficial",
    "settlor-of-trust": "settlor",
    "trustee-of-trust": "trustee",
    "protector-of-trust": "protector",
    "beneficiary-of-trust": "beneficiaryOfLegalArrangement",
    "other-influence-or-control-of-trust": "otherInfluenceOrControl",
    "rights-to-surplus-assets-on-dissolution": "rightsToSurplusAssetsOnDissolution",
    "rights-to-surplus-assets": "rightsToSurplusAssetsOnDissolution",
    "rights-to-profit-or-income": "rightsToProfitOrIncome",
    "rights-granted-by-contract": "rightsGrantedByContract",
    "conditional-rights-granted-by-contract": "conditionalRightsGrantedByContract",
    "control-via-company-rules-or-articles": "controlViaCompanyRulesOrArticles",
    "control-by-legal-framework": "controlByLegalFramework",
    "board-member": "boardMember",
    "board-chair": "boardChair",
    "unknown-interest": "unknownInterest",
    "unpublished-interest": "unpublishedInterest",
    "enjoyment-and-use-of-assets": "enjoymentAndUseOfAssets",
    "right-to-profit-or-income-from-assets": "rightToProfitOrIncomeFromAssets",
}


def kind_of(interest: object) -> tuple[str, str, str]:
    """(edge class, FtM schema, the type's present-day name). A type nobody knows is ``linked`` under its own name.

    >>> kind_of("voting-rights"), kind_of(None)
    (('control', 'Control', 'votingRights'), ('linked', 'UnknownLink', 'unspecified interest'))
    """
    if not interest or not isinstance(interest, str):
        return "linked", "UnknownLink", "unspecified interest"
    name = _OLDER.get(interest, interest)
    edge_class, schema = INTERESTS.get(name, ("linked", "UnknownLink"))
    return edge_class, schema, name


def interval(share: Mapping[str, Any] | None) -> tuple[int, int] | None:
    """The share in ppm from its bounds in percent; None where none is stated.

    An exclusive bound is one part per million inside: "more than 25, less than 50" is 250,001 to 499,999. In the
    older standard an exclusive bound is a flag beside the bound. What is finer than a millionth lies between two parts.

    >>> interval({"exact": 23.5}), interval({"exclusiveMinimum": 25, "exclusiveMaximum": 50})
    ((235000, 235000), (250001, 499999))
    >>> interval({"minimum": 25, "exclusiveMinimum": True, "maximum": 50}), interval(None)
    ((250001, 500000), None)

    Raises: ValueError if a bound is not a number from 0 to 100, or the bounds are the wrong way round.
    """
    if not share:
        return None
    if not isinstance(share, Mapping):
        raise ValueError(f"the share {quoted(share)} is not an object with its bounds")
    if share.get("exact") is not None:
        exact = _ppm(share["exact"])
        return math.floor(exact), math.ceil(exact)
    low = _bound(share, "minimum", "exclusiveMinimum", step=1)
    high = _bound(share, "maximum", "exclusiveMaximum", step=-1)
    if low is None and high is None:
        return None
    found = (0 if low is None else low, 1_000_000 if high is None else high)
    if found[0] > found[1]:
        raise ValueError("the lower bound of the share is above the upper one")
    return found


def _bound(share: Mapping[str, Any], plain: str, exclusive: str, *, step: int) -> int | None:
    outside = share.get(exclusive)
    if isinstance(outside, bool) or outside is None:
        if share.get(plain) is None:
            return None
        return _whole(_ppm(share[plain]), step) + (step if outside else 0)
    return _whole(_ppm(outside), step) + step


def _whole(ppm: Decimal, step: int) -> int:
    return math.floor(ppm) if step > 0 else math.ceil(ppm)


def _ppm(percent: Any) -> Decimal:
    try:
        ppm = Decimal(str(percent)) * 10_000
    except InvalidOperation as error:
        raise ValueError(f"the share {quoted(percent)} is not a number") from error
    if not ppm.is_finite() or not 0 <= ppm <= 1_000_000:
        raise ValueError(f"the share {quoted(percent)} is not between 0 and 100")
    return ppm
