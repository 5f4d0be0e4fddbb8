"""A page's content as it may be shared: the same redaction for the network, the answer and the records behind both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from finnet.graph.network import Network
from finnet.report.answer import Row
from finnet.report.redaction import Redaction, redacted_network
from finnet.report.views.content import Evidence, PageContent

__all__ = ["redacted"]

_SAID = "redacted for sharing: people by initials and a number, without addresses, whole numbers and record numbers"


def redacted(network: Network, content: PageContent, redaction: Redaction) -> tuple[Network, PageContent]:
    """Network and content with people, accounts and addresses hidden; a note says so."""
    shown, _ = redacted_network(network, redaction)
    evidence, label = content.evidence, redaction.label
    return shown, replace(
        content,
        title=redaction.text(content.title),
        question=redaction.text(content.question),
        choke=redaction.answer(content.choke) if content.choke else None,
        reasons={
            label(one): [(redaction.text(text), ()) for text, _ in sentences]
            for one, sentences in content.reasons.items()
        },
        seeds=[label(one) for one in content.seeds],
        exits=[label(one) for one in content.exits],
        evidence=Evidence(
            parties=_rows(evidence.parties, redaction),
            listings=_rows(evidence.listings, redaction),
            ties={
                (label(source), label(target)): [redaction.row(row) for row in rows]
                for (source, target), rows in evidence.ties.items()
            },
            certainty={(label(source), label(target)): known for (source, target), known in evidence.certainty.items()},
            sources=evidence.sources,
            case=evidence.case,
        ),
        notes=[*(redaction.text(note) for note in content.notes), _SAID],
    )


def _rows(rows: Mapping[str, Sequence[Row]], redaction: Redaction) -> dict[str, list[Row]]:
    return {redaction.label(party): [redaction.row(row) for row in some] for party, some in rows.items()}
