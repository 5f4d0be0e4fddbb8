"""Saved queries: loading, running, comparing, verifying."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from finnet.errors import QueryError, UnknownNameError
from finnet.query import load, run, verify

LIST = (
    "".join(
        f'{number},"INVENTED {word}",-0- ,"DPRK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Linked To: INVENTED HUB."\r\n'
        for number, word in ((1, "ONE"), (2, "TWO"), (3, "THREE"))
    )
    + '9,"INVENTED HUB",-0- ,"DPRK3",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
)

QUERY = """
title = "Who is tied to whom"
question = "Which invented party has most ties?"
inputs = [{ name = "list", file = "sdn.csv", as = "ofac_sdn" }]
seed = 3

[[steps]]
id = "most_ties"
do = "rank"
by = "degree"
limit = 2
expect = "most_ties.csv"

[[steps]]
id = "programmes"
do = "sql"
query = "select program, count(*) as parties from v1_listing group by program order by program"
"""

# By hand: three parties are linked to the hub and to nobody else; of those with one tie the smallest id comes first.
EXPECTED = "rank,id,score\n1,ofac-9,3\n2,ofac-1,1\n"


@pytest.fixture
def query(tmp_path):
    (tmp_path / "sdn.csv").write_text(LIST, newline="")
    (tmp_path / "most_ties.csv").write_text(EXPECTED)
    path = tmp_path / "ties.toml"
    path.write_text(QUERY)
    return path


@pytest.fixture
def done(query, tmp_path):
    answer = run([str(query)], into=tmp_path / "runs")
    return answer, Path(answer.summary["run folder"])


def test_a_run_leaves_its_outputs_and_a_manifest(done):
    answer, folder = done
    assert {row["output"]: (row["rows"], row["expected"]) for row in answer.rows} == {
        "most_ties.csv": (2, "as expected"),
        "most_ties.json": (2, None),
        "programmes.csv": (2, None),
        "programmes.json": (2, None),
    }
    assert answer.outcome == 0
    assert (folder / "programmes.csv").read_text() == "program,parties\nDPRK,3\nDPRK3,1\n"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["predicate"]["inputs"][0]["records"] == 4
    assert manifest["predicate"]["seed"] == 3


def test_an_answer_that_moved_is_told_cell_by_cell(query, tmp_path):
    (tmp_path / "most_ties.csv").write_text("rank,id,score\n1,ofac-9,4\n2,ofac-1,1\n3,ofac-2,1\n")
    answer = run([str(query)], into=tmp_path / "runs")
    assert answer.outcome == 3
    assert "most_ties: row 1, score: expected '4', got '3'" in answer.notes
    assert "most_ties: expected 3 rows, got 2" in answer.notes


def test_a_run_that_fails_leaves_no_folder(query, tmp_path):
    (tmp_path / "sdn.csv").write_text("")
    with pytest.raises(Exception, match="empty"):
        run([str(query)], into=tmp_path / "runs")
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("limit = 2", "limt = 2", "step most_ties: rank has no option 'limt'; did you mean 'limit'"),
        ('do = "rank"', 'do = "rnak"', "no verb 'rnak'; did you mean 'rank'"),
        ('do = "rank"', 'do = "ingest"', "no verb 'ingest'"),
        ("seed = 3", "sede = 3", "unknown key 'sede'; did you mean 'seed'"),
        ('name = "list"', 'nome = "list"', "inputs: unknown key 'nome'"),
        ('title = "Who is tied to whom"', "", "'title' is missing"),
        ('id = "programmes"', 'id = "most_ties"', "two steps have the id 'most_ties'"),
        ('id = "programmes"', 'id = "../../x"', "an id is made of a-z"),
        ("seed = 3", "seed = ", "not valid TOML"),
    ],
)
def test_a_wrong_query_is_refused_before_anything_runs(query, old, new, complaint):
    query.write_text(QUERY.replace(old, new, 1))
    with pytest.raises(QueryError) as refused:
        load(str(query))
    assert complaint in str(refused.value)
    assert refused.value.exit_code == 2


def test_an_unknown_query_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="no query called"):
        load("cold_harbor_")


def test_a_missing_input_says_how_to_name_it(query, tmp_path):
    (tmp_path / "sdn.csv").rename(tmp_path / "elsewhere.csv")
    with pytest.raises(QueryError, match="--input list=FILE"):
        run([str(query)], into=tmp_path / "runs")
    moved = tmp_path / "moved"
    moved.mkdir()
    (tmp_path / "elsewhere.csv").rename(moved / "sdn.csv")
    assert run([str(query)], inputs=[f"list={moved / 'sdn.csv'}"], into=tmp_path / "runs").outcome == 0


def test_verify_finds_an_untouched_run_identical(done):
    answer = verify(done[1])
    assert (answer.outcome, answer.summary["first cause"]) == (0, None)
    assert {row["verdict"] for row in answer.rows} == {"identical"}


def flip(path: Path, place: int = 40) -> None:
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["most_ties.csv", "programmes.json"])
def test_one_changed_byte_in_an_output_is_found(done, name):
    flip(done[1] / name)
    answer = verify(done[1])
    assert (answer.outcome, answer.summary["first cause"]) == (
        3,
        f"output {name}: the output was changed after the run",
    )


def test_one_changed_byte_in_an_input_is_found(done, tmp_path):
    flip(tmp_path / "sdn.csv")
    answer = verify(done[1])
    assert answer.summary["first cause"] == "input sdn.csv: the input file was changed after it was read"


def test_one_changed_byte_in_the_case_is_found(done):
    data = sorted((done[1] / "case.finnet" / "data").iterdir())[0]
    flip(data, 400)
    answer = verify(done[1])
    assert answer.outcome == 3
    assert data.name in answer.summary["first cause"]


def test_one_changed_byte_in_the_manifest_is_found(done):
    path = done[1] / "manifest.json"
    path.write_text(path.read_text().replace('"records": 4', '"records": 5'))
    assert verify(done[1]).summary["first cause"].startswith("manifest.json")


def test_a_decision_taken_later_is_found(done):
    (done[1] / "case.finnet" / "decisions.jsonl").write_text('{"do": "merge", "left": "ofac-1", "right": "ofac-2"}\n')
    assert verify(done[1]).summary["first cause"].startswith("case: the case holds other data or decisions")


def test_the_result_does_not_depend_on_seed_threads_zone_locale_folder_or_row_order(query, tmp_path):
    program = (
        "import sys, json, finnet; a = finnet.run([sys.argv[1]], into=sys.argv[2]);"
        "m = json.load(open(a.summary['run folder'] + '/manifest.json'));"
        "print([one for one in m['subject'] if one['name'].endswith('.csv')])"
    )
    worlds = [
        {"PYTHONHASHSEED": "0", "FINNET_THREADS": "1", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "FINNET_THREADS": "4", "TZ": "Asia/Seoul", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "random", "FINNET_THREADS": "2", "TZ": "America/New_York", "OMP_NUM_THREADS": "2"},
    ]
    seen = set()
    for place, world in enumerate(worlds):
        folder = tmp_path / f"world{place}"
        folder.mkdir()
        if place == 2:  # the same list in another order
            (tmp_path / "sdn.csv").write_text("".join(reversed(LIST.splitlines(keepends=True))), newline="")
        result = subprocess.run(
            [sys.executable, "-c", program, str(query), str(folder / "runs")],
            env={**os.environ, **world},
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(result.stdout.strip().splitlines()[-1])
    assert len(seen) == 1


RATED = """
title = "Invented money in dollars"
question = "Who received most?"
inputs = [{ name = "paid", file = "paid.csv", mapping = "paid.toml" }]
[[steps]]
id = "received"
do = "rank"
by = "in_strength"
rates = "rates.csv"
[[steps]]
id = "corridors"
do = "corridors"
rates = "rates.csv"
[[steps]]
id = "traced"
do = "trace"
entities = ["a"]
rates = "rates.csv"
[[steps]]
id = "patterns"
do = "patterns"
rates = "rates.csv"
[[steps]]
id = "package"
do = "whatif"
designate = "id:b"
rates = "rates.csv"
"""


@pytest.fixture
def rated(tmp_path: Path) -> Path:
    """The folder of a run whose steps count euros and yen in dollars."""
    (tmp_path / "paid.csv").write_text(
        "payer,beneficiary,amount,currency,date\na,b,10.00,EUR,2019-02-03\nb,c,5.00,USD,2019-03-04\n"
        "b,c,1.00,EUR,2019-03\nb,c,7,JPY,2019-03-09\n"
    )
    words = ("payer", "beneficiary", "amount", "currency", "date")
    (tmp_path / "paid.toml").write_text(
        'kind = "payments"\nids = "verbatim"\n[columns]\n' + "".join(f'{word} = "{word}"\n' for word in words)
    )
    (tmp_path / "rates.csv").write_text(
        "date,currency,base,rate\n2019-01-01,EUR,USD,1.10\n2019-02-03,EUR,USD,1.20\n2019-03-20,EUR,USD,1.30\n"
        "2019-04-01,EUR,USD,9\n2018-01-01,JPY,USD,0.01\n"
    )
    (tmp_path / "q.toml").write_text(RATED)
    run([str(tmp_path / "q.toml")], into=tmp_path / "runs")
    [made] = (tmp_path / "runs").iterdir()
    return made


def test_the_manifest_names_the_rates_that_counted_each_step_and_their_days(rated: Path, tmp_path: Path) -> None:
    manifest = json.loads((rated / "manifest.json").read_text(encoding="utf-8"))
    # 2019-02-03 has its own rate, 2019-03 takes the last of that month; for the yen there is one.
    for step in manifest["predicate"]["steps"]:
        assert step["params"]["rates"] == {
            "name": "rates.csv",
            "base": "USD",
            "sha256": hashlib.sha256((tmp_path / "rates.csv").read_bytes()).hexdigest(),
            "used": {
                "EUR": {"first": "2019-02-03", "last": "2019-03-20", "rates": 2},
                "JPY": {"first": "2018-01-01", "last": "2018-01-01", "rates": 1},
            },
        }, step["id"]


def test_verify_names_a_rate_table_that_was_changed_or_is_gone(rated: Path, tmp_path: Path) -> None:
    assert verify(rated).summary["verdict"] == "identical"
    table = tmp_path / "rates.csv"
    table.write_text(table.read_text().replace("1.20", "1.21"))
    changed = verify(rated)
    assert changed.outcome == 3
    assert changed.summary["first cause"] == "rates rates.csv: the rate table was changed after the run"
    assert [row["item"] for row in changed.rows].count("rates rates.csv") == 1
    table.unlink()
    gone = verify(rated, rerun=False)
    assert {row["item"]: row["verdict"] for row in gone.rows}["rates rates.csv"] == "missing"


def test_the_rates_of_a_sample_are_on_record_too(tmp_path: Path) -> None:
    (tmp_path / "q.toml").write_text(
        'title = "t"\nquestion = "q?"\ninputs = ["sample:cold_harbour"]\n[[steps]]\nid = "received"\ndo = "rank"\n'
        'by = "in_strength"\nlimit = 3\nrates = "sample:cold_harbour"\n'
    )
    run([str(tmp_path / "q.toml")], into=tmp_path / "runs")
    [made] = (tmp_path / "runs").iterdir()
    [step] = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["predicate"]["steps"]
    # One rate on the first of each month of 2021.
    assert step["params"]["rates"]["used"] == {
        code: {"first": "2021-01-01", "last": "2021-12-01", "rates": 12} for code in ("CNY", "EUR")
    }
    assert {row["item"]: row["verdict"] for row in verify(made, rerun=False).rows}["rates rates.csv"] == "identical"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ('do = "whatif"\ndesignate = ["id:b"]', r"designate = .* is not what whatif takes; a text"),
        ('do = "rank"\nlimit = "ten"', r"limit = 'ten' is not what rank takes; a whole number"),
        ('do = "rank"\nlimit = true', r"is not what rank takes; a whole number"),
        ('do = "rank"\nas_of = 2019-03-01', r"is not what rank takes; a text"),
        ('do = "trace"\nbackward = "yes"', r"is not what trace takes; true or false"),
        ('do = "trace"\nentities = [7]', r"is not what trace takes; a text, a list of texts"),
        ('do = "patterns"\nratio = { low = 1 }', r"is not what patterns takes; a number"),
    ],
)
def test_an_option_of_another_type_is_refused_on_load(tmp_path, step, said):
    (tmp_path / "q.toml").write_text(f'title = "t"\nquestion = "q?"\n[[steps]]\n{step}\n')
    with pytest.raises(QueryError, match=said):
        load(str(tmp_path / "q.toml"))


def test_tables_of_sizes_and_revenues_lie_beside_the_query_and_are_verified(tmp_path):
    (tmp_path / "held.csv").write_text("owner,owned,at,in,share\nbm-1,nl-1,bm,nl,100%\nnl-1,de-1,nl,de,100%\n")
    (tmp_path / "held.toml").write_text(
        'kind = "links"\nids = "verbatim"\n[columns]\nsource = "owner"\ntarget = "owned"\nsource_country = "at"\n'
        'target_country = "in"\nshare = "share"\n[defaults]\nclass = "ownership"\n'
    )
    (tmp_path / "gdp.csv").write_text("de,40\nnl,9\nbm,1\n")
    (tmp_path / "revenue.csv").write_text("de-1,100\n")
    (tmp_path / "q.toml").write_text(
        'title = "t"\nquestion = "q?"\ninputs = [{ name = "held", file = "held.csv", mapping = "held.toml" }]\n'
        '[[steps]]\nid = "sinks"\ndo = "jurisdictions"\ngraph = "ownership"\nsize = "gdp.csv"\n'
        'revenue = "revenue.csv"\n'
    )
    run([str(tmp_path / "q.toml")], into=tmp_path / "runs")
    [made] = (tmp_path / "runs").iterdir()
    assert verify(made).summary["verdict"] == "identical"
    assert str(tmp_path) not in (made / "sinks.json").read_text(encoding="utf-8")
    (tmp_path / "gdp.csv").write_text("de,41\nnl,9\nbm,1\n")
    (tmp_path / "revenue.csv").unlink()
    found = {row["item"]: (row["verdict"], row["cause"]) for row in verify(made, rerun=False).rows}
    assert found["size gdp.csv"] == ("changed", "the table of sizes was changed after the run")
    assert found["revenue revenue.csv"] == ("missing", "the table of revenues is not where it was")
