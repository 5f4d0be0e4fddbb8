"""What goes wrong around a case: crashes, second writers, full and read-only disks, damage."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from invented_lists import FILE, entity, small_list, store

from finnet.errors import CaseBusyError, CaseDamagedError, CaseError, FinnetError, UsageError
from finnet.model.statement import Counted
from finnet.store import ingest as ingests
from finnet.store.case import Case
from finnet.store.faults import engine_errors
from finnet.store.lock import writing

TESTS = Path(__file__).parent
NOBODY = 65_534


@pytest.fixture
def case(tmp_path):
    return tmp_path / "c.finnet"


def program(body: str, **places: Path) -> list[str]:
    head = f"import sys; sys.path.insert(0, {str(TESTS)!r})\nfrom pathlib import Path\nfrom invented_lists import *\n"
    named = "".join(f"{name} = Path({str(place)!r})\n" for name, place in places.items())
    return [sys.executable, "-c", head + named + textwrap.dedent(body)]


KILLED = """
    statements = [entity(n) for n in range(1, 6_001)]
    statements += [link(6_000 + n, f"e{n}", f"e{n + 1}") for n in range(1, 4_001)]
    print("ready", flush=True)
    store(case, folder, [*statements, Counted(file=FILE, records=10_000)], text="much")
    print("stored", flush=True)
"""


def test_kill_9_in_a_first_ingest_leaves_no_case_or_a_whole_one(case, tmp_path):
    chance = random.Random(11)
    seen = set()
    for _ in range(12):
        shutil.rmtree(case, ignore_errors=True)
        with subprocess.Popen(
            program(KILLED, case=case, folder=tmp_path), stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.0, 0.9))
            process.send_signal(signal.SIGKILL)
            told = process.stdout.read()
        if (case / "case.json").exists():
            with Case.open(case) as opened:
                rows = opened.rows("select count(*) as n from v1_entity")
            assert rows == [{"n": 6_000}]
            seen.add("whole")
        else:
            assert "stored" not in told
            seen.add("none")
            assert store(case, tmp_path, small_list(), text="a list").status == "loaded"  # the remains are no hindrance
    assert seen  # which of the two depends on the machine


def test_what_a_dead_ingest_left_is_cleared_and_nothing_else(case, tmp_path):
    store(case, tmp_path, small_list())
    left = [case / "data" / "small-0002-entities.parquet", case / "rejects" / "0002.jsonl", case / ".tmp" / "x.jsonl"]
    spilled = case / ".spill-999999999-x"  # no process has this number
    spilled.mkdir()
    (case / ".tmp").mkdir()
    for path in left:
        path.write_text("half")
    kept = [case / "data" / "my notes.txt", case / "rejects" / "letter.md"]
    for path in kept:
        path.write_text("mine")
    store(case, tmp_path, [entity(9), Counted(file=FILE, records=9), *_skips(8)], text="newer")
    assert not spilled.exists()
    assert not any(path.exists() for path in left[1:])
    assert left[0].read_bytes()[:4] == b"PAR1"  # the next ingest has taken the name
    assert all(path.read_text() == "mine" for path in kept)


def _skips(count):
    from finnet.model.statement import Origin, Skip

    return [Skip(origin=Origin(FILE, number, number), reason="blank") for number in range(1, count + 1)]


def test_two_first_ingests_at_once_both_count(case, tmp_path):
    """Neither may switch to an empty manifest after the other has stored."""
    body = """
        import sys
        name = sys.argv[1]
        statements = [entity(n) for n in range(1, 51)]
        store(case, folder, [*statements, Counted(file=FILE, records=50)], dataset=name, name=name, text=name, wait=60)
    """
    commands = [[*program(body, case=case, folder=tmp_path), name] for name in ("a", "b", "c")]
    processes = [subprocess.Popen(command) for command in commands]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    with Case.open(case) as opened:
        rows = opened.rows("select dataset, count(*) as n from v1_entity group by dataset order by dataset")
    assert rows == [{"dataset": name, "n": 50} for name in ("a", "b", "c")]


def test_a_writer_waits_as_long_as_it_was_told(case, tmp_path):
    Case.create(case)
    released = threading.Event()

    def hold() -> None:
        with writing(case):
            released.wait(0.4)

    holder = threading.Thread(target=hold)
    holder.start()
    time.sleep(0.1)
    with pytest.raises(CaseBusyError, match="--wait SECONDS"):
        store(case, tmp_path, small_list(), wait=0.05)
    assert store(case, tmp_path, small_list(), wait=30).status == "loaded"
    holder.join()


def test_readers_see_whole_ingests_while_another_process_writes(case, tmp_path):
    store(case, tmp_path, [entity(1), Counted(file=FILE, records=1)], text="v0")
    body = """
        for version in range(1, 8):
            statements = [entity(n) for n in range(1, 501)]
            statements = [replace(one, caption=f"version {version}") for one in statements]
            store(case, folder, [*statements, Counted(file=FILE, records=500)], text=f"v{version}", name="w.txt")
    """
    writer = subprocess.Popen(program(body, case=case, folder=tmp_path))
    seen = set()
    while writer.poll() is None:
        with Case.open(case) as opened:
            rows = opened.rows("select caption, count(*) as n from v1_entity group by caption")
            assert opened.lookup.entity("e1")
        assert len(rows) == 1
        seen.add((rows[0]["caption"], rows[0]["n"]))
    assert writer.wait() == 0
    assert seen <= {("Invented Company 1", 1), *((f"version {n}", 500) for n in range(1, 8))}


def test_an_interrupt_stores_nothing(case, tmp_path):
    store(case, tmp_path, small_list())
    before = (case / "case.json").read_bytes()

    def interrupted() -> Iterator[object]:
        yield entity(1)
        raise KeyboardInterrupt

    one = ingests.Incoming(
        dataset="other",
        format="invented",
        title="t",
        is_list=True,
        grade="B2",
        mapping_sha256=None,
        files=(),
        paths=(),
        read=lambda: ingests.Reading(dataset="other", title="t", statements=interrupted()),  # type: ignore[arg-type]
    )
    with pytest.raises(KeyboardInterrupt):
        ingests.ingest(case, [one])
    assert (case / "case.json").read_bytes() == before
    assert not (case / ".tmp").exists()


def test_a_file_size_limit_is_told_and_changes_nothing(case, tmp_path):
    """Stands in for a full disk where none can be made."""
    store(case, tmp_path, small_list())
    before = (case / "case.json").read_bytes()
    statements = [entity(n, f"Invented {n * 7919 % 100_003}") for n in range(1, 5_001)]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(CaseError) as refused:
            store(case, tmp_path, [*statements, Counted(file=FILE, records=5_000)], dataset="big", text="big")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)
    assert refused.value.exit_code == 1
    assert (case / "case.json").read_bytes() == before
    assert store(case, tmp_path, small_list()).status == "unchanged"


@contextlib.contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=False)


@pytest.mark.skipif(shutil.which("mount") is None, reason="there is no mount")
def test_a_full_disk_is_told_and_the_case_is_as_before(tmp_path):
    statements = [entity(n, f"Invented {n * 7919 % 100_003}") for n in range(1, 10_001)]
    with small_disk(tmp_path / "disk", "1m") as disk:
        case = disk / "c.finnet"
        store(case, tmp_path, small_list())
        before = (case / "case.json").read_bytes()
        with pytest.raises(CaseError, match=r"the disk is full \(\d+ MB free\).*nothing was changed"):
            store(case, tmp_path, [*statements, Counted(file=FILE, records=10_000)], dataset="big", text="big")
        assert (case / "case.json").read_bytes() == before
        assert store(case, tmp_path, small_list()).status == "unchanged"


@pytest.fixture
def read_only_case(tmp_path_factory):
    """A case that this process may read and not write, even if it runs as root."""
    place = Path(tempfile.mkdtemp(prefix="finnet-test-"))
    work = tmp_path_factory.mktemp("work")
    store(place / "c.finnet", work, small_list())
    place.chmod(0o755)
    for path in [place / "c.finnet", *(place / "c.finnet").rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield place / "c.finnet"
    finally:
        if was == 0:
            os.seteuid(was)
        for path in [place / "c.finnet", *(place / "c.finnet").rglob("*")]:
            path.chmod(path.stat().st_mode | stat.S_IWUSR)
        shutil.rmtree(place)


def test_a_case_that_cannot_be_written_can_be_read(read_only_case):
    with Case.open(read_only_case) as opened:
        assert opened.rows("select count(*) as n from v1_link") == [{"n": 2}]
        assert opened.lookup.entity("e1")[0]["caption"] == "Invented Company 1"


def test_a_read_only_case_without_an_index_gets_one_elsewhere(read_only_case, tmp_path_factory, monkeypatch):
    private = Path(tempfile.mkdtemp(prefix="finnet-test-"))  # as nobody: a folder of its own
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    with Case.open(read_only_case) as opened:
        monkeypatch.setattr("finnet.store.index._is_current", lambda path, key: False)
        assert opened.lookup.entity("e2")[0]["caption"] == "Invented Company 2"
    (made,) = private.glob("finnet-index-*/*.sqlite")
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    shutil.rmtree(private)


def test_writing_to_a_read_only_case_is_told(read_only_case):
    source = Path(tempfile.mkdtemp(prefix="finnet-test-"))
    with pytest.raises(CaseError, match="nothing was changed") as refused:
        store(read_only_case, source, small_list(), text="newer")
    assert refused.value.exit_code == 1
    shutil.rmtree(source)


def test_a_changed_byte_anywhere_is_damage(case, tmp_path):
    store(case, tmp_path, [entity(n) for n in range(1, 400)] + [Counted(file=FILE, records=399)])
    path = next((case / "data").glob("*entities*"))
    whole = path.read_bytes()
    chance = random.Random(5)
    for place in (chance.randrange(len(whole)) for _ in range(20)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        with pytest.raises(CaseDamagedError, match="is not as it was written"):
            Case.open(case)
    path.write_bytes(whole)
    assert Case.open(case).path == case


def test_a_copied_case_is_the_same_case(case, tmp_path):
    store(case, tmp_path, small_list())
    copy = tmp_path / "copy.finnet"
    shutil.copytree(case, copy, copy_function=shutil.copyfile)  # other times of change
    with Case.open(case) as one, Case.open(copy) as other:
        assert one.logical_sha256 == other.logical_sha256
        assert other.rows("select count(*) as n from v1_link") == [{"n": 2}]


def test_a_missing_data_file_is_damage_named(case, tmp_path):
    store(case, tmp_path, small_list())
    (case / "data" / "small-0001-links.parquet").unlink()
    with pytest.raises(CaseDamagedError, match=r"data/small-0001-links\.parquet is missing"):
        Case.open(case)


@pytest.mark.parametrize("line", ["{", "[]", '{"do": "merge", "left": "a"}', '{"do": "tag", "entity": "a"}'])
def test_a_decision_that_cannot_be_read_is_damage_with_its_line(case, tmp_path, line):
    store(case, tmp_path, small_list())
    (case / "decisions.jsonl").write_text('{"do": "merge", "left": "e1", "right": "e2"}\n' + line + "\n")
    with Case.open(case) as opened, pytest.raises(CaseDamagedError, match=r"decisions\.jsonl:2"):
        opened.rows("select 1")


def test_memory_that_does_not_suffice_is_told_with_the_way_out(case, tmp_path, monkeypatch):
    store(case, tmp_path, small_list())
    monkeypatch.setenv("FINNET_MEMORY", "20MB")
    with Case.open(case) as opened, pytest.raises(FinnetError, match="FINNET_MEMORY"):
        opened.rows("select list(a.i || '-' || b.i) as x from range(3000) a(i), range(3000) b(i)")


@pytest.mark.parametrize(
    ("name", "value"), [("FINNET_THREADS", "many"), ("FINNET_THREADS", "0"), ("FINNET_MEMORY", "x")]
)
def test_settings_that_make_no_sense_are_a_usage_error(case, tmp_path, monkeypatch, name, value):
    Case.create(case)
    monkeypatch.setenv(name, value)
    with Case.open(case) as opened, pytest.raises(UsageError, match=name):
        opened.rows("select 1")


def test_what_the_engine_spills_stays_inside_the_case_and_goes(case, tmp_path, monkeypatch):
    store(case, tmp_path, small_list())
    monkeypatch.setenv("FINNET_MEMORY", "150MB")
    with Case.open(case) as opened:
        assert opened.rows("select 1 as one") == [{"one": 1}]
        (spill,) = case.glob(".spill-*")
        assert stat.S_IMODE(spill.stat().st_mode) == 0o700
        rows = opened.rows(
            "select count(*) as n from (select hash(i) as h from range(9000000) t(i) order by h, i desc)"
        )
        assert rows == [{"n": 9_000_000}]
    assert not list(case.glob(".spill-*"))


def test_an_argument_that_is_not_utf8_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="not valid UTF-8"), engine_errors(tmp_path):
        duckdb.connect(":memory:").execute("select $name", {"name": "a\udcff"})
