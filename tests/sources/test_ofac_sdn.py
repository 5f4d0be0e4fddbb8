"""The OFAC list in its legacy CSV form: small invented lists, and the real one where it lies beside the checkout."""

from __future__ import annotations

import csv
import re
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finnet.errors import InputError
from finnet.model.reading import Head, ReadOptions, SourceFile
from finnet.model.schema import schema
from finnet.model.statement import Counted, Detail, Entity, Link, Listing, Payment, Reject, Skip, Statement
from finnet.sources import ofac_sdn

N = "-0- "
BANK = (
    f'100,"INVENTED TRADE BANK",{N},"NPWMD] [DPRK2",{N},{N},{N},{N},{N},{N},{N},"SWIFT/BIC INVTKPPY; a.k.a. \'ITB\'."'
)
AGENT = (
    f'200,"PLAINLY, Invented","individual","DPRK2","ITB Representative in Testville",{N},{N},{N},{N},{N},{N},'
    '"DOB 15 Jan 1955; POB Nowhere, Russia; nationality Korea, North; Gender Male; Passport X12 (Korea, North) expires '
    '01 Jan 2020; ITB Representative in Testville; Linked To: INVENTED TRADE BANK."'
)
SHIP = (
    f'300,"FAKE STAR","vessel","DPRK",{N},"XY9","Tug","1,234","5,678","Mongolia","Nobody Shipping Co.",'
    '"Vessel Registration Identification IMO 1234567; MMSI 987654321; Linked To: NOBODY KNOWN LTD."'
)


def _write(folder: Path, **files: str | bytes) -> list[SourceFile]:
    written = []
    for role, text in files.items():
        path = folder / f"{role}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        written.append(SourceFile(path=path, name=path.name))
    return written


def _read(files: list[SourceFile]) -> list[Statement]:
    return list(ofac_sdn.read(files, ReadOptions()).statements)


def _entities(statements: list[Statement]) -> dict[str, Entity]:
    return {s.id: s for s in statements if isinstance(s, Entity)}


def _links(statements: list[Statement], edge_class: str) -> list[Link]:
    return [s for s in statements if isinstance(s, Link) and s.edge_class == edge_class]


def _accounts(statements: list[Statement]) -> Mapping[str, tuple[int, int, int, int]]:
    """records, loaded, rejected, skipped by file; a record in two states would make the sum too large."""
    loaded, rejected, skipped = defaultdict(set), defaultdict(set), defaultdict(set)
    for statement in statements:
        if isinstance(statement, Reject):
            rejected[statement.origin.file].add(statement.origin.record)
        elif isinstance(statement, Skip):
            skipped[statement.origin.file].add(statement.origin.record)
        elif isinstance(statement, Entity | Link | Payment | Listing | Detail):
            loaded[statement.origin.file].add(statement.origin.record)
    return {
        s.file: (s.records, len(loaded[s.file]), len(rejected[s.file]), len(skipped[s.file]))
        for s in statements
        if isinstance(s, Counted)
    }


def test_a_party_has_its_programmes_aliases_and_addresses(tmp_path: Path) -> None:
    files = _write(
        tmp_path,
        sdn=f"{BANK}\n",
        alt=f'100,1,"aka","BANK OF INVENTIONS",{N}\n100,2,"fka","OLD INVENTED BANK",{N}\n',
        add=f'100,7,"1 Made-up Street","Pyongyang","Korea, North",{N}\n100,8,{N},"Beijing","China",{N}\n',
    )
    statements = _read(files)
    bank = _entities(statements)["ofac-100"]
    assert (bank.schema, bank.caption, bank.country, bank.countries) == (
        "LegalEntity",
        "INVENTED TRADE BANK",
        "kp",
        ("kp", "cn"),
    )
    assert bank.properties == {
        "address": ("1 Made-up Street, Pyongyang, Korea, North", "Beijing, China"),
        "alias": ("BANK OF INVENTIONS",),
        "country": ("kp", "cn"),
        "name": ("INVENTED TRADE BANK",),
        "notes": ("SWIFT/BIC INVTKPPY; a.k.a. 'ITB'.",),
        "previousName": ("OLD INVENTED BANK",),
        "swiftBic": ("INVTKPPY",),
        "weakAlias": ("ITB",),
    }
    listings = [(s.entity, s.authority, s.program, s.reference) for s in statements if isinstance(s, Listing)]
    assert listings == [("ofac-100", "OFAC", "NPWMD", "100"), ("ofac-100", "OFAC", "DPRK2", "100")]


def test_a_person_has_dates_places_documents_and_a_position(tmp_path: Path) -> None:
    person = _entities(_read(_write(tmp_path, sdn=f"{BANK}\n{AGENT}\n")))["ofac-200"]
    kept = {name: values for name, values in person.properties.items() if name not in {"notes", "name"}}
    assert (person.schema, person.country) == ("Person", None)  # a nationality is no place
    assert kept == {
        "birthCountry": ("ru",),
        "birthDate": ("1955-01-15",),
        "birthPlace": ("Nowhere, Russia",),
        "firstName": ("Invented",),
        "gender": ("male",),
        "lastName": ("PLAINLY",),
        "nationality": ("kp",),
        "passportNumber": ("X12",),
        "position": ("ITB Representative in Testville",),
    }


def test_a_ship_has_its_numbers_flag_and_an_owner_that_is_no_shareholder(tmp_path: Path) -> None:
    statements = _read(_write(tmp_path, sdn=f"{SHIP}\n"))
    ship = _entities(statements)["ofac-300"]
    kept = {name: values for name, values in ship.properties.items() if name not in {"notes", "name"}}
    assert (ship.schema, ship.country) == ("Vessel", "mn")
    assert kept == {
        "callSign": ("XY9",),
        "flag": ("mn",),
        "grossRegisteredTonnage": ("5678",),
        "imoNumber": ("1234567",),
        "mmsi": ("987654321",),
        "tonnage": ("1,234",),
        "type": ("Tug",),
    }
    (owner,) = _links(statements, "maritime")
    assert (owner.target, owner.role, _links(statements, "ownership")) == ("ofac-300", "vessel owner", [])


def test_a_representative_has_principal_role_and_the_place_as_the_list_words_it(tmp_path: Path) -> None:
    (link,) = _links(_read(_write(tmp_path, sdn=f"{BANK}\n{AGENT}\n")), "representation")
    assert (link.schema, link.source, link.target, link.role) == (
        "Representation",
        "ofac-200",
        "ofac-100",
        "Representative",
    )
    assert (link.country, link.flags) == (None, ("by_weak_alias", "host_unresolved"))


@pytest.mark.parametrize(
    ("title", "role", "host"),
    [
        ("INVENTED TRADE BANK Deputy Representative to Beijing, China", "Deputy Representative", "cn"),
        ("Representative of the Invented Trade Bank in Linjiang, China", "Representative", "cn"),
        ("Chief Representative of Invented Trade Bank in Vladivostok, Russia", "Chief Representative", "ru"),
        ("Representative for Invented Trade Bank in Dandong, China", "Representative", "cn"),
        ("Representative in Vietnam for Invented Trade Bank", "Representative", "vn"),
        ("Vietnam Representative for Invented Trade Bank, which is invented", "Representative", "vn"),
        ("Invented Trade Bank representative in Beijing", "representative", "cn"),
        ("Chief Representative, Invented Trade Bank", "Chief Representative", None),
        ("Position: Invented Trade Bank Representative", "Representative", None),
        ("Invented Trade Bank's chief representative in Libya", "chief representative", "ly"),
    ],
)
def test_titles_of_representatives_are_read_in_every_form(
    tmp_path: Path, title: str, role: str, host: str | None
) -> None:
    agent = f'200,"PLAINLY, Invented","individual","DPRK2","{title}",{N},{N},{N},{N},{N},{N},{N}'
    (link,) = _links(_read(_write(tmp_path, sdn=f"{BANK}\n{agent}\n")), "representation")
    assert (link.target, link.role, link.country) == ("ofac-100", role, host)


@pytest.mark.parametrize(
    "title",
    [
        "Special Presidential Representative for Cooperation with Inventors",
        "Speaker of the House of Representatives",
        "Commander",
        "trade representative in Beijing",
    ],
)
def test_titles_that_only_sound_alike_stay_positions(tmp_path: Path, title: str) -> None:
    agent = f'200,"PLAINLY, Invented","individual","DPRK2","{title}",{N},{N},{N},{N},{N},{N},{N}'
    statements = _read(_write(tmp_path, sdn=f"{BANK}\n{agent}\n"))
    assert [s for s in statements if isinstance(s, Link)] == []
    assert _entities(statements)["ofac-200"].properties["position"] == (title,)


def test_the_only_foreign_address_hosts_a_representative_whose_title_names_no_place(tmp_path: Path) -> None:
    agents = "".join(
        f'{n},"PLAINLY, Number {n}","individual","DPRK2","ITB representative",{N},{N},{N},{N},{N},{N},{N}\n'
        for n in (201, 202, 203)
    )
    addresses = (
        f'100,1,{N},"Pyongyang","Korea, North",{N}\n'
        f'201,2,{N},"Moscow","Russia",{N}\n'  # abroad: the host
        f'202,3,{N},"Pyongyang","Korea, North",{N}\n'  # at home: hosts nobody
        f'203,4,{N},"Moscow","Russia",{N}\n203,5,{N},"Hanoi","Vietnam",{N}\n'  # which of the two is not said
    )
    links = _links(_read(_write(tmp_path, sdn=f"{BANK}\n{agents}", add=addresses)), "representation")
    assert {link.source: (link.country, link.flags[-1]) for link in links} == {
        "ofac-201": ("ru", "host_from_address"),
        "ofac-202": (None, "host_unknown"),
        "ofac-203": (None, "host_unknown"),
    }


def test_linked_to_runs_from_the_entry_to_the_party_it_names(tmp_path: Path) -> None:
    (link,) = _links(_read(_write(tmp_path, sdn=f"{BANK}\n{AGENT}\n")), "linked")
    assert (link.id, link.schema, link.source, link.target, link.role, link.basis, link.flags) == (
        "ofac-200-linked-100",
        "UnknownLink",
        "ofac-200",
        "ofac-100",
        "linked to",
        "stated",
        (),
    )


def test_a_name_nobody_bears_and_a_name_two_bear_become_flagged_stubs(tmp_path: Path) -> None:
    twins = "".join(f'{n},"TWIN TRADING",{N},"DPRK",{N},{N},{N},{N},{N},{N},{N},{N}\n' for n in (1, 2))
    agent = (
        f'3,"PLAINLY, Invented","individual","DPRK",{N},{N},{N},{N},{N},{N},{N},'
        '"Linked To: TWIN TRADING; Linked To: Never Heard Of Ltd."'
    )
    statements = _read(_write(tmp_path, sdn=f"{twins}{agent}\n"))
    entities = _entities(statements)
    links = _links(statements, "linked")
    stubs = [entities[link.target] for link in links]
    assert [(stub.caption, stub.missing, stub.flags) for stub in stubs] == [
        ("TWIN TRADING", True, ("stub", "ambiguous")),
        ("Never Heard Of Ltd", True, ("stub", "unresolved")),
    ]
    assert links[0].properties["description"] == ("may stand for ofac-1", "may stand for ofac-2")
    assert re.fullmatch(r"ofac-stub-never-heard-of-ltd-[0-9a-f]{8}", stubs[1].id)


def test_a_primary_name_goes_before_the_alias_of_another(tmp_path: Path) -> None:
    rows = (
        f'1,"INVENTED GROUP",{N},"DPRK",{N},{N},{N},{N},{N},{N},{N},{N}\n'
        f'2,"OTHER HOLDING",{N},"DPRK",{N},{N},{N},{N},{N},{N},{N},{N}\n'
        f'3,"FAKE STAR","vessel","DPRK",{N},{N},{N},{N},{N},{N},{N},'
        '"Linked To: INVENTED GROUP; Linked To: OTHER NAME."\n'
    )
    alt = f'2,1,"aka","INVENTED GROUP",{N}\n2,2,"aka","OTHER NAME",{N}\n'
    links = _links(_read(_write(tmp_path, sdn=rows, alt=alt)), "linked")
    assert [(link.target, link.flags) for link in links] == [("ofac-1", ()), ("ofac-2", ("by_alias",))]


def _long(text: str) -> str:
    """A remark filled up to the 1,000 characters at which the list cuts it."""
    filler = "POB " + "x" * (1000 - len(text) - len("POB ; ")) + "; "
    return filler + text


def test_a_remark_cut_in_the_middle_of_a_name_goes_on_in_the_comments(tmp_path: Path) -> None:
    agent = (
        f'200,"PLAINLY, Invented","individual","DPRK",{N},{N},{N},{N},{N},{N},{N},"{_long("Linked To: INVENTED TRA")}"'
    )
    files = _write(tmp_path, sdn=f"{BANK}\n{agent}\n", comments='200,"DE BANK; Linked To: SOMEBODY ELSE."\n\x1a')
    statements = _read(files)
    links = _links(statements, "linked")
    assert links[0].target == "ofac-100"
    assert [link.properties["summary"] for link in links[1:]] == [("Linked To: SOMEBODY ELSE",)]
    assert [s.values for s in statements if isinstance(s, Detail)] == [("DE BANK; Linked To: SOMEBODY ELSE.",)]
    assert [s.reason for s in statements if isinstance(s, Skip)] == ["end-of-file mark (control-Z)"]


def test_a_name_cut_off_stands_for_nobody_even_if_somebody_is_called_so(tmp_path: Path) -> None:
    rows = (
        f'1,"PRO",{N},"DPRK",{N},{N},{N},{N},{N},{N},{N},{N}\n'
        f'2,"PLAINLY, Invented","individual","DPRK",{N},{N},{N},{N},{N},{N},{N},"{_long("Linked To: PRO")}"\n'
    )
    statements = _read(_write(tmp_path, sdn=rows))
    (link,) = _links(statements, "linked")
    assert (_entities(statements)[link.target].missing, link.flags) == (True, ("cut_off",))
    assert _entities(statements)["ofac-2"].flags == ("remarks_cut_off",)


def test_a_director_is_derived_only_from_a_closed_form_and_a_listed_body(tmp_path: Path) -> None:
    titles = (
        "Director, Invented Trade Bank",
        "General Manager of Unlisted Ltd",
        "Former Chairman of Invented Trade Bank",
        "Minister of Invented Trade Bank",
    )
    people = "".join(
        f'{n},"PLAINLY, Number {n}","individual","DPRK","{title}",{N},{N},{N},{N},{N},{N},{N}\n'
        for n, title in enumerate(titles, start=201)
    )
    links = [s for s in _read(_write(tmp_path, sdn=f"{BANK}\n{people}")) if isinstance(s, Link)]
    assert [(link.source, link.edge_class, link.schema, link.target, link.basis, link.flags) for link in links] == [
        ("ofac-201", "governance", "Directorship", "ofac-100", "derived", ("from_title",))
    ]


def test_every_bad_line_is_rejected_with_its_code_and_its_bytes(tmp_path: Path) -> None:
    bad = {
        2: (b'7,"RAGGED","vessel"', "E1200"),
        3: (b'8,"UNCLOSED,-0- ,"X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ', "E1202"),
        4: (b'9,"CAF\xc9",-0- ,"X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ', "E1211"),
        5: (b'10,-0- ,-0- ,"X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ', "E1205"),
        6: (b'eleven,"X",-0- ,"X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ', "E1212"),
    }
    content = BANK.encode() + b"\n" + b"\n".join(line for line, _ in bad.values()) + b"\n\n" + AGENT.encode()
    statements = _read(_write(tmp_path, sdn=content))
    rejects = {s.origin.record: (s.raw, s.code) for s in statements if isinstance(s, Reject)}
    assert rejects == bad
    assert _accounts(statements)["sdn.csv"] == (8, 2, 5, 1)
    assert set(_entities(statements)) == {"ofac-100", "ofac-200"}


def test_a_field_of_ten_megabytes_is_rejected_and_the_next_line_is_read(tmp_path: Path) -> None:
    long = b'7,"' + b"x" * 10_000_000 + b'",-0- ,"X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- '
    statements = _read(_write(tmp_path, sdn=BANK.encode() + b"\n" + long + b"\n" + AGENT.encode() + b"\n"))
    (reject,) = [s for s in statements if isinstance(s, Reject)]
    assert (reject.code, reject.origin.record) == ("E1210", 2)
    last = _entities(statements)["ofac-200"].origin
    assert (last.record, last.byte_offset) == (3, len(BANK) + 1 + len(long) + 1)


def test_lines_about_parties_that_are_not_there_are_rejected(tmp_path: Path) -> None:
    files = _write(
        tmp_path,
        sdn=f"{BANK}\n",
        alt=f'999,1,"aka","GHOST",{N}\n',
        add=f'999,1,"x","y","China",{N}\n100,2,{N},{N},{N},{N}\n',
        comments='999,"more"\n',
    )
    statements = _read(files)
    assert sorted((s.origin.file, s.code) for s in statements if isinstance(s, Reject)) == [
        ("add.csv", "E1300"),
        ("alt.csv", "E1300"),
        ("comments.csv", "E1300"),
    ]
    assert _accounts(statements)["add.csv"] == (2, 0, 1, 1)


def test_the_same_line_twice_is_counted_and_another_line_of_that_number_is_kept(tmp_path: Path) -> None:
    other = BANK.replace("INVENTED TRADE BANK", "RENAMED BANK")
    statements = _read(_write(tmp_path, sdn=f"{BANK}\n{BANK}\n{other}\n"))
    captions = [s.caption for s in statements if isinstance(s, Entity)]
    assert captions == ["INVENTED TRADE BANK", "RENAMED BANK"]
    assert [s.reason for s in statements if isinstance(s, Skip)] == ["duplicate: the same line as record 1"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.one_of(
            st.sampled_from([AGENT.encode(), SHIP.encode(), b"", b"\x1a", b'7,"A","b', b"\xff,1", b"1,2"]),
            st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"")),
        ),
        max_size=12,
    ),
    ending=st.sampled_from([b"\n", b"\r\n"]),
)
def test_whatever_the_lines_are_each_has_one_fate(tmp_path: Path, lines: list[bytes], ending: bytes) -> None:
    content = ending.join([BANK.encode(), *lines])
    statements = _read(_write(tmp_path, sdn=content))
    records, *states = _accounts(statements)["sdn.csv"]
    assert records == sum(states) == content.count(b"\n") + (not content.endswith(b"\n"))
    for statement in statements:
        if isinstance(statement, Reject):
            assert content[statement.origin.byte_offset :].startswith(statement.raw)


@pytest.mark.parametrize(
    "text",
    [
        "Passport 1" + " " * 60_000 + "2",
        "Representative of" + " in" * 30_000,
        "Linked To: X; " * 4_000,
        "Passport 1" + " (x)" * 15_000,
        "a.k.a. '" * 8_000,
    ],
    ids=["spaces", "places", "links", "brackets", "aliases"],
)
def test_text_made_to_be_slow_is_not_slow(tmp_path: Path, text: str) -> None:
    agent = f'200,"PLAINLY, Invented","individual","DPRK","{text}",{N},{N},{N},{N},{N},{N},"{text}"'
    started = time.process_time()
    _read(_write(tmp_path, sdn=f"{BANK}\n{agent}\n"))
    assert time.process_time() - started < 5  # work must grow with the text, not with its square


def test_what_cannot_be_a_whole_list_is_refused(tmp_path: Path) -> None:
    alt = f'100,1,"aka","BANK OF INVENTIONS",{N}\n'
    for files, said in (
        ({"alt": alt}, "give the sdn file"),
        ({"sdn": ""}, "empty"),
        ({"sdn": f"{BANK}\n", "again": f"{BANK}\n"}, "a second sdn file"),
        ({"sdn": "id,name\n1,x\n"}, "no line of an sdn"),
    ):
        with pytest.raises(InputError, match=said):
            _read(_write(tmp_path, **files))


def test_sniff_knows_the_four_files_and_no_others(tmp_path: Path) -> None:
    files = _write(
        tmp_path,
        sdn=f"{BANK}\n",
        alt=f'1,2,"fka","X",{N}\n',
        add=f'1,2,"a","b","China",{N}\n',
        sdn_comments='1,"text"\n',
        people='1,"text"\n',
        numbers="1,2,3,4,5,6\n",
        table="id,name\n1,x\n",
        empty="",
    )
    assert [file.name for file in files if ofac_sdn.sniff(Head(file.path))] == [
        "sdn.csv",
        "alt.csv",
        "add.csv",
        "sdn_comments.csv",
    ]


# The real list

REAL_FILES = ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv")


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "ofac"


@pytest.fixture(scope="module")
def real(folder: Path) -> list[Statement]:
    return _read([SourceFile(path=folder / name, name=name) for name in REAL_FILES])


@pytest.fixture(scope="module")
def raw(folder: Path) -> list[list[str]]:
    """The sdn rows as the standard library reads them."""
    with (folder / "sdn.csv").open(encoding="utf-8", newline="") as file:
        return [[field.strip() for field in row] for row in csv.reader(file)]


def test_every_line_of_the_real_files_is_accounted_for(folder: Path, real: list[Statement]) -> None:
    accounts = _accounts(real)
    for name, (records, *states) in accounts.items():
        text = (folder / name).read_bytes()
        assert records == text.count(b"\n") + (not text.endswith(b"\n"))
        assert sum(states) == records
    with (folder / "add.csv").open(encoding="utf-8", newline="") as file:
        empty = sum(all(field.strip() in {"-0-", "-0"} for field in row[2:]) for row in csv.reader(file))
    assert accounts["sdn.csv"] == (7379, 7379, 0, 0)
    assert accounts["add.csv"][3] == empty
    # 10 of the 13 ids of sdn_comments dangle, it is from a later list (README of the data); the last line is control-Z.
    assert accounts["sdn_comments.csv"] == (14, 3, 10, 1)


def test_every_origin_leads_back_to_its_line(folder: Path, real: list[Statement]) -> None:
    lines = {name: (folder / name).read_bytes() for name in REAL_FILES}
    for statement in real:
        if isinstance(statement, Entity) and not statement.missing:
            entity = statement.id
        elif isinstance(statement, Detail | Listing):
            entity = statement.entity
        else:
            continue
        origin = statement.origin
        assert origin.byte_offset is not None
        line = lines[origin.file][origin.byte_offset :].split(b"\n", 1)[0]
        assert entity == f"ofac-{line.split(b',', 1)[0].decode()}"


def test_the_dprk_programmes_are_counted_as_published(real: list[Statement]) -> None:
    listed = [s.entity for s in real if isinstance(s, Listing) and "DPRK" in (s.program or "")]
    entities = _entities(real)
    schemata = Counter(entities[entity].schema for entity in set(listed))
    assert (len(set(listed)), len(listed)) == (388, 392)
    assert schemata == {"LegalEntity": 146, "Person": 125, "Vessel": 101, "Airplane": 16}


def test_every_linked_to_gives_its_link_or_its_stub(folder: Path, real: list[Statement], raw: list[list[str]]) -> None:
    with (folder / "sdn_comments.csv").open(encoding="utf-8", newline="") as file:
        more = {row[0]: row[1] for row in csv.reader(file) if len(row) == 2}
    expected = Counter()
    for row in raw:
        whole = row[11] + (more.get(row[0], "") if len(row[11]) == 1000 else "")
        expected[f"ofac-{row[0]}"] += whole.count("Linked To:")
    links = _links(real, "linked")
    assert sum("Linked To:" in row[11] for row in raw) == 1727
    assert Counter(link.source for link in links) == +expected
    entities = _entities(real)
    assert all(link.target in entities for link in links)
    cited = Counter(entities[link.target].caption for link in links)
    # The README of the data names the two most cited.
    assert (cited["NATIONAL IRANIAN TANKER COMPANY"], cited["ISLAMIC REPUBLIC OF IRAN SHIPPING LINES"]) == (131, 121)


# Read by hand in the list: the agent's title names principal and place.
BY_HAND = {
    "ofac-8598": ("ISLAMIC AFRICAN RELIEF AGENCY", "ie"),  # IARA Representative in Ireland
    "ofac-15656": ("TANCHON COMMERCIAL BANK", "cn"),  # Representative to Beijing, China
    "ofac-17614": ("KOREA MINING DEVELOPMENT TRADING CORPORATION", "ir"),  # KOMID Representative in Iran
    "ofac-17617": ("Korea Ryungseng Trading Corporation", "cn"),  # in Shenyang, China; not on the list under that name
    "ofac-17619": ("KOREA MINING DEVELOPMENT TRADING CORPORATION", "na"),  # in Namibia
    "ofac-18554": ("FOREIGN TRADE BANK OF THE DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA", "ru"),  # in Russia
    "ofac-18556": ("TANCHON COMMERCIAL BANK", "sy"),  # in Syria
    "ofac-18557": ("TANCHON COMMERCIAL BANK", "vn"),  # in Vietnam
    "ofac-18848": ("KOREA MINING DEVELOPMENT TRADING CORPORATION", "mm"),  # Korean Mining …, in Burma
    "ofac-22984": ("ILSIM INTERNATIONAL BANK", "cn"),  # in Zhuhai, China
    "ofac-23008": ("CHEIL CREDIT BANK", "cn"),  # in Beijing
    "ofac-23016": ("FOREIGN TRADE BANK OF THE DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA", "ly"),  # deputy chief, in Libya
    "ofac-23508": ("KOREA RYONBONG GENERAL CORPORATION", "cn"),  # Representative of the … in Linjiang, China
    "ofac-23516": ("KOREA RYONBONG GENERAL CORPORATION", "ru"),  # in Vladivostok, Russia
}


def test_representatives_read_by_hand_have_their_principal_and_host(real: list[Statement]) -> None:
    entities = _entities(real)
    found = {s.source: (entities[s.target].caption, s.country) for s in _links(real, "representation")}
    assert {agent: found.get(agent) for agent in BY_HAND} == BY_HAND


def test_each_of_the_54_rows_that_name_a_representative_gives_a_representation(
    real: list[Statement], raw: list[list[str]]
) -> None:
    naming = {
        f"ofac-{row[0]}"
        for row in raw
        if re.search("DPRK|North Korea", " ".join(row)) and re.search(r"\brepresentative\b", row[4] + row[11], re.I)
    }
    links = [link for link in _links(real, "representation") if link.source in naming]
    assert len(naming) == 54
    assert {link.source for link in links} == naming
    for link in links:  # a host is said, taken from an address, or flagged as missing
        assert (link.country is None) == bool({"host_unknown", "host_unresolved"} & set(link.flags))


def test_every_property_is_one_of_its_schema(real: list[Statement]) -> None:
    used = {(s.schema, name) for s in real if isinstance(s, Entity | Link) for name in s.properties}
    assert [(kind, name) for kind, name in sorted(used) if schema(kind).property_type(name) is None] == []


def test_no_link_of_the_list_is_an_ownership(real: list[Statement]) -> None:
    assert {s.edge_class for s in real if isinstance(s, Link)} == {"linked", "representation", "governance", "maritime"}
    assert all(s.share_min_ppm is None and s.share_max_ppm is None for s in real if isinstance(s, Link))


def test_ids_of_links_are_unique_and_the_same_each_time(folder: Path, real: list[Statement]) -> None:
    ids = [s.id for s in real if isinstance(s, Link)]
    assert len(ids) == len(set(ids))
    assert _read([SourceFile(path=folder / name, name=name) for name in REAL_FILES]) == real
