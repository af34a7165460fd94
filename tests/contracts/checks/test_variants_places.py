"""Where the variants of a document are found."""

from pathlib import Path

from contracts.checks.variants_places import Place, Variants
from contracts.yardstick import Yardstick, read_yardstick

ZOO = Path(__file__).parents[2] / "data" / "zoo.yaml"


def zoo_places() -> dict[str, Place]:
    places = Variants(read_yardstick(ZOO, (), "effective")).places
    return {place.pointer.rpartition("AnimalInput/")[2]: place for place in places}


def test_a_place_is_one_however_many_operations_use_it() -> None:
    place = zoo_places()["properties/toys/items"]
    answers = [one.operation.id for one in place.at("response")]
    assert answers == ["listAnimals", "createAnimal", "getAnimal", "updateAnimal"]
    assert [one.operation.id for one in place.at("request")] == ["createAnimal"]


def test_variants_are_found_inside_lists_of_variants() -> None:
    places = Variants(read_yardstick(ZOO, (), "effective")).places
    inner = [one for one in places if one.pointer.endswith("Rope/properties/knots/items")]
    assert [place.names for place in inner] == [("string", "integer", "Bow")]
    assert {one.path for one in inner[0].at("request")} == {("toys", "[]", "knots", "[]")}


def test_a_discriminator_names_its_variants_by_its_mapping() -> None:
    place = zoo_places()["properties/species"]
    assert (place.tag, place.tagged) == ("kind", {"feline": 0, "canine": 1})


def test_tags_are_the_required_properties_with_listed_values() -> None:
    ball, rope = zoo_places()["properties/toys/items"].branches
    assert (ball.tags, rope.tags) == ({"type": ("ball",)}, {"type": ("rope",)})


def test_mere_conditions_are_no_variants(yardstick: Yardstick) -> None:
    pointers = [place.pointer for place in Variants(yardstick).places]
    assert not any(pointer.endswith("BookerActiveBookingsLimit_2024_06_14") for pointer in pointers)


def test_answers_that_show_either_kind_of_link_are_places(yardstick: Yardstick) -> None:
    kinds = {"TimeBasedPrivateLinkOutput", "UsageBasedPrivateLinkOutput"}
    found = [one.pointer for one in Variants(yardstick).places if set(one.names) == kinds]
    assert sorted(found) == [
        "#/components/schemas/CreatePrivateLinkOutput/properties/data",
        "#/components/schemas/GetPrivateLinksOutput/properties/data/items",
        "#/components/schemas/UpdatePrivateLinkOutput/properties/data",
    ]


def test_a_schema_that_holds_itself_comes_to_an_end() -> None:
    tree = {"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Tree"}]}
    node = {"type": "object", "properties": {"left": tree, "right": tree}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Trees", "version": "1"},
        "paths": {"/t": {"get": {"responses": {"200": {"description": "", "content": content}}}}},
        "components": {"schemas": {"Tree": node}},
    }
    places = Variants(Yardstick("effective", document, document)).places
    assert [place.names for place in places] == [("string", "Tree")]
