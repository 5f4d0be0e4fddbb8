"""Recipes: what ships loads, and what is wrong in one is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from finnet.errors import RecipeError, UnknownNameError
from finnet.graph.recipe import load_recipe, read_recipe, recipe_names

_GOOD = (
    'title = "t"\nquestion = "q"\nunit = "links"\nedges = "select a as source, b as target from v1_link order by a"\n'
)


def _read(text: str) -> object:
    return read_recipe(text, name="mine", place="mine.toml")


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_that_ships_loads_and_asks_a_question(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.name == name
    assert recipe.question.endswith("?")


def test_an_unknown_recipe_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'payments'"):
        load_recipe("payment")


def test_a_recipe_can_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(_GOOD, encoding="utf-8")
    assert load_recipe(str(path)).title == "t"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (_GOOD + "colour = 1\n", "unknown key 'colour'; known keys: title, question, unit, directed"),
        (_GOOD.replace('unit = "links"\n', ""), "unit is missing"),
        (_GOOD + 'directed = "yes"\n', "directed has to be true or false"),
        (_GOOD + 'classes = ["ownershp"]\n', "did you mean 'ownership'?"),
        (_GOOD + 'vertex = "ship"\n', "vertex 'ship' is not known"),
        (_GOOD + "params = { Big = 1 }\n", "'Big' cannot name a parameter"),
        (_GOOD + "params = { big = [1] }\n", "parameter big has to be text, a number, true or false"),
        (_GOOD.replace(" order by a", ""), "does not end in order by"),
        (_GOOD.replace(" order by a", " order by a limit 5"), "does not end in order by"),
        (_GOOD.replace("select a", "delete a"), "has to be a SELECT"),
        (_GOOD.replace(" order by a", "; select 1 order by a"), "several statements"),
        ("title = ", "mine.toml"),
    ],
)
def test_what_is_wrong_in_a_recipe_is_said(text: str, says: str) -> None:
    with pytest.raises(RecipeError) as caught:
        _read(text)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "with x as (select 1 as a) select a as source, a as target from x order by lower(a), a",
        "select a as source, b as target from v1_link /* order; by */ order by a; -- done",
        "-- what's said\nselect a as source, b as target from v1_link -- isn't it\norder by a",
        "select ';' as source, 'order by' as target from v1_link\norder\nby 1",
    ],
)
def test_an_order_by_is_found_past_comments_quotes_and_brackets(sql: str) -> None:
    recipe = read_recipe(_GOOD.split("edges")[0] + f"edges = {json.dumps(sql)}", name="mine", place="mine.toml")
    assert not recipe.edges.rstrip().endswith(";")


def test_an_order_by_inside_brackets_is_not_the_end() -> None:
    sql = "select a as source, b as target from (select * from v1_link order by a)"
    with pytest.raises(RecipeError, match="order by"):
        read_recipe(_GOOD.split("edges")[0] + f"edges = '{sql}'", name="mine", place="mine.toml")
