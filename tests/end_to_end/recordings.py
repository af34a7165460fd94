"""Reads recordings of a real server and replays them: variables renamed, answers compared."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = Any
VARIABLE = re.compile(r"<<([^<>]+)>>")
KEY = re.compile(r"<key:([^<>]+)>")


@dataclass(frozen=True)
class Recorded:
    """One line of a recording."""

    seq: int
    sent_at: str
    request: dict[str, Json]
    response: dict[str, Json]
    capture: dict[str, list[str]]

    @property
    def message(self) -> str | None:
        return message_of(self.response["body"])


@dataclass
class Variables:
    """What a variable stood for when it was recorded, and what it stands for now."""

    recorded: dict[str, str] = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)

    def learn(self, name: str, recorded: Json, present: Json) -> None:
        self.recorded[name] = str(recorded)
        self.present[name] = str(present)

    def fill(self, template: str) -> str:
        return VARIABLE.sub(lambda found: self.present[found[1]], template)

    def translate(self, text: str) -> str:
        """A recorded text with every recorded id replaced by the present one."""
        names = {value: name for name, value in self.recorded.items()}
        if not names:
            return text
        longest_first = sorted(names, key=len, reverse=True)
        pattern = rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)"
        return re.sub(pattern, lambda found: self.present[names[found[1]]], text)


def read(path: Path) -> Iterator[Recorded]:
    """The exchanges of one file, in the order of sending."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    for line in sorted(lines, key=lambda line: line["seq"]):
        yield Recorded(
            line["seq"],
            line["sent_at"],
            line["request"],
            line["response"],
            line.get("capture") or {},
        )


def request_parts(
    request: Mapping[str, Json], variables: Variables
) -> tuple[str, str, dict[str, str], bytes | None]:
    """Method, path, headers and body to send now."""
    headers = {
        name: KEY.sub(lambda found: f"cal_test_{found[1]}", value)
        for name, value in request["headers"].items()
    }
    body = request.get("body_template")
    sent = request.get("body")
    if isinstance(sent, dict) and set(sent) == {"__raw__"}:
        content = sent["__raw__"].encode()
    else:
        content = None if body is None else _filled(body, variables)
    path = variables.fill(request["path_template"])
    return request["method"], path, headers, content


def _filled(body: Json, variables: Variables) -> bytes:
    """A JSON body; a variable that is a whole text of digits becomes a number."""

    def fill(value: Json) -> Json:
        if isinstance(value, str):
            filled = variables.fill(value)
            alone = VARIABLE.fullmatch(value)
            return int(filled) if alone and filled.isdecimal() else filled
        if isinstance(value, list):
            return [fill(one) for one in value]
        if isinstance(value, dict):
            return {name: fill(one) for name, one in value.items()}
        return value

    return json.dumps(fill(body)).encode()


def message_of(body: Json) -> str | None:
    """The message of an error body in any of the API's shapes; None for a success."""
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    found = error.get("message") if isinstance(error, dict) else body.get("message")
    return str(found) if found is not None else None


def value_at(body: Json, place: list[str]) -> Json:
    """The value at a place such as `["data", "linkId"]`."""
    for key in place:
        body = body[int(key)] if isinstance(body, list) else body[key]
    return body
