"""The story that led to a difference, as lines: what was sent, and what each side answered."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.exchange import Exchange
from contracts.parity.play import Answer, Meeting
from contracts.parity.steps import Call, Step, Together, shown
from contracts.secrets import Secrets
from mockserver.model import MISSING, Json

_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One step. *sent* is `POST /books {"title": ...}`, with `<<1.data.id>>` for what the answer to
    the first step shows; *left* and *right* are the answers in one line. *number* is the step's
    key, to which others refer."""

    number: int
    actor: str
    sent: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Masks:
    """The secrets of both sides."""

    secrets: tuple[Secrets, ...] = ()

    def text(self, text: str) -> str:
        """*text* without any of them."""
        for one in self.secrets:
            text = one.text(text)
        return text


def lines_of(story: Sequence[Meeting], masks: Masks, limit: int = _LONGEST) -> list[Line]:
    """The story from its first step to the one in which both sides differ, without secrets."""
    return [
        Line(number, actor, *(masks.text(_cut(text, limit)) for text in (sent, left, right)))
        for meeting in story
        for number, actor, sent, left, right in _told(meeting)
    ]


def _told(meeting: Meeting) -> Iterator[tuple[int, str, str, str, str]]:
    """What a line tells, in full; of several requests at once one line for each."""
    step, left, right = meeting.step, meeting.left, meeting.right
    if not isinstance(step, Together):
        actor = step.actor if isinstance(step, Call) else ""
        yield step.key, actor, sent_text(step), answer_of(left), answer_of(right)
        return
    for index, call in enumerate(step.calls):
        sent = f"at once: {sent_text(call)}"
        yield call.key, call.actor, sent, _member(left, index), _member(right, index)


def _member(answer: Answer, index: int) -> str:
    return _exchange_text(answer.exchanges[index]) if answer.exchanges else answer.said


def sent_text(step: Step) -> str:
    """A step in one line."""
    if not isinstance(step, Call):
        return step.label
    target = "/" + "/".join(shown(one) for one in step.segments)
    if step.query:
        target += "?" + "&".join(f"{name}={shown(value)}" for name, value in step.query)
    special = "".join(f" [{name}: {value}]" for name, value in step.headers if _is_odd(name, value))
    return f"{step.method} {target}{special}{_body_text(step.body)}"


def answer_of(answer: Answer) -> str:
    """An answer in one line; `` where there is none."""
    if answer.exchange is None:
        return answer.said
    return _exchange_text(answer.exchange)


def _exchange_text(exchange: Exchange) -> str:
    text = " ".join(exchange.response.body.decode("utf-8", "replace").split())
    return f"{exchange.response.status} {text}".rstrip()


def _is_odd(name: str, value: object) -> bool:
    """Whether a header is worth telling: its media type, where it is not the usual one."""
    return name.lower() == "content-type" and value != "application/json"


def _body_text(body: Json) -> str:
    if body is MISSING:
        return ""
    if isinstance(body, bytes):
        return " " + body.decode("utf-8", "replace")
    return " " + json.dumps(body, ensure_ascii=False, default=shown)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
