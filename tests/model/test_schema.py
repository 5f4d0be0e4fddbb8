"""FollowTheMoney's schemata, against what its documentation says of them."""

from __future__ import annotations

import pytest

from finnet.errors import UnknownNameError
from finnet.model.edge_class import BY_SCHEMA, EDGE_CLASSES
from finnet.model.schema import all_schemata, caption, descendants, edge_schemata, schema


def test_there_are_71_schemata_17_of_them_edges() -> None:  # STACK.md: 71 schemata, 17 edge schemata
    assert (len(all_schemata()), len(edge_schemata())) == (71, 17)


def test_every_edge_has_a_class_and_nothing_else_has() -> None:
    assert set(BY_SCHEMA) == set(edge_schemata())
    assert set(BY_SCHEMA.values()) <= set(EDGE_CLASSES)


@pytest.mark.parametrize(
    ("name", "source", "target"),
    [
        ("Ownership", "owner", "asset"),
        ("Directorship", "director", "organization"),
        ("Representation", "agent", "client"),
        ("Payment", "payer", "beneficiary"),
        ("UnknownLink", "subject", "object"),
    ],
)
def test_an_edge_acts_from_source_to_target(name: str, source: str, target: str) -> None:
    edge = schema(name).edge
    assert edge is not None
    assert (edge.source, edge.target) == (source, target)


def test_properties_are_inherited() -> None:
    company = schema("Company")
    assert company.is_a("Thing")
    assert company.is_a("Asset")
    assert company.property_type("name") == "name"
    assert company.property_type("jurisdiction") == "country"
    assert schema("Person").property_type("addressEntity") == "entity:Address"
    assert "Airplane" in descendants("vehicle")


def test_every_property_that_an_edge_ends_in_points_at_entities() -> None:
    for name in edge_schemata():
        edge = schema(name).edge
        assert edge is not None
        assert all((schema(name).property_type(end) or "").startswith("entity:") for end in (edge.source, edge.target))


def test_a_caption_is_the_first_property_that_says_something() -> None:
    assert caption("Person", {"alias": ["Invented Alias"]}) == "Invented Alias"
    assert caption("Vessel", {"imoNumber": ["0000000"]}) == "0000000"
    assert caption("Person", {}) is None


def test_an_unknown_schema_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Vessel"):
        schema("Vesel")
