"""The two shapes of an event type in an answer."""

from collections.abc import Callable, Sequence

import pytest

from mockserver.domains.calcom.event_types.output import EventTypeAnswers, event_type_output
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks
from mockserver.store.protocol import Store, View

Make = Callable[..., Document]
Show = Callable[..., Document]
Change = Callable[..., None]

NULLS = "team-event-type-team-has-nulls"
OLDER = "event-type-answers-as-of-2025"
RAW = "event-type-booking-url-is-raw"
REDUCED = "team-event-type-team-is-reduced"


@pytest.fixture
def show(store: Store) -> Show:
    def show(document: Document, *quirks: str) -> Document:
        return event_type_output(store, document, Quirks(quirks))

    return show


@pytest.fixture
def change(store: Store, kept: Make) -> Change:
    """Change fields of a stored document: (collection, key, fields)."""

    def change(collection: str, key: int, **fields: object) -> None:
        store.replace(collection, str(key), {**kept(key, collection), **fields})

    return change


@pytest.fixture
def address(show: Show) -> Callable[..., str]:
    def address(document: Document, quirks: Sequence[str] = ()) -> str:
        text = show(document, *quirks)["bookingUrl"]
        assert isinstance(text, str)
        return text

    return address


def test_a_users_event_type_shows_its_owner(show: Show, own: Make) -> None:
    shown = show(own(1, "coffee-chat"))
    assert shown["ownerId"] == 1
    assert shown["users"] == [
        {
            "id": 1,
            "name": "Alice Test",
            "username": "alice",
            "avatarUrl": None,
            "brandColor": None,
            "darkBrandColor": None,
            "weekStart": "Sunday",
            "metadata": {},
        }
    ]


def test_a_users_event_type_shows_nothing_of_teams(show: Show, own: Make) -> None:
    team_words = {"teamId", "team", "hosts", "parentEventTypeId", "schedulingType"}
    assert not team_words & show(own(1, "coffee-chat")).keys()


def test_a_teams_event_type_has_no_users(show: Show, of_team: Make) -> None:
    assert "users" not in show(of_team(2, "team-call"))


def test_a_teams_event_type_says_whose_it_is(show: Show, of_team: Make) -> None:
    shown = show(of_team(2, "team-call", "roundRobin"))
    expected = {
        "teamId": 2,
        "ownerId": None,
        "parentEventTypeId": None,
        "schedulingType": "roundRobin",
        "assignAllTeamMembers": False,
        "rescheduleWithSameRoundRobinHost": False,
    }
    assert {name: shown[name] for name in expected} == expected


def test_what_a_team_chose_for_round_robin_is_shown(show: Show, of_team: Make) -> None:
    shown = show(of_team(2, "team-call", rescheduleWithSameRoundRobinHost=True))
    assert shown["rescheduleWithSameRoundRobinHost"] is True


def test_only_round_robin_shows_how_a_host_takes_part(
    show: Show, of_team: Make, change: Change
) -> None:
    avatar = "https://example.test/tom.png"
    change("users", 4, avatarUrl=avatar)
    face = {"userId": 4, "name": "Tom Test", "username": "tom", "avatarUrl": avatar}
    collective = show(of_team(2, "together", "collective", hosts=[4]))
    round_robin = show(of_team(2, "in-turn", "roundRobin", hosts=[4]))
    assert collective["hosts"] == [face]
    assert round_robin["hosts"] == [{"mandatory": False, "priority": "medium", **face}]


def test_a_host_without_a_name_shows_empty_texts(show: Show, of_team: Make, change: Change) -> None:
    change("users", 4, name=None, username=None)
    [host] = show(of_team(2, "team-call", hosts=[4]))["hosts"]
    assert (host["name"], host["username"]) == ("", "")


@pytest.mark.parametrize(
    ("priority", "quirks", "expected"),
    [
        ("lowest", [], "lowest"),
        ("lowest", ["team-host-lowest-reads-as-medium"], "medium"),
        ("low", ["team-host-lowest-reads-as-medium"], "low"),
    ],
)
def test_the_priority_of_a_host_reads_back(
    show: Show, of_team: Make, priority: str, quirks: list[str], expected: str
) -> None:
    document = of_team(2, "team-call", "roundRobin", hosts=[4])
    document["hosts"][0]["priority"] = priority
    assert show(document, *quirks)["hosts"][0]["priority"] == expected


def test_a_team_is_shown_with_nine_texts(show: Show, of_team: Make, change: Change) -> None:
    change("teams", 2, bannerUrl="https://example.test/banner.png")
    assert show(of_team(2, "team-call"))["team"] == {
        "id": 2,
        "name": "Support",
        "slug": "support",
        "bannerUrl": "https://example.test/banner.png",
        "logoUrl": "",
        "weekStart": "Sunday",
        "brandColor": "",
        "darkBrandColor": "",
        "theme": "",
    }


def test_the_real_server_shows_nulls_in_a_team(show: Show, of_team: Make) -> None:
    team = show(of_team(2, "team-call"), NULLS)["team"]
    assert (team["slug"], team["bannerUrl"], team["theme"]) == ("support", None, None)


def test_the_real_server_shows_only_the_id_outside_the_teams_list(
    show: Show, of_team: Make, store: Store
) -> None:
    document = of_team(2, "team-call")
    assert show(document, REDUCED)["team"] == {"id": 2}
    listed = EventTypeAnswers(store, Quirks([REDUCED])).of_team(document, in_team_list=True)
    assert listed["team"]["slug"] == "support"


def test_a_personal_event_type_is_booked_under_its_owners_name(
    address: Callable[..., str], own: Make
) -> None:
    assert address(own(1, "coffee-chat")) == "https://cal.com/alice/coffee-chat"


def test_a_member_of_an_organization_is_booked_on_its_site(
    address: Callable[..., str], own: Make
) -> None:
    assert address(own(4, "tom-own")) == "https://acme.cal.com/tom/tom-own"


def test_members_of_a_platform_organization_are_booked_on_the_plain_site(
    address: Callable[..., str], own: Make, change: Change
) -> None:
    change("teams", 1, isPlatform=True)
    assert address(own(4, "tom-own")) == "https://cal.com/tom/tom-own"


def test_the_address_is_a_uri_whatever_the_slug(address: Callable[..., str], own: Make) -> None:
    assert address(own(1, "A & B/c")) == "https://cal.com/alice/A%20%26%20B%2Fc"


def test_the_real_server_does_not_escape_the_slug(address: Callable[..., str], own: Make) -> None:
    assert address(own(1, "A & B"), [RAW]) == "https://cal.com/alice/A & B"


@pytest.mark.parametrize(("quirks", "expected"), [([], "https://cal.com/coffee-chat"), ([RAW], "")])
def test_an_owner_without_a_username(
    address: Callable[..., str], own: Make, change: Change, quirks: list[str], expected: str
) -> None:
    change("users", 1, username=None)
    assert address(own(1, "coffee-chat"), quirks) == expected


@pytest.mark.parametrize(
    ("quirks", "expected"), [([], "https://cal.com/bob/coffee-chat"), ([RAW], "")]
)
def test_a_managed_user(
    address: Callable[..., str], own: Make, store: Store, quirks: list[str], expected: str
) -> None:
    token = {"token": "t", "kind": "managed", "userId": 2, "clientId": "c", "scopes": []}
    store.insert("access-tokens", "t", token)
    assert address(own(2, "coffee-chat"), quirks) == expected


def test_a_user_with_a_token_of_an_application_is_no_managed_user(
    address: Callable[..., str], own: Make, store: Store
) -> None:
    store.insert("access-tokens", "t", {"token": "t", "kind": "oauth", "userId": 2})
    assert address(own(2, "coffee-chat"), [RAW]) == "https://cal.com/bob/coffee-chat"


def test_the_older_server_tells_no_address(show: Show, own: Make) -> None:
    assert "bookingUrl" not in show(own(1, "coffee-chat"), OLDER)


def test_the_address_of_a_teams_event_type_is_not_told(show: Show, of_team: Make) -> None:
    assert "bookingUrl" not in show(of_team(2, "team-call"))


def test_a_list_asks_for_each_user_once(store: Store, own: Make) -> None:
    asked: list[str] = []

    class Counting:
        def view(self, collection: str, key: str) -> View | None:
            asked.append(f"{collection}/{key}")
            return store.view(collection, key)

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

    answers = EventTypeAnswers(Counting(), Quirks())  # type: ignore[arg-type]
    for number in range(3):
        answers.of_user(own(1, f"slug-{number}"), in_list=True)
    assert asked.count("users/1") == 1
