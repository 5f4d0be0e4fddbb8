"""The links that a list's wording gives: linked to, representative of, director of.

Directions. ``linked``: from the entry that says "Linked To: X" to X, as the list puts it; the influence runs the other
way, from X (the principal) to the entry, and a recipe that asks for reach turns it round. ``representation``: from the
agent to the client. ``governance``: from the person to the body.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from finnet.model.statement import Link, Origin
from finnet.sources._lists.names import ALIAS, NameIndex, Party, Stubs, key_of
from finnet.sources._lists.offices import Office, first_known, post_readings, representation_readings

__all__ = ["Side", "Ties", "Title"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The entry whose wording is read: its id, where it stands, and what helps to read it."""

    entity: str
    origin: Origin
    addresses: tuple[str, ...] = ()  # the countries of its recorded addresses
    nationalities: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()  # the parties that the same entry says it is linked to


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """An office that somebody is said to hold, in the list's words."""

    text: str
    basis: str = "stated"
    flags: tuple[str, ...] = ()


@dataclass(slots=True)
class Ties:
    """Makes links between a list's entries; whoever is not found becomes a stub.

    ``countries`` has the countries recorded for an entity, ``bodies`` the entities that can have directors.
    """

    names: NameIndex
    stubs: Stubs
    countries: Mapping[str, tuple[str, ...]]
    bodies: frozenset[str]
    _ids: dict[str, int] = field(default_factory=dict)

    def linked(self, side: Side, name: str, *, is_cut: bool = False) -> Link:
        """The link to the party of that name; a name that is cut off stands for nobody."""
        party = Party(entity=None, flags=("cut_off",)) if is_cut else self._party(side, name)
        target = party.entity or self.stubs.stub(name, side.origin, party)
        return self._link(
            side,
            kind="linked",
            edge_class="linked",
            schema="UnknownLink",
            target=target,
            role="linked to",
            basis="stated",
            flags=party.flags,
            properties=_properties(summary=(f"Linked To: {name}",), description=_candidates(party)),
        )

    def worded(self, side: Side, target: str, *, role: str, text: str) -> Link:
        """The link that a sentence of the comments words; without a role both are merely named together."""
        return self._link(
            side,
            kind="linked" if role else "named",
            edge_class="linked" if role else "co_mention",
            schema="UnknownLink",
            target=target,
            role=role or "named in its entry",
            basis="derived",
            flags=("from_comments",),
            properties=_properties(summary=(text,)),
        )

    def owner(self, side: Side, name: str) -> Link:
        """The link from the owner that a vessel's record names to the vessel."""
        party = self._party(side, name)
        owner = party.entity or self.stubs.stub(name, side.origin, party)
        return Link(
            id=self._id(f"{side.entity}-owner-{_tail(owner)}"),
            edge_class="maritime",
            schema="Ownership",
            source=owner,
            target=side.entity,
            origin=side.origin,
            role="vessel owner",
            flags=party.flags,
            properties=_properties(description=_candidates(party)),
        )

    def representations(self, side: Side, titles: Sequence[Title]) -> Iterator[Link]:
        """One link for each principal and host country that the titles name."""
        found: dict[str, dict[str | None, tuple[Office, Title, Party, tuple[str, ...]]]] = {}
        for title in titles:
            for office in self._offices(title.text):
                party = self._principal(side, office)
                client = party.entity or self.stubs.stub(office.principal, side.origin, party)
                host, how = self._host(side, office, client)
                found.setdefault(client, {}).setdefault(host, (office, title, party, how))
        for client, by_host in found.items():
            # What a title says about the place goes before what an address lets suppose.
            said = {host: reading for host, reading in by_host.items() if not reading[3]}
            for host, (office, title, party, how) in (said or by_host).items():
                yield self._link(
                    side,
                    kind="represents",
                    edge_class="representation",
                    schema="Representation",
                    target=client,
                    role=office.role,
                    basis=title.basis,
                    flags=(*party.flags, *how, *title.flags, *([office.tense] if office.tense else ())),
                    country=host,
                    properties=_properties(summary=(title.text,), description=_candidates(party)),
                )

    def _offices(self, title: str) -> Iterator[Office]:
        office = first_known(representation_readings(title), self._is_known)
        if office is None:
            return
        several = office.principal.split(" and ")
        if not self._is_known(office.principal) and all(map(self._is_known, several)):
            yield from (replace(office, principal=principal) for principal in several)
        else:
            yield office

    def _is_known(self, name: str) -> bool:
        return self.names.party(name).entity is not None

    def posts(self, side: Side, titles: Sequence[Title]) -> Iterator[Link]:
        """A link for each post at a body of this list, found by its name or a strong alias; derived from a title."""
        found: dict[str, Link] = {}
        for title in titles:
            for post in post_readings(title.text):
                party = self.names.party(post.body, weakest=ALIAS, besides=side.entity)
                # "Director of the Invented Office of the Invented Bank (IB)" is no director of the bank.
                is_sure = party.entity in self.bodies and "by_short_form" not in party.flags
                if party.entity is None or not is_sure or party.entity in found:
                    continue
                found[party.entity] = self._link(
                    side,
                    kind="post",
                    edge_class="governance",
                    schema=post.schema,
                    target=party.entity,
                    role=post.role,
                    basis="derived",
                    flags=(*party.flags, "from_title"),
                    properties=_properties(summary=(title.text,)),
                )
                break
        yield from found.values()

    def _party(self, side: Side, name: str) -> Party:
        party = self.names.party(name, besides=side.entity)
        if party.flags == ("unresolved",):
            return replace(party, candidates=tuple(c for c in self.names.similar(name) if c != side.entity))
        return party

    def _principal(self, side: Side, office: Office) -> Party:
        party = self._party(side, office.principal)
        if party.entity is None:
            alike = (self.names.party(name).entity for name in side.principals if _same_words(office.principal, name))
            same = {entity for entity in alike if entity is not None}
            if len(same) == 1:
                return Party(entity=same.pop(), flags=("by_linked_to",))
        return party

    def _host(self, side: Side, office: Office, client: str) -> tuple[str | None, tuple[str, ...]]:
        if office.host:
            return office.host, ()
        if office.place:
            return None, ("host_unresolved",)
        # An address at home (the client's country; the agent's own, where the client's is not recorded) hosts nobody.
        home = self.countries.get(client) or side.nationalities
        if len(side.addresses) == 1 and side.addresses[0] not in home:
            return side.addresses[0], ("host_from_address",)
        return None, ("host_unknown",)

    def _link(
        self, side: Side, *, kind: str, edge_class: str, schema: str, target: str, role: str, basis: str,
        flags: tuple[str, ...], properties: Mapping[str, tuple[str, ...]], country: str | None = None,
    ) -> Link:  # fmt: skip
        return Link(
            id=self._id(f"{side.entity}-{kind}-{_tail(target)}"),
            edge_class=edge_class,
            schema=schema,
            source=side.entity,
            target=target,
            origin=side.origin,
            role=role,
            country=country,
            basis=basis,
            flags=tuple(dict.fromkeys(flags)),
            properties=properties,
        )

    def _id(self, wanted: str) -> str:
        """The id, numbered from the second time on: an entry may name one party twice."""
        count = self._ids[wanted] = self._ids.get(wanted, 0) + 1
        return wanted if count == 1 else f"{wanted}-{count}"


def _properties(**values: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: held for name, held in values.items() if held})


def _candidates(party: Party) -> tuple[str, ...]:
    return tuple(f"may stand for {candidate}" for candidate in party.candidates)


def _tail(entity: str) -> str:
    return entity.partition("-")[2]


def _same_words(one: str, other: str) -> bool:
    """Whether two names differ only in how far their words are written out: Corp. and Corporation, Korea and Korean."""
    left, right = key_of(one).split(), key_of(other).split()
    return len(left) == len(right) > 1 and all(
        a.startswith(b) or b.startswith(a) for a, b in zip(left, right, strict=True)
    )
