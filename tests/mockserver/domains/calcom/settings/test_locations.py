import pytest

from mockserver.domains.calcom.settings.locations import (
    INTEGRATIONS,
    check_apps,
    check_locations,
    has_cal_video,
    shown_locations,
    stored_locations,
)
from mockserver.errors import ApiError
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks

NEEDS_PUBLIC = Quirks(["event-type-location-needs-public"])

EVERY_KIND: list[Document] = [
    {"type": "address", "address": "1 Main St", "public": True},
    {"type": "link", "link": "https://zoom.us/j/1", "public": False},
    {"type": "integration", "integration": "cal-video"},
    {"type": "phone", "phone": "+37120993151", "public": True},
    {"type": "attendeeAddress"},
    {"type": "attendeePhone"},
    {"type": "attendeeDefined"},
    {"type": "organizersDefaultApp"},
]


@pytest.mark.parametrize("location", EVERY_KIND, ids=lambda one: one["type"])
def test_every_kind_is_taken_kept_and_shown_as_sent(location: Document) -> None:
    check_locations([location], of_team=True, quirks=NEEDS_PUBLIC)
    assert shown_locations(stored_locations([location])) == [location]


UNSUPPORTED = "Valid types are address, link, integration, and phone."


@pytest.mark.parametrize(
    ("locations", "message"),
    [
        ("x", "'locations' must be an array."),
        ({}, "'locations' must be an array."),
        ([], "'locations' must contain at least 1 location."),
        ([None], "Each object in 'locations' must be an object."),
        (["x"], "Each object in 'locations' must be an object."),
        ([{}], "Each object in 'locations' must have a 'type' property."),
        ([{"type": ""}], "Each object in 'locations' must have a 'type' property."),
        ([{"type": "moon"}], f"Unsupported location type 'moon'. {UNSUPPORTED}"),
        ([{"type": 5}], f"Unsupported location type '5'. {UNSUPPORTED}"),
        ([{"type": ["x"]}], f"Unsupported location type 'x'. {UNSUPPORTED}"),
        (
            [{"type": "organizersDefaultApp"}],
            f"Unsupported location type 'organizersDefaultApp'. {UNSUPPORTED}",
        ),
        (
            [{"type": "address", "address": "", "public": "yes"}],
            "Validation failed for address location: address must be longer than or equal to 1 "
            "characters, public must be a boolean value",
        ),
        (
            [{"type": "address", "public": True}],
            "Validation failed for address location: address must be longer than or equal to 1 "
            "characters, address must be a string",
        ),
        (
            [{"type": "link", "link": "nowhere", "public": True}],
            "Validation failed for link location: link must be a URL address",
        ),
        (
            [{"type": "phone", "phone": "123", "public": True}],
            "Validation failed for phone location: phone must be a valid phone number",
        ),
        *(
            (
                [location],
                "Validation failed for integration location: integration must be one of the "
                f"following values: {', '.join(INTEGRATIONS)}",
            )
            for location in (
                {"type": "integration", "integration": "moon"},
                {"type": "integration"},
            )
        ),
        (
            [{"type": "attendeePhone"}, {"type": "phone", "public": True}],
            "Validation failed for phone location: phone must be a valid phone number",
        ),
    ],
)
def test_a_wrong_location_is_refused_in_the_apis_words(
    locations: Json, message: str, no_quirks: Quirks
) -> None:
    with pytest.raises(ApiError) as refused:
        check_locations(locations, of_team=False, quirks=no_quirks)
    assert (refused.value.status, refused.value.message) == (400, message)


LINK = {"type": "link", "link": "https://zoom.us/j/123456789"}


def test_a_link_without_public_is_taken_as_the_guide_writes_it(no_quirks: Quirks) -> None:
    check_locations([LINK], of_team=False, quirks=no_quirks)
    assert stored_locations([LINK]) == [{**LINK, "public": False}]


def test_the_real_server_wants_public() -> None:
    with pytest.raises(ApiError) as refused:
        check_locations([LINK], of_team=False, quirks=NEEDS_PUBLIC)
    assert refused.value.message == (
        "Validation failed for link location: public must be a boolean value"
    )


def test_there_are_29_integrations() -> None:
    assert len(set(INTEGRATIONS)) == 29


def test_what_does_not_belong_to_a_kind_is_not_kept() -> None:
    sent = {"type": "attendeePhone", "phone": "+37120993151", "extra": 1}
    assert stored_locations([sent]) == [{"type": "attendeePhone"}]


def test_an_integration_keeps_its_link_and_credential() -> None:
    sent = {**EVERY_KIND[2], "link": "https://x.example", "credentialId": 5}
    assert stored_locations([sent]) == [sent]


def test_an_unreadable_location_is_shown_as_text_after_the_others() -> None:
    unreadable = {"type": "inPerson", "where": "café"}
    assert shown_locations([unreadable, EVERY_KIND[4], EVERY_KIND[5]]) == [
        EVERY_KIND[4],
        EVERY_KIND[5],
        {"type": "unknown", "location": '{"type":"inPerson","where":"café"}'},
    ]


def test_cal_video_is_found_among_locations() -> None:
    assert has_cal_video(EVERY_KIND)
    assert not has_cal_video(EVERY_KIND[:2])


def _app_refusal(integration: str, connected: list[str], *, of_team: bool) -> ApiError:
    location = {"type": "integration", "integration": integration}
    with pytest.raises(ApiError) as refused:
        check_apps([location], {"connectedApps": connected}, of_team=of_team)
    assert refused.value.status == 400
    return refused.value


@pytest.mark.parametrize(
    ("integration", "slug"),
    [
        ("zoom", "zoom"),
        ("google-meet", "google-meet"),
        ("jitsi", "jitsi"),
        ("office365-video", "msteams"),
        ("whereby-video", "whereby"),
        ("huddle", "huddle01"),
    ],
)
def test_a_user_must_have_connected_the_app(integration: str, slug: str) -> None:
    refusal = _app_refusal(integration, ["other"], of_team=False)
    assert refusal.message == f"{slug} not connected."
    location = {"type": "integration", "integration": integration}
    check_apps([location], {"connectedApps": [slug]}, of_team=False)


@pytest.mark.parametrize("of_team", [False, True])
def test_cal_video_and_places_need_no_app(of_team: bool) -> None:
    check_apps(EVERY_KIND, {"connectedApps": []}, of_team=of_team)


@pytest.mark.parametrize("integration", ["google-meet", "zoom"])
def test_a_team_must_have_connected_the_app(integration: str) -> None:
    refusal = _app_refusal(integration, [], of_team=True)
    assert refusal.message == f"{integration} not connected."
    location = {"type": "integration", "integration": integration}
    check_apps([location], {"connectedApps": [integration]}, of_team=True)


@pytest.mark.parametrize("integration", ["jitsi", "office365-video"])
def test_a_team_has_few_apps_to_choose_from(integration: str) -> None:
    refusal = _app_refusal(integration, [integration, "msteams"], of_team=True)
    assert refusal.message == "Invalid app, available apps are: "
    assert refusal.details == {
        "message": "Invalid app, available apps are: ",
        "error": "google-meet, zoom, msteams",
        "statusCode": 400,
    }
