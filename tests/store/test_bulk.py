"""The engine's part of a bulk scan: what it leaves behind, how it counts, what it refuses to overlook."""

from __future__ import annotations

import csv
import io
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from finnet.errors import InputError
from finnet.model.refusal import Refusal
from finnet.model.scan import BulkScan, Check, Lookup, RawColumn, State
from finnet.store import batches
from finnet.store.bulk import stage
from finnet.store.connection import connect
from finnet.store.tables import TABLES

COLUMNS = (RawColumn(name="a", field=0, title="Alpha"), RawColumn(name="b", field=2, title="Beta"))
ENTITIES = State(table="entities", select="select a as entity_id, b as caption, record, byte_offset from good")


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    made = duckdb.connect(":memory:")
    yield made
    made.close()


def scan(path: Path, raw: bytes, **more: object) -> BulkScan:
    path.write_bytes(raw)
    given = {"columns": COLUMNS, "states": (ENTITIES,), "width": 3, **more}
    return BulkScan(path=path, name="x.csv", layout="delimited", **given)  # type: ignore[arg-type]


def test_staging_tables_have_the_stored_columns_in_order(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    stage(connection, scan(tmp_path / "x", b"1,2,3\n"))
    for table, columns in TABLES.items():
        described = connection.execute(f"describe stage_{table}").fetchall()
        assert [(name, kind.lower()) for name, kind, *_ in described] == list(columns.items())


def test_a_connection_shut_off_from_all_files_can_stage(tmp_path: Path) -> None:
    with connect([], temporary=tmp_path) as shut:
        assert stage(shut, scan(tmp_path / "x", b"1,2,3\n")).loaded == 1
        assert shut.execute("select entity_id, caption, file, record, byte_offset from stage_entities").fetchall() == [
            ("1", "3", "x.csv", 1, 0)
        ]


def test_the_first_check_that_holds_gives_the_reason(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    checks = (
        Check(bad="a = 'skip'", code=None, reason="'asked to'"),
        Check(bad="a = $word", code="E1212", reason="'a is ' || a", column="Alpha"),
        Check(bad="b = '3'", code="E1205", reason="'b'", column="Beta"),
    )
    staged = stage(
        connection, scan(tmp_path / "x", b"1,2,4\nbad,2,3\n1,2,3\nskip,2,3\n", checks=checks, values={"word": "bad"})
    )
    assert (staged.records, staged.loaded, staged.rejected, staged.skipped) == (4, 1, 2, 1)
    assert connection.execute(
        'select record, byte_offset, "column", code, reason from stage_rejects order by record'
    ).fetchall() == [
        (2, 6, "Alpha", "E1212", "a is bad"),
        (3, 14, "Beta", "E1205", "b"),
    ]
    assert connection.execute("select record, reason from stage_skips").fetchall() == [(4, "asked to")]


def test_a_lookup_reads_each_word_once(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    seen: list[str] = []

    def read(word: str) -> tuple[int]:
        seen.append(word)
        if not word.isdigit():
            raise Refusal("E1212", f"{word} is no number")
        return (int(word) * 2,)

    lookup = Lookup(name="twice", words="select a from raw", outputs={"twice": "integer"}, read=read)
    failed = "a in (select word from lookup_twice where code is not null)"
    check = Check(bad=failed, code="E1212", reason="(select l.reason from lookup_twice as l where l.word = a)")
    state = State(
        table="entities",
        select="select (select l.twice from lookup_twice as l where l.word = a) as entity_id, record, byte_offset "
        "from good",
    )
    staged = stage(
        connection, scan(tmp_path / "x", b"1,2,3\n1,2,3\nx,2,3\n", lookups=(lookup,), checks=(check,), states=(state,))
    )
    assert (staged.loaded, staged.rejected) == (2, 1)
    assert sorted(seen) == ["1", "x"]
    assert connection.execute("select distinct entity_id from stage_entities").fetchall() == [("2",)]


def test_a_good_record_that_states_nothing_is_a_mistake_that_stops_everything(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    forgetful = State(table="entities", select="select a as entity_id, record, byte_offset from good where a <> '2'")
    with pytest.raises(RuntimeError, match="2 records, but 1 loaded"):
        stage(connection, scan(tmp_path / "x", b"1,2,3\n2,2,3\n", states=(forgetful,)))


def test_a_failed_scan_leaves_the_connection_fit_for_another(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    broken = scan(tmp_path / "x", b"1,2,3\n", states=(State(table="entities", select="select nonsense from good"),))
    with pytest.raises(duckdb.Error):
        stage(connection, broken)
    assert stage(connection, scan(tmp_path / "y", b"1,2,3\n")).loaded == 1


def test_a_file_that_grows_while_it_is_read_is_refused(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "x"

    def read(word: str) -> tuple[str]:
        with path.open("ab") as file:
            file.write(b"4,5,6\n")
        return (word,)

    lookup = Lookup(name="slow", words="select a from raw", outputs={"same": "varchar"}, read=read)
    with pytest.raises(InputError) as caught:
        stage(connection, scan(path, b"1,2,3\n", lookups=(lookup,)))
    assert caught.value.code == "E1104"


def test_both_readers_and_csv_count_the_same_in_a_file_of_many_chunks(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(11)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    planted = 0
    for number in range(20_000):
        kind = draw.randrange(200)
        if kind == 0:
            text.write(draw.choice(["ragged,1\n", "a,b,c,d\n", '"broken"x,1,2\n']))
            planted += 1
        else:
            writer.writerow(
                [number, draw.choice(["plain", 'a "quoted" one', "two\nlines", "이름"]), "é" * draw.randrange(5)]
            )
    raw = text.getvalue().encode()
    monkeypatch.setattr(batches, "_CHUNK", 4_096)
    counted = []
    for first in (0, len(raw) + 1):  # compiled, plain
        monkeypatch.setattr(batches, "COMPILED_FROM", first)
        monkeypatch.setattr("finnet.store.bulk_file.COMPILED_FROM", first)
        staged = stage(connection, scan(tmp_path / f"x{first}", raw))
        counted.append((staged.records, staged.loaded, staged.rejected, staged.skipped))
    assert counted[0] == counted[1] == (20_000, 20_000 - planted, planted, 0)
    rows = connection.execute("select byte_offset, entity_id, caption from stage_entities using sample 500").fetchall()
    for offset, first_field, last_field in rows:
        record = next(csv.reader(io.StringIO(raw[offset : offset + 200].decode(errors="ignore"), newline="")))
        assert (record[0], record[2]) == (first_field, last_field or "")


def test_two_scans_may_run_in_two_threads_on_two_connections(tmp_path: Path) -> None:
    loaded: list[int] = []

    def run(number: int) -> None:
        with duckdb.connect(":memory:") as own:
            loaded.append(stage(own, scan(tmp_path / str(number), b"1,2,3\n" * 5_000)).loaded)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loaded == [5_000] * 3
