import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.actors import Actors
from contracts.cleanup.clean import clean_up
from contracts.door.stub import BUNDLED_ACTORS, BUNDLED_BINDINGS
from contracts.door.targets import Target
from contracts.door.transports import InProcess
from contracts.exchange import Request, Response
from contracts.ledger import read_ledger
from contracts.stops import NoAnswer, RunStopped
from contracts.suites.provisions import create
from contracts.suites.session import Bench, Options
from contracts.yardstick import Yardstick
from mockserver import Settings, create_app
from mockserver.model import Document, Json
from mockserver.openapi import Resource
from tests.contracts.altered import Altered, Change
from tests.contracts.ledgered import ledgered, session_on

EVENT_TYPES = "/v2/event-types"
TEAM = "/v2/organizations/101/teams/102/event-types"
On = Callable[[Request], Response]


class Run:
    """A run with a ledger; *outside* sends past it, as others would on the same server."""

    def __init__(self, bench: Bench, ledger: Path | None) -> None:
        self.outside = session_on(bench)
        self.bench, self.ledger = ledgered(bench, ledger)
        self.session = session_on(self.bench)

    def resource(self, name: str) -> Resource:
        actions = self.bench.yardstick.resources.values()
        made = (action.resource for action in actions if action.kind == "create")
        return next(resource for resource in made if resource.name == name)

    def make(self, name: str = "event-types", actor: str = "owner", **path: str) -> str:
        return create(self.session, self.resource(name), path, actor=actor).id

    def make_unanswered(self, name: str = "event-types", **path: str) -> None:
        with pytest.raises(NoAnswer):
            self.make(name, **path)

    def made_by_others(self, **properties: Json) -> str:
        return create(self.outside, self.resource("event-types"), **properties).id

    def listed(self, path: str = EVENT_TYPES, actor: str = "owner") -> list[Document]:
        match = self.bench.yardstick.match("GET", path)
        assert match is not None
        exchange = self.outside.call(match.operation, match.path_values, actor=actor)
        return list(exchange.response.json["data"])

    def ids(self, path: str = EVENT_TYPES, actor: str = "owner") -> set[str]:
        return {str(item.get("id", item.get("linkId"))) for item in self.listed(path, actor)}

    def clean(self) -> "tuple[tuple[str, ...], tuple[str, ...]]":
        cleaned = clean_up(self.ledger, self.bench.target, self.bench)
        return cleaned.removed, cleaned.left

    def sent(self, method: str) -> list[str]:
        exchanges = self.bench.target.exchanges
        return [one.request.path for one in exchanges if one.request.method == method]


@pytest.fixture(scope="module")
def shared_stub() -> Iterator[InProcess]:
    transport = InProcess(create_app(Settings()))
    yield transport
    transport.close()


@pytest.fixture
def make_run(shared_stub: InProcess, yardstick: Yardstick) -> Callable[..., Run]:
    """Makes runs on a stub as it was at its start."""
    shared_stub.send(Request("POST", "/__admin/reset"))

    def make(change: Change | None = None, ledger: Path | None = None) -> Run:
        target = Target(Altered(shared_stub, change) if change else shared_stub, yardstick)
        actors = Actors(BUNDLED_ACTORS, yardstick.schemes)
        options = Options(run_id="k3f9")
        return Run(Bench(target, yardstick, actors, (), options, dict(BUNDLED_BINDINGS)), ledger)

    return make


@pytest.fixture
def run(make_run: Callable[..., Run]) -> Run:
    return make_run()


class Switch:
    """A change that is only at work while it is on."""

    def __init__(self, change: Change) -> None:
        self.is_on = True
        self._change = change

    def __call__(self, request: Request, on: On) -> Response:
        return self._change(request, on) if self.is_on else on(request)


def silent(request: Request, on: On) -> Response:
    """What is created is created, but nobody is told."""
    answer = on(request)
    if request.method == "POST":
        raise NoAnswer("no answer came within 1 s")
    return answer


def test_everything_is_removed_the_youngest_first(run: Run) -> None:
    before = run.ids()
    first, second = run.make(), run.make()
    link = run.make("private-links", eventTypeId=second)
    removed, left = run.clean()
    assert left == ()
    assert run.sent("DELETE") == [
        f"{EVENT_TYPES}/{second}/private-links/{link}",
        f"{EVENT_TYPES}/{second}",
        f"{EVENT_TYPES}/{first}",
    ]
    assert removed[-1] == f"{EVENT_TYPES}/{first} (understudy k3f9 1)"
    assert run.ids() == before


def test_the_end_is_proved_by_listing(run: Run) -> None:
    run.make()
    run.clean()
    assert run.bench.target.exchanges[-1].label == "GET /v2/event-types"


def test_what_lies_below_something_gone_is_not_listed(run: Run) -> None:
    parent = run.make()
    run.make("private-links", eventTypeId=parent)
    run.clean()
    assert set(run.sent("GET")) == {EVENT_TYPES}


def test_a_second_time_nothing_is_removed_and_nothing_is_left(run: Run) -> None:
    run.make()
    run.clean()
    assert run.clean() == ((), ())
    assert len(run.sent("DELETE")) == 1


def test_without_creates_nothing_is_sent(run: Run) -> None:
    assert run.clean() == ((), ())
    assert run.bench.target.exchanges == []


def test_each_thing_is_deleted_by_who_created_it(run: Run) -> None:
    run.make(actor="other")
    run.make(actor="owner")
    run.make("team-event-types", actor="admin", orgId="101", teamId="102")
    assert run.clean()[1] == ()
    deletions = [one for one in run.bench.target.exchanges if one.request.method == "DELETE"]
    assert [one.request.actor for one in deletions] == ["admin", "owner", "other"]
    assert all(one.is_success for one in deletions)


def test_what_others_made_is_not_touched(run: Run) -> None:
    theirs = run.made_by_others(title="Theirs", slug="theirs")
    run.make()
    run.clean()
    assert theirs in run.ids()


def test_what_somebody_else_has_deleted_is_gone(run: Run) -> None:
    id = run.make()
    match = run.bench.yardstick.match("DELETE", f"{EVENT_TYPES}/{id}")
    assert match is not None
    assert run.outside.call(match.operation, match.path_values).is_success
    assert run.clean() == ((), ())


def test_what_was_created_without_an_answer_is_found_by_its_name(
    make_run: Callable[..., Run],
) -> None:
    change = Switch(silent)
    run = make_run(change)
    before = run.ids()
    run.make_unanswered()
    assert run.ids() != before
    change.is_on = False
    removed, left = run.clean()
    assert len(removed) == 1
    assert left == ()
    assert run.ids() == before


def test_a_server_error_that_created_all_the_same_is_found_too(
    make_run: Callable[..., Run],
) -> None:
    def lying(request: Request, on: On) -> Response:
        answer = on(request)
        return Response(500) if request.method == "POST" else answer

    run = make_run(lying)
    before = run.ids()
    with pytest.raises(Exception, match="needs a new item"):
        run.make()
    assert run.ids() != before
    assert run.clean()[1] == ()
    assert run.ids() == before


def test_a_refusal_that_created_all_the_same_is_found_too(make_run: Callable[..., Run]) -> None:
    def lying(request: Request, on: On) -> Response:
        answer = on(request)
        return Response(400) if request.method == "POST" else answer

    run = make_run(lying)
    before = run.ids()
    with pytest.raises(Exception, match="needs a new item"):
        run.make()
    assert run.ids() != before
    assert run.clean()[1] == ()
    assert run.ids() == before


def test_a_create_that_never_arrived_is_settled_by_the_list(make_run: Callable[..., Run]) -> None:
    def dropped(request: Request, on: On) -> Response:
        if request.method == "POST":
            raise NoAnswer("the connection was dropped")
        return on(request)

    run = make_run(dropped)
    run.make_unanswered()
    assert run.clean() == ((), ())
    assert run.ledger.unsure == ()


def test_a_nameless_create_without_an_answer_goes_with_its_parent(
    make_run: Callable[..., Run],
) -> None:
    change = Switch(silent)
    change.is_on = False
    run = make_run(change)
    parent = run.make()
    change.is_on = True
    run.make_unanswered("private-links", eventTypeId=parent)
    change.is_on = False
    assert run.clean()[1] == ()


def test_a_nameless_create_without_an_answer_beside_things_of_others_is_told(
    make_run: Callable[..., Run],
) -> None:
    change = Switch(silent)
    run = make_run(change)
    change.is_on = False
    parent = run.made_by_others()
    change.is_on = True
    run.make_unanswered("private-links", eventTypeId=parent)
    change.is_on = False
    links = run.ids(f"{EVENT_TYPES}/{parent}/private-links")
    removed, left = run.clean()
    assert removed == ()
    assert len(left) == 1
    assert f"at {EVENT_TYPES}/{parent}/private-links (no answer) may have created" in left[0]
    assert run.ids(f"{EVENT_TYPES}/{parent}/private-links") == links


def test_a_stranger_with_the_run_id_in_its_name_is_told_and_not_touched(run: Run) -> None:
    run.make()
    theirs = run.made_by_others(title="about k3f9", slug="about")
    left = run.clean()[1]
    assert len(left) == 1
    assert f"lists {theirs} (about k3f9)" in left[0]
    assert theirs in run.ids()


def test_a_deletion_that_only_seems_to_work_is_told(make_run: Callable[..., Run]) -> None:
    change = Switch(
        lambda request, on: Response(200) if request.method == "DELETE" else on(request)
    )
    run = make_run(change)
    id = run.make()
    left = run.clean()[1]
    assert left == (
        f"{EVENT_TYPES}/{id} (understudy k3f9 1): "
        "its deletion was answered with success, but it is still listed",
    )
    change.is_on = False
    assert run.clean() == ((f"{EVENT_TYPES}/{id} (understudy k3f9 1)",), ())


def test_an_id_that_was_given_to_somebody_else_since_is_not_touched(
    make_run: Callable[..., Run],
) -> None:
    reused: list[str] = []

    def reusing(request: Request, on: On) -> Response:
        answer = on(request)
        if not reused or request.method != "GET" or request.path != EVENT_TYPES:
            return answer
        document = answer.json
        document["data"].append({"id": int(reused[0]), "title": "Theirs", "slug": "theirs"})
        return Response(200, answer.headers, json.dumps(document).encode())

    run = make_run(reusing)
    id = run.make()
    run.clean()
    reused.append(id)
    removed, left = run.clean()
    assert removed == ()
    assert "listed again under another name: not touched" in left[0]
    assert len(run.sent("DELETE")) == 1


def test_a_fault_that_passes_is_tried_again(make_run: Callable[..., Run]) -> None:
    faults = [503, 503]

    def shaky(request: Request, on: On) -> Response:
        is_faulty = request.method == "DELETE" and faults
        return Response(faults.pop()) if is_faulty else on(request)

    run = make_run(shaky)
    run.make()
    assert run.clean()[1] == ()


def test_what_cannot_be_deleted_is_left_with_the_answer(make_run: Callable[..., Run]) -> None:
    run = make_run(
        lambda request, on: (
            Response(500, (), b"oops") if request.method == "DELETE" else on(request)
        )
    )
    id = run.make()
    left = run.clean()[1]
    assert left == (
        f"{EVENT_TYPES}/{id} (understudy k3f9 1): "
        "DELETE /v2/event-types/{eventTypeId} as owner answered 500 oops",
    )


def test_another_actor_helps_where_the_creator_may_not(make_run: Callable[..., Run]) -> None:
    def strict(request: Request, on: On) -> Response:
        is_kept = request.method == "DELETE" and request.actor == "admin"
        return Response(403) if is_kept else on(request)

    run = make_run(strict)
    run.make("team-event-types", actor="admin", orgId="101", teamId="102")
    assert run.clean()[1] == ()
    assert run.ids(TEAM) == run.ids(TEAM, "admin")


def test_a_missing_actor_is_asked_for(run: Run) -> None:
    run.make(actor="other")
    alone = Actors(BUNDLED_ACTORS[:1], run.bench.yardstick.schemes)
    bench = Bench(run.bench.target, run.bench.yardstick, alone)
    left = clean_up(run.ledger, run.bench.target, bench).left
    assert left[0].endswith("needs the actor other: give --as other=ENV_VAR")


def test_what_nobody_was_logged_in_for_is_removed_by_those_who_can(
    make_run: Callable[..., Run],
) -> None:
    def open_door(request: Request, on: On) -> Response:
        if request.method == "POST" and request.actor == "anonymous":
            headers = (*request.headers, ("Authorization", "Bearer cal_test_bob"))
            return on(Request("POST", request.target, headers, request.body))
        return on(request)

    run = make_run(open_door)
    before = run.ids(actor="other")
    run.make(actor="anonymous")
    assert run.clean()[1] == ()
    assert run.ids(actor="other") == before


def test_a_document_without_a_deletion_is_named_as_the_reason(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.make()
    monkeypatch.setattr("contracts.cleanup.removal.deletion_of", lambda *_: None)
    assert run.clean()[1][0].endswith("the document has no operation that deletes it")


def test_a_list_that_fails_proves_nothing_and_that_is_told(make_run: Callable[..., Run]) -> None:
    def hiding(request: Request, on: On) -> Response:
        is_hidden = request.method == "GET" and request.actor == "owner"
        return Response(500) if is_hidden else on(request)

    run = make_run(hiding)
    run.make()
    left = run.clean()[1]
    assert left == (
        f"{EVENT_TYPES} could not be listed to prove it empty: GET /v2/event-types answered 500",
    )


def test_a_stop_in_the_middle_is_told_and_can_be_finished(make_run: Callable[..., Run]) -> None:
    deletions: list[str] = []

    def breaking(request: Request, on: On) -> Response:
        if request.method == "DELETE":
            deletions.append(request.path)
            if len(deletions) == 2:
                raise RunStopped("the target is gone")
        return on(request)

    run = make_run(breaking)
    first, _ = run.make(), run.make()
    removed, left = run.clean()
    assert len(removed) == 1
    assert left == (
        "the clean-up was not finished: the target is gone",
        f"{EVENT_TYPES}/{first} (understudy k3f9 1): not tried",
    )
    assert run.clean() == ((f"{EVENT_TYPES}/{first} (understudy k3f9 1)",), ())


def test_ctrl_c_in_the_middle_leaves_a_ledger_that_can_be_finished(
    make_run: Callable[..., Run], tmp_path: Path
) -> None:
    deletions: list[str] = []

    def interrupting(request: Request, on: On) -> Response:
        if request.method == "DELETE":
            deletions.append(request.path)
            if len(deletions) == 2:
                raise KeyboardInterrupt
        return on(request)

    file = tmp_path / "ledger.jsonl"
    run = make_run(interrupting, file)
    for _ in range(3):
        run.make()
    with pytest.raises(KeyboardInterrupt):
        run.clean()
    run.ledger.close()
    ledger = read_ledger(file, run.bench.yardstick)
    cleaned = clean_up(ledger, run.outside.bench.target, run.bench)
    ledger.close()
    assert (cleaned.created, len(cleaned.removed), cleaned.left) == (3, 2, ())
    assert cleaned.ledger == str(file)
