"""The verb that deletes: a dataset, every version of it, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from finnet.errors import UsageError, quoted
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["purge"]

_COLUMNS = ("dataset", "ingest", "list_date", "files", "records", "status")


def purge(case: Case, dataset: str, *, confirm: str | None = None) -> Answer:
    """Delete a dataset from the case: every version, its refused records, and the index made from it.

    ``confirm`` has to repeat the dataset's name. What is left elsewhere is listed: decisions that name its parties,
    and runs, pages and reports made from it, which finnet does not look for.

    Raises: UsageError without that word, or for a dataset that is not there.
    """
    from finnet.store.purge import purge_dataset

    if confirm != dataset:
        raise UsageError(
            f"purge deletes {quoted(dataset)} for good", hint=f"say --confirm {dataset} if that is what you want"
        )
    own = {row["entity_id"] for row in case.rows(_OWN, {"dataset": dataset})}
    named = [one["record"] for one in case.decisions if own & {str(value) for value in one.values()}]
    gone = purge_dataset(case.path, dataset)
    rows: list[Row] = [
        {
            "dataset": one.dataset,
            "ingest": one.number,
            "list_date": one.list_date,
            "files": [file.name for file in one.files],
            "records": sum(file.records for file in one.files),
            "status": "deleted",
        }
        for one in gone
    ]
    notes = ["runs, pages, reports and exports made from it are where you put them, and the files it was read from too"]
    if named:
        lines = ", ".join(str(line) for line in named)
        notes.append(f"decisions.jsonl still names parties that only it described (lines {lines})")
    return Answer(
        command="purge",
        columns=_COLUMNS,
        rows=rows,
        summary={"ingests": len(gone), "data files": sum(len(one.data) for one in gone)},
        notes=tuple(notes),
        params={"dataset": dataset},
    )


_OWN = """
select distinct entity_id from v1_entity where dataset = $dataset
    and entity_id not in (select entity_id from v1_entity where dataset <> $dataset) order by entity_id
"""
