"""One sequence played on both sides in lockstep, each answer held against the other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol, TypeAlias

from contracts.exchange import READING, Exchange, Headers, Request, Response
from contracts.parity.difference import Difference, Kind, differences
from contracts.parity.names import asks_for_order, noun_of
from contracts.parity.outcomes import in_order, outcome_differences, outcome_of
from contracts.parity.pace import Pace
from contracts.parity.renaming import Renaming
from contracts.parity.sides import Side
from contracts.parity.steps import (
    Bound,
    Call,
    Credential,
    Moment,
    Seen,
    Step,
    Text,
    Together,
    Use,
    Wait,
    calls_of,
    content_of,
    target_of,
)
from contracts.parity.symbols import is_credential_of, shifted
from contracts.parity.variables import value_at
from contracts.parity.worlds import Worlds
from contracts.stops import NoAnswer, NotJudged, Refused
from mockserver.model import MISSING, Json

TAKEN, REFUSED, UNKNOWN, NO_ANSWER = "taken", "refused", "no such link", "no answer"
_WITHOUT_WORLD: Final = (Kind.STATUS, Kind.SHAPE, Kind.WRITING, Kind.HEADER, Kind.TIME)


class Unsaid(NotJudged):
    """A step cannot be sent to a side: what it takes from an earlier answer was not there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a side answered to a step. *exchange* is None for a use, whose *said* is the outcome,
    for a request that was not answered, and for several at once, whose answers are *exchanges*."""

    exchange: Exchange | None = None
    said: str = ""
    exchanges: tuple[Exchange, ...] = ()

    @property
    def all(self) -> tuple[Exchange, ...]:
        """Every request with its answer."""
        return self.exchanges if self.exchange is None else (self.exchange,)


Act: TypeAlias = Callable[[], Answer]


class Player(Protocol):
    """Plays one side of an episode."""

    def ready(self, step: Step, now: datetime) -> Act:
        """What sends *step*, a request at *now*. Raises NotJudged where it cannot be sent.

        What is given raises NotJudged where the side does not do it, RunStopped where it does
        nothing more.
        """


@dataclass(frozen=True, slots=True)
class Meeting:
    """One step, what both sides answered, and what of it is not the same. *mark* is what its play
    put into the names of things."""

    step: Step
    left: Answer
    right: Answer
    differences: tuple[Difference, ...] = ()
    mark: str = ""

    @property
    def is_parting(self) -> bool:
        """Whether one side did what the other refused, so that their states differ from now on."""
        left, right = self.left, self.right
        if left.said != right.said:
            return True
        done = [sum(one.is_success for one in answer.all) for answer in (left, right)]
        is_reading = all(one.request.method in READING for one in left.all)
        return not is_reading and done[0] != done[1]


class LivePlayer:
    """Sends the steps of one episode to a side. *mark* goes into the names of things, so that an
    episode can be played more than once on a server that keeps them."""

    def __init__(self, side: Side, mark: str = "") -> None:
        self._side = side
        self._mark = mark
        self._answers: dict[int, Response] = {}

    def ready(self, step: Step, now: datetime) -> Act:
        if isinstance(step, Wait):
            return partial(self._wait, step)
        if isinstance(step, Use):
            if not self._side.target.can_count_uses:
                raise NotJudged("needs a target that counts uses without a booking")
            return partial(self._use, self._text(step.link))
        calls = calls_of(step)
        for call in calls:
            if call.method not in READING and not self._side.may_write:
                raise Refused(f"{call.method} would write, and this run only reads: --allow-writes")
        requests = [self.request(call, now) for call in calls]
        if isinstance(step, Together):
            return partial(self._send_all, calls, requests)
        return partial(self._send, step.key, requests[0])

    def _wait(self, wait: Wait) -> Answer:
        target = self._side.target
        target.wait_until(target.now() + wait.span)
        return Answer()

    def _use(self, link_id: str) -> Answer:
        try:
            is_taken = self._side.target.count_use(link_id)
        except NotJudged:
            return Answer(said=UNKNOWN)
        return Answer(said=TAKEN if is_taken else REFUSED)

    def _send(self, key: int, request: Request) -> Answer:
        try:
            exchange = self._side.target.send(request)
        except NoAnswer:
            return Answer(said=NO_ANSWER)
        self._answers[key] = exchange.response
        return Answer(exchange)

    def _send_all(self, calls: Sequence[Call], requests: Sequence[Request]) -> Answer:
        try:
            with ThreadPoolExecutor(len(requests)) as pool:
                exchanges = in_order(list(pool.map(self._side.target.send, requests)))
        except NoAnswer:
            return Answer(said=NO_ANSWER)
        for call, exchange in zip(calls, exchanges, strict=True):
            self._answers[call.key] = exchange.response
        return Answer(exchanges=tuple(exchanges))

    def request(self, call: Call, now: datetime) -> Request:
        """The request of *call* to this side. Raises Unsaid."""
        shift = now - call.sent_at
        segments = [self._text(one, shift) for one in call.segments]
        query = [(name, self._text(value, shift)) for name, value in call.query]
        return Request(
            call.method,
            target_of(segments, query),
            self._headers(call),
            content_of(self._json(call.body, shift)),
            call.actor,
        )

    def _text(self, text: Text, shift: timedelta = timedelta()) -> str:
        value = self._value(text, shift)
        return value if isinstance(value, str) else str(value)

    def _value(self, value: Json, shift: timedelta) -> Json:
        if isinstance(value, Seen):
            return self._seen(value)
        if isinstance(value, Bound):
            if value.name not in self._side.bench.bindings:
                raise Unsaid(f"needs a value for {{{value.name}}}: give --path {value.name}=VALUE")
            return self._side.bench.bindings[value.name]
        if isinstance(value, Moment):
            return shifted(value.text, timedelta(milliseconds=shift // timedelta(milliseconds=1)))
        return self._marked(value) if isinstance(value, str) else value

    def _seen(self, seen: Seen) -> Json:
        answer = self._answers.get(seen.key)
        value = MISSING if answer is None else value_at(answer.json, seen.place)
        if value is MISSING or isinstance(value, dict | list) or value is None:
            raise Unsaid("takes something from an answer that does not have it")
        return value

    def _json(self, value: Json, shift: timedelta) -> Json:
        if isinstance(value, dict):
            return {key: self._json(inner, shift) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._json(inner, shift) for inner in value]
        return value if isinstance(value, bytes) else self._value(value, shift)

    def _headers(self, call: Call) -> Headers:
        found: list[tuple[str, str]] = []
        for name, value in call.headers:
            if isinstance(value, Credential):
                found += self._credential(call, name, value)
            else:
                found.append((name, value))
        return tuple(found)

    def _credential(self, call: Call, name: str, value: Credential) -> Headers:
        actors = self._side.actors
        if value.actor not in actors:
            raise Unsaid(f"needs the actor {value.actor}: give --as {value.actor}=ENV_VAR")
        shown = actors.headers(call.operation, value.actor)
        if not (value.before or value.after):
            return tuple(pair for pair in shown if pair[0] == name) or shown
        secret = shown[0][1].rpartition(" ")[2] if is_credential_of(value.actor) else ""
        return ((name, value.before + secret + value.after),)

    def _marked(self, text: str) -> str:
        run_id = self._side.bench.options.run_id
        if not self._mark or run_id.lower() not in text.lower():
            return text
        for word, joint in ((run_id, " "), (run_id.lower(), "-")):  # titles, and slugs
            text = text.replace(f"{word}{joint}", f"{word}{joint}{self._mark}-")
        return text


class RecordedPlayer:
    """Gives the answers that a side gave before."""

    def __init__(self, answers: Mapping[int, Answer]) -> None:
        self._answers = answers

    def ready(self, step: Step, now: datetime) -> Act:
        if step.key not in self._answers:
            raise Unsaid("this step was not played before")
        answer = self._answers[step.key]
        return lambda: answer


class Judge:
    """Holds two answers to one step of an episode against each other. *worlds* knows what of them
    is the run's own, None where both sides begin with the same things; *pace* which operations
    were late in episodes before."""

    def __init__(self, worlds: Worlds | None = None, pace: Pace | None = None) -> None:
        self.renaming = Renaming()
        self._worlds = worlds
        self._pace = pace or Pace()
        self._is_alike = True
        self._unread: list[Callable[[], list[Difference]]] = []
        if worlds is not None:
            worlds.introduce(self.renaming)

    def meeting(self, step: Step, left: Answer, right: Answer) -> Meeting:
        found = () if isinstance(step, Wait) else tuple(self._differences(step, left, right))
        return Meeting(step, left, right, found)

    def _differences(self, step: Step, left: Answer, right: Answer) -> list[Difference]:
        calls = calls_of(step)
        if not calls or left.said or right.said:
            is_same = left.said == right.said
            return [] if is_same else [Difference(Kind.STATUS, "", _told(left), _told(right))]
        if isinstance(step, Together):
            found = self._outcomes(calls, left.all, right.all)
        else:
            found = self._pair(calls[0], left.all[0], right.all[0])
        durations = [max(one.target_s for one in answer.all) for answer in (left, right)]
        return found + self._pace.differences(step.label, durations[0], durations[1])

    def _outcomes(
        self, calls: Sequence[Call], left: Sequence[Exchange], right: Sequence[Exchange]
    ) -> list[Difference]:
        """What differs in the outcome; of the single answers only the names are learned, for what
        else they show depends on who came first."""
        found = list(outcome_differences(outcome_of(calls, left), outcome_of(calls, right)))
        for call, one, other in zip(calls, left, right, strict=True):
            if one.is_success and other.is_success:
                self._pair(call, one, other)
        return found

    def _pair(self, call: Call, one: Exchange, other: Exchange) -> list[Difference]:
        responses = self._response(0, one), self._response(1, other)
        found = self._compared(call, one, other, *responses)
        if self._worlds is None or _is_about_ours(call):
            return found
        return [difference for difference in found if difference.kind in _WITHOUT_WORLD]

    def _compared(
        self, call: Call, one: Exchange, other: Exchange, left: Response, right: Response
    ) -> list[Difference]:
        """Bodies that are the same to the letter are only looked into, for the names in them, when
        first any others come: that takes time, and most are."""
        compare = partial(
            differences,
            renaming=self.renaming,
            expected_at=one.sent_at,
            actual_at=other.sent_at,
            noun=noun_of(call.operation.path if call.operation else one.request.path),
            is_ordered=asks_for_order(name for name, _ in call.query),
        )
        if left.body == right.body and self._is_alike:
            self._unread.append(partial(compare, left, right))
            return compare(replace(left, body=b""), replace(right, body=b""))
        self._is_alike = False
        while self._unread:
            self._unread.pop(0)()
        found = compare(left, right)
        if left.status != right.status and one.is_success and other.is_success:
            # both did it: what they name is needed later, and what else differs is told too
            found += compare(left, replace(right, status=left.status))
        return found

    def _response(self, side: int, exchange: Exchange) -> Response:
        return exchange.response if self._worlds is None else self._worlds.own(side, exchange)


def in_lockstep(
    left: Player, right: Player, steps: Sequence[Step], judge: Judge, now: Callable[[], datetime]
) -> Iterator[Meeting]:
    """Play *steps* with both, *right* after *left*; what one of them cannot be sent is sent to
    neither. Raises RunStopped."""
    for step in steps:
        instant = now()
        try:
            acts = left.ready(step, instant), right.ready(step, instant)
            answers = acts[0](), acts[1]()
        except NotJudged:
            continue
        yield judge.meeting(step, *answers)


def _told(answer: Answer) -> str:
    return answer.said or ", ".join(str(one.response.status) for one in answer.all)


def _is_about_ours(call: Call) -> bool:
    """Whether a request creates something, or is about something that the run created."""
    return call.method == "POST" or any(isinstance(one, Seen) for one in call.segments)
