"""Payments from file to network, in time and memory, beside pandas on the same file; then tracing and typologies.

What pandas does is less: it keeps no record of where a row stands, refuses nothing, and adds floats. It is what an
analyst would write instead, so it is what finnet is measured against. Each runs in a process of its own, from start to
end.

A million payments, or as many as FINNET_BENCH_PAYMENTS says.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks import PARTS, Comparison

__all__ = ["comparisons"]

_ENTITIES = 20_000
_TIMES = 2

_SAMPLE = """
import sys
from pathlib import Path
from finnet.samples import cold_harbour
cold_harbour.make(entities=int(sys.argv[1]), payments=int(sys.argv[2])).write(Path(sys.argv[3]))
"""
_FINNET = """
import sys
from pathlib import Path
from finnet import api
table, mapping, case, what = sys.argv[1:]
if what == "all":
    api.ingest([table], case=case, mapping=mapping)
with api.open_case(Path(case)) as opened:
    network = opened.network("payments", currency="USD")
print(network.amount(int(network.minor.sum())))
"""
_FOLLOWED = """
import sys
from pathlib import Path
from finnet import api
case, what = sys.argv[1:]
with api.open_case(Path(case)) as opened:
    if what == "trace":
        least = "select payer_id from v1_payment where currency = 'USD' group by payer_id order by count(*), payer_id"
        [first, *_] = opened.rows(f"select payer_id from ({least} limit 1)")
        api.trace(opened, [first["payer_id"]], currency="USD", limit=20)
    else:
        api.patterns(opened, typology="round_trip", currency="USD")
"""
_PANDAS = """
import sys
import pandas
read = pandas.read_csv(sys.argv[1], dtype={"payment": str})
added = read.groupby(["payer", "beneficiary", "currency"], as_index=False)["amount"].sum()
print(added.loc[added["currency"] == "USD", "amount"].sum())
"""


def comparisons() -> Iterator[Comparison]:
    """Ingest and aggregate; aggregate again, which finnet does from its case and pandas from the file; follow money."""
    payments = int(os.environ.get("FINNET_BENCH_PAYMENTS", "1000000"))
    with TemporaryDirectory(prefix="finnet-bench-") as folder:
        yield from _intake(payments, Path(folder))
    for name in PARTS["money"]:
        if importlib.util.find_spec(f"benchmarks.{name}") is not None:
            yield from importlib.import_module(f"benchmarks.{name}").comparisons()


def _intake(payments: int, place: Path) -> Iterator[Comparison]:
    # Not made here: a new process starts with the memory of the one that starts it on its account.
    _measured(_SAMPLE, str(_ENTITIES), str(payments), str(place))
    os.sync()  # an ingest sees to it that its files are on the disk: it should not wait for the sample's
    told = [str(place / "payments.csv"), str(place / "payments.toml")]
    cases = (str(place / f"{number}.finnet") for number in range(_TIMES))
    both = min(_measured(_FINNET, *told, case, "all") for case in cases)
    again = min(_measured(_FINNET, *told, str(place / "0.finnet"), "again") for _ in range(_TIMES))
    peer = min(_measured(_PANDAS, *told) for _ in range(_TIMES))
    for what, verb in (("trace, six rules", "trace"), ("round trips", "patterns")):
        # Nothing here is a peer: pandas follows no money, and benchmarks.tracing and .typologies have plain Python's.
        for value, unit in zip(_measured(_FOLLOWED, str(place / "0.finnet"), verb), ("s", "MB"), strict=True):
            yield Comparison(
                what=f"{what}, case to rows, of {payments:,} payments",
                finnet=value,
                peer="itself" + ", peak memory" * (unit == "MB"),
                seconds=value,
                unit=unit,
            )
    for what, ours in (("ingest + aggregate", both), ("aggregate again", again)):
        for value, theirs, unit in zip(ours, peer, ("s", "MB"), strict=True):
            yield Comparison(
                what=f"{what}, {payments:,} payments",
                finnet=value,
                peer=f"pandas read_csv + groupby{', peak memory' * (unit == 'MB')}",
                seconds=theirs,
                unit=unit,
            )


def _measured(program: str, *arguments: str) -> tuple[float, float]:
    """Seconds from start to end, and the most memory held, in megabytes, of a process of its own."""
    began = perf_counter()
    # The program is ours; its arguments are files that were just written.
    process = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the measured program ended with {process.returncode}")
    return perf_counter() - began, used.ru_maxrss / 1024
