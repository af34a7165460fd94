"""The story that led to a difference, as lines: what was sent, and what each side answered."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contracts.exchange import Exchange
from contracts.parity.play import Answer, Meeting
from contracts.parity.steps import Call, Step, shown
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
        Line(
            meeting.step.key,
            meeting.step.actor if isinstance(meeting.step, Call) else "",
            masks.text(_cut(sent_text(meeting.step), limit)),
            masks.text(_cut(answer_of(meeting.left), limit)),
            masks.text(_cut(answer_of(meeting.right), limit)),
        )
        for meeting in story
    ]


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
