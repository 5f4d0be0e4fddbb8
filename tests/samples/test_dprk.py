"""The sample dprk: every row against the lists, read here without finnet's sources, and nobody left out."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from finnet.model.schema import schema
from finnet.samples import dprk

# How the lists write the hosts that the sample has, typed from the lists.
PLACES = {
    "cn": r"China|Beijing",
    "cu": "Cuba",
    "ir": "Iran",
    "ly": "Libya",
    "mm": "Burma",
    "na": "Namibia",
    "ru": "Russia",
    "sy": "Syria",
    "vn": "Viet ?nam",
}


@dataclass(frozen=True)
class Lists:
    """The two lists as their files say: UN elements by reference, OFAC rows and addresses by uid."""

    un: Mapping[str, ElementTree.Element]
    ofac: Mapping[str, list[str]]
    addresses: Mapping[str, list[list[str]]]

    def text(self, said_by: str) -> str:
        """All that the entry says about office and ties."""
        authority, reference = said_by.split(" ")
        if authority == "OFAC":
            return " ".join((self.ofac[reference][4], self.ofac[reference][11]))
        node = self.un[reference]
        return " ".join(" ".join(text.split()) for text in node.itertext())


@pytest.fixture(scope="module")
def lists(shared_data: Path) -> Lists:
    root = ElementTree.parse(shared_data / "un" / "UN_consolidated.xml").getroot()
    un = {(node.findtext("REFERENCE_NUMBER") or "").strip(): node for section in root for node in section}
    with (shared_data / "ofac" / "sdn.csv").open(encoding="utf-8", newline="") as file:
        ofac = {row[0]: [field.strip() for field in row] for row in csv.reader(file)}
    addresses: dict[str, list[list[str]]] = {}
    with (shared_data / "ofac" / "add.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            addresses.setdefault(row[0], []).append(row)
    return Lists(un=un, ofac=ofac, addresses=addresses)


@pytest.fixture(scope="module")
def parties() -> Mapping[str, dprk.Row]:
    return {row["id"]: row for row in dprk.table("parties.csv")}


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", re.sub("['’]", "", text)).casefold().split())


def test_every_party_is_on_the_lists_as_its_row_says(lists: Lists, parties: Mapping[str, dprk.Row]) -> None:
    for row in parties.values():
        if row["un_reference"]:
            node = lists.un[row["un_reference"]]
            parts = (node.findtext(tag) for tag in ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"))
            assert row["name"] == " ".join(" ".join(part.split()) for part in parts if part)
            assert row["un_listed_on"] == node.findtext("LISTED_ON")
            amended = [value.text or "" for value in node.iterfind("LAST_DAY_UPDATED/VALUE")]
            assert row["un_amended_on"] == max(amended, default="")[:10]
        if row["ofac_uid"]:
            listed = lists.ofac[row["ofac_uid"]]
            assert row["ofac_programs"].split(";") == listed[3].split("] [")
            assert row["un_reference"] or row["name"] == listed[1]
        if not row["un_reference"] and not row["ofac_uid"]:
            assert row["id"].startswith("unlisted-")
        assert bool(row["same_because"]) == bool(row["un_reference"] and row["ofac_uid"])


def test_every_representation_is_in_the_words_of_its_entry(lists: Lists, parties: Mapping[str, dprk.Row]) -> None:
    for row in dprk.table("representations.csv"):
        agent, text = parties[row["agent"]], lists.text(row["said_by"])
        authority, reference = row["said_by"].split(" ")
        assert reference == agent["un_reference" if authority == "UN" else "ofac_uid"]
        assert _plain(row["role"]) in _plain(text)
        assert bool(re.search(r"\bformer\b[^.;]*representative", text, re.I)) == (row["tense"] == "former") or (
            row["said_by"] == "UN KPi.058"  # "Representative for …" and "Former Deputy Representative for …"
        )
        if row["host_from"] in {"title", "comments"}:
            assert re.search(rf"representative.*\b(?:{PLACES[row['host']]})|Vietnam Representative", text, re.I)
        elif row["host_from"] == "address":
            countries = [country for *_, country, _ in lists.addresses[reference]]
            assert len(countries) == 1
            assert re.search(PLACES[row["host"]], countries[0])
        else:
            assert row["host"] == ""


def test_every_principal_is_named_by_its_agents_entry(lists: Lists, parties: Mapping[str, dprk.Row]) -> None:
    """By its name on either list, by an alias, or by the words that the row gives."""
    with_words = 0
    for row in dprk.table("representations.csv"):
        principal, text = parties[row["principal"]], _plain(lists.text(row["said_by"]))
        names = {principal["name"], re.sub(r" \(.*\)$", "", principal["name"]), row["principal_as"]}
        if principal["ofac_uid"]:
            entry = lists.ofac[principal["ofac_uid"]]
            names |= {entry[1], *re.findall(r"a\.k\.a\. '([^']+)'", entry[11])}
        if principal["un_reference"]:
            names |= {alias.text or "" for alias in lists.un[principal["un_reference"]].iter("ALIAS_NAME")}
            names.add(re.split(r" is ", lists.un[principal["un_reference"]].findtext("COMMENTS1") or "")[0])
        assert any(_plain(name) and _plain(name) in text for name in names), row
        with_words += bool(row["principal_as"])
    assert with_words == 1  # plain "Foreign Trade Bank" of ofac 21749


def test_every_link_is_in_the_words_of_its_entry(lists: Lists, parties: Mapping[str, dprk.Row]) -> None:
    for row in dprk.table("links.csv"):
        text = lists.text(row["said_by"])
        words = {"owned or controlled by": r"owned (?:or|and) controlled by"}.get(row["words"], row["words"])
        assert re.search(words, text, re.I)
        reference = row["said_by"].split(" ")[1]
        assert reference in {parties[row["source"]]["un_reference"], parties[row["source"]]["ofac_uid"]}


def test_two_entries_are_one_party_only_if_the_lists_agree_in_what_the_row_says(
    lists: Lists, parties: Mapping[str, dprk.Row]
) -> None:
    """Passports and SWIFT codes must stand in both entries; names must have the same words on both lists."""
    for row in parties.values():
        if not row["same_because"]:
            continue
        un, ofac = lists.text(f"UN {row['un_reference']}"), lists.text(f"OFAC {row['ofac_uid']}")
        if row["same_because"] == "passport":
            assert set(re.findall(r"\b\d{9,10}\b", un)) & set(re.findall(r"Passport (\d{9,10})\b", ofac))
        elif row["same_because"] == "SWIFT/BIC":
            codes = set(re.findall(r"SWIFT(?:/BIC)?:? ([A-Z0-9]{8,11})", un))
            assert codes & set(re.findall(r"SWIFT/BIC ([A-Z0-9]{8,11})", ofac))
        elif row["same_because"] == "name and birth date":
            dates = {f"{int(d)} {m} {y}" for d, m, y in re.findall(r"DOB (\d\d) (\w{3}) (\d{4})", ofac)}
            months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            found = {f"{int(d)} {months[int(m) - 1]} {y}" for y, m, d in re.findall(r"(\d{4})-(\d\d)-(\d\d)", un)}
            assert dates & found
        else:
            assert row["same_because"] == "name and country"
            assert "Democratic People's Republic of Korea" in un
            assert any("Korea, North" in address[4] for address in lists.addresses[row["ofac_uid"]])


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "tools" / "dprk_sample.py"
    spec = importlib.util.spec_from_file_location("dprk_sample", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["dprk_sample"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_rule_gives_these_rows_and_no_others(tool: ModuleType, shared_data: Path) -> None:
    assert list(tool.differences(tool.derive(*tool.lists_in(shared_data)))) == []


def test_nobody_whom_a_list_calls_a_representative_is_left_out(lists: Lists) -> None:
    agents = {row["said_by"] for row in dprk.table("representations.csv")}
    word = re.compile(r"\brepresentative\b", re.I)
    un = {
        f"UN {reference}"
        for reference in lists.un
        if reference.startswith("KPi") and word.search(lists.text(f"UN {reference}"))
    }
    ofac = {
        f"OFAC {uid}"
        for uid, row in lists.ofac.items()
        if re.search("DPRK|North Korea", " ".join(row)) and word.search(row[4] + row[11])
    }
    # A ministry and an office: no bank and no trading company.
    assert (un | ofac) - agents == {"OFAC 20982", "OFAC 21743"}
    assert agents <= un | ofac


def test_the_sample_is_plain_followthemoney_and_the_same_each_time(tmp_path: Path) -> None:
    (one, two) = (tmp_path / "one", tmp_path / "two")
    for folder in (one, two):
        folder.mkdir()
        dprk.write(folder)
    assert all((one / path.name).read_bytes() == path.read_bytes() for path in two.iterdir())
    entities = [json.loads(line) for line in (one / "dprk.ftm.json").read_text(encoding="utf-8").splitlines()]
    ids = {entity["id"] for entity in entities}
    assert len(ids) == len(entities)
    for entity in entities:
        for name, values in entity["properties"].items():
            kind = schema(entity["schema"]).property_type(name)
            assert kind is not None, (entity["schema"], name)
            assert not kind.startswith("entity:") or set(values) <= ids
    assert not {entity["schema"] for entity in entities} & {"Payment", "Ownership"}
