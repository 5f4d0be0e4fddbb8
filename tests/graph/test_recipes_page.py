"""docs/recipes.md: the recipes it lists are those that ship, and its example of one's own works."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

from finnet.catalogue import Catalogue
from finnet.graph.build import build
from finnet.graph.rates import RateTable
from finnet.graph.recipe import read_recipe, recipe_names

_DOCS = Path(__file__).resolve().parents[2] / "docs"


def _blocks() -> list[str]:
    text = (_DOCS / "recipes.md").read_text(encoding="utf-8")
    return [textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.MULTILINE)]


def test_every_recipe_that_ships_is_on_the_page() -> None:
    table = (_DOCS / "recipes.md").read_text(encoding="utf-8").split("\n## ")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == recipe_names()


def test_every_metric_is_on_its_page() -> None:
    [text] = [
        part for part in (_DOCS / "metrics.md").read_text("utf-8").split("\n## ") if part.startswith("`finnet rank")
    ]
    metrics = Catalogue("finnet.analysis.metrics", kind="metric", verbs=())
    named = {
        name for line in re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE) for name in re.findall(r"`(\w+)`", line)
    }
    assert named == set(metrics)


def test_the_recipe_of_ones_own_works(memory_case: Any) -> None:
    [example] = [block for block in _blocks() if "title" in block]
    recipe = read_recipe(example, name="mine", place="recipes.md")
    memory_case.party("bank", country="ae").party("other", country="sg")
    memory_case.pay("a", "b", "20000", intermediary_id="bank").pay("a", "b", "5", intermediary_id="bank")
    memory_case.pay("a", "c", "20000", intermediary_id="other")
    network = build(memory_case, recipe)
    assert (network.ids, network.weight.tolist(), network.unit) == (("a", "b"), [20000.0], "USD")


def test_the_rate_table_on_the_page_is_one(tmp_path: Path) -> None:
    [example] = [block for block in _blocks() if "date,currency" in block]
    path = tmp_path / "rates.csv"
    path.write_text(example.strip() + "\n", encoding="utf-8")
    assert RateTable.read(path).base == "USD"
