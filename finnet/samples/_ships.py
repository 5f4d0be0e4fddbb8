"""Who owned and managed which vessel when, and which vessels met at sea."""

from __future__ import annotations

from finnet.samples._calendar import DAYS, day_text
from finnet.samples._dice import Dice
from finnet.samples._parties import SHIPPING, VESSELS

__all__ = ["VESSEL_COLUMNS", "vessel_rows"]

VESSEL_COLUMNS = ("link", "from", "to", "role", "since", "until", "cargo", "tonnes", "place", "remark")

_TRANSFERS = 40
_PLACES = ("Nowhere Bank, open sea", "Invented Deep, open sea", "Cold Harbour roads")


def vessel_rows(dice: Dice) -> list[tuple[str, ...]]:
    """Rows of the vessel table. A transfer runs from the vessel that gave to the one that took, on one day.

    Every third vessel changes its owner in the middle of the year; the cargo of a tanker is petroleum, else coal.
    """
    rows: list[tuple[str, ...]] = []

    def add(source: str, target: str, role: str, since: str, until: str = "", *cargo: str) -> None:
        label = f"ch-sea-{len(rows) + 1:03}"
        rows.append((label, source, target, role, since, until, *(cargo or ("", "", "")), "INVENTED"))

    for number in range(1, VESSELS + 1):
        vessel, owner = f"ch-vessel-{number:02}", f"ch-shipping-{number % SHIPPING + 1}"
        if number % 3 == 0:
            add(owner, vessel, "owner", "2015-06-01", "2021-06-30")
            add(f"ch-shipping-{(number + 3) % SHIPPING + 1}", vessel, "owner", "2021-07-01")
        else:
            add(owner, vessel, "owner", f"{2010 + number % 5}")
        add(f"ch-shipping-{(number + 1) % SHIPPING + 1}", vessel, "manager", "2019-03")
    for _ in range(_TRANSFERS):
        giver = dice.between(1, VESSELS)
        # The taker is of the same kind: odd numbers carry coal, even ones petroleum.
        taker = (giver - 1 + 2 * dice.between(1, VESSELS // 2 - 1)) % VESSELS + 1
        on = day_text(dice.between(0, DAYS - 1))
        cargo = "coal" if giver % 2 else "refined petroleum"
        tonnes = str(500 * dice.between(2, 30))
        place = _PLACES[dice.between(0, len(_PLACES) - 1)]
        add(f"ch-vessel-{giver:02}", f"ch-vessel-{taker:02}", "ship-to-ship transfer", on, on, cargo, tonnes, place)
    return rows
