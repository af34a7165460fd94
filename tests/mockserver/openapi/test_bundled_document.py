"""The bundled document holds what was published; with its overlays it contradicts nothing."""

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openapi_core
import pytest
import requests
import schemathesis
from connexion.operations import OpenAPIOperation
from connexion.resolver import Resolver
from connexion.spec import Specification
from openapi_core.testing import MockRequest, MockResponse
from schemathesis.core.result import Err
from schemathesis.schemas import APIOperation

from mockserver.model import Document, Json
from mockserver.openapi import (
    METHODS,
    SchemaCompiler,
    Validator,
    check_document,
    effective_document,
    load_document,
)

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"
SPEC = ROOT / "spec" / "openapi.yaml"
OVERLAYS = sorted((ROOT / "spec" / "overlays").glob("*.yaml"))

TEAM = "/v2/organizations/{orgId}/teams/{teamId}/event-types"
OPERATIONS = {
    "post /v2/event-types": "EventTypesController_2024_06_14_createEventType",
    "get /v2/event-types": "EventTypesController_2024_06_14_getEventTypes",
    "get /v2/event-types/{eventTypeId}": "EventTypesController_2024_06_14_getEventTypeById",
    "patch /v2/event-types/{eventTypeId}": "EventTypesController_2024_06_14_updateEventType",
    "delete /v2/event-types/{eventTypeId}": "EventTypesController_2024_06_14_deleteEventType",
    "post /v2/event-types/{eventTypeId}/private-links": (
        "EventTypesPrivateLinksController_2024_09_04_createPrivateLink"
    ),
    "get /v2/event-types/{eventTypeId}/private-links": (
        "EventTypesPrivateLinksController_2024_09_04_getPrivateLinks"
    ),
    "patch /v2/event-types/{eventTypeId}/private-links/{linkId}": (
        "EventTypesPrivateLinksController_2024_09_04_updatePrivateLink"
    ),
    "delete /v2/event-types/{eventTypeId}/private-links/{linkId}": (
        "EventTypesPrivateLinksController_2024_09_04_deletePrivateLink"
    ),
    "get /v2/organizations/{orgId}/teams/event-types": (
        "OrganizationsEventTypesController_getTeamsEventTypes"
    ),
    f"post {TEAM}": "OrganizationsEventTypesController_createTeamEventType",
    f"get {TEAM}": "OrganizationsEventTypesController_getTeamEventTypes",
    f"get {TEAM}/{{eventTypeId}}": "OrganizationsEventTypesController_getTeamEventType",
    f"patch {TEAM}/{{eventTypeId}}": "OrganizationsEventTypesController_updateTeamEventType",
    f"delete {TEAM}/{{eventTypeId}}": "OrganizationsEventTypesController_deleteTeamEventType",
    f"post {TEAM}/{{eventTypeId}}/private-links": (
        "OrganizationsEventTypesPrivateLinksController_2024_09_04_createPrivateLink"
    ),
    f"get {TEAM}/{{eventTypeId}}/private-links": (
        "OrganizationsEventTypesPrivateLinksController_2024_09_04_getPrivateLinks"
    ),
    f"patch {TEAM}/{{eventTypeId}}/private-links/{{linkId}}": (
        "OrganizationsEventTypesPrivateLinksController_2024_09_04_updatePrivateLink"
    ),
    f"delete {TEAM}/{{eventTypeId}}/private-links/{{linkId}}": (
        "OrganizationsEventTypesPrivateLinksController_2024_09_04_deletePrivateLink"
    ),
    "get /v2/me": "MeController_getMe",
}

CREATE = "CreateEventTypeInput_2024_06_14"
UPDATE = "UpdateEventTypeInput_2024_06_14"
CREATE_TEAM = "CreateTeamEventTypeInput_2024_06_14"
UPDATE_TEAM = "UpdateTeamEventTypeInput_2024_06_14"
OUTPUT = "EventTypeOutput_2024_06_14"
TEAM_OUTPUT = "TeamEventTypeOutput_2024_06_14"


@cache
def published() -> Document:
    return load_document(SPEC)


@cache
def effective() -> Document:
    return effective_document(SPEC, OVERLAYS)


DOCUMENTS = pytest.mark.parametrize("document", [published, effective])


def schemas(document: Document) -> Document:
    found: Document = document["components"]["schemas"]
    return found


@cache
def compiler() -> SchemaCompiler:
    return SchemaCompiler(effective())


@cache
def named(schema: str) -> Validator:
    return compiler().compile({"$ref": f"#/components/schemas/{schema}"}, "response")


def branches(schema: Document) -> list[Document]:
    found: list[Document] = schema["oneOf"]
    return found


def matching(schema: Document, value: Json) -> list[str]:
    """The branches of *schema* that *value* fits, by the last part of their name."""
    return [
        str(branch.get("$ref", branch)).rpartition("/")[2]
        for branch in branches(schema)
        if compiler().compile(branch, "response").is_valid(value)
    ]


def items(schema: str, name: str) -> Document:
    found: Document = schemas(effective())[schema]["properties"][name]["items"]
    return found


def data(name: str) -> Json:
    return json.loads((DATA / name).read_text())


def words_removed(node: Json, *, is_named: bool = False) -> Json:
    """*node* without its descriptions; a property called `description` stays."""
    if isinstance(node, list):
        return [words_removed(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: words_removed(value, is_named=key in ("properties", "schemas"))
        for key, value in node.items()
        if is_named or key != "description"
    }


# ------------------------------------------------------------------ what was published


def test_the_document_has_the_twenty_operations_and_no_other() -> None:
    found = {
        f"{method} {path}": item[method]["operationId"]
        for path, item in published()["paths"].items()
        for method in METHODS
        if method in item
    }
    assert found == OPERATIONS


SEEDS = ["seed-get-private-links.json", "seed-update-team-private-link.json"]


def seed_operations() -> Iterator[tuple[str, str, Document]]:
    for name in SEEDS:
        for path, item in data(name)["paths"].items():
            for method, operation in item.items():
                yield path, method, operation


@pytest.mark.parametrize(("path", "method", "expected"), list(seed_operations()))
def test_an_operation_of_the_seeds_is_contained(path: str, method: str, expected: Document) -> None:
    found = words_removed(published()["paths"][path][method])
    for operation in (found, expected):
        operation["parameters"].sort(key=lambda parameter: parameter["name"])
    assert found == expected


def seed_schemas() -> Iterator[tuple[str, Document]]:
    for name in SEEDS:
        yield from data(name)["components"]["schemas"].items()


@pytest.mark.parametrize(("name", "expected"), list(seed_schemas()))
def test_a_schema_of_the_seeds_is_contained(name: str, expected: Document) -> None:
    assert words_removed(schemas(published())[name]) == expected


def test_the_example_page_shows_a_valid_answer_whose_every_property_is_declared() -> None:
    page = data("seed-event-type.json")
    assert named("GetEventTypeOutput_2024_06_14").violations(page, "body") == []
    for document in (published(), effective()):
        assert set(page["data"]) <= set(schemas(document)[OUTPUT]["properties"])


def test_the_guide_shows_a_valid_answer_to_a_deletion_whose_every_property_is_declared() -> None:
    answer = data("seed-deleted-event-type.json")
    assert named("DeleteEventTypeOutput_2024_06_14").violations(answer, "body") == []
    declared = schemas(published())["DeleteData_2024_06_14"]["properties"]
    assert set(answer["data"]) <= set(declared)


def test_the_guides_request_fields_are_declared() -> None:
    fields = {"title", "slug", "lengthInMinutes", "description", "locations", "bookingFields"}
    fields |= {"hidden", "requiresConfirmation", "scheduleId"}
    for name in (CREATE, UPDATE):
        assert fields <= set(schemas(published())[name]["properties"])


def test_the_guides_filters_are_declared() -> None:
    parameters = published()["paths"]["/v2/event-types"]["get"]["parameters"]
    names = {parameter["name"] for parameter in parameters}
    assert {"usernames", "eventSlug", "sortCreatedAt"} <= names


# ------------------------------------------------------------------ both documents load


def copied(document: Document) -> Document:
    """Libraries change what they are given."""
    return copy.deepcopy(document)


def load_in_schemathesis(document: Document) -> None:
    found = list(schemathesis.openapi.from_dict(document).get_all_operations())
    assert [result.err() for result in found if isinstance(result, Err)] == []


LOADERS: dict[str, Callable[[Document], object]] = {
    "openapi-spec-validator": check_document,
    "connexion": Specification.from_dict,
    "openapi-core": openapi_core.OpenAPI.from_dict,
    "schemathesis": load_in_schemathesis,
}


@DOCUMENTS
@pytest.mark.parametrize("library", LOADERS)
def test_the_document_loads(document: Callable[[], Document], library: str) -> None:
    LOADERS[library](copied(document()))


@DOCUMENTS
def test_every_schema_is_used(
    document: Callable[[], Document],
) -> None:
    used = json.dumps(document())
    names = schemas(document())
    unused = [name for name in names if f'"#/components/schemas/{name}"' not in used]
    assert unused == []


# ------------------------------------------------------------------ what the overlays promise


def operations(document: Document) -> Iterator[Document]:
    for item in document["paths"].values():
        yield from item.values()


def test_credentials_are_security_schemes_and_not_parameters() -> None:
    for operation in operations(effective()):
        names = {parameter["name"].lower() for parameter in operation.get("parameters", [])}
        assert not names & {"authorization", "x-cal-client-id", "x-cal-secret-key"}
        assert {"bearerAuth": []} in operation["security"]


def test_only_the_two_lists_answer_anybody() -> None:
    anonymous = {
        operation["operationId"]
        for operation in operations(effective())
        if {} in operation["security"]
    }
    assert anonymous == {
        "EventTypesController_2024_06_14_getEventTypes",
        "OrganizationsEventTypesController_getTeamEventTypes",
    }


def test_every_answer_declares_the_headers_that_every_answer_has() -> None:
    for operation in operations(effective()):
        for response in operation["responses"].values():
            if "$ref" in response:
                response = effective()["components"]["responses"][response["$ref"].split("/")[-1]]
            assert {"X-Request-Id", "X-RateLimit-Limit-Default"} <= set(response["headers"])


def examples(node: Json, place: str = "") -> Iterator[tuple[str, Document]]:
    """Every schema that has an example, with its place."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from examples(item, f"{place}/{index}")
    elif isinstance(node, dict):
        if "example" in node and ("type" in node or "allOf" in node):
            yield place, node
        for key, value in node.items():
            if key not in ("example", "examples"):
                yield from examples(value, f"{place}/{key}")


@DOCUMENTS
def test_every_example_is_valid_in_its_own_schema(document: Callable[[], Document]) -> None:
    compile_ = SchemaCompiler(document()).compile
    wrong = [
        place
        for place, schema in examples(schemas(document()))
        if not compile_(schema, "request").is_valid(schema["example"])
    ]
    assert wrong == []


def test_every_example_of_a_body_is_valid() -> None:
    wrong = []
    for operation in operations(effective()):
        media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        for name, example in media.get("examples", {}).items():
            if not compiler().compile(media["schema"], "request").is_valid(example["value"]):
                wrong.append((operation["operationId"], name))
    assert wrong == []


def test_links_name_operations_and_their_parameters() -> None:
    by_id = {operation["operationId"]: operation for operation in operations(effective())}
    links = [
        link
        for operation in by_id.values()
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]
    assert links
    for link in links:
        parameters = by_id[link["operationId"]]["parameters"]
        in_path = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
        assert set(link["parameters"]) == in_path


# ------------------------------------------------------------------ private links


@pytest.mark.parametrize("schema", ["CreatePrivateLinkInput", "UpdatePrivateLinkBody"])
@pytest.mark.parametrize(
    ("body", "is_valid"),
    [
        ({}, True),
        ({"maxUsageCount": 1}, True),
        ({"expiresAt": "2030-01-01T00:00:00.000Z"}, True),
        ({"maxUsageCount": 2147483647}, True),
        ({"maxUsageCount": 0}, False),
        ({"maxUsageCount": 1.5}, False),
        ({"maxUsageCount": 2147483648}, False),
        ({"expiresAt": "soon"}, False),
        ({"expiresAt": "2030-01-01T00:00:00.000Z", "maxUsageCount": 1}, False),
    ],
)
def test_a_link_ends_by_date_or_by_use(schema: str, body: Document, is_valid: bool) -> None:
    assert named(schema).is_valid(body) is is_valid


def test_nothing_is_filled_in_beside_a_date() -> None:
    properties = schemas(effective())["CreatePrivateLinkInput"]["properties"]
    assert "default" not in properties["maxUsageCount"]


# ------------------------------------------------------------------ one variant each

INPUT_LOCATIONS: dict[str, Document] = {
    "InputAddressLocation": {"type": "address", "address": "1 Main St", "public": True},
    "InputLinkLocation": {"type": "link", "link": "https://example.com/a?b=c#d"},
    "InputIntegrationLocation": {"type": "integration", "integration": "cal-video"},
    "InputPhoneLocation": {"type": "phone", "phone": "+37120993151", "public": False},
    "InputAttendeeAddressLocation": {"type": "attendeeAddress"},
    "InputAttendeePhoneLocation": {"type": "attendeePhone"},
    "InputAttendeeDefinedLocation": {"type": "attendeeDefined"},
}
TEAM_LOCATIONS: dict[str, Document] = {
    "InputOrganizersDefaultApp": {"type": "organizersDefaultApp"}
}
OUTPUT_LOCATIONS: dict[str, Document] = {
    "OutputAddressLocation": {"type": "address", "address": "1 Main St", "public": True},
    "OutputLinkLocation": {"type": "link", "link": "https://example.com", "public": True},
    "OutputIntegrationLocation": {"type": "integration", "integration": "zoom", "credentialId": 3},
    "OutputPhoneLocation": {"type": "phone", "phone": "+37120993151", "public": True},
    "OutputAttendeeAddressLocation": {"type": "attendeeAddress"},
    "OutputAttendeePhoneLocation": {"type": "attendeePhone"},
    "OutputAttendeeDefinedLocation": {"type": "attendeeDefined"},
    "OutputOrganizersDefaultAppLocation": {"type": "organizersDefaultApp"},
    "OutputUnknownLocation": {"type": "unknown", "location": "{}"},
}

CUSTOM: Document = {"slug": "some-slug", "label": "L", "required": True}
KINDS: dict[str, Document] = {
    "Phone": {"type": "phone", **CUSTOM},
    "Address": {"type": "address", **CUSTOM},
    "Text": {"type": "text", **CUSTOM},
    "Number": {"type": "number", **CUSTOM},
    "TextArea": {"type": "textarea", **CUSTOM},
    "Select": {"type": "select", **CUSTOM, "options": ["a"]},
    "MultiSelect": {"type": "multiselect", **CUSTOM, "options": ["a"]},
    "MultiEmail": {"type": "multiemail", **CUSTOM},
    "CheckboxGroup": {"type": "checkbox", **CUSTOM, "options": ["a"]},
    "RadioGroup": {"type": "radio", **CUSTOM, "options": ["a"]},
    "Boolean": {"type": "boolean", **CUSTOM},
    "Url": {"type": "url", **CUSTOM},
}
INPUT_FIELDS: dict[str, Document] = {
    "NameDefaultFieldInput": {"type": "name"},
    "SplitNameDefaultFieldInput": {"type": "splitName", "lastNameRequired": True},
    "EmailDefaultFieldInput": {"type": "email", "required": True, "hidden": False},
    "TitleDefaultFieldInput": {"slug": "title"},
    "LocationDefaultFieldInput": {"slug": "location", "type": "radioInput"},
    "NotesDefaultFieldInput": {"slug": "notes", "type": "textarea", "label": "L", "required": True},
    "GuestsDefaultFieldInput": {"slug": "guests", "type": "name"},
    "RescheduleReasonDefaultFieldInput": {"slug": "rescheduleReason", "type": "text", **CUSTOM}
    | {"slug": "rescheduleReason"},
    **{f"{kind}FieldInput": field for kind, field in KINDS.items()},
}
DEFAULT: Document = {"isDefault": True, "required": True}
OUTPUT_FIELDS: dict[str, Document] = {
    "NameDefaultFieldOutput": {**DEFAULT, "type": "name", "slug": "name", "label": "your_name"},
    "SplitNameDefaultFieldOutput": {"isDefault": True, "type": "splitName", "slug": "splitName"},
    "EmailDefaultFieldOutput": {**DEFAULT, "type": "email", "slug": "email", "hidden": False},
    "LocationDefaultFieldOutput": {
        **DEFAULT,
        "type": "radioInput",
        "slug": "location",
        "hidden": False,
    },
    "TitleDefaultFieldOutput": {**DEFAULT, "type": "text", "slug": "title", "hidden": True},
    "NotesDefaultFieldOutput": {**DEFAULT, "type": "textarea", "slug": "notes"},
    "GuestsDefaultFieldOutput": {**DEFAULT, "type": "multiemail", "slug": "guests"},
    "RescheduleReasonDefaultFieldOutput": {
        **DEFAULT,
        "type": "textarea",
        "slug": "rescheduleReason",
    },
    "AttendeePhoneDefaultFieldOutput": {**DEFAULT, "type": "phone", "slug": "attendeePhoneNumber"},
    "OutputUnknownBookingField": {"type": "unknown", "slug": "unknown", "bookingField": "{}"},
    **{
        f"{kind}FieldOutput": {**field, "isDefault": False, "hidden": False}
        for kind, field in KINDS.items()
    },
}


def places(*variants: tuple[dict[str, Document], str, tuple[str, ...]]) -> list[Json]:
    """(schema, property, name of the variant, value) for every variant in every schema."""
    return [
        pytest.param(schema, name, variant, value, id=f"{schema}-{variant}")
        for values, name, owners in variants
        for schema in owners
        for variant, value in values.items()
    ]


ALL_PLACES = places(
    (INPUT_LOCATIONS, "locations", (CREATE, UPDATE, CREATE_TEAM, UPDATE_TEAM)),
    (TEAM_LOCATIONS, "locations", (CREATE_TEAM, UPDATE_TEAM)),
    (OUTPUT_LOCATIONS, "locations", (OUTPUT, TEAM_OUTPUT)),
    (INPUT_FIELDS, "bookingFields", (CREATE, UPDATE, CREATE_TEAM, UPDATE_TEAM)),
    (OUTPUT_FIELDS, "bookingFields", (OUTPUT, TEAM_OUTPUT)),
)


@pytest.mark.parametrize(("schema", "name", "variant", "value"), ALL_PLACES)
def test_a_value_fits_its_own_variant_only(
    schema: str, name: str, variant: str, value: Document
) -> None:
    assert matching(items(schema, name), value) == [f"{variant}_2024_06_14"]


@pytest.mark.parametrize("schema", [CREATE, UPDATE, CREATE_TEAM, UPDATE_TEAM, OUTPUT, TEAM_OUTPUT])
@pytest.mark.parametrize("name", ["locations", "bookingFields"])
def test_every_variant_is_tried(schema: str, name: str) -> None:
    tried = {
        parameters.values[2] for parameters in ALL_PLACES if parameters.values[:2] == (schema, name)
    }
    known = {
        branch["$ref"].rpartition("/")[2].removesuffix("_2024_06_14")
        for branch in branches(items(schema, name))
    }
    assert tried == known


@pytest.mark.parametrize("schema", [CREATE, UPDATE])
def test_the_organizers_app_is_for_teams_only(schema: str) -> None:
    assert matching(items(schema, "locations"), {"type": "organizersDefaultApp"}) == []


@pytest.mark.parametrize(
    "location",
    [
        {"type": "address", "address": ""},
        {"type": "link", "link": "https://nowhere"},
        {"type": "link", "link": "example.com"},
        {"type": "phone", "phone": "12345"},
        {"type": "integration", "integration": "tin-cans"},
        {"type": "elsewhere"},
        {},
    ],
)
def test_a_bad_location_fits_no_variant(location: Document) -> None:
    assert matching(items(CREATE, "locations"), location) == []


OFF: Document = {"disabled": True}
SETTINGS: list[tuple[str, Document, list[str]]] = [
    ("bookingLimitsCount", OFF, ["Disabled"]),
    ("bookingLimitsCount", {"day": 1, "week": 2}, ["BaseBookingLimitsCount"]),
    ("bookingLimitsDuration", OFF, ["Disabled"]),
    ("bookingLimitsDuration", {"day": 60}, ["BaseBookingLimitsDuration"]),
    ("bookerActiveBookingsLimit", OFF, ["Disabled"]),
    ("bookerActiveBookingsLimit", {"maximumActiveBookings": 3}, ["BookerActiveBookingsLimit"]),
    (
        "bookerActiveBookingsLimit",
        {"disabled": False, "maximumActiveBookings": 3},
        ["BookerActiveBookingsLimit"],
    ),
    ("bookerActiveBookingsLimit", {"disabled": False}, []),
    ("bookingWindow", OFF, ["Disabled"]),
    ("bookingWindow", {"disabled": False}, []),
    ("bookingWindow", {"type": "businessDays", "value": 5}, ["BusinessDaysWindow"]),
    ("bookingWindow", {"type": "calendarDays", "value": 5}, ["CalendarDaysWindow"]),
    ("bookingWindow", {"type": "range", "value": ["2030-09-05", "2030-09-09"]}, ["RangeWindow"]),
    ("bookingWindow", {"type": "range", "value": ["2030-09-05"]}, []),
    ("confirmationPolicy", OFF, ["Disabled"]),
    (
        "confirmationPolicy",
        {"type": "always", "blockUnconfirmedBookingsInBooker": True},
        ["BaseConfirmationPolicy"],
    ),
    ("confirmationPolicy", {"type": "time", "blockUnconfirmedBookingsInBooker": True}, []),
    ("recurrence", OFF, ["Disabled"]),
    ("recurrence", {"interval": 1, "occurrences": 2, "frequency": "weekly"}, ["Recurrence"]),
    ("seats", OFF, ["Disabled"]),
    (
        "seats",
        {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": True},
        ["Seats"],
    ),
]


@pytest.mark.parametrize("schema", [CREATE, UPDATE, CREATE_TEAM, UPDATE_TEAM])
@pytest.mark.parametrize(("name", "value", "expected"), SETTINGS)
def test_a_setting_is_on_or_off(
    schema: str, name: str, value: Document, expected: list[str]
) -> None:
    found = matching(schemas(effective())[schema]["properties"][name], value)
    assert found == [f"{variant}_2024_06_14" for variant in expected]


# ------------------------------------------------------------------ answers


def fresh() -> Document:
    """A new event type as the documented profile answers it."""
    shown = [
        "NameDefaultFieldOutput",
        "EmailDefaultFieldOutput",
        "LocationDefaultFieldOutput",
        "TitleDefaultFieldOutput",
        "NotesDefaultFieldOutput",
        "GuestsDefaultFieldOutput",
        "RescheduleReasonDefaultFieldOutput",
    ]
    return {
        "id": 4,
        "lengthInMinutes": 30,
        "title": "Coffee chat",
        "slug": "coffee-chat",
        "description": "",
        "locations": [{"type": "integration", "integration": "cal-video"}],
        "bookingFields": [OUTPUT_FIELDS[name] for name in shown],
        "recurrence": None,
        "disableGuests": False,
        "slotInterval": None,
        "minimumBookingNotice": 120,
        "metadata": {},
        "price": 0,
        "currency": "usd",
        "lockTimeZoneToggleOnBookingPage": False,
        "forwardParamsSuccessRedirect": True,
        "successRedirectUrl": None,
        "isInstantEvent": False,
        "scheduleId": None,
        "bookingWindow": [],
        "confirmationPolicy": {"disabled": True},
        "calVideoSettings": {"sendTranscriptionEmails": True},
        "hidden": False,
        "bookingRequiresAuthentication": False,
        "disableCancelling": {"disabled": False},
        "disableRescheduling": {"disabled": False},
        "interfaceLanguage": None,
    }


def of_user() -> Document:
    user = {"id": 1, "name": "Alice Test", "username": "alice", "avatarUrl": None, "metadata": {}}
    url = "https://cal.com/alice/coffee-chat"
    return {**fresh(), "ownerId": 1, "users": [user], "bookingUrl": url}


def of_team() -> Document:
    host = {"userId": 4, "name": "Tom Test", "username": "tom", "avatarUrl": None}
    return {
        **fresh(),
        "ownerId": None,
        "parentEventTypeId": None,
        "teamId": 2,
        "hosts": [host],
        "schedulingType": "collective",
        "team": {"id": 2},
        "bookingUrl": "",
    }


def of_managed_child() -> Document:
    changes = {"ownerId": 4, "parentEventTypeId": 9, "teamId": None, "schedulingType": None}
    return {**of_team(), **changes, "team": {"id": None}}


ANSWERS = pytest.mark.parametrize(
    ("answer", "variant"),
    [(of_user, OUTPUT), (of_team, TEAM_OUTPUT), (of_managed_child, TEAM_OUTPUT)],
)


def test_an_answer_of_both_kinds_at_once_is_none() -> None:
    schema = schemas(effective())["GetEventTypeOutput_2024_06_14"]["properties"]["data"]
    assert matching(schema, {**of_user(), **of_team()}) == []


@ANSWERS
def test_an_event_type_is_a_users_or_a_teams(answer: Callable[[], Document], variant: str) -> None:
    schema = schemas(effective())["GetEventTypeOutput_2024_06_14"]["properties"]["data"]
    assert matching(schema, answer()) == [variant]


PATH = "/v2/event-types/{eventTypeId}"


@cache
def core() -> openapi_core.OpenAPI:
    return openapi_core.OpenAPI.from_dict(copied(effective()))


@cache
def connexion_operation() -> OpenAPIOperation:
    specification = Specification.from_dict(copied(effective()))
    resolver = Resolver(lambda operation_id: operation_id)
    return OpenAPIOperation.from_spec(specification, path=PATH, method="get", resolver=resolver)


@cache
def schemathesis_operation() -> APIOperation[Any, Any, Any, Any]:
    return schemathesis.openapi.from_dict(copied(effective()))[PATH]["GET"]


def body_of(answer: Callable[[], Document]) -> Document:
    return {"status": "success", "data": answer()}


@ANSWERS
def test_openapi_core_accepts_an_event_type(answer: Callable[[], Document], variant: str) -> None:
    headers = {"cal-api-version": "2024-06-14", "Authorization": "Bearer cal_test_alice"}
    request = MockRequest(
        "http://localhost", "get", "/v2/event-types/4", path_pattern=PATH, headers=headers
    )
    limit = {"X-RateLimit-Limit-Default": "120"}
    response = MockResponse(json.dumps(body_of(answer)).encode(), headers=limit)
    core().validate_response(request, response)


@ANSWERS
def test_connexion_accepts_an_event_type(answer: Callable[[], Document], variant: str) -> None:
    from connexion.json_schema import Draft4ResponseValidator  # warns when imported early

    schema = connexion_operation().response_schema("200", "application/json")
    assert list(Draft4ResponseValidator(schema).iter_errors(body_of(answer))) == []


@ANSWERS
def test_schemathesis_accepts_an_event_type(answer: Callable[[], Document], variant: str) -> None:
    response = schemathesis.Response(
        status_code=200,
        headers={"content-type": ["application/json"]},
        content=json.dumps(body_of(answer)).encode(),
        request=requests.Request("GET", "http://localhost/v2/event-types/4").prepare(),
        elapsed=0.1,
        verify=False,
    )
    assert schemathesis_operation().is_valid_response(response)


# ------------------------------------------------------------------ errors

NOT_FOUND: Document = {"message": "Updated link not found", "error": "Not Found", "statusCode": 404}
ENTRY: Document = {
    "target": {"maxUsageCount": "5"},
    "value": "5",
    "property": "maxUsageCount",
    "children": [],
    "constraints": {"min": "maxUsageCount must not be less than 1"},
}


@pytest.mark.parametrize(
    "details",
    [{"details": NOT_FOUND}, {"details": {"errors": [ENTRY]}}, {"details": "too many"}, {}],
    ids=["exception", "validation", "text", "none"],
)
def test_every_shape_of_an_error_is_valid(details: Document) -> None:
    error = {"code": "NotFoundException", "message": "Updated link not found", **details}
    envelope = {"status": "error", "timestamp": "2026-01-05T10:00:00.000Z", "path": "/v2/me"}
    assert named("ApiError").violations({**envelope, "error": error}, "body") == []


@pytest.mark.parametrize("status", ["400", "401", "403", "404", "405", "415"])
def test_the_example_of_an_error_is_one_of_that_status(status: str) -> None:
    response = effective()["paths"]["/v2/event-types"]["post"]["responses"][status]
    shared = effective()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    example = shared["content"]["application/json"]["example"]
    assert example["error"]["details"]["statusCode"] == int(status)
    assert named("ApiError").is_valid(example)
