"""How far an answer holds, in sentences: what the run computed about it, and where it computed nothing, that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from finnet.report.dossier.document import Block, Sentence, StepAnswer, Words
from finnet.report.dossier.figures import percent
from finnet.report.dossier.sentences import name_of
from finnet.report.render import cell_text

__all__ = ["doubts"]


def doubts(steps: Sequence[StepAnswer]) -> Iterator[Block]:
    """Worlds in which records are wrong, and datasets left out in turn, of each step that asked for choke points."""
    chokes = [step for step in steps if step.answer.command == "choke" and step.answer.rows]
    certain, whole = [], []
    for step in chokes:
        sampled = [row for row in step.answer.rows if row.get("chosen_in") is not None]
        yield from _worlds(step, sampled)
        alone = list(_alone(step))
        yield from alone
        certain += [] if sampled else [step.id]
        whole += [] if alone else [step.id]
    if certain:
        drawn = "No worlds in which records are wrong were drawn (--worlds) for"
        yield Words(
            text=f"{drawn} {', '.join(certain)}: nothing is said about how often the same parties would be chosen."
        )
    if whole:
        left = "Datasets were not left out in turn (--ablate) for"
        yield Words(text=f"{left} {', '.join(whole)}: nothing is said about findings that rest on one source only.")


def _worlds(step: StepAnswer, sampled: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    worlds = step.answer.summary.get("worlds")
    told = worlds if isinstance(worlds, Mapping) else {}
    drawn = f"{told['worlds']:,} worlds" if isinstance(told.get("worlds"), int) else "the worlds"
    grades = f" ({told['grades']})" if told.get("grades") else ""
    for row in sampled:
        yield Sentence(
            text=f"{name_of(row.get('caption'), row['id'])} is in the best set in {percent(row['chosen_in'])} of "
            f"{drawn} that were drawn under assumed grades{grades}; that is no probability of anything anybody did",
            about=(str(row["id"]),),
            computed=step.id,
        )
    others = told.get("others_chosen_in")
    if isinstance(others, Mapping) and others:
        said = "; ".join(f"{cell_text(one)} in {percent(often)}" for one, often in others.items())
        yield Sentence(
            text=f"Others who are chosen in some of these worlds: {said}",
            about=tuple(str(one) for one in others),
            computed=step.id,
        )


def _alone(step: StepAnswer) -> Iterator[Block]:
    """What rests on one dataset; where datasets were left out and nothing rests on one alone, that."""
    summary = step.answer.summary
    rests, left_out = summary.get("rests_on_one_dataset"), summary.get("ablation")
    if not isinstance(rests, Mapping) or not isinstance(left_out, Sequence):
        return
    captions = {str(row.get("id")): row.get("caption") for row in step.answer.rows}
    for label, datasets in rests.items():
        yield Sentence(
            text=f"That {name_of(captions.get(str(label)), label)} is chosen rests on one dataset: without "
            f"{cell_text(datasets)} it is not",
            about=(str(label),),
            computed=step.id,
        )
    if not rests:
        yield Sentence(
            text=f"Each of {len(left_out):,} datasets was left out in turn: nobody is chosen because of one alone",
            computed=step.id,
        )
