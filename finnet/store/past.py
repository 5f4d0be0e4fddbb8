"""A case as it was known on an earlier date: the list versions of that time, the decisions taken until then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from finnet.store.manifest import Ingest, Manifest

__all__ = ["as_known", "only", "taken_until", "versions"]


def as_known(manifest: Manifest, date: str) -> Manifest:
    """The manifest with the data known on a date (ISO, any precision): of each list the last version until then.

    A version is dated by the list itself, or by ``--retrieved-on``. What has no date was always known. Tables count if
    they count now and are not of later.
    """
    kept = []
    for dataset in sorted({one.dataset for one in manifest.ingests}):
        parts = [one for one in manifest.ingests if one.dataset == dataset and _is_known(one, date)]
        lists = [one for one in parts if one.is_list]
        if lists:
            kept.append(max(lists, key=lambda one: (one.list_date or "", one.number)))
        kept += [one for one in parts if not one.is_list and one.status == "active"]
    return replace(manifest, ingests=tuple(replace(one, status="active") for one in kept))


def versions(manifest: Manifest, dataset: str) -> list[Ingest]:
    """The versions of a list that the case keeps, the oldest first: by their own date, else as they were read."""
    found = [one for one in manifest.ingests if one.dataset == dataset and one.is_list]
    return sorted(found, key=lambda one: (one.list_date or "", one.number))


def only(manifest: Manifest, ingest: Ingest) -> Manifest:
    """The manifest as if this version were all there is."""
    return replace(manifest, ingests=(replace(ingest, status="active"),))


def taken_until(decisions: Sequence[Mapping[str, Any]], date: str) -> list[dict[str, Any]]:
    """The decisions of this day and before; the whole month or year where the date is one.

    >>> [one["on"] for one in taken_until([{"on": "2019-03-05"}, {"on": "2019-04-01"}], "2019-03")]
    ['2019-03-05']
    """
    return [dict(one) for one in decisions if str(one.get("on", ""))[: len(date)] <= date]


def _is_known(one: Ingest, date: str) -> bool:
    return one.list_date is None or one.list_date[: len(date)] <= date
