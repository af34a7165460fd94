"""Good and bad values from schemas."""

import json

from contracts.suites.bodies import (
    EnumPlace,
    enum_places,
    good_texts,
    least,
    optional,
    required,
    with_property,
)
from contracts.suites.flawed import flawed_bodies, flawed_texts
from contracts.yardstick import Yardstick
from mockserver.model import Document, Json
from mockserver.openapi import Parameter

CREATE = "EventTypesController_2024_06_14_createEventType"
LINK = "EventTypesPrivateLinksController_2024_09_04_createPrivateLink"
LIST_TEAMS = "OrganizationsEventTypesController_getTeamsEventTypes"


def body_of(yardstick: Yardstick, id: str) -> tuple[Document, Document]:
    schema = yardstick.request_schema(yardstick.operation(id))
    assert schema is not None
    return dict(schema), least(yardstick, schema, id)


def parameter(yardstick: Yardstick, id: str, name: str) -> Parameter:
    operation = yardstick.operation(id)
    return next(one for one in operation.parameters if one.name == name)


def test_the_least_body_has_what_is_required_and_nothing_more(yardstick: Yardstick) -> None:
    schema, base = body_of(yardstick, CREATE)
    assert set(base) == set(required(yardstick, schema)) == {"lengthInMinutes", "title", "slug"}
    assert not set(optional(yardstick, schema)) & set(base)


def test_every_optional_property_has_a_value_that_makes_a_good_body(yardstick: Yardstick) -> None:
    schema, base = body_of(yardstick, CREATE)
    validator = yardstick.validator(schema, "request")
    for name in optional(yardstick, schema):
        body = with_property(yardstick, schema, base, name)
        assert body is not None, name
        assert validator.is_valid(body)


def test_every_flawed_body_is_refused_by_the_schema_and_says_where(yardstick: Yardstick) -> None:
    schema, base = body_of(yardstick, CREATE)
    validator = yardstick.validator(schema, "request")
    found = list(flawed_bodies(yardstick, schema, base))
    assert not any(validator.is_valid(one.value) for one in found)
    assert len({json.dumps(one.value) for one in found}) == len(found)
    flaws = {(one.pointer, one.flaw) for one in found}
    assert {
        ("/title", "missing"),
        ("/lengthInMinutes", "below-minimum"),
        ("/lengthInMinutesOptions", "repeated-item"),
        ("/interfaceLanguage", "not-in-enum"),
        ("/recurrence/frequency", "not-in-enum"),
        ("/successRedirectUrl", "wrong-format"),
        ("/beforeEventBuffer", "above-maximum"),
        ("/bookingWindow/value", "too-many-items"),
        ("/bookingFields/0/label", "missing"),
        ("/locations/0/address", "too-short"),
        ("/locations/0", "null-item"),
        ("/slotInterval", "null"),
        ("/recurrence/frequency", "other-letters"),
    } <= flaws


def test_two_properties_that_exclude_one_another_are_tried_together(yardstick: Yardstick) -> None:
    schema, base = body_of(yardstick, LINK)
    found = [one for one in flawed_bodies(yardstick, schema, base) if one.flaw == "exclusive"]
    assert [set(one.value) for one in found] == [{"expiresAt", "maxUsageCount"}]


def test_bounds_and_members_of_a_parameter_are_good_and_what_lies_beyond_is_bad(
    yardstick: Yardstick,
) -> None:
    take = parameter(yardstick, LIST_TEAMS, "take")
    assert set(good_texts(yardstick, take)) == {"250", "1"}
    assert {"0", "251", "not a number", "1abc"} <= {
        one.value for one in flawed_texts(yardstick, take)
    }
    order = parameter(yardstick, LIST_TEAMS, "sortCreatedAt")
    assert good_texts(yardstick, order) == ["asc", "desc"]


def test_places_with_the_same_members_are_chosen_together(yardstick: Yardstick) -> None:
    schema, base = body_of(yardstick, CREATE)
    found: dict[str, tuple[EnumPlace, Json]] = {
        at.pointer: (at, body) for at, body in enum_places(yardstick, schema, base)
    }
    at, body = found["bookerLayouts/defaultLayout"]
    chosen = at.put(body, "week")["bookerLayouts"]
    assert chosen["defaultLayout"] == "week"
    assert chosen["enabledLayouts"][0] == "week"
    assert "interfaceLanguage" in found


def test_the_same_document_gives_the_same_values_in_the_same_order(yardstick: Yardstick) -> None:
    schema, base = body_of(yardstick, CREATE)
    assert list(flawed_bodies(yardstick, schema, base)) == list(
        flawed_bodies(yardstick, schema, base)
    )
