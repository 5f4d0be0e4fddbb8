"""Lines of FollowTheMoney from file to case, beside plain Python that reads the same file into lists.

What plain Python does is less: ``json.loads`` per line and a list of dictionaries per schema; nothing is checked,
sorted or stored. Processor time, not time on the clock: each runs in a process of its own, from start to end.

A million lines, or as many as FINNET_BENCH_LINES says. All names are invented.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import Comparison

__all__ = ["comparisons", "lines"]

_WORDS = (
    "Orange",
    "Lantern",
    "Harbour",
    "Quill",
    "Meadow",
    "Copper",
    "Saffron",
    "Juniper",
    "Falcon",
    "Cobalt",
    "Ember",
)
_COUNTRIES = ("kp", "cn", "ru", "sg", "my", "vg", "ae", "hk", "cy")
_TIMES = 2

_FINNET = """
import sys
from finnet import api
api.ingest([sys.argv[1]], case=sys.argv[2])
"""
_PYTHON = """
import json, sys
held = {}
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        entity = json.loads(line)
        row = {"id": entity["id"], "caption": entity["caption"], **entity["properties"]}
        held.setdefault(entity["schema"], []).append(row)
"""


def comparisons() -> Iterator[Comparison]:
    """Ingest beside json.loads: processor seconds, and the most memory held."""
    count = int(os.environ.get("FINNET_BENCH_LINES", "1000000"))
    with TemporaryDirectory(prefix="finnet-bench-") as folder:
        path = Path(folder) / "invented.ftm.json"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(lines(count))
        theirs = min(_measured(_PYTHON, str(path)) for _ in range(_TIMES))
        ours = min(_measured(_FINNET, str(path), f"{folder}/{number}.finnet") for number in range(_TIMES))
    for value, other, unit in zip(ours, theirs, ("s", "MB"), strict=True):
        yield Comparison(
            what=f"ingest, {count:,} lines",
            finnet=value,
            peer=f"json.loads into lists, {'peak memory' if unit == 'MB' else 'processor time'}",
            seconds=other,
            unit=unit,
        )


def lines(count: int, seed: int = 0) -> Iterator[str]:
    """Invented parties, ties, addresses, sanctions and payments, as a large list has them."""
    chance = random.Random(seed)
    parties: list[str] = []
    kinds = ("Person", "Company", "Ownership", "Directorship", "Address", "Sanction", "Payment")
    drawn = chance.choices(kinds, (30, 25, 10, 7, 10, 6, 12), k=count)
    for number, schema in enumerate(drawn):
        kind = schema if len(parties) > 1 else "Company"
        properties = _properties(kind, chance, parties)
        key = f"inv-{number:08}"
        if kind in {"Person", "Company"}:
            parties.append(key)
        yield (
            json.dumps(
                {
                    "id": key,
                    "caption": properties.get("name", [kind])[0],
                    "schema": kind,
                    "referents": [],
                    "datasets": ["invented"],
                    "first_seen": "2023-04-20T09:48:01",
                    "last_seen": "2024-11-20T06:10:02",
                    "target": kind == "Person",
                    "properties": properties,
                },
                ensure_ascii=False,
            )
            + "\n"
        )


def _properties(kind: str, chance: random.Random, parties: list[str]) -> dict[str, list[str]]:
    def names(most: int) -> list[str]:
        count = chance.randint(1, most)
        return [f"{' '.join(chance.choices(_WORDS, k=3))} {chance.randrange(10**6)}" for _ in range(count)]

    day = [f"{chance.randint(1990, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"]
    place = [chance.choice(_COUNTRIES)]
    if kind == "Person":
        return {
            "name": names(3),
            "alias": names(2),
            "nationality": place,
            "birthDate": day,
            "position": ["Член совета"],
        }
    if kind == "Company":
        return {"name": names(2), "jurisdiction": place, "incorporationDate": day, "status": ["active"]}
    if kind == "Address":
        return {"full": names(1), "country": place, "city": ["Testville"]}
    one, other = chance.choice(parties), chance.choice(parties)
    if kind == "Ownership":
        return {"owner": [one], "asset": [other], "percentage": [str(chance.randint(1, 100))], "startDate": day}
    if kind == "Directorship":
        return {"director": [one], "organization": [other], "role": ["Director"], "startDate": day}
    if kind == "Sanction":
        return {"entity": [one], "authority": ["Office of Examples"], "program": ["EXAMPLE-1"], "listingDate": day}
    amount = f"{chance.randrange(1, 10**6)}.{chance.randrange(100):02}"
    return {"payer": [one], "beneficiary": [other], "amount": [amount], "currency": ["USD"], "date": day}


def _measured(program: str, *arguments: str) -> tuple[float, float]:
    """Processor seconds from start to end, and the most memory held, in megabytes, of a process of its own."""
    # The program is ours; its arguments are files that were just written.
    process = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the measured program ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
