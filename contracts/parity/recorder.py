"""`contracts record`: drives a target with the sequences of the twin run, and writes what it
answered as a recording that `contracts replay` sends again.

The sequences follow one another in one world. Uses of links are no requests of the API, so a
recording has none.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from contracts.actors import STRANGER
from contracts.door.stub import open_stub
from contracts.exchange import Exchange
from contracts.opening import given_actors
from contracts.parity.play import LivePlayer
from contracts.parity.recorded import RAW
from contracts.parity.rehearsal import Rehearsal
from contracts.parity.running import KEY_PREFIX
from contracts.parity.sequences import episodes
from contracts.parity.sides import NAMES, NOBODY, Aim, Side, open_side, with_run_id
from contracts.parity.steps import Call, Episode, Seen, Step, Use, calls_of, symbols_of
from contracts.parity.twin import Progress
from contracts.secrets import Secrets
from contracts.settings import Settings
from contracts.stops import NotJudged, RunStopped
from contracts.suites.session import Options
from contracts.yardstick import read_yardstick
from mockserver.errors import SetupError
from mockserver.model import MISSING, Document, Json


@dataclass(slots=True)
class Recording:
    """Lines of JSON, one for each exchange. *incomplete* says why there are not more, *left* what
    of the run is still at the target."""

    lines: list[str] = field(default_factory=list)
    incomplete: str = ""
    left: tuple[str, ...] = ()

    @property
    def is_incomplete(self) -> bool:
        return bool(self.incomplete or self.left or not self.lines)


def record(
    settings: Settings, aim: Aim, steps: int, environ: Mapping[str, str], progress: Progress
) -> Recording:
    """At most *steps* exchanges. Raises SetupError, and RunStopped where nothing was tried."""
    yardstick = read_yardstick(settings.spec, settings.overlays or (), settings.document)
    shared = with_run_id(settings, aim)
    side = open_side(NAMES[0], aim, shared, environ, yardstick)
    rehearsed = open_stub(settings.spec, settings.overlays or (), seed=settings.seed)
    recording = Recording()
    try:
        options = Options(settings.seed, side.bench.options.run_id)
        sequences = episodes(Rehearsal(rehearsed, yardstick, options), yardstick, options)
        writer = _Writer(side, _masks(side, settings, environ))
        progress.begin(steps)
        try:
            for number, episode in enumerate(sequences, 1):
                for exchange, step in _played(side, episode, str(number)):
                    recording.lines.append(writer.line(exchange, step, episode, number))
                    progress.went(len(recording.lines), 0, step.label)
                    if len(recording.lines) >= steps:
                        break
                if len(recording.lines) >= steps:
                    break
        except RunStopped as stop:
            recording.incomplete = str(stop)
        except KeyboardInterrupt:
            recording.incomplete = "stopped by hand"
        finally:
            progress.stop()
        recording.left = side.clean().left
    finally:
        rehearsed.transport.close()
        side.close()
    return recording


def require_new(out: Path, *, is_forced: bool) -> None:
    """Raise SetupError where *out* is there already."""
    if out.exists() and not is_forced:
        reason = "the file is there already: name another, or take its place with --force"
        raise SetupError(reason, file=out)


def _played(side: Side, episode: Episode, mark: str) -> Iterator[tuple[Exchange, Call]]:
    """Every exchange of an episode; steps that cannot be sent are left out."""
    player = LivePlayer(side, mark)
    for step in episode.steps:
        if isinstance(step, Use):
            continue
        with suppress(NotJudged):
            answer = player.ready(step, side.target.now())()
            yield from zip(answer.all, calls_of(step), strict=False)


class _Writer:
    """Writes exchanges as lines, numbered from 1, with variables for what comes from answers."""

    def __init__(self, side: Side, masks: Secrets) -> None:
        self._side = side
        self._masks = masks
        self._seq = 0

    def line(self, exchange: Exchange, call: Call, episode: Episode, number: int) -> str:
        self._seq += 1
        request, response = exchange.request, exchange.response
        headers = dict(request.headers)
        sent = _body(request.body, request.json)
        content = response.json
        document: Document = {
            "seq": self._seq,
            "group": episode.name,
            "name": call.label,
            "sent_at": exchange.sent_at.isoformat(timespec="milliseconds"),
            "request": {
                "method": request.method,
                "path": request.target,
                "headers": headers,
                "body": sent,
                "path_template": _target(request.target, call, number),
                "body_template": _template(call.body, sent, number),
            },
            "response": {
                "status": response.status,
                "headers": [list(pair) for pair in response.headers],
                "body": _shown_body(response.body, content),
                "body_is_json": content is not MISSING,
            },
        }
        if captured := dict(_captured(call.key, episode, number)):
            document["capture"] = captured
        return self._masks.text(json.dumps(document, ensure_ascii=False))


def _captured(key: int, episode: Episode, number: int) -> Iterator[tuple[str, list[str | int]]]:
    """What later steps take from the answer to *key*."""
    for step in episode.steps:
        for one in _seen(step):
            if one.key == key:
                yield _variable(one, number), list(one.place)


def _seen(step: Step) -> Iterator[Seen]:
    if not isinstance(step, Use):
        yield from (one for one in symbols_of(step) if isinstance(one, Seen))


def _variable(seen: Seen, number: int) -> str:
    return f"{number}.{seen.key}.{'.'.join(map(str, seen.place))}"


def _target(target: str, call: Call, number: int) -> str:
    """*target* with variables in the place of what came from answers."""
    path, question, query = target.partition("?")
    parts = path.split("/")
    for index, segment in enumerate(call.segments, 1):
        if isinstance(segment, Seen):
            parts[index] = f"<<{_variable(segment, number)}>>"
    pairs = query.split("&") if query else []
    for index, (_, value) in enumerate(call.query):
        if isinstance(value, Seen):
            name = pairs[index].partition("=")[0]
            pairs[index] = f"{name}=<<{_variable(value, number)}>>"
    return "/".join(parts) + question + "&".join(pairs)


def _template(symbolic: Json, sent: Json, number: int) -> Json:
    """The body that was *sent*, with variables where the step has symbols."""
    if isinstance(symbolic, Seen):
        return f"<<{_variable(symbolic, number)}>>"
    if isinstance(symbolic, dict) and isinstance(sent, dict):
        return {key: _template(symbolic.get(key), sent[key], number) for key in sent}
    if isinstance(symbolic, list) and isinstance(sent, list):
        pairs = zip(symbolic, sent, strict=True)
        return [_template(one, other, number) for one, other in pairs]
    return sent


def _body(content: bytes | None, body: Json) -> Json:
    """JSON as it is, anything else letter by letter; None for none."""
    if content is None:
        return None
    text = content.decode("utf-8", "replace")
    is_plain = body is not MISSING and body is not None and RAW not in text
    return body if is_plain else {RAW: text}


def _shown_body(content: bytes, body: Json) -> Json:
    return content.decode("utf-8", "replace") if body is MISSING else body


def _masks(side: Side, settings: Settings, environ: Mapping[str, str]) -> Secrets:
    """What stands for each secret: `<key:NAME>`, by which a replay finds the key again."""
    if side.stub is not None:
        names = {one.secret: one.secret.removeprefix(KEY_PREFIX) for one in side.stub.actors}
        return Secrets({secret: f"<key:{name}>" for secret, name in names.items()})
    found = {one.secret: f"<key:{one.name}>" for one in given_actors(settings, environ)}
    shown = side.actors.headers(None, STRANGER)
    return Secrets({**found, shown[0][1].rpartition(" ")[2]: NOBODY})
