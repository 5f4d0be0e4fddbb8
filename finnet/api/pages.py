"""Networks and answers drawn as pages that open offline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finnet.api._backbone import thinned
from finnet.api._network import CaseLike, as_network
from finnet.api._page_answer import choke_answer, trace_asked
from finnet.api._page_records import evidence_of
from finnet.api._redacted import redaction_of
from finnet.api._scope import scoped
from finnet.api._selection import selected
from finnet.errors import UsageError, quoted
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.api._traced_money import TracedNetwork
    from finnet.report.views.reduction import Fold, Reduction

__all__ = ["stamp_of", "view"]

_COLUMNS = ("output", "vertices", "edges", "reduced", "bytes", "sha256")
_EXPLAINED = 20
# Where nothing else is said, a kind of picture is drawn of its own graph.
_TITLES = {
    "network": "{}",
    "ownership": "{}, in layers",
    "flows": "{}: what passes from seeds to exits",
    "jurisdictions": "{}, by jurisdiction",
    "timeline": "{}: who was active when",
}
_OWN_GRAPH = {"ownership": "ownership"}


def view(
    subject: CaseLike | Network,
    *,
    selection: str | None = None,
    backbone: str | None = None,
    output: Path | str = Path("page.html"),
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    choke: Answer | Path | str | None = None,
    trace: Answer | Path | str | None = None,
    from_: str | None = None,
    to: str | None = None,
    budget: int = 0,
    title: str | None = None,
    question: str | None = None,
    around: str | None = None,
    kind: str = "network",
    fold: Fold | None = None,
    redact: bool = False,
    limit: int | None = None,
    seed: int = 0,
) -> Answer:
    """Draw a network as one HTML page that opens offline, asks nobody for anything and runs nothing a name says.

    ``output`` with the suffix ``.svg`` or ``.png`` is a picture instead, with the ten names that matter most. ``kind``
    says what is drawn: ``network``; ``ownership`` in layers, owners above, with the shares; ``flows`` from ``from_`` to
    ``to`` with the links that all of it must cross; ``jurisdictions`` and what runs between them; ``timeline``, a lane
    per party with the dates of its links and listings.

    ``selection`` draws these parties and their neighbours only, ``backbone`` only the links that stand out.
    ``choke`` is an answer of the verb ``choke``, or the JSON file of one: its choke points are ringed and can be
    compared with the naive lists; the network is then built as it was for that answer. With ``budget`` above 0 that
    answer is found first, between ``from_`` and ``to``. ``trace`` is an answer of ``trace``, or its JSON file: drawn
    are the links that its money took, as wide as the traced part of their payments; what was counted by ``rates`` needs
    them again. Above ``limit`` parties (3,000) the surroundings of choke points, seeds, exits and ``around`` (a
    selector) are drawn, or communities folded into one vertex each; ``fold`` chooses: ``none``, ``community`` or
    ``jurisdiction``. What is left out is said on the page and in the notes. ``redact`` hides people, accounts,
    addresses and numbers.

    One row: what was written. ``reduced`` is null where everything is drawn.

    Raises: UsageError for options that contradict each other; NotProvidedError without pyvis.
    """
    from finnet.report.views.content import PageContent
    from finnet.report.views.kinds import KINDS
    from finnet.report.views.page import write_page
    from finnet.report.views.redacted import redacted
    from finnet.report.views.reduction import LIMIT
    from finnet.report.views.static import SUFFIXES, write_picture

    most = LIMIT if limit is None else limit
    if most < 1:
        raise UsageError(f"--limit {limit}: should be 1 or more")
    if fold not in (None, "none", "community", "jurisdiction"):
        raise UsageError(f"--fold {quoted(fold)} is not known", hint="there are: none, community, jurisdiction")
    if kind not in KINDS:
        raise UsageError(f"--kind {quoted(kind)} is not known", hint=f"there are: {', '.join(KINDS)}")
    if choke is not None and budget:
        raise UsageError("--choke and --budget exclude each other", hint="give one of them")
    if trace is not None and (choke is not None or budget or graph or edges or from_ or to):
        raise UsageError(
            "--trace draws its own links from its own sources", hint="leave the choices of another graph away"
        )
    answer = choke_answer(choke)
    if budget:
        answer = _found(subject, budget=budget, from_=from_, to=to, graph=graph, edges=edges, currency=currency,
                        rates=rates, as_of=as_of, min_grade=min_grade, seed=seed)  # fmt: skip
    asked = answer.params if answer is not None else {}
    traced = None if trace is None else _traced(subject, trace, rates)
    whole = (
        traced.network
        if traced is not None
        else as_network(
            subject,
            graph=graph if isinstance(subject, Network) else graph or _said(answer, "graph") or _OWN_GRAPH.get(kind),
            edges=edges or _list(asked.get("edges")),
            currency=currency or asked.get("currency"),
            rates=rates,
            as_of=as_of or asked.get("as_of"),
            min_grade=min_grade or asked.get("min_grade"),
        )
    )
    network = thinned(scoped(subject, whole, selection), backbone)
    seeds, exits, near = (
        [] if words is None else [one for one in selected(subject, whole, words) if one in network.number]
        for words in (from_ or asked.get("from"), to or asked.get("to"), around)
    )
    if traced is not None:
        seeds, exits = ([one for one in ids if one in network.number] for ids in (traced.sources, traced.exits))
    notes: tuple[str, ...] = (
        () if selection is None else (f"drawn are only the parties of {quoted(selection)} and their neighbours",)
    )
    if backbone is not None:
        notes = (*notes, network.notes[-1])  # how much of the network the backbone keeps
    content = PageContent(
        title=title or _TITLES[kind].format(whole.title or "A network"),
        question=question or "",
        choke=answer,
        reasons=_reasons(subject, whole, answer),
        seeds=seeds,
        exits=exits,
        evidence=evidence_of(subject, network, most),
        stamp=stamp_of(subject),
        notes=notes,
        kind=kind,
        seed=seed,
    )
    if redact:
        redaction = redaction_of(subject)
        network, content = redacted(network, content, redaction)
        near, notes = [redaction.label(one) for one in near], tuple(content.notes)
        selection, title = None, content.title
    place = Path(output)
    if place.suffix.lower() in SUFFIXES:
        reduction, written, more = write_picture(network, content, place, limit=most, fold=fold, around=near)
        notes = (*notes, *more)
    else:
        reduction, written = write_page(network, content, place, limit=most, fold=fold, around=near)
    drawn = network if reduction is None else reduction.network
    row: Row = {
        "output": str(place),
        "vertices": drawn.size,
        "edges": drawn.edge_count,
        "reduced": None if reduction is None else reduction.sentence,
        "bytes": len(written),
        "sha256": hashlib.sha256(written).hexdigest(),
    }
    return Answer(
        command="view",
        columns=_COLUMNS,
        rows=[row],
        summary={"parties": network.size, "links": network.edge_count, "unit": network.unit, "stamp": content.stamp},
        notes=tuple(dict.fromkeys([*notes, *network.notes, *_left_out(reduction, asked_to_fold=fold is not None)])),
        params={"selection": selection, "kind": kind, "title": title, "seed": seed, **network.choices},
    )


def _left_out(reduction: Reduction | None, *, asked_to_fold: bool) -> list[str]:
    """What is not drawn, and what draws less of it where nobody asked for a fold."""
    if reduction is None:
        return []
    if asked_to_fold or not reduction.is_folded:
        return [reduction.sentence]
    less = "--backbone disparity:0.05 keeps the links that stand out, a selection or --around SELECTOR draws a part"
    return [reduction.sentence, less]


def _traced(
    subject: CaseLike | Network, trace: Answer | Path | str, rates: str | Path | RateTable | None
) -> TracedNetwork:
    from finnet.api._traced_money import traced_network
    from finnet.store.case import Case

    if not isinstance(subject, Case):
        raise UsageError("--trace draws payments of a case, and this is a network", hint="name the case with --case")
    return traced_network(subject, trace_asked(trace), rates=rates)


def _found(subject: CaseLike | Network, **options: Any) -> Answer:
    from finnet.api.interdict import choke

    return choke(subject, **options)


def _reasons(
    subject: CaseLike | Network, network: Network, answer: Answer | None
) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Why each of the first chosen parties was: the sentences of ``finnet why``."""
    from finnet.report.views.content import ranks

    ranked = ranks(answer)
    if answer is None or not ranked or "id" not in answer.columns:
        return {}
    from finnet.api.reasons import explained
    from finnet.report.render import to_json

    document = json.loads(to_json(answer))
    first = sorted((one for one in ranked if one in network.number), key=lambda one: (ranked[one], one))[:_EXPLAINED]
    found = {one: explained(subject, network, document, one) for one in first}
    return {
        one: [(said.text, said.records) for said in why.statements] for one, why in found.items() if why is not None
    }


def _said(answer: Answer | None, key: str) -> str | None:
    from finnet.graph.recipe import recipe_names

    said = answer.summary.get(key) if answer is not None else None
    return said if isinstance(said, str) and said in recipe_names() else None


def _list(classes: object) -> str | None:
    if isinstance(classes, str) or classes is None:
        return classes
    return ",".join(str(one) for one in classes) if isinstance(classes, Sequence) else None


def stamp_of(subject: CaseLike | Network) -> str | None:
    """INVENTED where any of the case's datasets is of an invented sample, or says so itself."""
    if isinstance(subject, Network):
        return None
    from finnet.samples import SAMPLES

    said = subject.rows("select distinct dataset, title, licence from v1_source order by dataset, title, licence", {})
    for row in said:
        words = " ".join(str(row[key] or "") for key in ("dataset", "title", "licence")).casefold()
        samples = [name for name in SAMPLES if str(row["dataset"]).startswith(name)]
        if "invented" in words or any(getattr(SAMPLES[name], "INVENTED", True) for name in samples):
            return "INVENTED"
    return None
