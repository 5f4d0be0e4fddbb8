"""Ingest: counts add up, all or nothing, the same twice over."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest
from invented_lists import FILE, entity, incoming, link, small_list, store

from finnet.errors import CaseBusyError, CaseDamagedError, CaseError, InputError, TooManyRejectsError, UsageError
from finnet.model.statement import Counted, Origin, Reject
from finnet.store.case import Case
from finnet.store.ingest import ingest
from finnet.store.lock import writing

TESTS = Path(__file__).parent


@pytest.fixture
def case(tmp_path):
    return tmp_path / "c.finnet"


def fingerprint(case: Path) -> dict[str, str]:
    derived = {"lock", "index.sqlite", "checked.json"}
    files = [path for path in case.rglob("*") if path.is_file() and path.name not in derived]
    return {str(path.relative_to(case)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def data_bytes(case: Path) -> dict[str, str]:
    return {name: digest for name, digest in fingerprint(case).items() if name.startswith("data/")}


def test_every_record_is_loaded_rejected_or_skipped(case, tmp_path):
    (file,) = store(case, tmp_path, small_list()).ingest.files
    assert (file.records, file.loaded, file.rejected, file.skipped) == (6, 4, 1, 1)


def test_the_reject_is_kept_with_its_place_and_bytes(case, tmp_path):
    store(case, tmp_path, small_list())
    (entry,) = [json.loads(line) for line in (case / "rejects" / "0001.jsonl").read_text().splitlines()]
    del entry["sha256"]
    assert entry == {
        "file": FILE,
        "record": 5,
        "byte_offset": 50,
        "column": None,
        "code": "E1205",
        "reason": "no name",
        "raw_b64": "Ozs=",  # base64 of ";;"
    }


@pytest.mark.parametrize("said", [5, 7])
def test_counts_that_do_not_add_up_store_nothing(case, tmp_path, said):
    statements = [*small_list()[:-1], Counted(file=FILE, records=said)]
    with pytest.raises(InputError, match="did not account for each"):
        store(case, tmp_path, statements)
    assert not case.exists()


def test_a_record_both_loaded_and_rejected_is_refused(case, tmp_path):
    statements = [*small_list()[:-1], Reject(origin=Origin(FILE, 1, 10), code="E1205", reason="twice")]
    with pytest.raises(InputError, match="did not account for each"):
        store(case, tmp_path, [*statements, Counted(file=FILE, records=6)])


def test_the_same_again_changes_nothing(case, tmp_path):
    first = store(case, tmp_path, small_list())
    before = fingerprint(case)
    second = store(case, tmp_path, small_list())
    assert (second.status, second.ingest) == ("unchanged", first.ingest)
    assert fingerprint(case) == before


def test_a_newer_list_replaces_the_older_whose_files_stay(case, tmp_path):
    store(case, tmp_path, small_list())
    old = data_bytes(case)
    outcome = store(case, tmp_path, [entity(1), Counted(file=FILE, records=1)], text="a newer list")
    assert outcome.status == "replaced"
    assert old.items() <= data_bytes(case).items()
    with Case.open(case) as opened:
        assert [row["entity_id"] for row in opened.rows("select entity_id from v1_entity")] == ["e1"]


def test_a_table_that_exists_needs_append_or_replace(case, tmp_path):
    store(case, tmp_path, small_list(), is_list=False)
    more = [entity(9), Counted(file=FILE, records=9), *(_skips(8))]
    with pytest.raises(UsageError, match="--append or --replace") as refused:
        store(case, tmp_path, more, is_list=False, text="other")
    assert (refused.value.exit_code, refused.value.code) == (2, "E3005")
    with pytest.raises(UsageError, match=f"has a file called '{FILE}', with other content"):
        store(case, tmp_path, more, is_list=False, text="other", append=True)
    part = store(case, tmp_path, more, is_list=False, text="other", append=True, name="part.txt")
    assert part.status == "appended"
    with Case.open(case) as opened:
        rows = opened.rows("select entity_id from v1_entity where not missing order by 1")
    assert [row["entity_id"] for row in rows] == ["e1", "e2", "e9"]


def _skips(count: int) -> list:
    from finnet.model.statement import Skip

    return [Skip(origin=Origin(FILE, number, number), reason="blank") for number in range(1, count + 1)]


def test_too_many_rejects_stop_the_ingest(case, tmp_path):
    bad = [Reject(origin=Origin(FILE, n, n), code="E1205", reason="no name") for n in range(1, 22)]
    statements = [*bad, Counted(file=FILE, records=21)]
    with pytest.raises(TooManyRejectsError, match="21 of 21 records are bad"):
        store(case, tmp_path, statements)
    assert not case.exists()
    assert store(case, tmp_path, statements, max_rejects=21).status == "loaded"


def test_who_is_only_pointed_at_becomes_a_stub(case, tmp_path):
    outcome = store(case, tmp_path, small_list())
    assert outcome.ingest.counts == {"entities": 2, "links": 2, "payments": 0, "listings": 1, "stubs": 1}
    with Case.open(case) as opened:
        (stub,) = opened.rows("select entity_id, flags, record from v1_entity where missing")
    assert stub == {"entity_id": "nobody", "flags": ["stub"], "record": 4}


def test_a_stub_of_one_dataset_gives_way_to_the_description_in_another(case, tmp_path):
    store(case, tmp_path, small_list())
    named = [
        entity(1).__class__(id="nobody", schema="Person", caption="Somebody Invented", origin=Origin(FILE, 1, 0)),
        Counted(file=FILE, records=1),
    ]
    store(case, tmp_path, named, dataset="other", text="another")
    with Case.open(case) as opened:
        (party,) = opened.rows("select caption, missing, datasets from v1_party where canonical_id = 'nobody'")
    assert party == {"caption": "Somebody Invented", "missing": False, "datasets": ["other", "small"]}


def test_the_same_inputs_give_the_same_bytes_whatever_the_order_and_threads(tmp_path, monkeypatch):
    statements = [entity(n) for n in range(1, 3_000)]
    statements += [link(2_999 + n, f"e{n}", f"e{n * 7 % 2_999 + 1}") for n in range(1, 2_000)]
    end = Counted(file=FILE, records=4_998)
    seen = set()
    for seed, threads in ((0, "1"), (1, "2"), (2, "4")):
        monkeypatch.setenv("FINNET_THREADS", threads)
        random.Random(seed).shuffle(statements)
        case = tmp_path / f"{seed}.finnet"
        store(case, tmp_path, [*statements, end])
        seen.add((tuple(data_bytes(case).items()), Case.open(case).logical_sha256))
    assert len(seen) == 1


def test_a_second_writer_is_told_who_holds_the_case(case, tmp_path):
    Case.create(case)
    with writing(case), pytest.raises(CaseBusyError, match=rf"in use by finnet \(pid {os.getpid()}") as refused:
        store(case, tmp_path, small_list())
    assert refused.value.exit_code == 4


def test_a_reader_keeps_what_it_opened(case, tmp_path):
    store(case, tmp_path, small_list())
    with Case.open(case) as reader:
        store(case, tmp_path, [entity(1), Counted(file=FILE, records=1)], text="newer")
        assert len(reader.rows("select * from v1_entity where not missing")) == 2


def test_a_file_that_changes_while_it_is_read_stores_nothing(case, tmp_path):
    one = incoming(tmp_path, small_list())
    reading = one.read()

    def read():
        (tmp_path / FILE).write_text("changed meanwhile")
        return reading

    with pytest.raises(InputError, match="changed while it was read"):
        ingest(case, [replace(one, read=read)])
    assert not case.exists()


def test_a_missing_or_cut_data_file_is_damage(case, tmp_path):
    store(case, tmp_path, small_list())
    path = next((case / "data").glob("*entities*"))
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(CaseDamagedError) as refused:
        Case.open(case)
    assert refused.value.exit_code == 5


def test_a_flipped_byte_is_damage_not_an_answer(case, tmp_path):
    store(case, tmp_path, [entity(n) for n in range(1, 400)] + [Counted(file=FILE, records=399)])
    path = next((case / "data").glob("*entities*"))
    content = bytearray(path.read_bytes())
    content[-30] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(CaseDamagedError, match="not as it was written") as refused:
        Case.open(case)
    assert refused.value.exit_code == 5


def test_not_a_case_and_a_newer_case(tmp_path):
    with pytest.raises(CaseError, match="there is no case"):
        Case.open(tmp_path / "none")
    with pytest.raises(CaseError, match="not a case"):
        Case.open(tmp_path)
    (tmp_path / "case.json").write_text('{"format": 99, "finnet": "9.9", "ingests": []}')
    with pytest.raises(CaseError, match=r"made by finnet '9\.9', which is newer"):
        Case.open(tmp_path)
    (tmp_path / "case.json").write_text("{")
    with pytest.raises(CaseDamagedError):
        Case.open(tmp_path)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(CaseError, match="exists and is not a case"):
        Case.create(tmp_path)


def test_a_dry_run_stores_nothing_and_makes_no_case(case, tmp_path):
    outcome = store(case, tmp_path, small_list(), dry_run=True)
    assert (outcome.status, outcome.ingest.files[0].records, case.exists()) == ("dry_run", 6, False)


KILLED = """
    import sys
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    from invented_lists import FILE, entity, link, store
    from finnet.model.statement import Counted
    statements = [entity(n) for n in range(1, 20_001)]
    statements += [link(20_000 + n, f"e{{n}}", f"e{{n + 1}}") for n in range(1, 10_001)]
    print("ready", flush=True)
    store(Path({case!r}), Path({folder!r}), [*statements, Counted(file=FILE, records=30_000)], text="much")
    print("stored", flush=True)
"""


def test_kill_9_at_any_time_leaves_the_case_as_before_or_as_after(case, tmp_path):
    store(case, tmp_path, small_list(), dataset="before")
    before = fingerprint(case)
    before.pop("case.json")
    program = textwrap.dedent(KILLED.format(tests=str(TESTS), case=str(case), folder=str(tmp_path)))
    chance = random.Random(7)
    finished = 0
    for _ in range(8):
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 1.2))
        process.send_signal(signal.SIGKILL)
        told = process.communicate()[0]
        with Case.open(case) as opened:
            datasets = [row["dataset"] for row in opened.rows("select distinct dataset from v1_entity order by 1")]
            rows = opened.rows("select count(*) as n from v1_entity where dataset = 'small'")[0]["n"]
        assert (datasets, rows) in ((["before"], 0), (["before", "small"], 20_000))
        if "stored" in told:
            finished += 1
            assert datasets == ["before", "small"]
        assert before.items() <= fingerprint(case).items()
    store(case, tmp_path, small_list(), dataset="after", text="afterwards")
    known = {data.name for one in Case.open(case).manifest.ingests for data in one.data}
    assert {path.name for path in (case / "data").iterdir()} == known
