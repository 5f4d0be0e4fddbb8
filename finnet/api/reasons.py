"""The verb on why somebody is in a best set: a run's answer, in sentences that each name their records."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from finnet.api._network import CaseLike, as_network
from finnet.api._scope import scoped
from finnet.api._why_facts import facts_of
from finnet.api.open import Case
from finnet.errors import FinnetError, UnknownNameError, UsageError, nearest, quoted
from finnet.graph.network import Network
from finnet.report.answer import Answer, Row
from finnet.report.why import Explanation, explanation
from finnet.store.resolve import resolve

__all__ = ["case_of_run", "explained", "why"]

_NETWORK_OPTIONS = ("graph", "edges", "currency", "rates", "as_of", "min_grade")


def why(case: Case, entity: str, *, run: str | Path) -> Answer:
    """Why this party (or country, or lever) is in the best set of each ``choke`` step of a run.

    One row per sentence, with the records it rests on as ``dataset:record``; a sentence without records is computed
    from all of them. The summary has, over all steps, the datasets it ``rests_on``, who it could be ``replaced_by``,
    and what it would be ``undone_if``.

    Raises: UsageError if the folder is no run with a ``choke`` step; UnknownNameError if the entity is in no best set.
    """
    folder = Path(run)
    steps = list(_choke_steps(folder))
    if not steps:
        raise UsageError(f"{quoted(folder)}: no step of this run is a choke", hint="run a query that has one")
    rows: list[Row] = []
    found: dict[str, Explanation] = {}
    looked_for = _meant(case, entity, steps)
    for step, options, document in steps:
        if not any(row.get("id") in looked_for for row in document["rows"]):
            continue
        network = _network(case, options, document)
        for row in document["rows"]:
            if row.get("id") not in looked_for:
                continue
            found[step] = explanation(facts_of(case, network, document, row))
            rows += [
                {"step": step, "statement": one.text, "records": list(one.records)} for one in found[step].statements
            ]
    if not found:
        members = sorted({str(row.get("id")) for _, _, document in steps for row in document["rows"]})
        raise UnknownNameError(
            f"{quoted(entity)} is in no best set of this run",
            hint=nearest(entity, members) or "`finnet choke` says who is",
        )
    return Answer(
        command="why",
        columns=("step", "statement", "records"),
        rows=rows,
        summary={
            "entity": sorted(looked_for)[0] if len(looked_for) == 1 else entity,
            "steps": list(found),
            "rests_on": _merged(one.rests_on for one in found.values()),
            "replaced_by": _merged(one.replaced_by for one in found.values()),
            "undone_if": _merged(one.undone_if for one in found.values()),
        },
        notes=("about natural persons this speaks of a position in recorded links, nothing else",)
        if any(row.get("schema") == "Person" and row["id"] in looked_for for _, _, d in steps for row in d["rows"])
        else (),
        params={"entity": entity, "run": folder.name},
    )


def explained(
    subject: CaseLike | Network, network: Network, choke: Mapping[str, Any], entity: str
) -> Explanation | None:
    """The sentences about one member of the best set of ``choke``, a document as ``Answer.document()`` makes it.

    ``network`` is the one the answer is about. None if the entity is not in the set.
    """
    row = next((row for row in choke["rows"] if row.get("id") == entity), None)
    return None if row is None or "bite" not in row else explanation(facts_of(subject, network, choke, row))


def case_of_run(run: str | Path, case: Path | str | None = None) -> Path | str | None:
    """The case a run is about: the one given, else the run's own, else the usual one."""
    own = Path(run) / "case.finnet"
    return case if case is not None or not own.is_dir() else own


def _choke_steps(folder: Path) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Each choke step: its id, its options as the query has them, and its answer."""
    manifest = _read(folder / "manifest.json", "not a run folder: it has no manifest.json")
    try:
        query = tomllib.loads(manifest["predicate"]["query"]["text"])
        place = Path(str(manifest.get("where", {}).get("query", ""))).parent
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{quoted(folder)}: not the manifest of a run") from error
    for number, entry in enumerate(query.get("steps", []), 1):
        if entry.get("do") != "choke":
            continue
        step = str(entry.get("id", f"step_{number}"))
        options = {key.replace("-", "_"): value for key, value in entry.items()}
        rates = options.get("rates")
        if isinstance(rates, str) and not rates.startswith("sample:"):
            options["rates"] = place / rates
        yield step, options, _read(folder / f"{step}.json", "this output of the run is gone")


def _read(path: Path, missing: str) -> Mapping[str, Any]:
    try:
        document: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{quoted(path)}: {missing}", hint="--run takes a folder that `finnet run` wrote") from error
    except ValueError as error:
        raise UsageError(f"{quoted(path)}: not valid JSON") from error
    return document


def _meant(case: Case, entity: str, steps: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]]) -> set[str]:
    """Ids in the answers that the words mean: an id, a country's code, or a name that one party has."""
    ids = {str(row.get("id")) for _, _, document in steps for row in document["rows"]}
    for text in (entity, entity.upper()):
        if text in ids:
            return {text}
    return {resolve(case, entity)}


def _network(case: Case, options: Mapping[str, Any], document: Mapping[str, Any]) -> Network:
    chosen: dict[str, Any] = {name: options.get(name) for name in _NETWORK_OPTIONS}
    chosen["graph"] = chosen["graph"] or document["summary"]["graph"]
    try:
        return scoped(case, as_network(case, **chosen), options.get("scope"))
    except FinnetError as error:
        raise UsageError(
            f"the network of the run cannot be built again: {error}", hint="give its case with -c"
        ) from error


def _merged(parts: Any) -> list[str]:
    return list(dict.fromkeys(one for part in parts for one in part))
