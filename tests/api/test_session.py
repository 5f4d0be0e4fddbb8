"""A session of looking round, line by line, on an invented hub and its spokes."""

from __future__ import annotations

import json

import pytest

import finnet
from finnet.api.session import COMMANDS, Choice, Session, completions, obey, repeating
from finnet.errors import UnknownNameError, UsageError

SPOKES = 45
HOSTILE = '\x1b[31mO\'Nobody "=HYPERLINK(1)"'


@pytest.fixture
def case(tmp_path):
    rows = [{"id": "hub", "schema": "Company", "properties": {"name": ["Invented Hub"], "alias": ["IH"]}}]
    for number in range(1, SPOKES + 1):
        name = HOSTILE if number == 7 else f"Invented Spoke {number:02}"
        rows.append({"id": f"s{number:02}", "schema": "Company", "properties": {"name": [name]}})
        held = {"owner": ["hub"], "asset": [f"s{number:02}"], "percentage": [str(100 - number)]}
        rows.append({"id": f"own-{number:02}", "schema": "Ownership", "properties": held})
    rows.append({"id": "12", "schema": "Company", "properties": {"name": ["Invented Twelve"]}})
    path = tmp_path / "hub.ftm.json"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    finnet.ingest([path], case=tmp_path / "c.finnet", dataset="hub")
    with finnet.open_case(tmp_path / "c.finnet") as opened:
        yield opened


def walk(case, *lines, session=None):
    """The reply to the last of these lines."""
    reply = None
    for line in lines:
        reply = obey(case, session or Session(), line)
        session = reply.session
    return reply


def notes(reply):
    return [note for block in reply.blocks for note in block.notes]


def test_find_then_go_by_number(case):
    reply = walk(case, "find IH", "go 1")
    assert [stop.id for stop in reply.session.trail] == ["hub"]
    assert reply.blocks[0].heading == "Invented Hub [hub]"
    assert reply.session.lines == ("find IH", "go hub")


def test_a_number_alone_walks_and_the_trail_names_the_record_of_the_tie(case):
    reply = walk(case, "go hub", "3", "trail")
    # The largest share first: spoke 3 with 97 %, the seventh record of the file.
    assert [(row["id"], row["how"], row["record"]) for row in reply.blocks[0].rows] == [
        ("hub", "asked for", None),
        ("s03", "ownership: holds shares in", "hub:7"),
    ]


def test_ties_come_in_pages_and_each_cut_is_told(case):
    first = walk(case, "go hub")
    assert len(first.blocks[1].rows) == 20
    assert notes(first) == ["20 of 45 are shown: more has the next 20"]
    last = walk(case, "more", "more", session=first.session)
    assert [row["no"] for row in last.blocks[0].rows] == [41, 42, 43, 44, 45]
    assert notes(last) == []
    with pytest.raises(UsageError, match="shown to its end"):
        obey(case, last.session, "more")


def test_numbers_of_ties_stay_when_only_some_are_shown(case):
    reply = walk(case, "go hub", "links spoke 31")
    assert [(row["no"], row["party"]) for row in reply.blocks[0].rows] == [(31, "Invented Spoke 31")]
    assert notes(reply) == ["1 of the 45 ties are such"]
    assert walk(case, "go 31", session=reply.session).session.here.id == "s31"


@pytest.mark.parametrize(("words", "number"), [("ownership out", 45), ("ownership in", 0), ("money", 0), ("listed", 0)])
def test_links_of_a_class_a_direction_or_with_the_listed(case, words, number):
    reply = walk(case, "go hub", f"links {words}")
    assert len(reply.session.listing.rows) == number


def test_a_list_without_rows_leaves_no_numbers_behind(case):
    """Otherwise a script would walk on to somebody of the list before."""
    reply = walk(case, "go hub", "find qqqqqq")
    with pytest.raises(UsageError, match="no list"):
        obey(case, reply.session, "go 1")


def test_back_returns_and_stops_at_the_first(case):
    reply = walk(case, "go hub", "go 1", "back")
    assert reply.session.here.id == "hub"
    with pytest.raises(UsageError, match="no party before"):
        obey(case, reply.session, "back")


def test_a_number_is_one_of_the_list_and_an_id_is_said_as_such(case):
    reply = walk(case, "go hub", "go 12")
    assert reply.session.here.id == "s12"
    reply = walk(case, "go id:12", session=reply.session)
    assert reply.session.here.id == "12"
    assert reply.session.lines[-1] == "go id:12"


def test_a_name_needs_no_quotes_and_its_apostrophe_is_part_of_it(case):
    assert walk(case, f"go {HOSTILE}").session.here.id == "s07"


def test_source_is_the_record_of_the_tie_or_of_the_party(case):
    tie = walk(case, "go hub", "source 3")
    assert (tie.blocks[0].heading, [row["record"] for row in tie.blocks[0].rows]) == ("own-03", ["hub:7"])
    assert '"percentage": ["97"]' in tie.blocks[0].rows[0]["raw"]
    assert walk(case, "source", session=tie.session).blocks[0].rows[0]["record"] == "hub:1"


def test_marks_are_kept_in_order_once_and_written_as_a_selector(case, tmp_path):
    reply = walk(case, "go hub", "mark", "mark 2-4 3 s01", "unmark 4", f"write {tmp_path / 'm.txt'}")
    assert reply.session.marked == ("hub", "s02", "s03", "s01")
    assert (tmp_path / "m.txt").read_text() == "hub\ns02\ns03\ns01\n"
    assert case.select(f"@{tmp_path / 'm.txt'}") == ("hub", "s01", "s02", "s03")


def test_view_draws_the_marked(case, tmp_path):
    reply = walk(case, "go hub", "mark 1 2", f"view {tmp_path / 'm.html'}")
    assert notes(reply)[0].startswith("3 parties and 2 ties are drawn")  # two spokes and their neighbour, the hub
    assert (tmp_path / "m.html").is_file()


def test_tags_and_notes_are_stored_and_a_repeated_session_does_not_store_them_again(case, tmp_path):
    reply = walk(case, "go hub", "tag to-check 1 2", "note the register says otherwise")
    assert reply.wrote
    script = reply.session.lines
    assert script[1] == "# finnet tag to-check s01 s02   (stored: analyst-1, analyst-2)"
    with finnet.open_case(tmp_path / "c.finnet") as again:
        assert again.select("tag:to-check") == ("s01", "s02")
        walk(again, *script)
        assert len(again.decisions) == 3
        card = walk(again, "go hub").blocks[0]
        assert any(label == "note" and "the register says otherwise" in text for label, text in card.lines)
        untagged = walk(again, "go s01", "untag to-check")
        assert untagged.wrote
    with finnet.open_case(tmp_path / "c.finnet") as again:
        assert again.select("tag:to-check") == ("s02",)


def test_notes_and_tags_leave_the_index_as_it_is(case, tmp_path):
    """On a case of millions it takes half a minute to make."""
    assert case.lookup.entity("hub")
    before = (tmp_path / "c.finnet" / "index.sqlite").stat().st_ino
    walk(case, "go hub", "tag x", "note y")
    with finnet.open_case(tmp_path / "c.finnet") as again:
        assert again.lookup.entity("hub")
        assert (tmp_path / "c.finnet" / "index.sqlite").stat().st_ino == before
        finnet.merge(again, ["s01", "s02"], by="A. Analyst", on="2020-01-01")
    with finnet.open_case(tmp_path / "c.finnet") as again:
        assert again.lookup.entity("s02")[0]["canonical_id"] == "s01"


def test_nothing_is_written_into_the_past(case):
    session = Session(known_at="2019-01")
    for line in ("tag x", "note x"):
        with pytest.raises(UsageError, match="nothing can be written into the past"):
            walk(case, "go hub", line, session=session)
    assert case.decisions == []


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("go", UsageError),
        ("go Nobody Whosoever", UnknownNameError),
        ("fnd harbour", UnknownNameError),
        ("find \udcff\udcfe", UsageError),  # bytes that are no UTF-8
        ("p", UnknownNameError),  # payments or path
        ("links", UsageError),  # of nobody yet
        ("mark 9-1", UsageError),
        ('mark "x', UsageError),
        ("write", UsageError),
        ("write x.txt", UsageError),  # nobody is marked
        ("payments 1", UsageError),
        ("source 4", UsageError),
        ("verdict", UsageError),
        ("tag", UsageError),
        ("note", UsageError),
        ("path", UsageError),
    ],
)
def test_what_cannot_be_obeyed_is_an_error(case, line, error):
    with pytest.raises(error):
        obey(case, Session(), line)


def test_a_command_may_be_begun_and_an_unknown_one_offers_the_nearest(case):
    assert walk(case, "go hub", "tra").blocks[0].rows[0]["id"] == "hub"
    with pytest.raises(UnknownNameError, match="did you mean 'find'"):
        obey(case, Session(), "fnd x")


def test_blank_lines_and_comments_do_nothing(case):
    assert walk(case, "", "# a remark").session == Session()


def test_repeating_a_session_gives_the_same_session(case):
    lines = ["find invented hub", "go 1", "links spoke 3", "go 31", "back", "mark 1-2", "path s04", "go 1", "marked"]
    first = walk(case, *lines, session=Session(choice=Choice(min_grade="F6"), page=7)).session
    again = walk(case, *first.lines, session=Session(choice=Choice(min_grade="F6"), page=7)).session
    assert again == first
    assert repeating(first, "a case.finnet").splitlines()[0] == (
        "finnet explore -c 'a case.finnet' --min-grade F6 -n 7 <<'END'"
    )


def test_help_names_every_command(case):
    shown = " ".join(label for label, _ in walk(case, "help").blocks[0].lines)
    assert [name for name in COMMANDS if name not in shown] == []


def test_completion_offers_commands_classes_and_ids(case):
    session = walk(case, "go hub").session
    assert completions(session, ["ma"]) == ["mark", "marked"]
    assert completions(session, ["links", "ow"]) == ["ownership"]
    assert completions(session, ["go", "s4"]) == ["s40", "s41", "s42", "s43", "s44", "s45"]


def test_who_is_called_sanctioned_without_a_list_is_not_said_to_be_on_one(tmp_path):
    path = tmp_path / "x.ftm.json"
    said = {"name": ["Invented Party"], "topics": ["sanction"]}
    path.write_text(json.dumps({"id": "x", "schema": "Company", "properties": said}) + "\n")
    finnet.ingest([path], case=tmp_path / "x.finnet")
    with finnet.open_case(tmp_path / "x.finnet") as opened:
        card = walk(opened, "go x").blocks[0]
    assert dict(card.lines)["appears on"].startswith("no list that is named: a record calls it sanctioned")


def test_only_changes_which_ties_count_within_the_session(case):
    walked = walk(case, "go hub", "only control")
    assert walked.session.ties.rows == []
    assert notes(walked) == [
        "counting ties of class control; at any time; of any grade",
        "45 links left out: of class ownership",
    ]
    again = walk(case, "only all", session=walked.session)
    assert len(again.session.ties.rows) == SPOKES
    assert again.session.lines == ("go hub", "only control", "only all")


def test_only_keeps_what_it_does_not_name(case):
    walked = walk(case, "only 2019", "only ownership money c3")
    assert walked.session.choice == Choice(edges="ownership,money", as_of="2019", min_grade="C3")
    told = walk(case, "only", session=walked.session)
    assert told.session == walked.session
    assert notes(told) == ["counting ties of class ownership, money; as of 2019; graded C3 or better"]


def test_only_with_a_word_that_is_no_class_changes_nothing(case):
    with pytest.raises(UnknownNameError, match="owner"):
        walk(case, "only owner")


def test_a_session_repeated_begins_with_the_choice_it_began_with(case):
    begun = Session(choice=Choice(as_of="2018"))
    walked = walk(case, "only 2019", "go hub", session=begun).session
    assert repeating(walked, "c.finnet").splitlines()[0] == "finnet explore -c c.finnet --as-of 2018 <<'END'"
    assert walk(case, *walked.lines, session=begun).session == walked


def test_names_of_the_last_list_are_completed_from_the_word_being_typed(case):
    session = walk(case, "find Invented Twelve").session
    assert completions(session, ["go", "inv"]) == ["Invented Twelve"]
    assert completions(session, ["go", "Invented", "Tw"]) == ["Twelve"]
    assert completions(session, ["only", "owner"]) == ["ownership"]


def test_a_name_with_control_characters_is_not_completed(case):
    session = walk(case, "go hub").session
    assert completions(session, ["go", "\x1b"]) == []
