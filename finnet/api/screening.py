"""The verb on screening: is a customer like somebody listed, or like somebody whom those listed own?"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finnet.errors import UsageError, quoted
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.analysis.identity.likeness import Likeness
    from finnet.analysis.identity.profile import Profile
    from finnet.api.open import Case

__all__ = ["screen"]

_COLUMNS = (
    "row", "name", "candidate", "caption", "score", "agrees", "disagrees", "missing", "via_rule", "authorities",
    "programs", "name_score", "matched", "verdict",
)  # fmt: skip
_NAME_ALIKE = 0.85
_ALL_AGAINST_ALL = 2_000_000_000  # pairs whose names are all compared; beyond that only those that share words are
_ANY = 1 << 62
_SHOWN = 5
_REGIMES = ("ofac", "eu", "uk")
_LISTED = "select canonical_id, authorities, programs from v1_party where len(authorities) > 0 order by canonical_id"
_LISTS = """
select distinct dataset, list_date from v1_source
where dataset in (select distinct dataset from v1_listing) order by dataset
"""


def screen(
    case: Case,
    file: str | Path,
    *,
    mapping: str | Path | None = None,
    as_: str | None = None,
    threshold: float = 0.6,
    regime: str = "ofac",
    as_of: str | None = None,
    limit: int | None = None,
) -> Answer:
    """Whom each record of a file of customers is like, among the listed and those whom the ownership rule blocks.

    The file is a table (with a mapping, else one is proposed and said), or any format that ``ingest`` reads; it is
    read beside the case and not stored. A row per customer and candidate, customers in the file's order, the most
    alike first. ``via_rule`` says through whose ownership a candidate is blocked that nobody listed. Customers with a
    listed name whom a birth date, gender or number sets apart are below the threshold: the summary counts them.

    Raises: InputError for a file that cannot be read; UsageError where nobody is listed.
    """
    from finnet.analysis.identity.candidates import candidate_pairs, like_names
    from finnet.analysis.identity.likeness import may_be_one, set_side_by_side
    from finnet.api._profiles import profiles

    if not 0 <= threshold <= 1:
        raise UsageError(f"--threshold {threshold}: should be between 0 and 1")
    if regime != "none" and regime not in _REGIMES:
        raise UsageError(f"--regime {quoted(regime)}: should be ofac, eu, uk or none")
    why = _wanted(case, regime, as_of)
    if not why:
        raise UsageError("nobody in this case is listed: there is nobody to screen against", hint="ingest a list first")
    customers, counted, notes = _customers(Path(file), mapping, as_)
    listed = profiles(case, why)
    found: list[tuple[int, Profile, Likeness]] = []
    apart = 0
    pairs, too_common = candidate_pairs(customers, listed)
    if len(customers) * len(listed) <= _ALL_AGAINST_ALL:
        pairs = sorted({*pairs, *like_names(customers, listed)})
    elif too_common:
        notes.append(f"{too_common:,} words or numbers that too many parties share were not used to find pairs")
    for one, other in pairs:
        customer, candidate = customers[one], listed[other]
        if not may_be_one(customer, candidate):
            continue
        likeness = set_side_by_side(customer, candidate)
        if likeness.score >= threshold:
            found.append((one, candidate, likeness))
        elif likeness.name >= _NAME_ALIKE and likeness.disagrees:
            apart += 1
    found.sort(key=lambda hit: (hit[0], -hit[2].score, hit[1].id))
    rows = [_row(customers[one], candidate, likeness, why) for one, candidate, likeness in found[:limit]]
    if rows:
        notes.append("a likeness is a possible match, never an identity")
    if apart:
        notes.append(f"{apart:,} pairs have a like name and a part that disagrees: they are below the threshold")
    if counted["rejected"]:
        notes.append(f"{counted['rejected']:,} records could not be read and were NOT SCREENED: {counted['first']}")
    with_candidates = len({one for one, _, _ in found})
    return Answer(
        command="screen",
        columns=_COLUMNS,
        shown=("row", "name", "candidate", "caption", "score", "agrees", "disagrees", "matched", "via_rule"),
        rows=rows,
        summary={
            "records": counted["records"],
            "screened": len(customers),
            "rejected": counted["rejected"],
            "skipped": counted["skipped"],
            "with a possible match": with_candidates,
            "without": len(customers) - with_candidates,
            "set apart by a disagreement": apart,
            "searched": {
                "listed": sum(not one["via_rule"] for one in why.values()),
                "by rule": sum(bool(one["via_rule"]) for one in why.values()),
            },
            "lists": [f"{row['dataset']} ({row['list_date'] or 'undated'})" for row in case.rows(_LISTS)],
            "regime": regime,
            "threshold": threshold,
        },
        notes=tuple(notes),
        params={"file": Path(file).name, "threshold": threshold, "regime": regime, "as_of": as_of, "limit": limit},
        truncated=len(rows) < len(found),
        total=len(found),
        outcome=3 if counted["rejected"] else 0,
    )


def _wanted(case: Case, regime: str, as_of: str | None) -> dict[str, Row]:
    """Whom to look for: who is listed by anybody, and whom the regime's rule blocks, or may block, besides."""
    why: dict[str, Row] = {
        row["canonical_id"]: {
            "authorities": tuple(row["authorities"]),
            "programs": tuple(row["programs"]),
            "via_rule": None,
            "verdict": "listed",
        }
        for row in case.rows(_LISTED)
    }
    if regime == "none" or not why:
        return why
    from finnet.api.ownership import blocked

    answer = blocked(case, regime=regime, as_of=as_of)
    for row in answer.rows:
        if row["verdict"] in {"blocked", "possibly"} and row["id"] not in why:
            why[row["id"]] = {"authorities": (), "programs": (), "via_rule": row["because"], "verdict": row["verdict"]}
    return why


def _row(customer: Profile, candidate: Profile, likeness: Likeness, why: Mapping[str, Row]) -> Row:
    from finnet.api.identity import likeness_cells

    return {
        "row": int(customer.id),
        "name": customer.caption,
        "candidate": candidate.id,
        "caption": candidate.caption,
        **likeness_cells(likeness),
        "matched": likeness.names[1],
        **why[candidate.id],
    }


def _customers(
    path: Path, mapping: str | Path | None, as_: str | None
) -> tuple[list[Profile], dict[str, Any], list[str]]:
    """The file read into a case of its own that is gone afterwards: with all the checks of an ingest."""
    from finnet.api._inputs import format_of
    from finnet.api._profiles import profiles
    from finnet.api.intake import ingest
    from finnet.api.open import open_case

    notes: list[str] = []
    guessed = mapping is None and as_ in (None, "table") and format_of(path) == "table"
    with tempfile.TemporaryDirectory(prefix="finnet-screen-") as folder:
        if guessed:
            mapping = _proposed(path, Path(folder), notes)
        done = ingest([path], case=Path(folder) / "screen.finnet", as_=as_, mapping=mapping, max_rejects=_ANY)
        with open_case(Path(folder) / "screen.finnet") as opened:
            found = profiles(opened, each_record=True, of_any_kind=guessed)
        counted = {name: sum(row[name] for row in done.rows) for name in ("records", "rejected", "skipped")}
        counted["first"] = _first_rejects(Path(folder) / "screen.finnet") if counted["rejected"] else ""
    return found, counted, notes


def _proposed(path: Path, folder: Path, notes: list[str]) -> Path:
    """A mapping proposed for a table of customers, and what it takes each column for."""
    import tomllib

    from finnet.sources.table import propose

    proposal = propose(path)
    said = tomllib.loads(proposal.toml or 'kind = "entities"')
    if said["kind"] != "entities" or "name" not in said.get("columns", {"name": ""}):
        raise UsageError(
            f"{quoted(path.name)}: does not look like a table of names",
            hint=f"finnet sniff {quoted(path.name)} --write M.toml, correct it, then screen --mapping M.toml",
        )
    columns = ", ".join(f"{word} = {quoted(title, 40)}" for word, title in said.get("columns", {}).items())
    notes.append(f"{path.name}: read as {columns or 'an empty table'} (say otherwise with --mapping)")
    made = folder / "proposed.toml"
    made.write_text(proposal.toml or 'kind = "entities"\n[columns]\nname = "name"\n', encoding="utf-8")
    return made


def _first_rejects(case: Path) -> str:
    from finnet.api.intake import rejects
    from finnet.api.open import open_case

    with open_case(case) as opened:
        told = rejects(opened, limit=_SHOWN).rows
    return "; ".join(f"record {row['record']}: {row['reason']}" for row in told)
