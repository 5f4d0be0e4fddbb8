"""A million payments from file to network, beside pandas on the same file.

What pandas does is less: it keeps no record of where a row stands, refuses nothing, and adds floats. It is what an
analyst would write instead, so it is what finnet is measured against.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import Comparison, seconds
from finnet import api

__all__ = ["comparisons"]

_PAYMENTS = 1_000_000
_ENTITIES = 20_000


def comparisons() -> Iterator[Comparison]:
    """Ingest and aggregate; then aggregate again, which finnet does from its case and pandas from the file."""
    import pandas

    from finnet.samples import cold_harbour

    with TemporaryDirectory(prefix="finnet-bench-") as folder:
        place = Path(folder)
        (place / "sample").mkdir()
        files = cold_harbour.make(entities=_ENTITIES, payments=_PAYMENTS).write(place / "sample")
        [table] = [one for one in files if one.path.name == "payments.csv"]
        totals: dict[str, float] = {}

        def by_pandas() -> None:
            read = pandas.read_csv(table.path, dtype={"payment": str})
            added = read.groupby(["payer", "beneficiary", "currency"], as_index=False)["amount"].sum()
            totals["pandas"] = float(added.loc[added["currency"] == "USD", "amount"].sum())

        def ingest(case: Path) -> None:
            api.ingest([table.path], case=case, mapping=table.mapping)

        def aggregate(case: Path) -> None:
            with api.open_case(case) as opened:
                network = opened.network("payments", currency="USD")
            assert network.minor is not None
            totals["finnet"] = float(network.amount(int(network.minor.sum())))

        def everything(number: int) -> None:
            case = place / f"{number}.finnet"
            ingest(case)
            aggregate(case)

        what = f"{_PAYMENTS:,} payments"
        numbers = iter(range(10))
        both = seconds(lambda: everything(next(numbers)), times=2)
        peer = seconds(by_pandas)
        yield Comparison(
            what=f"ingest + aggregate, {what}", finnet=both, peer="pandas read_csv + groupby", seconds=peer
        )
        again = seconds(lambda: aggregate(place / "0.finnet"))
        yield Comparison(what=f"aggregate again, {what}", finnet=again, peer="pandas read_csv + groupby", seconds=peer)
