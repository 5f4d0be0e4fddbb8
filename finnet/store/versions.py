"""What a new reading of a dataset does to those that are there: replace, stand beside, or change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from finnet.errors import UsageError, quoted
from finnet.model.reading import Reading, SourceFile
from finnet.store.manifest import Ingest, Manifest

__all__ = ["Incoming", "Wish", "check_names", "place", "stored_already"]


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


def stored_already(manifest: Manifest, incoming: Incoming, hashes: Mapping[str, tuple[str, int]]) -> Ingest | None:
    """The ingest of the same bytes, read in the same way, that still counts (or never did, being an older list)."""
    wanted = sorted(sha256 for sha256, _ in hashes.values())
    of_dataset = [one for one in manifest.ingests if one.dataset == incoming.dataset]
    for one in of_dataset:
        if (
            sorted(file.sha256 for file in one.files) == wanted
            and (one.mapping_sha256, one.format, one.grade)
            == (incoming.mapping_sha256, incoming.format, incoming.grade)
            and (one.status == "active" or (one.is_list and _is_outdated(one, of_dataset)))
        ):
            return one
    return None


def check_names(manifest: Manifest, incoming: Incoming, old: set[int], wish: Wish) -> None:
    """Refuse a table dataset that is there (``old``: its ingests) unless the user said what to do with it.

    A part must not have a file called like another part's: the place of a record names the file.

    Raises: UsageError (E3005).
    """
    if incoming.is_list:
        return
    if old and not (wish.append or wish.replace):
        raise UsageError(
            f"the dataset {quoted(incoming.dataset)} exists in this case",
            hint="say --append or --replace, or give it another name with --dataset",
            code="E3005",
        )
    gone = set() if wish.append else old
    beside = [one for one in manifest.active if one.dataset == incoming.dataset and one.number not in gone]
    taken = {file.name for one in beside for file in one.files}
    for file in incoming.files:
        if file.name in taken:
            raise UsageError(
                f"the dataset {quoted(incoming.dataset)} has a file called {quoted(file.name)}, with other content",
                hint="rename this one, so that their records can be told apart",
                code="E3005",
            )


def place(ingests: Sequence[Ingest], made: Ingest, old: set[int], wish: Wish) -> tuple[tuple[Ingest, ...], str]:
    """The ingests with the new one among them, and in a word what became of it.

    A list replaces the active one of its dataset, unless that is newer: then it is kept beside it, as an older one.
    """
    if made.is_list:
        rivals = [one for one in ingests if one.dataset == made.dataset and one.status == "active"]
        if not wish.replace and _is_outdated(made, rivals):
            return (*ingests, replace(made, status="replaced")), "older"
        gone, status = {one.number for one in rivals}, "replaced"
    else:
        gone, status = (set[int](), "appended") if wish.append else (old, "replaced")
    kept = tuple(replace(one, status="replaced") if one.number in gone else one for one in ingests)
    return (*kept, made), status if old or gone else "loaded"


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
