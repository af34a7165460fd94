"""Each rule of event types and private links speaks about a target with its one defect."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from contracts.exchange import Request, Response
from contracts.findings import Verdict
from contracts.suites.runner import run_case
from mockserver.model import Document, Json
from tests.contracts.altered import Change
from tests.contracts.suites.lifecycle_benches import (
    Ground,
    On,
    document_of,
    editing,
    with_body,
    with_document,
)

TYPES = "/v2/event-types"
TYPE = "/v2/event-types/{eventTypeId}"
LINKS = f"{TYPE}/private-links"
LINK = f"{LINKS}/{{linkId}}"
TEAM = "/v2/organizations/{orgId}/teams/{teamId}/event-types"


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    made = Ground()
    yield made
    made.close()


def in_links(edit: Callable[[Document], Document]) -> Change:
    """Edits every private link in every answer."""

    def of_payload(payload: Json, request: Request) -> Json:
        if isinstance(payload, list):
            return [edit(row) for row in payload]
        return edit(payload)

    def change(request: Request, on: On) -> Response:
        if "private-links" not in request.path:
            return on(request)
        return editing(request.method, of_payload)(request, on)

    return change


def sending(method: str, edit: Callable[[Document], Document], *, part: str = "") -> Change:
    """Edits the bodies that reach the server."""

    def change(request: Request, on: On) -> Response:
        is_meant = request.method == method and part in request.path
        if not is_meant or not isinstance(request.json, dict):
            return on(request)
        return on(with_body(request, edit))

    return change


def without(*names: str) -> Callable[[Document], Document]:
    return lambda body: {name: value for name, value in body.items() if name not in names}


class Sequential:
    """Ids of links count upwards."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, request: Request, on: On) -> Response:
        response = on(request)
        if request.method != "POST" or "private-links" not in request.path:
            return response
        self.count += 1
        document = document_of(response)
        document["data"]["linkId"] = f"abcdefghijklmnopqr{self.count:04}"
        return with_document(response, document)


def never_expired(link: Document) -> Document:
    return {**link, "isExpired": False} if "isExpired" in link else link


def inverted(link: Document) -> Document:
    is_dated = "expiresAt" in link
    return {**link, "isExpired": not link["isExpired"]} if is_dated else link


def shifted(link: Document) -> Document:
    """An hour of difference between the zones of server and database."""
    if "expiresAt" not in link:
        return link
    moved = datetime.fromisoformat(link["expiresAt"]) + timedelta(hours=1)
    return {**link, "expiresAt": moved.isoformat()}


class ExpiringEarly:
    """A dated link has ended in its very instant: `>=` for `>`."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    def __call__(self, request: Request, on: On) -> Response:
        now = self.ground.stub.control.now()

        def edit(link: Document) -> Document:
            if "expiresAt" not in link:
                return link
            return {**link, "isExpired": datetime.fromisoformat(link["expiresAt"]) <= now}

        return in_links(edit)(request, on)


def off_by_one(link: Document) -> Document:
    if "usageCount" not in link:
        return link
    return {**link, "isExpired": link["usageCount"] > link["maxUsageCount"]}


def uncounted(link: Document) -> Document:
    return {**link, "usageCount": 0} if "usageCount" in link else link


def both_accepted(request: Request, on: On) -> Response:
    body = request.json if isinstance(request.json, dict) else {}
    if {"expiresAt", "maxUsageCount"} <= body.keys():
        return on(with_body(request, without("maxUsageCount")))
    return on(request)


def keeping_the_date(request: Request, on: On) -> Response:
    """An update to a counted link does nothing."""
    if request.method == "PATCH" and "maxUsageCount" in (request.json or {}):
        return on(with_body(request, lambda body: {}))
    return on(request)


def dropping_links(request: Request, on: On) -> Response:
    """Every update of an event type deletes its private links."""
    response = on(request)
    if request.method == "PATCH" and request.path.count("/") == 3 and response.status == 200:
        headers = tuple(
            ("cal-api-version", "2024-09-04") if name == "cal-api-version" else (name, value)
            for name, value in request.headers
        )
        listed = replace(
            request,
            method="GET",
            target=f"{request.path}/private-links",
            headers=headers,
            body=None,
        )
        for link in document_of(on(listed))["data"]:
            target = f"{request.path}/private-links/{link['linkId']}"
            on(replace(listed, method="DELETE", target=target))
    return response


class StaleAddress:
    """Addresses of links keep the slug that they were made with."""

    def __init__(self) -> None:
        self.first: dict[str, str] = {}

    def __call__(self, request: Request, on: On) -> Response:
        def edit(link: Document) -> Document:
            if "bookingUrl" not in link:
                return link
            return {**link, "bookingUrl": self.first.setdefault(link["linkId"], link["bookingUrl"])}

        return in_links(edit)(request, on)


class Impersonating:
    """Whoever asks is taken for the owner."""

    def __init__(self, ground: Ground) -> None:
        self.key = ground.stub.actors[0].secret

    def __call__(self, request: Request, on: On) -> Response:
        headers = tuple(
            (name, f"Bearer {self.key}" if name.lower() == "authorization" else value)
            for name, value in request.headers
        )
        return on(replace(request, headers=headers))


class ListingAsOwner(Impersonating):
    """Lists show the owner's event types to everybody."""

    def __call__(self, request: Request, on: On) -> Response:
        return super().__call__(request, on) if request.method == "GET" else on(request)


def same_slug_taken(request: Request, on: On) -> Response:
    """A slug in use is changed silently, and the answer shows the one that was sent."""
    response = on(request)
    if request.method == "POST" and request.path == TYPES and response.status == 400:
        slug = request.json["slug"]
        response = on(with_body(request, lambda body: {**body, "slug": f"{slug}-{time.time_ns()}"}))
        document = document_of(response)
        document["data"]["slug"] = slug
        return with_document(response, document)
    return response


class ShowingHidden:
    """Lists by name show hidden event types to everybody."""

    def __init__(self, ground: Ground) -> None:
        self.as_owner = Impersonating(ground)

    def __call__(self, request: Request, on: On) -> Response:
        if request.method != "GET" or "username" not in request.target:
            return on(request)
        key = f"Bearer {self.as_owner.key}"
        others = tuple(pair for pair in request.headers if pair[0].lower() != "authorization")
        return on(replace(request, headers=(*others, ("Authorization", key))))


def upside_down(request: Request, on: On) -> Response:
    swaps = {"sortCreatedAt=asc": "sortCreatedAt=desc", "sortCreatedAt=desc": "sortCreatedAt=asc"}
    for one, other in swaps.items():
        if one in request.target:
            return on(replace(request, target=request.target.replace(one, other)))
    return on(request)


def unsorted(request: Request, on: On) -> Response:
    return on(replace(request, target=request.target.replace("sortCreatedAt=desc", "nothing=1")))


def slug_ignored(request: Request, on: On) -> Response:
    return on(replace(request, target=request.target.replace("eventSlug", "nothing")))


def telling_another(payload: Document, request: Request) -> Document:
    return {**payload, "id": payload["id"] - 1} if "id" in payload else payload


def summing_up(payload: Document, request: Request) -> Document:
    return {**payload, "lengthInMinutes": 30}


def resetting_fields(body: Document) -> Document:
    """An update of `disableGuests` starts from the default fields."""
    mail = {"type": "email", "label": "Mail", "placeholder": "", "required": True}
    return {**body, "bookingFields": [mail]} if "disableGuests" in body else body


def without_notice(body: Document) -> Document:
    return {"minimumBookingNotice": 0, **body}


def nine_uses(body: Document) -> Document:
    return body or {"maxUsageCount": 9}


def one_use(body: Document) -> Document:
    return body or {"maxUsageCount": 1}


class Immortal:
    """What could once be read stays readable, though it is deleted."""

    def __init__(self) -> None:
        self.seen: dict[str, Response] = {}

    def __call__(self, request: Request, on: On) -> Response:
        response = on(request)
        if request.method != "GET":
            return response
        if response.status == 200:
            self.seen[request.path] = response
        return self.seen.get(request.path, response) if response.status == 404 else response


def otherwise_by_slug(payload: Json, request: Request) -> Json:
    is_by_slug = any(name == "eventSlug" for name, _ in request.query)
    return [{**row, "title": "Another"} for row in payload] if is_by_slug else payload


def alive_beyond_the_maximum(link: Document) -> Document:
    if link.get("usageCount", 0) > link.get("maxUsageCount", 0):
        return {**link, "isExpired": False}
    return link


def without_ends(body: Document) -> Document:
    return {name: value for name, value in body.items() if value != {"disabled": True}}


def everywhere(edit: Callable[[Document], Document]) -> Change:
    """Edits every event type in every answer."""

    def of_payload(payload: Json, _: Request) -> Json:
        return [edit(row) for row in payload] if isinstance(payload, list) else edit(payload)

    def change(request: Request, on: On) -> Response:
        return editing(request.method, of_payload)(request, on)

    return change


def with_bare_team(shown: Document) -> Document:
    return {**shown, "team": {"id": shown.get("teamId")}}


def with_medium_hosts(shown: Document) -> Document:
    return {**shown, "hosts": [{**one, "priority": "medium"} for one in shown.get("hosts", ())]}


def bare_child(shown: Document) -> Document:
    return {**shown, "teamId": None} if shown.get("parentEventTypeId") else shown


def with_raw_address(shown: Document) -> Document:
    return {**shown, "bookingUrl": f"https://cal.com/demo/{shown['slug']}"}


def left_behind(request: Request, on: On) -> Response:
    """What is refused for its settings is made without them all the same."""
    response = on(request)
    if request.method == "POST" and response.status == 400:
        on(with_body(request, without("seats", "bookingLimitsCount", "bookingLimitsDuration")))
    return response


def fields_refused(request: Request, on: On) -> Response:
    body = request.json
    is_refused = isinstance(body, dict) and "bookingFields" in body
    return (
        Response(400, (("content-type", "application/json"),), b"{}") if is_refused else on(request)
    )


DEFECTS: list[tuple[str, str, Callable[[Ground], Change]]] = [
    (
        f"POST {LINKS}/link-ids-cannot-be-guessed",
        "link-ids-cannot-be-guessed",
        lambda _: Sequential(),
    ),
    (
        f"POST {LINKS}/expiry-is-the-instant-that-was-sent",
        "expiry-is-the-instant-that-was-sent",
        lambda _: in_links(shifted),
    ),
    (
        f"GET {LINKS}/links-end-at-their-instant",
        "links-end-at-their-instant",
        lambda _: in_links(never_expired),
    ),
    (
        f"GET {LINKS}/links-end-at-their-instant",
        "links-end-at-their-instant",
        lambda _: in_links(inverted),
    ),
    (f"GET {LINKS}/links-end-at-their-instant", "links-end-at-their-instant", ExpiringEarly),
    (
        f"POST {LINKS}/past-links-are-born-expired",
        "links-end-at-their-instant",
        lambda _: in_links(never_expired),
    ),
    (
        f"POST {LINKS}/links-are-for-one-use-by-default",
        "counted-links-tell-their-uses",
        lambda _: sending("POST", nine_uses, part="private-links"),
    ),
    (
        f"GET {LINKS}/uses-are-counted-to-the-maximum",
        "counted-links-tell-their-uses",
        lambda _: in_links(off_by_one),
    ),
    (
        f"GET {LINKS}/uses-are-counted-to-the-maximum",
        "counted-links-tell-their-uses",
        lambda _: in_links(uncounted),
    ),
    (
        f"PATCH {LINK}/maximum-decides-anew",
        "counted-links-tell-their-uses",
        lambda _: in_links(never_expired),
    ),
    (
        f"PATCH {LINK}/maximum-decides-anew",
        "counted-links-tell-their-uses",
        lambda _: in_links(alive_beyond_the_maximum),
    ),
    (
        f"GET {TYPES}/event-types-are-the-same-however-found",
        "event-types-are-the-same-however-found",
        lambda _: editing("GET", otherwise_by_slug, end=TYPES),
    ),
    (
        f"DELETE {TEAM}/{{eventTypeId}}/managed-children-go-with-their-parent",
        "managed-children-follow-their-parent",
        lambda _: Immortal(),
    ),
    (
        f"PATCH {TEAM}/{{eventTypeId}}/managed-children-go-with-their-host",
        "managed-children-follow-their-parent",
        lambda _: Immortal(),
    ),
    (f"POST {LINKS}/both-limits-are-refused", "both-limits-are-refused", lambda _: both_accepted),
    (
        f"PATCH {LINK}/both-limits-are-refused-in-updates",
        "both-limits-are-refused",
        lambda _: both_accepted,
    ),
    (
        f"PATCH {LINK}/links-change-their-kind-and-back",
        "counted-links-tell-their-uses",
        lambda _: keeping_the_date,
    ),
    (
        f"PATCH {LINK}/empty-updates-change-nothing",
        "empty-updates-change-nothing",
        lambda _: sending("PATCH", one_use, part="private-links"),
    ),
    (
        f"POST {LINKS}/addresses-name-link-and-event-type",
        "addresses-name-link-and-event-type",
        lambda _: StaleAddress(),
    ),
    (
        f"GET {LINKS}/updates-of-event-types-keep-links",
        "updates-of-event-types-keep-links",
        lambda _: dropping_links,
    ),
    (f"GET {LINKS}/links-are-their-owners-only", "links-are-their-owners-only", Impersonating),
    (
        f"POST {TYPES}/slugs-are-unique-for-an-owner",
        "slugs-are-unique-for-an-owner",
        lambda _: same_slug_taken,
    ),
    (f"POST {TYPES}/slugs-are-free-for-others", "slugs-are-free-for-others", Impersonating),
    (
        f"GET {TYPES}/hidden-ones-are-the-owners-to-see",
        "hidden-ones-are-the-owners-to-see",
        ShowingHidden,
    ),
    (f"GET {TYPES}/lists-of-users-are-theirs", "lists-of-users-are-theirs", ListingAsOwner),
    (
        f"GET {TYPES}/slugs-find-their-event-type",
        "slugs-find-their-event-type",
        lambda _: slug_ignored,
    ),
    (f"GET {TYPE}/others-cannot-read-event-types", "others-cannot-read-event-types", Impersonating),
    (f"POST {TYPES}/others-change-nothing", "others-change-nothing", Impersonating),
    (f"GET {TYPES}/new-items-are-in-order", "new-items-are-in-order", lambda _: upside_down),
    (f"GET {TYPES}/order-is-as-asked", "down-is-up-turned-round", lambda _: unsorted),
    (
        f"DELETE {TYPE}/deleting-tells-what-was-deleted",
        "deleting-tells-what-was-deleted",
        lambda _: editing("DELETE", summing_up),
    ),
    (
        "GET /v2/me/profile-is-whole",
        "profile-is-whole",
        lambda _: editing("GET", lambda payload, _: without("locale")(payload), end="/me"),
    ),
    (
        f"POST {TYPES}/refused-settings-leave-nothing",
        "refused-settings-leave-nothing",
        lambda _: left_behind,
    ),
    (
        f"GET {TEAM}/{{eventTypeId}}/teams-are-shown-whole",
        "teams-are-shown-whole",
        lambda _: everywhere(with_bare_team),
    ),
    (
        f"POST {TEAM}/priorities-of-hosts-come-back",
        "priorities-of-hosts-come-back",
        lambda _: everywhere(with_medium_hosts),
    ),
    (
        f"POST {TEAM}/managed-children-tell-their-team",
        "managed-children-tell-their-team",
        lambda _: everywhere(bare_child),
    ),
    (
        f"POST {TYPES}/addresses-are-uris",
        "addresses-are-uris",
        lambda _: everywhere(with_raw_address),
    ),
    (
        f"POST {TYPES}/seats-are-told-twice",
        "seats-are-told-twice",
        lambda _: everywhere(without("seatsPerTimeSlot")),
    ),
    (
        f"POST {TYPES}/least-email-fields-are-taken",
        "least-email-fields-are-taken",
        lambda _: fields_refused,
    ),
    (
        f"POST {TYPES}/meetings-are-held-somewhere",
        "meetings-are-held-somewhere",
        lambda _: editing("POST", lambda payload, _: {**payload, "locations": []}),
    ),
    (
        f"DELETE {TYPE}/deleting-tells-what-was-deleted",
        "deleting-tells-what-was-deleted",
        lambda _: editing("DELETE", lambda payload, _: without("hidden")(payload)),
    ),
    (
        f"PATCH {TYPE}/disabling-ends-a-setting",
        "disabling-ends-a-setting",
        lambda _: sending("PATCH", without_ends),
    ),
    (
        f"PATCH {TYPE}/guests-are-not-all-fields",
        "guests-are-not-all-fields",
        lambda _: sending("PATCH", resetting_fields),
    ),
    (
        f"POST {TYPES}/event-types-have-their-defaults",
        "event-types-have-their-defaults",
        lambda _: sending("POST", without_notice),
    ),
    (f"GET {LINKS}/model-private-links", "links-live-as-promised", lambda _: keeping_the_date),
    (
        f"GET {TYPES}/model-event-types",
        "event-types-live-as-promised",
        lambda _: sending("PATCH", without("hidden")),
    ),
]
IDS = [f"{number}-{rule}" for number, (_, rule, _) in enumerate(DEFECTS)]


@pytest.mark.parametrize(("case", "rule", "change"), DEFECTS, ids=IDS)
def test_the_rule_speaks_about_its_defect(
    ground: Ground, case: str, rule: str, change: Callable[[Ground], Change]
) -> None:
    result = ground.run(case, change(ground))
    assert result.verdict is Verdict.FAILED, result.reason
    assert rule in [finding.rule for finding in result.findings]
    assert all(finding.source and finding.expected for finding in result.findings)


class UsesTaken:
    """Says of every use that it was taken."""

    def __init__(self, ground: Ground) -> None:
        self.control = ground.stub.control
        self.can_count_uses = True

    def now(self) -> datetime:
        return self.control.now()

    def move_to(self, instant: datetime) -> None:
        self.control.move_to(instant)

    def count_use(self, link_id: str) -> bool:
        self.control.count_use(link_id)
        return True


class LostUses(UsesTaken):
    """Counts uses without looking at the maximum again: what `count_use` is without a lock."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.gate = threading.Barrier(8)

    def count_use(self, link_id: str) -> bool:
        self.gate.wait(timeout=5)
        return super().count_use(link_id)


def test_uses_beyond_the_maximum_at_once_are_found(ground: Ground) -> None:
    bench = ground.bench()
    bench.target._control = LostUses(ground)
    result = run_case(bench, ground.case(f"GET {LINKS}/parallel-uses-keep-the-maximum"))
    assert "parallel-uses-keep-the-maximum" in [finding.rule for finding in result.findings]


def test_a_use_beyond_a_lowered_maximum_is_found(ground: Ground) -> None:
    bench = ground.bench()
    bench.target._control = UsesTaken(ground)
    result = run_case(bench, ground.case(f"PATCH {LINK}/maximum-decides-anew"))
    assert [finding.cause for finding in result.findings] == ["beyond"]


def test_the_finding_of_a_walk_tells_a_short_story(ground: Ground) -> None:
    result = ground.run(f"GET {LINKS}/model-private-links", in_links(uncounted))
    assert len(result.findings) == 1
    story = result.findings[0].story
    assert 0 < len(story) < 12
    assert {one.case for one in story} == {f"GET {LINKS}/model-private-links"}


def test_a_walk_prints_nothing_and_leaves_no_files(
    ground: Ground, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    set_hypothesis_home_dir(tmp_path / "home")
    try:
        ground.run(f"GET {LINKS}/model-private-links", in_links(uncounted))
    finally:
        set_hypothesis_home_dir(None)
    assert capsys.readouterr() == ("", "")
    assert not (tmp_path / "home").exists()


def test_uses_are_not_judged_where_nobody_can_count_them(ground: Ground) -> None:
    bench = ground.bench()
    bench.target._control = None
    result = run_case(bench, ground.case(f"GET {LINKS}/uses-are-counted-to-the-maximum"))
    assert result.verdict is Verdict.NOT_JUDGED
    assert "--control" in result.reason
