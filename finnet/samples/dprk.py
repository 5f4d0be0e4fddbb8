"""Designated North Korean representatives abroad and their principals: facts from the UN's and OFAC's lists.

The rule: every representative of a bank or trading company of the DPRK whom the UN or OFAC lists, the principal, and
the parties that the same entries link. Nothing is invented; there are no payments and no shares. The fact tables lie in
``dprk_facts`` to be read by hand, each row with the list's reference; ``tools/dprk_sample.py`` derives them anew.
"""

from __future__ import annotations

import csv
import importlib.resources
import importlib.resources.abc
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from finnet.samples import SampleFile

__all__ = ["INVENTED", "TABLES", "entities", "table", "write"]

INVENTED = False
TABLES = ("parties.csv", "representations.csv", "links.csv")
_LISTS = {  # authority -> (publisher, the version that the facts were read from)
    "UN": ("UN Security Council consolidated list", "2026-02-27"),
    "OFAC": ("OFAC SDN list, legacy CSV", "winter 2018/19"),
}

Row = Mapping[str, str]
FtmEntity = dict[str, object]


def write(folder: Path) -> list[SampleFile]:
    """Write the case as FollowTheMoney JSON lines, and the fact tables and a word on them beside it.

    Always the same bytes.
    """
    path = folder / "dprk.ftm.json"
    lines = (json.dumps(entity, ensure_ascii=False, sort_keys=True) for entity in entities())
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    written = [SampleFile(path=path, name=path.name, as_="ftm", role="data", dataset="dprk")]
    for name in (*TABLES, "README.md"):
        (folder / name).write_bytes(_facts().joinpath(name).read_bytes())
        written.append(SampleFile(path=folder / name, name=name, as_="", role="readme"))
    return written


def table(name: str) -> tuple[Row, ...]:
    """The rows of a fact table.

    >>> table("representations.csv")[0]["agent"]
    'KPi.010'
    """
    return tuple(csv.DictReader(_facts().joinpath(name).read_text(encoding="utf-8").splitlines()))


def entities() -> Iterator[FtmEntity]:
    """The facts as FollowTheMoney entities: parties, their listings, representations and links."""
    parties, representations = table("parties.csv"), table("representations.csv")
    hosts: dict[str, list[str]] = {}
    for row in representations:
        if row["host"] and row["tense"] == "present" and row["host"] not in hosts.setdefault(row["agent"], []):
            hosts[row["agent"]].append(row["host"])
    for party in parties:
        yield _party(party, hosts.get(party["id"], []))
        yield from _listings(party)
    for row in representations:
        yield _representation(row)
    for row in table("links.csv"):
        said_by = _slug(row["said_by"])
        yield _entity(
            f"{_id(row['source'])}-linked-{row['target']}-{said_by}",
            "UnknownLink",
            subject=[_id(row["source"])],
            object=[_id(row["target"])],
            role=[row["words"]],
            recordId=[row["said_by"]],
            publisher=[_publisher(row)],
        )


def _party(party: Row, hosts: Sequence[str]) -> FtmEntity:
    """A representative is counted in the host country: there somebody can act."""
    return _entity(
        _id(party["id"]),
        party["schema"],
        name=[party["name"]],
        country=[*hosts] if party["schema"] == "Person" else [party["country"]],
        notes=[f"UN and OFAC entries taken for one party because they agree in {party['same_because']}"]
        if party["same_because"]
        else [],
    )


def _listings(party: Row) -> Iterator[FtmEntity]:
    if party["un_reference"]:
        yield _entity(
            f"{_id(party['id'])}-listed-un",
            "Sanction",
            entity=[_id(party["id"])],
            authority=["UN"],
            program=["DPRK"],
            unscId=[party["un_reference"]],
            authorityId=[party["un_reference"]],
            listingDate=[party["un_listed_on"]],
            startDate=[party["un_listed_on"]],
            modifiedAt=[party["un_amended_on"]],
        )
    if party["ofac_uid"]:
        for program in party["ofac_programs"].split(";"):
            yield _entity(
                f"{_id(party['id'])}-listed-ofac-{_slug(program)}",
                "Sanction",
                entity=[_id(party["id"])],
                authority=["OFAC"],
                program=[program],
                authorityId=[party["ofac_uid"]],
            )


def _representation(row: Row) -> FtmEntity:
    where = {"title": "named in the title", "comments": "named in the comments", "address": "from the recorded address"}
    host = f"host country {row['host']}, {where[row['host_from']]}" if row["host"] else "no host country is said"
    worded = f"principal worded {row['principal_as']!r}" if row["principal_as"] else ""
    return _entity(
        f"{_id(row['agent'])}-represents-{row['principal']}-{_slug(row['said_by'])}-{row['host'] or 'nowhere'}",
        "Representation",
        agent=[_id(row["agent"])],
        client=[_id(row["principal"])],
        role=[row["role"]],
        status=[row["tense"]],
        summary=["; ".join(part for part in (host, worded) if part)],
        recordId=[row["said_by"]],
        publisher=[_publisher(row)],
    )


def _publisher(row: Row) -> str:
    name, version = _LISTS[row["said_by"].split(" ", 1)[0]]
    return f"{name}, {version}"


def _entity(number: str, schema: str, **properties: Sequence[str]) -> FtmEntity:
    kept = {name: [value for value in values if value] for name, values in properties.items()}
    return {"id": number, "schema": schema, "properties": {name: values for name, values in kept.items() if values}}


def _id(party: str) -> str:
    return f"dprk-{party}"


def _slug(text: str) -> str:
    return text.lower().replace(" ", "-")


def _facts() -> importlib.resources.abc.Traversable:
    return importlib.resources.files("finnet.samples").joinpath("dprk_facts")
