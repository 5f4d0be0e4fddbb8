"""The UN consolidated list: small invented lists, hostile files, and the real one where it lies beside the checkout."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from finnet.errors import InputError
from finnet.model.countries import alpha2
from finnet.model.reading import Head, ReadOptions, SourceFile
from finnet.model.schema import schema
from finnet.model.statement import Counted, Entity, Link, Listing, Reject, Skip, Statement
from finnet.sources import un_consolidated

PERSON = """<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>INVENTED</FIRST_NAME><SECOND_NAME>PLAINLY</SECOND_NAME>
<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.901</REFERENCE_NUMBER><LISTED_ON>2016-03-02</LISTED_ON>
<GENDER>Male</GENDER><COMMENTS1>Served as the Invented Bank representative in Viet Nam.</COMMENTS1>
<TITLE><VALUE>Dr</VALUE></TITLE><DESIGNATION><VALUE>Invented Bank (IB) Representative</VALUE></DESIGNATION>
<NATIONALITY><VALUE>Democratic People's Republic of Korea</VALUE></NATIONALITY>
<LAST_DAY_UPDATED><VALUE>2017-06-02</VALUE><VALUE>2018-01-09</VALUE></LAST_DAY_UPDATED>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Plain Inventor</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Inv</ALIAS_NAME><DATE_OF_BIRTH>1 Jan. 1950</DATE_OF_BIRTH>
</INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ADDRESS><CITY>Hanoi</CITY><COUNTRY>Viet Nam</COUNTRY><NOTE>previous address</NOTE></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_ADDRESS><STREET>1 Made-up Street</STREET><CITY>Beijing</CITY><COUNTRY>China</COUNTRY></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1960-02-03</DATE></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1957</FROM_YEAR><TO_YEAR>1959</TO_YEAR>
</INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1966</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Nowhere</CITY><COUNTRY>China</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>X12</NUMBER>
<DATE_OF_ISSUE>2010-01-01</DATE_OF_ISSUE></INDIVIDUAL_DOCUMENT>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT><NUMBER>77</NUMBER>
</INDIVIDUAL_DOCUMENT></INDIVIDUAL>"""
BANK = """<ENTITY><DATAID>2</DATAID><FIRST_NAME>INVENTED BANK (IB)</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>
<REFERENCE_NUMBER>KPe.901 </REFERENCE_NUMBER><LISTED_ON>2015-01-01</LISTED_ON>
<COMMENTS1>SWIFT: INVTKPPY. IMO number: 5571322. Email: info@invented.example.</COMMENTS1>
<ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>OLD BANK</ALIAS_NAME></ENTITY_ALIAS>
<ENTITY_ADDRESS><CITY>Pyongyang</CITY><COUNTRY>Democratic People's Republic of Korea</COUNTRY></ENTITY_ADDRESS>
</ENTITY>"""


def _entity(number: int, name: str, comment: str = "") -> str:
    return (
        f"<ENTITY><DATAID>{number}</DATAID><FIRST_NAME>{name}</FIRST_NAME><REFERENCE_NUMBER>KPe.{number}"
        f"</REFERENCE_NUMBER><COMMENTS1>{comment}</COMMENTS1></ENTITY>"
    )


def _list(individuals: str = "", entities: str = "", *, before: str = "", root: str = "CONSOLIDATED_LIST") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<{root} dateGenerated="2026-02-27T00:00:09.554Z">\n'
        f"<INDIVIDUALS>{individuals}</INDIVIDUALS>\n<ENTITIES>{entities}</ENTITIES></{root}>"
    )


def _read(folder: Path, content: str | bytes) -> list[Statement]:
    path = folder / "un.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return list(un_consolidated.read([SourceFile(path=path, name="un.xml")], ReadOptions()).statements)


def _entities(statements: list[Statement]) -> dict[str, Entity]:
    return {s.id: s for s in statements if isinstance(s, Entity)}


def _ties(statements: list[Statement]) -> list[tuple[str, str, str, str | None]]:
    return [(s.edge_class, s.source, s.target, s.role) for s in statements if isinstance(s, Link)]


def test_a_person_is_read_with_every_form_of_date_and_document(tmp_path: Path) -> None:
    person = _entities(_read(tmp_path, _list(PERSON, BANK)))["un-1"]
    assert (person.schema, person.caption, person.country) == ("Person", "INVENTED PLAINLY", "cn")
    assert person.first_seen == person.last_seen == "2026-02-27"
    assert person.properties == {
        "address": ("Hanoi, Viet Nam", "1 Made-up Street, Beijing, China"),
        "alias": ("Plain Inventor",),
        "birthCountry": ("cn",),
        "birthDate": ("1960-02-03", "1957", "1959", "1966"),
        "birthPlace": ("Nowhere, China",),
        "country": ("cn",),
        "firstName": ("INVENTED",),
        "gender": ("male",),
        "idNumber": ("77",),
        "name": ("INVENTED PLAINLY",),
        "nationality": ("kp",),
        "notes": (
            "Served as the Invented Bank representative in Viet Nam.",
            "Inv: date of birth 1 Jan. 1950",
            "Address Hanoi, Viet Nam: previous address",
            "Date of birth: between; 1957 to 1959",
            "Date of birth: approximately; 1966",
            "Document: Passport; X12; 2010-01-01",
        ),
        "passportNumber": ("X12",),
        "position": ("Invented Bank (IB) Representative",),
        "secondName": ("PLAINLY",),
        "title": ("Dr",),
        "weakAlias": ("Inv",),
    }


def test_a_listing_has_reference_programme_and_dates(tmp_path: Path) -> None:
    listings = {s.entity: s for s in _read(tmp_path, _list(PERSON, BANK)) if isinstance(s, Listing)}
    person = listings["un-1"]
    assert (person.authority, person.program, person.reference, person.listed_on, dict(person.properties)) == (
        "UN",
        "DPRK",
        "KPi.901",
        "2016-03-02",
        {"modifiedAt": ("2017-06-02", "2018-01-09")},
    )
    assert listings["un-2"].reference == "KPe.901"


def test_an_entity_has_what_its_comments_say_in_a_form_of_their_own(tmp_path: Path) -> None:
    bank = _entities(_read(tmp_path, _list("", BANK)))["un-2"]
    assert (bank.schema, bank.country, bank.properties["previousName"]) == ("Organization", "kp", ("OLD BANK",))
    assert (bank.properties["swiftBic"], bank.properties["registrationNumber"], bank.properties["email"]) == (
        ("INVTKPPY",),
        ("IMO 5571322",),
        ("info@invented.example",),
    )


def test_a_designation_and_a_comment_about_one_representation_give_one_link_with_the_place(tmp_path: Path) -> None:
    (link,) = [s for s in _read(tmp_path, _list(PERSON, BANK)) if isinstance(s, Link)]
    assert (link.edge_class, link.source, link.target, link.country, link.basis, link.flags) == (
        "representation",
        "un-1",
        "un-2",
        "vn",
        "derived",
        ("from_comments", "served_as"),
    )


@pytest.mark.parametrize(
    ("comment", "role"),
    [
        ("Owned or controlled by Invented Holding.", "owned or controlled by"),
        ("Owned or controlled by, or acts on behalf of, the Invented Holding", "owned or controlled by"),
        ("A firm owned by Invented Holding (IHC), listed elsewhere.", "owned by"),
        ("It is a subsidiary of IHC; nothing else.", "subsidiary of"),
        ("It is affiliated with the Invented Holding through gold.", "affiliated with"),
        ("The man works for Invented Holding.", "works for"),
        ("Acted on behalf of IHC’s interests.", "on behalf of"),
        ("The Invented Holding (IHC) is the parent company of Tied Ltd.", "parent"),
        ("Subordinate to an office the list spells otherwise (KPe.11).", None),
        ("Associated with Some Spelling Of It (KPe.011).", "associated with"),
    ],
)  # fmt: skip
def test_comments_tie_to_listed_parties_in_closed_phrases(tmp_path: Path, comment: str, role: str | None) -> None:
    holding = _entity(11, "INVENTED HOLDING (IHC)").replace("KPe.11", "KPe.011")
    statements = _read(tmp_path, _list("", _entity(10, "TIED LTD", comment) + holding))
    expected = [] if role is None else [("linked", "un-10", "un-11", role)]
    assert _ties(statements) == expected
    assert all(s.basis == "derived" and s.flags == ("from_comments",) for s in statements if isinstance(s, Link))


def test_what_an_entry_calls_itself_stands_for_it_if_its_own_name_holds_the_words(tmp_path: Path) -> None:
    bank = _entity(11, "GREAT INVENTED BANK", "Invented Bank is a bank.")
    trader = _entity(12, "INVENTED TRADER", "Somebody Else is the parent company of Invented Trader.")
    people = "".join(
        f"<INDIVIDUAL><DATAID>{n}</DATAID><FIRST_NAME>PLAINLY {n}</FIRST_NAME><DESIGNATION><VALUE>{title}</VALUE>"
        "</DESIGNATION></INDIVIDUAL>"
        for n, title in ((1, "Invented Bank representative"), (2, "Somebody Else representative"))
    )
    links = [s for s in _read(tmp_path, _list(people, bank + trader)) if isinstance(s, Link)]
    assert [(link.source, link.target.startswith("un-stub-"), link.flags[0]) for link in links] == [
        ("un-1", False, "by_own_words"),
        ("un-2", True, "unresolved"),
    ]


@pytest.mark.parametrize(
    "comment",
    [
        "Not affiliated with Invented Holding.",
        "Affiliated with Unlisted Ltd.",
        "It helps Other Ltd, a subsidiary of Invented Holding.",
        "It helps Other Ltd, which is affiliated with Invented Holding.",
    ],
)
def test_what_comments_deny_or_say_of_others_ties_nobody(tmp_path: Path, comment: str) -> None:
    entities = _entity(10, "TIED LTD", comment) + _entity(11, "INVENTED HOLDING (IHC)")
    assert _ties(_read(tmp_path, _list("", entities))) == []


def test_a_bare_reference_number_is_a_mention_and_an_enumeration_is_followed(tmp_path: Path) -> None:
    comment = "Linked to Alpha Works (KPe.111) and Beta Works (KPe.112). Compare Gamma (KPe.113)."
    names = {111: "ALPHA WORKS", 112: "BETA WORKS", 113: "GAMMA WORKS"}
    entities = _entity(110, "TIED LTD", comment) + "".join(_entity(n, name) for n, name in names.items())
    assert _ties(_read(tmp_path, _list("", entities))) == [
        ("linked", "un-110", "un-111", "linked to"),
        ("linked", "un-110", "un-112", "linked to"),
        ("co_mention", "un-110", "un-113", "named in its entry"),
    ]


def test_records_are_counted_and_bad_ones_rejected_with_their_bytes(tmp_path: Path) -> None:
    nameless = "<ENTITY><DATAID>5</DATAID></ENTITY>"
    statements = _read(tmp_path, _list(PERSON, BANK + BANK + nameless))
    (reject,) = [s for s in statements if isinstance(s, Reject)]
    assert (reject.code, reject.column, reject.origin.record) == ("E1205", "FIRST_NAME", 4)
    assert reject.raw == nameless.removesuffix("</ENTITY>").encode()
    assert [s.reason for s in statements if isinstance(s, Skip)] == ["duplicate: the same as record 2"]
    assert [s.records for s in statements if isinstance(s, Counted)] == [4]


def _deep(levels: int) -> str:
    return _list(f"<INDIVIDUAL>{'<A>' * levels}{'</A>' * levels}</INDIVIDUAL>")


_BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)  # each entity ten times the one before: 10^10 characters if it were expanded


@pytest.mark.parametrize(
    ("content", "code", "line", "said"),
    [
        (_list(PERSON, before="<!DOCTYPE CONSOLIDATED_LIST>\n"), "E1101", 2, "document type"),
        (_list("&j;", before=f"{_BOMB}]>\n"), "E1101", 2, "document type"),
        (_list("&x;", before='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///x">]>\n'), "E1101", 2, "document type"),
        (_list(PERSON, root="SOME_OTHER_LIST"), "E1100", 2, "CONSOLIDATED_LIST"),
        (_list(PERSON).replace("<CONSOLIDATED_LIST", '<CONSOLIDATED_LIST xmlns="urn:new"'), "E1100", 2, "namespace"),
        (_list(PERSON)[:900], "E1102", None, "ends too early"),
        (_list(PERSON, BANK).removesuffix("</CONSOLIDATED_LIST>"), "E1102", None, "ends too early"),
        (_list(PERSON).replace("</INDIVIDUALS>", "</OTHERS>"), "E1100", None, "well-formed"),
        (_list(PERSON, BANK).replace("ENTITIES>", "GROUPS>"), "E1100", None, "section 'GROUPS' is unknown"),
        (_deep(254), "E1100", 3, "deeper than 256"),
        (_list(f"<INDIVIDUAL><DATAID>{'9' * 1_100_000}</DATAID></INDIVIDUAL>"), "E1210", 3, "longer than"),
        (_list(f'<INDIVIDUAL a="{"9" * 12_000_000}"/>'), "E1210", None, "longer than"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else None,
)  # fmt: skip
def test_hostile_and_broken_files_are_refused_with_file_and_line(
    tmp_path: Path, content: str, code: str, line: int | None, said: str
) -> None:
    with pytest.raises(InputError, match=said) as refused:
        _read(tmp_path, content)
    assert refused.value.code == code
    assert re.search(rf"'un\.xml' line {line or '[0-9]+'}:", str(refused.value))


def test_nesting_up_to_the_limit_is_read(tmp_path: Path) -> None:
    deepest = _list(f"{PERSON.removesuffix('</INDIVIDUAL>')}{'<A>' * 253}{'</A>' * 253}</INDIVIDUAL>")
    assert "un-1" in _entities(_read(tmp_path, deepest))


@pytest.mark.parametrize(("content", "code"), [("", "E1108"), (_list(), "E1100")])
def test_an_empty_list_is_not_a_list(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        _read(tmp_path, content)
    assert refused.value.code == code


def test_sniff_knows_the_list_and_claims_it_even_with_a_dtd_so_that_it_is_refused(tmp_path: Path) -> None:
    contents = {
        "list": _list(PERSON),
        "dtd": _list(PERSON, before="<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a 'b'>]>"),
        "other": "<html><body/></html>",
        "empty": "",
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert [name for name in contents if un_consolidated.sniff(Head(tmp_path / name))] == ["list", "dtd"]


# The real list


@pytest.fixture(scope="module")
def path(shared_data: Path) -> Path:
    return shared_data / "un" / "UN_consolidated.xml"


@pytest.fixture(scope="module")
def real(path: Path) -> list[Statement]:
    return list(un_consolidated.read([SourceFile(path=path, name=path.name)], ReadOptions()).statements)


@pytest.fixture(scope="module")
def by_reference(real: list[Statement]) -> dict[str, Entity]:
    entities = _entities(real)
    return {s.reference: entities[s.entity] for s in real if isinstance(s, Listing) and s.reference}


def test_all_individuals_and_entities_are_read(path: Path, real: list[Statement]) -> None:
    described = [s for s in _entities(real).values() if not s.missing]
    root = ElementTree.parse(path).getroot()  # an independent parser over the same file
    numbers = {f"un-{node.findtext('DATAID')}" for section in root for node in section}
    assert {s.id for s in described} == numbers
    assert (sum(s.schema == "Person" for s in described), sum(s.schema == "Organization" for s in described)) == (
        730,
        273,
    )
    assert [s.records for s in real if isinstance(s, Counted)] == [1003]
    listings = [s for s in real if isinstance(s, Listing)]
    assert sum((s.reference or "").startswith("KPi") for s in listings) == 80
    assert sum((s.reference or "").startswith("KPe") for s in listings) == 75
    assert all(s.listed_on and re.fullmatch(r"\d{4}-\d{2}-\d{2}", s.listed_on) for s in listings)


def test_every_byte_offset_leads_back_to_its_element(path: Path, real: list[Statement]) -> None:
    content = path.read_bytes()
    for entity in _entities(real).values():
        if not entity.missing:
            assert entity.origin.byte_offset is not None
            element = content[entity.origin.byte_offset :][:200]
            assert re.match(rb"<(INDIVIDUAL|ENTITY)>\s*<DATAID>" + entity.id.removeprefix("un-").encode(), element)


def test_ten_entries_read_by_hand(by_reference: dict[str, Entity]) -> None:
    """Each checked against the list's text: name, country of the address, and one fact more."""

    def facts(reference: str, name: str) -> tuple[str, str | None, tuple[str, ...]]:
        entity = by_reference[reference]
        return entity.caption, entity.country, tuple(entity.properties.get(name, ()))

    assert {reference: facts(reference, name) for reference, name in (
        ("CDi.001", "gender"), ("CDi.003", "birthDate"), ("KPi.001", "alias"), ("KPi.035", "alias"),
        ("KPi.046", "position"), ("KPi.070", "gender"), ("KPe.023", "swiftBic"), ("KPe.056", "registrationNumber"),
        ("KPe.005", "alias"), ("KPe.060", "address"),
    )} == {
        "CDi.001": ("ERIC BADEGE", "rw", ("male",)),
        "CDi.003": ("GASTON IYAMUREMYE", "cd", ("1948",)),
        "KPi.001": ("YUN HO-JIN", "kp", ("Yun Ho-chin",)),
        "KPi.035": ("KIM CHOL SAM", None, ("Jin Tiesan (金铁三)",)),
        "KPi.046": ("KIM TONG-HO", "vn", (
            "Vietnam Representative for Tanchon Commercial Bank, which is the main DPRK financial entity for weapons "
            "and missile-related sales",
        )),
        "KPi.070": ("KU JA HYONG", "ly", ("male",)),
        "KPe.023": ("DAEDONG CREDIT BANK (DCB)", "kp", ("DCBKKPPY",)),
        "KPe.056": ("CHONMYONG SHIPPING CO", "kp", ("IMO 5571322",)),
        "KPe.005": ("HONG KONG ELECTRONICS", "ir", ("HONG KONG ELECTRONICS KISH CO.",)),
        "KPe.060": ("KINGLY WON INTERNATIONAL CO., LTD", "mh", (
            "Trust Company Complex, Ajeltake Road, Ajeltake Island, Majuro MH, 96960, Marshall Islands",
        )),
    }  # fmt: skip


# Read by hand in designations and comments: agent, principal, host, whether the list speaks of the past.
REPRESENTATIVES = {
    ("KPi.010", "KPe.001"): (None, ""),  # Chief Representative for the KOMID; no place is said
    ("KPi.014", "KPe.003"): ("vn", "served_as"),  # Served as the Tanchon representative in Vietnam
    ("KPi.016", "KPe.003"): ("sy", ""),
    ("KPi.017", "KPe.001"): ("ir", "served_as"),
    ("KPi.019", "KPe.004"): (None, ""),  # "Namchongang", as KPe.004 calls itself; its address is at home
    ("KPi.020", "KPe.001"): ("sy", "former"),
    ("KPi.027", "KPe.001"): ("sy", ""),
    ("KPi.046", "KPe.003"): ("vn", ""),
    ("KPi.052", "KPe.002"): ("cu", "served_as"),  # Ryonbong representative in Cuba
    ("KPi.056", "KPe.001"): (None, ""),  # overseas
    ("KPi.067", "KPe.047"): ("ly", ""),
    ("KPi.070", "KPe.047"): ("ly", ""),
    ("KPi.072", "KPe.035"): (None, ""),  # "Daesong Bank", as KPe.035 calls itself
    ("KPi.077", "KPe.045"): (None, ""),  # for Koryo Bank and …
    ("KPi.077", "KPe.049"): (None, ""),  # … Koryo Credit Development Bank
}


def test_representatives_read_by_hand_have_their_principal_and_host(
    real: list[Statement], by_reference: dict[str, Entity]
) -> None:
    links = {(s.source, s.target): s for s in real if isinstance(s, Link) and s.edge_class == "representation"}
    found = {}
    for agent, client in REPRESENTATIVES:
        link = links[by_reference[agent].id, by_reference[client].id]
        tense = [flag for flag in link.flags if flag in {"former", "served_as"}]
        found[agent, client] = (link.country, tense[0] if tense else "")
    assert found == REPRESENTATIVES


# Read by hand in the comments of entities.
TIES = {
    ("KPe.004", "KPe.007", "subordinate to"),
    ("KPe.005", "KPe.001", "owned or controlled by"),
    ("KPe.005", "KPe.003", "owned or controlled by"),
    ("KPe.016", "KPe.002", "parent"),
    ("KPe.035", "KPe.030", "owned or controlled by"),
    ("KPe.038", "KPe.002", "owned by"),
    ("KPe.039", "KPe.002", "subsidiary of"),
    ("KPe.040", "KPe.023", "front company for"),
    ("KPe.048", "KPe.030", "affiliated with"),
    ("KPe.071", "KPi.080", "owned or controlled by"),
    ("IRe.045", "IRe.011", "subsidiary of"),
    ("QDe.157", "QDi.412", "owned by"),
}


def test_ties_read_by_hand_are_linked_and_never_ownership(
    real: list[Statement], by_reference: dict[str, Entity]
) -> None:
    reference = {entity.id: number for number, entity in by_reference.items()}
    links = [s for s in real if isinstance(s, Link) and s.edge_class == "linked"]
    found = {(reference[s.source], reference.get(s.target), s.role) for s in links}
    assert found >= TIES
    assert {s.edge_class for s in real if isinstance(s, Link)} == {
        "linked",
        "representation",
        "governance",
        "co_mention",
    }
    # An explanation of the principal is not about the entry: Hyoksin, not Jo Chol Song, is subordinate to Ryonbong.
    assert ("KPi.058", "KPe.002", "subordinate to") not in found


def test_every_property_is_one_of_its_schema(real: list[Statement]) -> None:
    used = {(s.schema, name) for s in real if isinstance(s, Entity | Link) for name in s.properties}
    assert [(kind, name) for kind, name in sorted(used) if schema(kind).property_type(name) is None] == []


def test_every_country_of_an_address_or_a_nationality_is_known(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    texts = {
        " ".join((node.text or "").split())
        for tag in ("COUNTRY", "NATIONALITY/VALUE")
        for node in root.iterfind(f".//{tag}")
    }
    assert {text for text in texts if text and alpha2(text) is None} == {"former Soviet Union"}


def test_a_real_list_cut_at_nine_tenths_is_refused(path: Path, tmp_path: Path) -> None:
    content = path.read_bytes()
    with pytest.raises(InputError, match="ends too early") as refused:
        _read(tmp_path, content[: len(content) * 9 // 10])
    assert refused.value.code == "E1102"
