"""One sequence played on both sides in lockstep, each answer held against the other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol, TypeAlias

from contracts.exchange import Exchange, Headers, Request, Response
from contracts.parity.difference import Difference, Kind, differences
from contracts.parity.names import noun_of
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
    Use,
    Wait,
    content_of,
    target_of,
)
from contracts.parity.symbols import is_credential_of, shifted
from contracts.parity.variables import value_at
from contracts.parity.worlds import Worlds
from contracts.stops import NotJudged, Refused
from contracts.suites.session import READING
from mockserver.model import MISSING, Json

TAKEN, REFUSED, UNKNOWN = "taken", "refused", "no such link"
_WITHOUT_WORLD: Final = (Kind.STATUS, Kind.SHAPE, Kind.HEADER)
_ORDERING: Final = ("sort", "order", "take", "skip", "limit", "offset", "page", "cursor")


class Unsaid(NotJudged):
    """A step cannot be sent to a side: what it takes from an earlier answer was not there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a side answered to a step. *exchange* is None for a use, whose *said* is the outcome."""

    exchange: Exchange | None = None
    said: str = ""


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
        if left.exchange is None or right.exchange is None:
            return left.said != right.said
        is_reading = left.exchange.request.method in READING
        return not is_reading and left.exchange.is_success != right.exchange.is_success


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
        if step.method not in READING and not self._side.may_write:
            raise Refused(f"{step.method} would write, and this run only reads: --allow-writes")
        return partial(self._send, step.key, self.request(step, now))

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
        exchange = self._side.target.send(request)
        self._answers[key] = exchange.response
        return Answer(exchange)

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
    is the run's own, None where both sides begin with the same things."""

    def __init__(self, worlds: Worlds | None = None) -> None:
        self.renaming = Renaming()
        self._worlds = worlds
        self._is_alike = True
        self._unread: list[Callable[[], list[Difference]]] = []
        if worlds is not None:
            worlds.introduce(self.renaming)

    def meeting(self, step: Step, left: Answer, right: Answer) -> Meeting:
        found = () if isinstance(step, Wait) else tuple(self._differences(step, left, right))
        return Meeting(step, left, right, found)

    def _differences(self, step: Step, left: Answer, right: Answer) -> list[Difference]:
        if not isinstance(step, Call) or left.exchange is None or right.exchange is None:
            is_same = left.said == right.said
            return [] if is_same else [Difference(Kind.STATUS, "", left.said, right.said)]
        responses = self._response(0, left.exchange), self._response(1, right.exchange)
        found = self._compared(step, left.exchange, right.exchange, *responses)
        if self._worlds is None or _is_about_ours(step):
            return found
        return [one for one in found if one.kind in _WITHOUT_WORLD]

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
            is_ordered=any(name.lower().startswith(_ORDERING) for name, _ in call.query),
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


def _is_about_ours(call: Call) -> bool:
    """Whether a request creates something, or is about something that the run created."""
    return call.method == "POST" or any(isinstance(one, Seen) for one in call.segments)
