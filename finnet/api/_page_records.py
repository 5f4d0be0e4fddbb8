"""The records behind what a page draws: parties, listings and links, each with where it is stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from finnet.api._network import CaseLike
from finnet.graph.certainty import certainty
from finnet.graph.network import Network
from finnet.graph.ties import ties
from finnet.report.answer import Row

if TYPE_CHECKING:
    from finnet.report.views.content import Evidence

__all__ = ["evidence_of"]

# Of the records behind a link so many travel in the page; `finnet source` has them all.
_RECORDS_PER_LINK = 12
_LISTED_IDS = 50_000


def evidence_of(subject: CaseLike | Network, network: Network, most: int) -> Evidence:
    """The records of what may be drawn; a network file has none."""
    from finnet.report.views.content import Evidence

    if isinstance(subject, Network):
        return Evidence()
    sources = subject.rows(
        """
        select dataset, list_date, file, licence, records, loaded, rejected
        from v1_source
        order by dataset, file, sha256
        """,
        {},
    )
    identity = getattr(subject, "logical_sha256", None)
    evidence = Evidence(sources=sources, case=identity if isinstance(identity, str) else None)
    if network.size > max(_LISTED_IDS, most):
        return replace(evidence, certainty=certainty(subject, network))
    chosen = {"ids": list(network.ids)}
    entities = subject.rows(
        """
        select canonical_id, dataset, file, record, byte_offset, basis, reliability, credibility,
            json_extract_string(properties, '$.sourceUrl[0]') as url
        from v1_entity
        where canonical_id in (select unnest($ids::varchar[])) and not missing
        order by canonical_id, dataset, file, record
        """,
        chosen,
    )
    listings = subject.rows(
        """
        select canonical_id, authority, program, reference, listed_on, delisted_on, dataset, file, record, byte_offset
        from v1_listing
        where canonical_id in (select unnest($ids::varchar[]))
        order by canonical_id, authority, program, reference, dataset, file, record
        """,
        chosen,
    )
    pairs = {(network.ids[s], network.ids[t]) for s, t in zip(network.source, network.target, strict=True)}
    return replace(
        evidence,
        certainty=certainty(subject, network),
        parties=_by(entities, "canonical_id"),
        listings=_by(listings, "canonical_id"),
        ties=_by_pair(ties(subject, network, pairs, limit=_RECORDS_PER_LINK)),
    )


def _by(rows: Sequence[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row[key]), []).append(row)
    return found


def _by_pair(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((str(row["source"]), str(row["target"])), []).append(dict(row))
    return found
