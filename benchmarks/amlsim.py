"""IBM's AMLSim sample: what patterns finds of the planted cycles and of the accounts marked as fraud.

``python -m benchmarks.amlsim FOLDER`` prints the table of docs/patterns.md; FOLDER holds AMLSim's nodes.csv and
transactions.csv. The file says which accounts are fraud and at which step each
sent its share of a cycle, but not which payments are planted. They can be told: planted amounts are 10 to 20, all
others 100 to 600, and the payments of one cycle have one amount.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from finnet import api
from finnet.api.payment_patterns import TYPOLOGIES

__all__ = ["Planted", "Score", "flagged", "planted", "scores"]

_LARGEST_PLANTED = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """What the file has of one planted cycle: its hops as (step, payer, beneficiary), in the order of time.

    ``repeats`` is how many payments the hops are made of, ``accounts`` who pays or is paid.
    """

    amount: str
    hops: tuple[tuple[int, str, str], ...]
    repeats: int

    @property
    def accounts(self) -> frozenset[str]:
        """Whoever pays or is paid."""
        return frozenset(end for _, *ends in self.hops for end in ends)

    @property
    def is_closed(self) -> bool:
        """Whether the money comes back: every account pays once and is paid once, in one round."""
        after = {payer: beneficiary for _, payer, beneficiary in self.hops}
        at, seen = self.hops[0][1], set()
        while at in after and at not in seen:
            seen.add(at)
            at = after[at]
        return len(after) == len(self.hops) == len(seen) and at == self.hops[0][1]

    @property
    def is_in_order(self) -> bool:
        """Whether the hops, in the order of time, follow one another from account to account and back."""
        payers = [payer for _, payer, _ in self.hops]
        beneficiaries = [beneficiary for _, _, beneficiary in self.hops]
        rising = all(one[0] < other[0] for one, other in zip(self.hops, self.hops[1:], strict=False))
        return self.is_closed and rising and beneficiaries == payers[1:] + payers[:1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many accounts a typology flags, how many of them are fraud, of how many fraud accounts."""

    typology: str
    found: int
    flagged: int
    right: int
    fraud: int

    @property
    def precision(self) -> float:
        """Fraud among the flagged; 0 if nobody is."""
        return self.right / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        """Flagged among the fraud."""
        return self.right / self.fraud


def planted(folder: Path) -> list[Planted]:
    """The planted cycles as far as their payments are in the file, by amount and first payer."""
    hops: dict[str, dict[tuple[int, str, str], int]] = defaultdict(lambda: defaultdict(int))
    with (folder / "transactions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if float(row["value"]) < _LARGEST_PLANTED:
                hops[row["value"]][int(row["time"]), row["sourceNodeId"], row["targetNodeId"]] += 1
    return [
        Planted(amount=amount, hops=tuple(sorted(members)), repeats=sum(counted[hop] for hop in members))
        for amount, counted in sorted(hops.items())
        for members in _pieces(sorted(counted))
    ]


def _pieces(hops: Iterable[tuple[int, str, str]]) -> list[list[tuple[int, str, str]]]:
    """Hops that share an account, together: two cycles may have the same amount by chance."""
    pieces: list[tuple[set[str], list[tuple[int, str, str]]]] = []
    for hop in hops:
        ends, members = {hop[1], hop[2]}, [hop]
        for piece in [one for one in pieces if one[0] & ends]:
            pieces.remove(piece)
            ends, members = ends | piece[0], piece[1] + members
        pieces.append((ends, members))
    return [members for _, members in pieces]


def flagged(case: api.Case, typology: str, **options: object) -> list[frozenset[str]]:
    """The accounts of each pattern found."""
    answer = api.patterns(case, typology=typology, **options)  # type: ignore[arg-type]
    return [frozenset(party.removeprefix("amlsim-") for party in row["parties"]) for row in answer.rows]


def scores(case: api.Case, fraud: frozenset[str]) -> list[Score]:
    """Each typology at its defaults, then round trips in any order of time and with one amount, against ``isFraud``."""
    tries: list[tuple[str, str, dict[str, object]]] = [(name, name, {}) for name in TYPOLOGIES]
    tries.append(("round_trip --any-order --window 150 --low 1", "round_trip", _ANY_ORDER))
    made = []
    for words, name, options in tries:
        sets = flagged(case, name, **options)
        accounts = frozenset().union(*sets)
        made.append(
            Score(typology=words, found=len(sets), flagged=len(accounts), right=len(accounts & fraud), fraud=len(fraud))
        )
    return made


_ANY_ORDER: dict[str, object] = {"any_order": True, "window": 150, "low": 1.0}


def fraud_accounts(folder: Path) -> frozenset[str]:
    """The accounts marked as fraud."""
    with (folder / "nodes.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["nodeid"] for row in csv.DictReader(file) if row["isFraud"] == "1")


def main(folder: Path) -> None:
    """Print both tables, and each planted cycle that the default settings do not find, with the reason."""
    cycles, fraud = planted(folder), fraud_accounts(folder)
    with TemporaryDirectory(prefix="finnet-amlsim-") as place:
        api.ingest([folder / "transactions.csv"], case=Path(place) / "a.finnet", mapping="amlsim")
        with api.open_case(Path(place) / "a.finnet") as case:
            trips, any_order = flagged(case, "round_trip"), flagged(case, "round_trip", **_ANY_ORDER)
            table = scores(case, fraud)
    print("| planted cycles | in the file | found at defaults | found with --any-order --window 150 --low 1 |")
    print("| --- | ---: | ---: | ---: |")
    kinds = {"closed, in the order of time": [], "closed, in another order": [], "not closed": []}  # type: dict[str, list[Planted]]
    for one in cycles:
        kinds[kind(one)].append(one)
    for words, members in kinds.items():
        by = [sum(one.accounts in found for one in members) for found in (set(trips), set(any_order))]
        print(f"| {words} | {len(members)} | {by[0]} | {by[1]} |")
    print("\n| typology | patterns | accounts flagged | of them fraud | precision | recall |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for s in table:
        print(f"| `{s.typology}` | {s.found} | {s.flagged} | {s.right} | {s.precision:.1%} | {s.recall:.1%} |")
    print("\nNot found at defaults, hop by hop:")
    for one in cycles:
        if one.accounts not in set(trips):
            way = ", ".join(f"{payer} to {beneficiary} at step {step}" for step, payer, beneficiary in one.hops)
            print(f"{one.amount} ({one.repeats} payments): {kind(one)}: {way}")


def kind(one: Planted) -> str:
    """Why a cycle can or cannot be found as a round trip in time."""
    if not one.is_closed:
        return "not closed"
    return "closed, in the order of time" if one.is_in_order else "closed, in another order"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
