"""What users live through with event types, over HTTP: their own ones and those of a team."""

import json

import pytest

from tests.end_to_end.callers import LINKS, Api, Caller, Json, slugs

TEAMS = "/organizations/101/teams/102/event-types"

# The bodies of the curl lines of the page "Event Types API", letter by letter.
GUIDE_CREATE = """{
    "title": "30 Minute Meeting",
    "slug": "30-min",
    "lengthInMinutes": 30,
    "locations": [
      {
        "type": "link",
        "link": "https://zoom.us/j/123456789"
      }
    ]
  }"""
GUIDE_UPDATE = """{
    "title": "45 Minute Meeting",
    "lengthInMinutes": 45
  }"""
GUIDE_DELETED = """{
  "status": "success",
  "data": {
    "id": 123,
    "title": "30 Minute Meeting",
    "slug": "30-min",
    "lengthInMinutes": 30,
    "description": "A quick 30 minute meeting",
    "locations": [
      {
        "type": "link",
        "link": "https://zoom.us/j/123456789"
      }
    ],
    "hidden": false,
    "requiresConfirmation": false,
    "bookingFields": []
  }
}"""

LOCATIONS: dict[str, Json] = {
    "address": {"type": "address", "address": "1 Main Street", "public": True},
    "link": {"type": "link", "link": "https://meet.example.com/x", "public": False},
    "integration": {"type": "integration", "integration": "cal-video"},
    "connected app": {"type": "integration", "integration": "jitsi"},
    "phone": {"type": "phone", "phone": "+37120993151", "public": True},
    "attendeeAddress": {"type": "attendeeAddress"},
    "attendeePhone": {"type": "attendeePhone"},
    "attendeeDefined": {"type": "attendeeDefined"},
}
ASKED = {"label": "Say", "required": False, "hidden": False}
TYPED = {**ASKED, "placeholder": "here"}
CHOSEN = {**ASKED, "options": ["one", "two"]}
DEFAULT_FIELDS: dict[str, Json] = {
    "name": {"type": "name", "label": "Who?", "placeholder": "Jane"},
    "email": {"type": "email", "label": "Mail", "placeholder": "a@b.c", "required": True},
    "location": {"slug": "location", "label": "Where?"},
    "title": {"slug": "title", "label": "What?", "hidden": False},
    "notes": {"slug": "notes", "label": "Notes", "required": True},
    "guests": {"slug": "guests", "label": "With whom?", "hidden": True},
    "rescheduleReason": {"slug": "rescheduleReason", "label": "Why?", "required": True},
}
CUSTOM_FIELDS: dict[str, Json] = {
    "phone": {"type": "phone", "slug": "a-phone", **TYPED},
    "address": {"type": "address", "slug": "an-address", **TYPED},
    "text": {"type": "text", "slug": "a-text", **TYPED},
    "number": {"type": "number", "slug": "a-number", **TYPED},
    "textarea": {"type": "textarea", "slug": "a-textarea", **TYPED},
    "select": {"type": "select", "slug": "a-select", **TYPED, "options": ["one", "two"]},
    "multiselect": {"type": "multiselect", "slug": "a-multiselect", **CHOSEN},
    "multiemail": {"type": "multiemail", "slug": "a-multiemail", **TYPED},
    "checkbox": {"type": "checkbox", "slug": "a-checkbox", **CHOSEN},
    "radio": {"type": "radio", "slug": "a-radio", **CHOSEN},
    "boolean": {"type": "boolean", "slug": "a-boolean", **ASKED},
    "url": {"type": "url", "slug": "a-url", **TYPED},
}


@pytest.fixture
def demo(api: Api) -> Caller:
    return api.of("demo")


def meeting(**more: Json) -> Json:
    return {"title": "Meeting", "slug": "meeting", "lengthInMinutes": 30, **more}


def created(caller: Caller, **more: Json) -> Json:
    return caller.post("/event-types", meeting(**more)).data


def field(event_type: Json, slug: str) -> Json:
    (found,) = [one for one in event_type["bookingFields"] if one["slug"] == slug]
    return found


# ---------------------------------------------------------------- the guide


def test_the_guides_create_works_pasted(api: Api) -> None:
    answer = api.of("alice").post("/event-types", json.loads(GUIDE_CREATE))
    sent = json.loads(GUIDE_CREATE)
    sent["locations"][0]["public"] = False
    assert answer.status == 201
    assert {name: answer.data[name] for name in sent} == sent


def test_the_guides_read_gives_what_was_created(api: Api) -> None:
    alice = api.of("alice")
    made = alice.post("/event-types", json.loads(GUIDE_CREATE)).data
    assert alice.get(f"/event-types/{made['id']}").data == made


def test_the_guides_list_works_pasted_without_a_key(api: Api) -> None:
    alice = api.of("alice")
    for slug in ("first", "second"):
        created(alice, slug=slug)
    answer = api.client.get(
        "/v2/event-types?usernames=alice&sortCreatedAt=desc",
        headers={"cal-api-version": "2024-06-14"},
    )
    assert slugs(answer.json()["data"]) == ["second", "first"]


def test_the_guides_update_works_pasted(api: Api) -> None:
    alice = api.of("alice")
    made = alice.post("/event-types", json.loads(GUIDE_CREATE)).data
    changed = alice.patch(f"/event-types/{made['id']}", json.loads(GUIDE_UPDATE)).data
    assert changed == {**made, **json.loads(GUIDE_UPDATE)}


def test_the_guides_delete_answers_as_in_its_example(api: Api) -> None:
    alice = api.of("alice")
    body = {**json.loads(GUIDE_CREATE), "description": "A quick 30 minute meeting"}
    made = alice.post("/event-types", body).data
    expected = json.loads(GUIDE_DELETED)
    expected["data"] |= {"id": made["id"], "bookingFields": made["bookingFields"]}
    expected["data"]["locations"] = made["locations"]
    assert alice.delete(f"/event-types/{made['id']}").body == expected


@pytest.mark.parametrize("needs_it", [True, False])
def test_the_guides_requires_confirmation_is_heeded(api: Api, needs_it: bool) -> None:
    alice = api.of("alice")
    made = created(alice, requiresConfirmation=needs_it)
    assert ("disabled" not in made["confirmationPolicy"]) is needs_it
    assert alice.delete(f"/event-types/{made['id']}").data["requiresConfirmation"] is needs_it


def test_in_reality_the_guides_location_lacks_a_property(observed: Api) -> None:
    status, message = observed.of("alice").post("/event-types", json.loads(GUIDE_CREATE)).refusal
    assert status == 400
    assert message.endswith("public must be a boolean value")


# ---------------------------------------------------------------- locations and booking fields


@pytest.mark.parametrize("kind", LOCATIONS)
def test_every_kind_of_location_reads_back(demo: Caller, kind: str) -> None:
    made = created(demo, locations=[LOCATIONS[kind]])
    assert demo.get(f"/event-types/{made['id']}").data["locations"] == [LOCATIONS[kind]]


def test_locations_keep_their_order(demo: Caller) -> None:
    sent = list(reversed(LOCATIONS.values()))
    assert created(demo, locations=sent)["locations"] == sent


def test_without_locations_a_meeting_takes_place_in_cal_video(demo: Caller) -> None:
    made = created(demo)
    assert made["locations"] == [{"type": "integration", "integration": "cal-video"}]


def test_an_app_that_is_not_connected_is_no_location(demo: Caller) -> None:
    sent = [{"type": "integration", "integration": "webex-video"}]
    status, message = demo.post("/event-types", meeting(locations=sent)).refusal
    assert (status, message.endswith(" not connected.")) == (400, True)


def test_an_unknown_kind_of_location_is_refused(demo: Caller) -> None:
    answer = demo.post("/event-types", meeting(locations=[{"type": "moon"}]))
    assert answer.refusal == (
        400,
        "Unsupported location type 'moon'. Valid types are address, link, integration, and phone.",
    )


@pytest.mark.parametrize("kind", CUSTOM_FIELDS)
def test_every_kind_of_booking_field_reads_back(demo: Caller, kind: str) -> None:
    sent = CUSTOM_FIELDS[kind]
    made = created(demo, bookingFields=[sent])
    read = demo.get(f"/event-types/{made['id']}").data
    expected = {"isDefault": False, "disableOnPrefill": False, **sent}
    assert field(read, sent["slug"]) == expected


@pytest.mark.parametrize("kind", DEFAULT_FIELDS)
def test_every_default_field_can_be_changed(demo: Caller, kind: str) -> None:
    sent = DEFAULT_FIELDS[kind]
    made = created(demo, bookingFields=[sent])
    read = field(demo.get(f"/event-types/{made['id']}").data, kind)
    assert read["isDefault"] is True
    assert {name: read[name] for name in sent} == sent


def test_custom_fields_stand_between_the_default_ones(demo: Caller) -> None:
    made = created(demo, bookingFields=list(CUSTOM_FIELDS.values()))
    custom = slugs(CUSTOM_FIELDS.values())
    around = ["name", "email", "location"], ["title", "notes", "guests", "rescheduleReason"]
    assert slugs(made["bookingFields"]) == [*around[0], *custom, *around[1]]


def test_a_slug_may_name_one_booking_field_only(demo: Caller) -> None:
    sent = [CUSTOM_FIELDS["text"], CUSTOM_FIELDS["text"]]
    assert demo.post("/event-types", meeting(bookingFields=sent)).refusal == (
        400,
        "Duplicate bookingFields slug 'a-text' found. All bookingFields slugs must be unique.",
    )


def test_a_list_leaves_hidden_booking_fields_out(api: Api) -> None:
    alice = api.of("alice")
    created(alice, bookingFields=[{**CUSTOM_FIELDS["text"], "hidden": True}])
    (listed,) = alice.get("/event-types").data
    assert {"a-text", "title"}.isdisjoint(slugs(listed["bookingFields"]))


# ---------------------------------------------------------------- lists


@pytest.mark.parametrize(
    "query",
    [{"username": "demo"}, {"usernames": "demo"}, {"username": "demo", "eventSlug": "hidden"}],
)
@pytest.mark.parametrize(
    ("name", "sees_it"), [("demo", True), ("lena", False), ("root", False), (None, False)]
)
def test_only_the_owner_is_shown_what_is_hidden(
    api: Api, query: dict[str, str], name: str | None, sees_it: bool
) -> None:
    caller = api.of(name) if name else api.anybody()
    assert ("hidden" in slugs(caller.get("/event-types", **query).data)) is sees_it


def test_what_is_hidden_stands_in_the_owners_own_list(demo: Caller) -> None:
    assert "hidden" in slugs(demo.get("/event-types").data)


def test_hiding_takes_effect_at_once(api: Api, demo: Caller) -> None:
    demo.patch("/event-types/101", {"hidden": True})
    assert "intro-call" not in slugs(api.anybody().get("/event-types", username="demo").data)


def test_strangers_cannot_read_what_is_not_theirs(api: Api) -> None:
    answer = api.of("alice").get("/event-types/103")
    assert answer.refusal == (404, "Event type with id 103 not found")


def test_usernames_list_the_event_types_of_all_of_them(api: Api) -> None:
    found = api.anybody().get("/event-types", usernames="bob, lena,nobody").data
    assert [(one["ownerId"], one["slug"]) for one in found] == [
        (2, "bob-private"),
        (102, "each-of-us"),
    ]


def test_a_slug_narrows_the_list_of_a_user(api: Api) -> None:
    found = api.anybody().get("/event-types", username="demo", eventSlug="workshop").data
    assert [one["id"] for one in found] == [105]


@pytest.mark.parametrize(("order", "step"), [("asc", 1), ("desc", -1)])
def test_lists_are_sorted_by_creation(api: Api, order: str, step: int) -> None:
    alice = api.of("alice")
    made = [created(alice, slug=slug)["slug"] for slug in ("b", "a", "c")]
    assert slugs(alice.get("/event-types", sortCreatedAt=order).data) == made[::step]


def test_several_users_are_sorted_together(api: Api) -> None:
    created(api.of("bob"), slug="newest")
    query = {"usernames": "bob,lena", "sortCreatedAt": "desc"}
    found = api.anybody().get("/event-types", **query).data
    assert slugs(found) == ["newest", "each-of-us", "bob-private"]


def test_there_are_two_orders(demo: Caller) -> None:
    assert demo.get("/event-types", sortCreatedAt="up").status == 400


def test_nobody_has_no_event_types(api: Api) -> None:
    assert api.anybody().get("/event-types").data == []


# ---------------------------------------------------------------- slugs, updates, deletion


def test_a_slug_is_used_once_by_a_user(demo: Caller) -> None:
    created(demo)
    answer = demo.post("/event-types", meeting(title="Another"))
    assert answer.refusal == (400, "User already has an event type with this slug.")


def test_a_refused_create_leaves_nothing(demo: Caller) -> None:
    before = demo.get("/event-types").data
    demo.post("/event-types", meeting(slug="intro-call"))
    assert demo.get("/event-types").data == before


def test_two_users_may_use_one_slug(api: Api) -> None:
    assert created(api.of("alice"))["slug"] == created(api.of("bob"))["slug"]


def test_an_update_cannot_take_a_slug_that_is_used(demo: Caller) -> None:
    assert demo.patch("/event-types/102", {"slug": "intro-call"}).status == 400


def test_a_freed_slug_can_be_used_again(demo: Caller) -> None:
    demo.delete(f"/event-types/{created(demo)['id']}")
    assert created(demo)["slug"] == "meeting"


@pytest.mark.parametrize("event_type_id", [*range(101, 115)])
def test_an_update_keeps_the_rest(demo: Caller, event_type_id: int) -> None:
    path = f"/event-types/{event_type_id}"
    before = demo.get(path).data
    assert demo.patch(path, {"title": "New"}).data == {**before, "title": "New"}
    assert demo.get(path).data == {**before, "title": "New"}


def test_an_update_may_be_empty(demo: Caller) -> None:
    before = demo.get("/event-types/114").data
    assert demo.patch("/event-types/114", {}).data == before


def test_new_booking_fields_replace_the_old_ones(demo: Caller) -> None:
    made = created(demo, bookingFields=[CUSTOM_FIELDS["text"]])
    body = {"bookingFields": [CUSTOM_FIELDS["url"]]}
    changed = demo.patch(f"/event-types/{made['id']}", body).data
    assert [one["slug"] for one in changed["bookingFields"] if not one["isDefault"]] == ["a-url"]


def test_hiding_the_guests_field_keeps_custom_fields(demo: Caller) -> None:
    made = created(demo, bookingFields=[CUSTOM_FIELDS["text"]])
    changed = demo.patch(f"/event-types/{made['id']}", {"disableGuests": True}).data
    assert field(changed, "guests")["hidden"]
    assert field(changed, "a-text") == field(made, "a-text")


def test_a_refused_update_changes_nothing(demo: Caller) -> None:
    before = demo.get("/event-types/101").data
    assert demo.patch("/event-types/101", {"title": "New", "lengthInMinutes": 0}).status == 400
    assert demo.get("/event-types/101").data == before


def test_in_reality_an_answer_can_be_sent_back_as_a_new_event_type(observed: Api) -> None:
    demo = observed.of("demo")
    original = demo.get("/event-types/113").data
    copy = demo.post("/event-types", {**original, "slug": "copy", "title": "Copy"}).data
    own = {"id", "slug", "title", "bookingUrl"}
    assert {name: copy[name] for name in copy.keys() - own} == {
        name: original[name] for name in original.keys() - own
    }


def test_a_deleted_event_type_is_gone(demo: Caller) -> None:
    demo.delete("/event-types/101")
    assert demo.get("/event-types/101").refusal == (404, "Event type with id 101 not found")


def test_an_event_type_is_deleted_once(demo: Caller) -> None:
    demo.delete("/event-types/101")
    answer = demo.delete("/event-types/101")
    assert answer.refusal == (404, "Event type with ID=101 does not exist.")


@pytest.mark.parametrize("name", ["alice", "lena", "root"])
def test_only_the_owner_deletes(api: Api, name: str) -> None:
    assert api.of(name).delete("/event-types/101").status == 403
    assert api.of("demo").get("/event-types/101").status == 200


@pytest.mark.parametrize("name", ["alice", "lena", "root"])
def test_only_the_owner_updates(api: Api, name: str) -> None:
    answer = api.of(name).patch("/event-types/101", {"title": "Mine"})
    assert answer.refusal == (404, "Event type with id 101 not found")


# ---------------------------------------------------------------- of a team


def team_meeting(kind: str, *user_ids: int, **more: Json) -> Json:
    hosts = [{"userId": user_id} for user_id in user_ids]
    return meeting(slug=f"team-{kind}", schedulingType=kind, hosts=hosts, **more)


def own_list(api: Api, name: str) -> list[str]:
    return slugs(api.of(name).get("/event-types").data)


@pytest.mark.parametrize("kind", ["collective", "roundRobin"])
def test_a_teams_event_type_is_answered_alone_with_its_hosts(api: Api, kind: str) -> None:
    answer = api.of("lena").post(TEAMS, team_meeting(kind, 101, 103))
    assert (answer.status, answer.data["schedulingType"]) == (201, kind)
    assert [host["userId"] for host in answer.data["hosts"]] == [101, 103]
    assert api.of("lena").get(f"{TEAMS}/{answer.data['id']}").data == answer.data


@pytest.mark.parametrize("kind", ["collective", "roundRobin"])
def test_what_a_team_hosts_together_is_in_nobodys_own_list(api: Api, kind: str) -> None:
    api.of("lena").post(TEAMS, team_meeting(kind, 101, 103))
    assert f"team-{kind}" not in own_list(api, "omar")


def test_round_robin_keeps_what_was_said_of_hosts(api: Api) -> None:
    host = {"userId": 103, "mandatory": True, "priority": "highest"}
    body = {**team_meeting("roundRobin"), "hosts": [host]}
    (shown,) = api.of("lena").post(TEAMS, body).data["hosts"]
    assert {name: shown[name] for name in host} == host


def test_a_managed_event_type_is_answered_as_a_list_with_its_children(api: Api) -> None:
    parent, *children = api.of("lena").post(TEAMS, team_meeting("managed", 101, 103)).data
    assert (parent["schedulingType"], parent["teamId"]) == ("managed", 102)
    assert [child["ownerId"] for child in children] == [101, 103]
    assert {child["parentEventTypeId"] for child in children} == {parent["id"]}


def test_children_stand_in_their_hosts_lists_only(api: Api) -> None:
    api.of("lena").post(TEAMS, team_meeting("managed", 101, 103))
    seen = {name: "team-managed" in own_list(api, name) for name in ("demo", "lena", "omar")}
    assert seen == {"demo": True, "lena": False, "omar": True}


def test_children_come_and_go_with_their_hosts(api: Api) -> None:
    lena = api.of("lena")
    parent, *_ = lena.post(TEAMS, team_meeting("managed", 101, 103)).data
    family = lena.patch(f"{TEAMS}/{parent['id']}", {"hosts": [{"userId": 102}]}).data
    assert [one["ownerId"] for one in family[1:]] == [102]
    seen = {name: "team-managed" in own_list(api, name) for name in ("demo", "lena", "omar")}
    assert seen == {"demo": False, "lena": True, "omar": False}


def test_children_follow_their_parent(api: Api) -> None:
    lena = api.of("lena")
    assert {one["title"] for one in lena.patch(f"{TEAMS}/122", {"title": "All"}).data} == {"All"}
    assert api.of("omar").get("/event-types/124").data["title"] == "All"


def test_children_go_with_their_parent(api: Api) -> None:
    api.of("lena").delete(f"{TEAMS}/122")
    assert "each-of-us" not in own_list(api, "omar")


def test_a_managed_event_type_without_hosts_is_a_list_of_one(api: Api) -> None:
    assert len(api.of("lena").post(TEAMS, team_meeting("managed")).data) == 1


def test_all_members_can_be_assigned(api: Api) -> None:
    body = meeting(schedulingType="collective", assignAllTeamMembers=True)
    shown = api.of("lena").post(TEAMS, body).data
    assert [host["userId"] for host in shown["hosts"]] == [101, 102, 103]


def test_a_host_is_a_member_of_the_team(api: Api) -> None:
    answer = api.of("lena").post(TEAMS, team_meeting("collective", 101, 1))
    assert answer.refusal == (404, "Invalid hosts: 1 are not members of team with id 102.")


def test_a_slug_is_used_once_by_a_team(api: Api) -> None:
    answer = api.of("lena").post(TEAMS, meeting(slug="all-of-us", schedulingType="collective"))
    assert answer.refusal == (400, "Team event type with this slug already exists")


def test_a_teams_event_type_needs_a_scheduling_type(api: Api) -> None:
    assert list(api.of("lena").post(TEAMS, meeting()).constraints) == ["schedulingType"]


@pytest.mark.parametrize("event_type_id", [120, 121])
def test_an_update_of_a_teams_event_type_keeps_the_rest(api: Api, event_type_id: int) -> None:
    lena, path = api.of("lena"), f"{TEAMS}/{event_type_id}"
    before = lena.get(path).data
    assert lena.patch(path, {"title": "New"}).data == {**before, "title": "New"}
    assert lena.get(path).data == {**before, "title": "New"}


def test_a_new_kind_needs_hosts(api: Api) -> None:
    status, message = api.of("lena").patch(f"{TEAMS}/120", {"schedulingType": "roundRobin"}).refusal
    assert (status, message.startswith("Hosts required when switching")) == (400, True)


def test_everybody_lists_a_teams_event_types(api: Api) -> None:
    shown = api.anybody().get(TEAMS).data
    assert slugs(shown) == ["all-of-us", "one-of-us", "each-of-us"]


def test_a_teams_list_can_be_turned_round(api: Api) -> None:
    shown = api.anybody().get(TEAMS, sortCreatedAt="desc").data
    assert [one["id"] for one in shown] == [122, 121, 120]


def test_a_slug_finds_one_event_type_of_a_team(api: Api) -> None:
    assert [one["id"] for one in api.anybody().get(TEAMS, eventSlug="one-of-us").data] == [121]


def test_the_event_types_of_all_teams_come_in_pages(api: Api) -> None:
    path = "/organizations/101/teams/event-types"
    pages = [api.of("demo").get(path, take=2, skip=skip).data for skip in (0, 2, 4)]
    assert [[one["id"] for one in page] for page in pages] == [[120, 121], [122], []]


def test_a_deleted_event_type_of_a_team_is_gone(api: Api) -> None:
    lena = api.of("lena")
    assert lena.delete(f"{TEAMS}/120").data["id"] == 120
    assert lena.get(f"{TEAMS}/120").status == 404
    assert lena.delete(f"{TEAMS}/120").status == 404


@pytest.mark.parametrize(("name", "status"), [("demo", 201), ("lena", 201), ("root", 201)])
def test_whoever_leads_a_team_creates(api: Api, name: str, status: int) -> None:
    assert api.of(name).post(TEAMS, team_meeting("collective", 101)).status == status


@pytest.mark.parametrize("name", ["omar", "alice"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", TEAMS, team_meeting("collective", 101)),
        ("GET", f"{TEAMS}/120", None),
        ("PATCH", f"{TEAMS}/120", {"title": "Ours"}),
        ("DELETE", f"{TEAMS}/120", None),
    ],
    ids=["create", "read", "update", "delete"],
)
def test_members_and_strangers_are_kept_out(
    api: Api, name: str, method: str, path: str, body: Json
) -> None:
    assert api.of(name).send(method, path, json=body).status == 403


def test_a_host_may_give_a_child_a_link(api: Api) -> None:
    link = api.of("omar", LINKS).post("/event-types/124/private-links", {"maxUsageCount": 1})
    assert link.data["bookingUrl"].endswith("/each-of-us")
