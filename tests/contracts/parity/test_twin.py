"""The twin run: silent on equal targets, telling on unequal ones, each cause once and by name."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from contracts.door.stub import open_stub
from contracts.door.targets import Target
from contracts.exchange import Request, Response
from contracts.parity.adopt import adopt
from contracts.parity.explaining import explain
from contracts.parity.rehearsal import Rehearsal
from contracts.parity.sequences import episodes
from contracts.parity.shortening import shorten
from contracts.parity.sides import Quirky, Side, open_side, read_aim
from contracts.parity.steps import Episode
from contracts.parity.story import Masks, lines_of, sent_text
from contracts.parity.twin import Pair, Run, Twin, rest_after
from contracts.settings import Settings
from contracts.suites.session import Options
from contracts.yardstick import Yardstick
from mockserver.errors import SetupError
from mockserver.openapi import load_quirks
from tests.contracts.altered import Altered, Change

SETTINGS = Settings(run_id="seed1")
EPISODES = 20


class Silent:
    """A progress that shows nothing."""

    def begin(self, steps: int) -> None: ...
    def went(self, steps: int, causes: int, now: str) -> None: ...
    def say(self, text: str) -> None: ...
    def stop(self) -> None: ...


@pytest.fixture(scope="module")
def sequences(yardstick: Yardstick) -> list[Episode]:
    """The scripts for Cal.com, and the beginning of the others."""
    stub = open_stub()
    options = Options(run_id="seed1")
    made = list(islice(episodes(Rehearsal(stub, yardstick, options), yardstick, options), EPISODES))
    stub.transport.close()
    return made


def opened(name: str, yardstick: Yardstick) -> Iterator[Side]:
    side = open_side(name, read_aim("stub"), SETTINGS, {}, yardstick)
    yield side
    side.close()


@pytest.fixture(scope="module")
def left(yardstick: Yardstick) -> Iterator[Side]:
    yield from opened("left", yardstick)


@pytest.fixture(scope="module")
def right(yardstick: Yardstick) -> Iterator[Side]:
    yield from opened("right", yardstick)


def named(sequences: list[Episode], *names: str) -> list[Episode]:
    """Those whose names end so, of users before those of teams."""
    return [next(one for one in sequences if one.name.endswith(name)) for name in names]


def run_of(pair: Pair, sequences: list[Episode], limit: int = 1000, tries: int = 30) -> Run:
    run = Twin(pair, limit, Silent()).go(sequences)
    shorten(pair, run, tries, Silent())
    return run


Alter = Callable[[Change], Pair]


@pytest.fixture
def altered(left: Side, right: Side, yardstick: Yardstick) -> Alter:
    """The two mocks, with answers of the right one changed."""

    def make(change: Change) -> Pair:
        assert right.stub is not None
        transport = Altered(right.stub.transport, change)
        target = Target(transport, yardstick, control=right.stub.control)
        return Pair(left, replace(right, bench=replace(right.bench, target=target)), yardstick)

    return make


def test_two_mocks_are_the_same(
    left: Side, right: Side, yardstick: Yardstick, sequences: list[Episode]
) -> None:
    run = run_of(Pair(left, right, yardstick), sequences)
    assert run.sent > 200
    assert {cause: lines_of(one.story, Masks()) for cause, one in run.divergences.items()} == {}


def test_ids_of_their_own_are_no_difference(altered: Alter, sequences: list[Episode]) -> None:
    def other_ids(request: Request, on: Callable[[Request], Response]) -> Response:
        """A server that counts its event types from 1000 on."""
        sent = replace(request, target=request.target.replace("/event-types/11", "/event-types/1"))
        answer = on(sent)
        return replace(answer, body=_counted_on(answer.body))

    pair = altered(other_ids)
    assert run_of(pair, named(sequences, "links-are-created", "settings-seats")).divergences == {}


def _counted_on(body: bytes) -> bytes:
    for key in (b'"id":', b'"eventTypeId":'):
        body = body.replace(key + b"1", key + b"11")
    return body


def test_a_difference_in_a_long_story_is_told_in_the_shortest_one(
    altered: Alter, sequences: list[Episode]
) -> None:
    seen: list[str] = []

    def forgets_a_use(request: Request, on: Callable[[Request], Response]) -> Response:
        answer = on(request)
        body = answer.body.replace(b'"usageCount":2', b'"usageCount":1')
        return replace(answer, body=body)

    run = run_of(altered(forgets_a_use), named(sequences, "links-end"))
    (divergence,) = run.divergences.values()
    assert divergence.cause.place == "/data/*/usageCount"
    assert divergence.is_shrunk
    seen = [sent_text(one.step).split(" ")[0] for one in divergence.story]
    assert seen == ["POST", "POST", "use", "use", "GET"]


def test_a_cause_is_told_once_and_counted(altered: Alter, sequences: list[Episode]) -> None:
    def with_header(request: Request, on: Callable[[Request], Response]) -> Response:
        answer = on(request)
        return replace(answer, headers=(*answer.headers, ("X-Frame-Options", "DENY")))

    run = run_of(altered(with_header), named(sequences, "settings-seats", "settings-video"))
    (divergence,) = run.divergences.values()
    assert divergence.count > 8
    assert len(divergence.operations) > 3
    assert len(divergence.story) == 1


def test_one_cause_does_not_hide_another(altered: Alter, sequences: list[Episode]) -> None:
    """The create of the first link is refused; what is made after it is compared all the same."""

    def refuses_dates(request: Request, on: Callable[[Request], Response]) -> Response:
        if request.method == "POST" and b"expiresAt" in (request.body or b""):
            return Response(400, (("Content-Type", "application/json"),), b'{"status":"error"}')
        answer = on(request)
        return replace(answer, body=answer.body.replace(b'"isExpired":true', b'"isExpired":1'))

    run = run_of(altered(refuses_dates), named(sequences, "links-end"))
    assert {(cause.kind, cause.place) for cause in run.divergences} == {
        ("status", ""),
        ("shape", "/data/*/isExpired"),
    }


def test_the_rest_goes_on_from_fresh_items(sequences: list[Episode]) -> None:
    (episode,) = named(sequences, "links-end")
    first_link = episode.steps[1]
    rest = rest_after(episode.steps, first_link.key)
    assert rest[0] is episode.steps[0]
    assert first_link not in rest
    assert all("maxUsageCount" not in sent_text(step) for step in rest)


def test_a_quirk_is_told_by_its_name(
    left: Side, right: Side, yardstick: Yardstick, sequences: list[Episode]
) -> None:
    pair = Pair(left, right, yardstick)
    Quirky(right).turn_on(["link-update-clears-the-date"])
    try:
        run = run_of(pair, named(sequences, "links-change"), limit=8)
        divergences = list(run.divergences.values())
        explain(pair, run, Silent())
    finally:
        Quirky(right).turn_on([])
    assert {one.quirks for one in divergences} == {("link-update-clears-the-date",)}
    assert not any(one["isOn"] for one in Quirky(left).known())


def test_what_there_was_no_time_for_is_said(
    left: Side, right: Side, yardstick: Yardstick, sequences: list[Episode]
) -> None:
    pair = Pair(left, right, yardstick)
    Quirky(right).turn_on(["link-update-clears-the-date"])
    try:
        run = run_of(pair, named(sequences, "links-change"), limit=8, tries=0)
        explain(pair, run, Silent(), longest_s=0)
    finally:
        Quirky(right).turn_on([])
    assert not any(one.quirks for one in run.divergences.values())
    (remark,) = run.remarks
    assert remark.startswith("there was no more time to see which quirks explain")


def test_what_no_quirk_explains_is_proposed_as_one(
    altered: Alter, sequences: list[Episode], tmp_path: Path
) -> None:
    def other_code(request: Request, on: Callable[[Request], Response]) -> Response:
        answer = on(request)
        return replace(answer, status=200) if answer.status == 201 else answer

    run = run_of(altered(other_code), named(sequences, "links-are-created"))
    file = tmp_path / "proposed.yaml"
    sides = ("stub", "https://api.example.test")
    count = adopt(file, run.divergences.values(), Masks(), sides=sides, day=date(2030, 1, 2))
    entry = load_quirks(file).by_name["post-event-types-status-200-not-201"]
    assert count == 1
    assert (entry.documented, entry.observed) == ("status: 201", "status: 200")
    assert "2030-01-02" in entry.evidence
    assert len(entry.operations) == 2
    assert not entry.in_observed


def test_sequences_end_at_the_limit(
    left: Side, right: Side, yardstick: Yardstick, sequences: list[Episode]
) -> None:
    assert run_of(Pair(left, right, yardstick), sequences, limit=7).sent == 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stub", ("documented", (), ())),
        ("stub:observed", ("observed", (), ())),
        ("stub:quirk=a,fault=b:x:p=0.2", ("documented", ("a",), ("b:x:p=0.2",))),
    ],
)
def test_a_target_is_read(text: str, expected: tuple[object, ...]) -> None:
    aim = read_aim(text)
    assert (aim.profile, aim.quirks, aim.faults) == expected


@pytest.mark.parametrize("text", ["stub:", "stub:strange", "stub:quirk=", "ftp://x", "nothing"])
def test_a_wrong_target_is_refused(text: str) -> None:
    with pytest.raises(SetupError):
        read_aim(text)
