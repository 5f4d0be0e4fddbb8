"""The verb on changes: what a newer version of a list says that the older one did not, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from finnet.errors import UsageError, quoted
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.api.open import Case
    from finnet.store.manifest import Ingest

__all__ = ["diff"]

_COLUMNS = ("change", "id", "caption", "what", "before", "after", "record")
_CHANGES = ("added", "removed", "changed")

_ENTITIES = (
    "select entity_id, caption, schema, properties, record from v1_entity where not missing order by entity_id, record"
)
_LISTINGS = """
select distinct entity_id, concat_ws(' · ', authority, program, reference, listed_on,
    case when delisted_on is not null then 'delisted ' || delisted_on end) as said
from v1_listing order by entity_id, said
"""
_LINKS = """
select distinct stated_source_id as source_id, concat_ws(' ', class, '(' || role || ')', '→', stated_target_id,
    case when share_min_ppm is not null or share_max_ppm is not null
    then coalesce(share_min_ppm, 0) / 10000.0 || '–' || coalesce(share_max_ppm, 1000000) / 10000.0 || ' %' end) as said
from v1_link order by source_id, said
"""

Party = dict[str, Any]


def diff(
    case: Case,
    dataset: str | None = None,
    *,
    before: str | None = None,
    after: str | None = None,
    change: str | None = None,
    limit: int | None = None,
) -> Answer:
    """What changed between two versions of a list: who was added or removed, and what is said otherwise of the rest.

    The versions are the last two that the case keeps, or those of the dates ``before`` and ``after`` (the last version
    until then). Entries are compared by their id in the list. One row per party added or removed, and per property,
    listing or link that changed.

    Raises: UsageError where there is no such list, or fewer than two versions of it.
    """
    from finnet.store.case import Case as Stored
    from finnet.store.past import only

    if change is not None and change not in _CHANGES:
        raise UsageError(f"--change {quoted(change)}: should be one of {', '.join(_CHANGES)}")
    older, newer = _versions(case, dataset, before, after)
    told = []
    for one in (older, newer):
        with Stored(case.path, only(case.manifest, one)) as version:
            told.append(_parties(version))
    rows = [row for row in _changes(*told) if change in (None, row["change"])]
    counts = {name: len({row["id"] for row in rows if row["change"] == name}) for name in _CHANGES}
    return Answer(
        command="diff",
        columns=_COLUMNS,
        rows=rows[:limit],
        summary={"dataset": newer.dataset, "before": _called(older), "after": _called(newer), **counts},
        params={"dataset": dataset, "before": before, "after": after, "change": change, "limit": limit},
        truncated=limit is not None and len(rows) > limit,
        total=len(rows),
    )


def _versions(case: Case, dataset: str | None, before: str | None, after: str | None) -> tuple[Ingest, Ingest]:
    from finnet.model.dates import is_iso_date
    from finnet.store.past import versions

    lists = sorted({one.dataset for one in case.manifest.ingests if one.is_list})
    kept = {name: versions(case.manifest, name) for name in lists}
    if dataset is None:
        several = [name for name in lists if len(kept[name]) > 1]
        if len(several) != 1:
            there = ", ".join(f"{name} ({len(kept[name])})" for name in lists) or "no lists"
            raise UsageError("say which list to compare", hint=f"lists and their versions here: {there}")
        dataset = several[0]
    if dataset not in kept:
        raise UsageError(f"{quoted(dataset)}: no list of that name", hint=f"there are: {', '.join(lists) or 'none'}")
    found = kept[dataset]
    if len(found) < 2:
        raise UsageError(
            f"{dataset}: the case holds one version of it, {_called(found[0])}",
            hint="ingest a newer one, then ask again",
        )
    for option, date in (("before", before), ("after", after)):
        if date is not None and not is_iso_date(date):
            raise UsageError(f"--{option} {quoted(date)}: should be a date like 2019, 2019-03 or 2019-03-05")
    newer = found[-1] if after is None else _until(found, after, "after")
    earlier = [one for one in found if one is not newer and found.index(one) < found.index(newer)]
    if not earlier:
        raise UsageError(f"{dataset}: no version is older than {_called(newer)}")
    return (earlier[-1] if before is None else _until(found, before, "before")), newer


def _until(found: list[Ingest], date: str, option: str) -> Ingest:
    known = [one for one in found if (one.list_date or "")[: len(date)] <= date]
    if not known:
        raise UsageError(f"--{option} {date}: the oldest version is {_called(found[0])}")
    return known[-1]


def _called(one: Ingest) -> str:
    return f"{one.list_date or 'undated'} (ingest {one.number})"


def _parties(case: Any) -> dict[str, Party]:
    """Per entry of a list what it says: its caption, its record, and (what, value) for each thing said."""
    import orjson

    found: dict[str, Party] = {}
    for row in case.rows(_ENTITIES):
        party = found.setdefault(row["entity_id"], {"caption": row["caption"], "record": row["record"], "said": set()})
        party["said"].add(("schema", row["schema"]))
        for name, values in orjson.loads(row["properties"] or b"{}").items():
            party["said"].update((name, value) for value in values)
    for what, query, key in (("listing", _LISTINGS, "entity_id"), ("link", _LINKS, "source_id")):
        for row in case.rows(query):
            if row[key] in found:
                found[row[key]]["said"].add((what, row["said"]))
    return found


def _changes(before: Mapping[str, Party], after: Mapping[str, Party]) -> list[Row]:
    rows: list[Row] = []
    for change, only_in, other in (("added", after, before), ("removed", before, after)):
        for party in sorted(only_in.keys() - other.keys()):
            listings = "; ".join(sorted(value for what, value in only_in[party]["said"] if what == "listing"))
            side = {"before": None, "after": listings} if change == "added" else {"before": listings, "after": None}
            rows.append(_row(change, party, only_in[party], "entry", **side))
    for party in sorted(before.keys() & after.keys()):
        gone, new = before[party]["said"] - after[party]["said"], after[party]["said"] - before[party]["said"]
        for what in sorted({name for name, _ in gone | new}):
            rows.append(
                _row(
                    "changed",
                    party,
                    after[party],
                    what,
                    before="; ".join(sorted(value for name, value in gone if name == what)) or None,
                    after="; ".join(sorted(value for name, value in new if name == what)) or None,
                )
            )
    return rows


def _row(change: str, party: str, told: Party, what: str, *, before: str | None, after: str | None) -> Row:
    return {
        "change": change,
        "id": party,
        "caption": told["caption"],
        "what": what,
        "before": before,
        "after": after,
        "record": told["record"],
    }
