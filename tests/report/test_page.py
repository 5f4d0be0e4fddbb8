"""The page as text: offline, inert, the same bytes each time."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
import subprocess
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_networks import HOSTILE, invented

from finnet.errors import NotProvidedError
from finnet.graph.network import Network
from finnet.report.answer import Answer
from finnet.report.views import library, pyvis_network
from finnet.report.views.content import Evidence, PageContent
from finnet.report.views.page import page, write_page
from finnet.report.views.payload import script_safe

ASSETS = Path(library.__file__).parent / "assets"


class Parsed(HTMLParser):
    """Elements with attributes, and the text of each script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.words: list[str] = []
        self._open: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)
        elif self._open != "style":
            self.words.append(data)


def data_of(text: str) -> dict[str, object]:
    return json.loads(next(code for attributes, code in Parsed(text).scripts if attributes.get("id") == "data"))


def packed_of(text: str) -> dict[str, object]:
    packed = next(code for attributes, code in Parsed(text).scripts if attributes.get("id") == "packed")
    return json.loads(zlib.decompress(base64.b64decode(packed)))


def hostile_content(network: Network) -> PageContent:
    answer = Answer(
        command="choke",
        columns=("rank", "id", "bite", "substitutes"),
        rows=[
            {"rank": place + 1, "id": network.ids[place], "bite": 1.0, "substitutes": list(HOSTILE)}
            for place in range(9)
        ],
        summary={
            "over_time": [dict.fromkeys(("day", "left", "low", "high", "left_by_instant_set"), n) for n in (1, 2)],
            "objective": HOSTILE[0],
            "unit": HOSTILE[1],
            "before": 10,
            "after": 3,
            "says": HOSTILE[4],
        },
        notes=HOSTILE,
        params={"regime": HOSTILE[2]},
    )
    record = dict.fromkeys(("dataset", "file", "authority", "program", "reference", "role", "purpose"), HOSTILE[0])
    rows = [{**dict.fromkeys(record, one), "record": 1, "url": one} for one in (*HOSTILE, "javascript:alert(1)")]
    pairs = [(network.ids[s], network.ids[t]) for s, t in zip(network.source, network.target, strict=True)]
    return PageContent(
        title=HOSTILE[0],
        question=HOSTILE[1],
        choke=answer,
        reasons={one: [(text, HOSTILE) for text in HOSTILE] for one in network.ids},
        evidence=Evidence(
            parties=dict.fromkeys(network.ids, rows),
            listings=dict.fromkeys(network.ids, rows),
            ties=dict.fromkeys(pairs, rows),
            sources=[{"dataset": one, "file": one, "list_date": one, "licence": one} for one in HOSTILE],
            case=None,
        ),
        stamp="INVENTED",
        notes=HOSTILE,
    )


def test_same_input_same_bytes_and_no_clock(tmp_path: Path) -> None:
    network = invented(120)
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    write_page(network, PageContent(title="One"), first)
    write_page(network, PageContent(title="One"), second)
    assert first.read_bytes() == second.read_bytes()
    assert b"\r" not in first.read_bytes()


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from invented_networks import invented;"
        "from finnet.report.views.page import page; from finnet.report.views.content import PageContent;"
        "import hashlib; print(hashlib.sha256(page(invented(60), PageContent(title='x')).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script, str(Path(__file__).parent)],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(found) == 1


def test_each_script_is_named_by_its_hash_and_nothing_else_may_run() -> None:
    parsed = Parsed(page(invented(20), PageContent(title="One")))
    policy = next(attributes["content"] for tag, attributes in parsed.tags if attributes.get("http-equiv"))
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    running = [code for attributes, code in parsed.scripts if "type" not in attributes]
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in running}
    assert set(rules["script-src"].split()) == hashes
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "connect-src" not in rules
    assert "unsafe" not in policy


def test_nothing_on_the_page_is_loaded_from_anywhere() -> None:
    parsed = Parsed(page(invented(20), hostile_content(invented(20, hostile=True))))
    for tag, attributes in parsed.tags:
        assert tag not in {"link", "iframe", "img", "object", "embed", "base", "audio", "video"}
        assert not {"src", "href", "srcset", "action", "formaction", "ping"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]


def test_hostile_texts_make_no_element_and_no_script() -> None:
    network = invented(len(HOSTILE) * 3, hostile=True)
    hostile = Parsed(page(network, hostile_content(network)))
    plain = Parsed(page(invented(network.size), dataclasses.replace(hostile_content(network), title="T", question="Q")))
    assert len(hostile.scripts) == len(plain.scripts)
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]


def test_nothing_invisible_reaches_the_page() -> None:
    network = invented(len(HOSTILE) * 2, hostile=True)
    text = page(network, hostile_content(network)).replace(library.vis_network(), "")
    assert not re.search(INVISIBLE, text)
    assert not re.search(INVISIBLE, json.dumps(packed_of(text), ensure_ascii=False))


INVISIBLE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"


def test_a_name_of_ten_thousand_letters_is_cut_and_says_so() -> None:
    network = invented(len(HOSTILE), hostile=True)
    names = data_of(page(network, PageContent(title="x")))["nodes"]["name"]
    long = next(name for name in names if name.startswith("WWW"))
    assert long.endswith("… (10,000 characters)")
    assert len(long) < 2100


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_json_in_a_script_holds_nothing_that_could_end_it(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    written = script_safe({"name": text})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"name": text}


@pytest.mark.parametrize("name", sorted(path.name for path in ASSETS.glob("*.js")))
def test_our_scripts_never_write_markup_and_never_ask_for_anything(name: str) -> None:
    code = (ASSETS / name).read_text(encoding="utf-8")
    forbidden = (
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch(",
        "XMLHttpRequest", "WebSocket", "sendBeacon", "import(", "localStorage", "createContextualFragment", "srcdoc",
    )  # fmt: skip
    assert [word for word in forbidden if word in code] == []
    assert "http" not in re.sub(r'"https?:"|http://www\.w3\.org/2000/svg|https? (or|address)|http or https', "", code)


def test_the_template_marks_only_our_own_texts_as_safe() -> None:
    assert "|" not in (ASSETS / "page.html.j2").read_text(encoding="utf-8")


def test_only_addresses_with_a_host_become_links() -> None:
    network = Network.of(("a", "b"))
    urls = [
        "https://plainly-invented.example/a", "http://plainly-invented.example", "javascript:alert(1)", "//x.example",
        "data:text/html,x", "https://", "http://[", "https://a\u202eb.example", "file:///etc/passwd", 7, None,
    ]  # fmt: skip
    evidence = Evidence(parties={"a": [{"dataset": "d", "url": one} for one in urls]})
    rows = packed_of(page(network, PageContent(title="x", evidence=evidence)))["records"]["parties"]["0"]["rows"]
    assert [row["u"] for row in rows if "u" in row] == urls[:2]


def test_the_footer_says_what_the_page_is_and_what_it_rests_on() -> None:
    evidence = Evidence(
        sources=[{"dataset": "list", "file": "sdn.csv", "list_date": "2018-12-01", "records": 7379, "loaded": 7370,
                  "rejected": 9, "licence": "public domain"}],
        case="ab" * 32,
    )  # fmt: skip
    network = dataclasses.replace(invented(10), notes=("3 amounts have only one end",))
    words = " ".join(Parsed(page(network, PageContent(title="x", evidence=evidence))).words)
    for said in (
        "Being in these data is not an accusation", "as of 2018-12-01", "7,379 records, 7,370 loaded, 9 rejected",
        "money; other classes of links are not counted", "3 amounts have only one end", "abababababababab",
    ):  # fmt: skip
        assert said in words


def test_a_reduced_page_says_so_at_its_top() -> None:
    text = page(invented(200), PageContent(title="x", seeds=["party-00003"]), limit=50)
    assert "50 of 200 parties" in next(words for words in Parsed(text).words if "Drawn are" in words)


def test_a_reduced_page_holds_every_party_and_every_link_all_the_same() -> None:
    network = invented(400)
    for content in (PageContent(title="x", seeds=["party-00003"]), PageContent(title="x")):
        whole = packed_of(page(network, content, limit=50))["whole"]
        assert whole["nodes"]["id"] == list(network.ids)
        assert (whole["ties"]["s"], whole["ties"]["t"]) == (network.source.tolist(), network.target.tolist())
        assert whole["ties"]["minor"] == network.minor.tolist()


def test_a_page_opens_with_what_the_answer_says() -> None:
    answer = Answer(
        command="choke",
        columns=("rank", "id", "bite"),
        rows=[{"rank": 1, "id": "a", "bite": "7.00"}],
        summary={"objective": "flow", "unit": "USD", "before": "10.00", "after": "3.00", "says": "proved",
                 "baselines": {"degree": {"chosen": ["b"], "after": "10.00"}}},
    )  # fmt: skip
    opening = data_of(page(Network.of(("a", "b")), PageContent(title="x", choke=answer)))["opening"]
    # 10 - 3 = 7 of 10: 70 % less
    assert opening == {
        "lead": "Taking out this party leaves 3.00 of 10.00 USD "
        "that can pass from the seeds to the exits: 70.0 % less.",
        "sure": "proved",
        "naive": ["Top 1 by degree would leave 10.00 USD."],
        "why": {"0": "Left in place while the others go, 7.00 USD more could pass."},
    }


def test_sentences_carry_their_first_records_and_what_is_left_over_time_is_numbers() -> None:
    point = {"day": 0, "left": "3.00", "low": "2.50", "high": "4", "left_by_instant_set": "3"}
    answer = Answer(
        command="choke", columns=("rank", "id"), rows=[{"rank": 1, "id": "a"}], summary={"over_time": [point]}
    )  # fmt: skip
    content = PageContent(title="x", choke=answer, reasons={"a": [("Because.", [f"leak:{i}" for i in range(7)])]})
    data = data_of(page(Network.of(("a", "b")), content))
    assert data["reasons"] == {"0": [["Because.", ["leak:0", "leak:1", "leak:2", "leak:3"], 3]]}
    assert data["overTime"] == [{"day": 0.0, "left": 3.0, "low": 2.5, "high": 4.0, "instant": 3.0}]


def test_a_missing_library_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "find_spec", lambda name: None)
    with pytest.raises(NotProvidedError, match="pyvis is not installed"):
        page(invented(5), PageContent(title="x"))


def test_the_library_is_read_without_importing_pyvis() -> None:
    code = (
        "import sys; from finnet.report.views.library import vis_network; vis_network(); print('pyvis' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_an_empty_network_and_a_single_party_make_a_page() -> None:
    for network in (Network.of(), Network.build(source=[], target=[], weight=[], unit="links", isolated=["a"])):
        assert data_of(page(network, PageContent(title="x")))["nodes"]["id"] == list(network.ids)


def test_what_limits_the_picture_is_said_beside_it_and_not_in_the_footer_alone() -> None:
    network = dataclasses.replace(Network.of(("a", "b")), notes=("links are the traced part of payments\u202e",))
    about = data_of(page(network, PageContent(title="x", notes=("drawn are only two",))))["about"]
    assert about == ["drawn are only two", "links are the traced part of payments\\u{202e}"]


def test_notebooks_get_a_pyvis_network_with_every_edge() -> None:
    network = Network.of(("a", "b", 1), ("b", "a", 2), ("a", "b", 3), unit="<b>USD</b>")
    drawing = pyvis_network(network)
    assert len(drawing.nodes) == 2
    assert len(drawing.edges) == 3  # pyvis' own add_edge would lose one
    assert not [edge for edge in drawing.edges if "<" in edge["title"]]
