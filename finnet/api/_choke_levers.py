"""The question which measures bite hardest: levers of a file are chosen, within a budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from finnet.analysis.interdiction.lever_file import LeverFile
from finnet.analysis.interdiction.levers import LeverSituation
from finnet.api._choke_asked import Asked, Found
from finnet.api._choke_enforcers import codes, enforcers_of
from finnet.api._levers import effects_of, measures_of
from finnet.errors import UsageError, quoted
from finnet.graph.network import IntArray

if TYPE_CHECKING:
    from finnet.api._choke_law import Law
    from finnet.api._choke_question import Named

__all__ = ["lever_question"]


def lever_question(
    named: Named,
    asked: Asked,
    seeds: IntArray,
    exits: IntArray,
    target: str | None,
    law: Law | None,
    file: LeverFile,
) -> Found:
    """The situation in which levers are chosen; --candidates, --exclude and --forced name them by id.

    Raises: UsageError for words that mean nothing here, UnknownNameError for a lever that is not in the file.
    """
    if asked.cost is not None:
        raise UsageError("--cost has no meaning with --by lever", hint="the file says what each lever costs")
    acting, words = enforcers_of(asked.enforcers, without=asked.without, only=asked.only)
    if asked.in_force is not None or law is None:
        in_force = named.ids(asked.in_force)
    else:
        in_force = law.listed
    measures = measures_of(
        named.network,
        effects_of(file.levers, named.network, named.select, named.warnings),
        in_force=in_force,
        programs={},
        enforcers=acting,
        law=law,
        exempt=np.union1d(seeds, exits),
    )
    forced = file.numbers(codes(asked.forced or ""))
    situation = LeverSituation.among(file.levers, measures, sources=seeds, exits=exits, exclude=_excluded(file, asked))
    wrong = sorted(set(forced) - set(situation.candidates.tolist()))
    if wrong:
        raise UsageError(
            f"--forced {quoted(file.levers[wrong[0]].id)} may not be chosen", hint="see `excluded` without --forced"
        )
    return Found(
        situation=replace(situation, forced=np.array(forced, np.int64)),
        enforcers=words,
        target_state=target,
        regime="none" if law is None else law.words,
        warnings=named.warnings,
    )


def _excluded(file: LeverFile, asked: Asked) -> Mapping[int, str]:
    reasons: dict[int, str] = {}
    if asked.candidates is not None:
        offered = set(file.numbers(codes(asked.candidates)))
        reasons = {number: "not among --candidates" for number in range(len(file.levers)) if number not in offered}
    return reasons | dict.fromkeys(file.numbers(codes(asked.exclude or "")), "excluded by --exclude")
