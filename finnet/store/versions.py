"""What a new reading of a dataset does to those that are there: replace, stand beside, or change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from finnet.errors import UsageError, quoted
from finnet.model.reading import Reading, SourceFile
from finnet.store.analyst import ANALYST
from finnet.store.manifest import Ingest, Manifest

__all__ = ["Before", "Incoming", "Wish", "check_names", "not_stored", "place", "stored_already"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One dataset to read: ``read`` is called once the case is ours, and not at all if nothing has changed.

    ``paths`` say where the files lie, for the manifest; ``stamps`` what ``stamp`` gave when they were first looked at.
    """

    dataset: str
    format: str
    title: str
    is_list: bool
    grade: str | None
    mapping_sha256: str | None
    files: tuple[SourceFile, ...]
    paths: tuple[str, ...]
    read: Callable[[], Reading]
    stamps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user said about datasets that are there already, and about bad records."""

    append: bool = False
    replace: bool = False
    max_rejects: int | None = None
    dry_run: bool = False


def stored_already(manifest: Manifest, incoming: Incoming, hashes: Mapping[str, tuple[str, int]]) -> list[Ingest]:
    """The ingests of the same bytes, read in the same way, that still count (or never did, being older lists).

    A list is there as a whole or not at all. Of a table, parts may be there: those all of whose files are named again.
    """
    of_dataset = [one for one in manifest.ingests if one.dataset == incoming.dataset]
    if not of_dataset:  # the hashes of gigabytes may still be on their way
        return []
    wanted = sorted(sha256 for sha256, _ in hashes.values())
    found = []
    for one in of_dataset:
        if (one.mapping_sha256, one.format, one.grade) != (incoming.mapping_sha256, incoming.format, incoming.grade):
            continue
        held = sorted(file.sha256 for file in one.files)
        if incoming.is_list:
            counts = one.status == "active" or (one.is_list and _is_outdated(one, of_dataset))
            found += [one] if held == wanted and counts else []
        elif one.status == "active" and set(held) <= set(wanted):
            found.append(one)
    return found[:1] if incoming.is_list else found


def not_stored(
    incoming: Incoming, hashes: Mapping[str, tuple[str, int]], stored: Sequence[Ingest]
) -> tuple[Incoming, tuple[str, ...]]:
    """What is left to read once what is stored is taken off, and in words which files of a table are copies.

    Payments that a second copy of a statement lists have not been made twice.
    """
    if len(incoming.files) == 1 and not stored:
        return incoming, ()
    if incoming.is_list:
        return (replace(incoming, files=(), paths=(), stamps=()) if stored else incoming), ()
    first = {file.sha256: file.name for one in stored for file in one.files}
    kept, notes = [], []
    for number, file in enumerate(incoming.files):
        sha256 = hashes[file.name][0]
        if sha256 not in first:
            first[sha256] = file.name
            kept.append(number)
        elif first[sha256] != file.name:
            notes.append(f"{file.name}: the same bytes as {first[sha256]}, counted once")
    left = replace(
        incoming,
        files=tuple(incoming.files[number] for number in kept),
        paths=tuple(incoming.paths[number] for number in kept),
        stamps=tuple(incoming.stamps[number] for number in kept) if incoming.stamps else (),
    )
    return left, tuple(notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What there was of a dataset before this call: whether there was any, and the ingests that are not named again."""

    exists: bool
    old: frozenset[int]


def check_names(manifest: Manifest, incoming: Incoming, before: Before, wish: Wish) -> None:
    """Refuse a table dataset that is there unless the user said what to do with it.

    A part must not have a file called like another part's: the place of a record names the file.

    Raises: UsageError (E3005).
    """
    if incoming.dataset == ANALYST:
        raise UsageError(
            f"a dataset cannot be called {ANALYST}: that is what analysts state themselves",
            hint="name it with --dataset",
        )
    if incoming.is_list:
        return
    if before.exists and not (wish.append or wish.replace):
        raise UsageError(
            f"the dataset {quoted(incoming.dataset)} exists in this case",
            hint="say --append or --replace, or give it another name with --dataset",
            code="E3005",
        )
    gone = frozenset[int]() if wish.append else before.old
    beside = [one for one in manifest.active if one.dataset == incoming.dataset and one.number not in gone]
    taken = {file.name for one in beside for file in one.files}
    for file in incoming.files:
        if file.name in taken:
            raise UsageError(
                f"the dataset {quoted(incoming.dataset)} has a file called {quoted(file.name)}, with other content",
                hint="rename this one, so that their records can be told apart",
                code="E3005",
            )


def place(ingests: Sequence[Ingest], made: Ingest, before: Before, wish: Wish) -> tuple[tuple[Ingest, ...], str]:
    """The ingests with the new one among them, and in a word what became of it.

    A list replaces the active one of its dataset, unless that is newer: then it is kept beside it, as an older one.
    """
    gone = frozenset[int]() if wish.append and not made.is_list else before.old
    if made.is_list:
        rivals = [one for one in ingests if one.dataset == made.dataset and one.status == "active"]
        if not wish.replace and _is_outdated(made, rivals):
            return (*ingests, replace(made, status="replaced")), "older"
        gone = frozenset(one.number for one in rivals)
    kept = tuple(replace(one, status="replaced") if one.number in gone else one for one in ingests)
    status = "replaced" if gone else "appended" if before.exists and wish.append else "loaded"
    return (*kept, made), status


def _is_outdated(one: Ingest, others: Sequence[Ingest]) -> bool:
    return any(other.status == "active" and _is_before(one.list_date, other.list_date) for other in others)


def _is_before(one: str | None, other: str | None) -> bool:
    """Whether a date is surely before another: 2019 is neither before nor after 2019-03.

    >>> _is_before("2019-02", "2019-03-05"), _is_before("2019", "2019-03"), _is_before(None, "2019")
    (True, False, False)
    """
    if one is None or other is None:
        return False
    shared = min(len(one), len(other))
    return one[:shared] < other[:shared]
