"""What a run may do to a target beside calling its API: move its clock, make things happen."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final, Protocol

from contracts.exchange import Headers, Request, Response
from contracts.stops import NotJudged
from mockserver.errors import SetupError
from mockserver.model import MISSING, Document, Json

PREFIX: Final = "/__admin"
USE_LINK: Final = "use-private-link"


class Carrier(Protocol):
    """What brings requests to the admin API: a transport."""

    def send(self, request: Request) -> Response: ...


class Control(Protocol):
    """A target that can be moved from outside. Every method raises NotJudged where it cannot."""

    def now(self) -> datetime:
        """The target's time, aware, UTC."""

    def move_to(self, instant: datetime) -> None:
        """Make it *instant* (aware) at the target."""

    @property
    def can_count_uses(self) -> bool:
        """Whether `count_use` is there at all."""

    def count_use(self, link_id: str) -> bool:
        """Count one booking through a private link; False where the target refuses it, for the
        link has ended."""


class AdminControl:
    """A mock of this project, through its admin API below *transport*'s root.

    Its clock is asked once; after that only this control may move it. *token* is the admin token,
    where the mock wants one. Safe to use from several threads at once.
    """

    def __init__(self, transport: Carrier, token: str | None = None) -> None:
        self._transport = transport
        self._credential: Headers = (("Authorization", f"Bearer {token}"),) if token else ()
        self._lock = threading.Lock()
        self._clock: TargetClock | None = None
        self._actions: frozenset[str] | None = None

    def check(self) -> None:
        """Raises SetupError where the target cannot be controlled."""
        try:
            self.now()
        except NotJudged as error:
            raise SetupError(str(error), place="--control") from None

    def now(self) -> datetime:
        with self._lock:
            if self._clock is None:
                self._clock = read_clock(self._ask("GET", "/clock"))
            return self._clock.now()

    def move_to(self, instant: datetime) -> None:
        """A clock that stands still stands still there; one that runs goes on from there."""
        told = instant.astimezone(UTC).isoformat()
        with self._lock:
            self._clock = read_clock(self._ask("PUT", "/clock", {"set": told}))

    def fidelity(self) -> dict[str, str]:
        """How well each operation is known to be as the real server's, by label: `modelled`."""
        routes = self._ask("GET", "/routes").get("routes", [])
        return {f"{one['method']} {one['path']}": one.get("fidelity", "") for one in routes}

    @property
    def can_count_uses(self) -> bool:
        with self._lock:
            if self._actions is None:
                listed = self._ask("GET", "/actions").get("actions", [])
                self._actions = frozenset(action["name"] for action in listed)
            return USE_LINK in self._actions

    def count_use(self, link_id: str) -> bool:
        """Raises NotJudged where there is no such link."""
        if not self.can_count_uses:
            raise NotJudged(
                f"the mock has no action {USE_LINK}: it does not simulate private links"
            )
        response = self._send("POST", f"/actions/{USE_LINK}", {"linkId": link_id})
        if response.status == HTTPStatus.CONFLICT:
            return False
        _content(response)
        return True

    def _ask(self, method: str, path: str, body: Json = MISSING) -> Document:
        return _content(self._send(method, path, body))

    def _send(self, method: str, path: str, body: Json = MISSING) -> Response:
        kind = () if body is MISSING else (("Content-Type", "application/json"),)
        content = None if body is MISSING else json.dumps(body).encode()
        headers = (*self._credential, *kind)
        return self._transport.send(Request(method, PREFIX + path, headers, content))


class TargetClock:
    """What is known of a target's clock: it stands still, or runs so far ahead of ours."""

    def __init__(self, now: datetime, is_frozen: bool) -> None:
        self._frozen_at = now if is_frozen else None
        self._ahead: timedelta = now - datetime.now(UTC)

    def now(self) -> datetime:
        return self._frozen_at or datetime.now(UTC) + self._ahead


def read_clock(document: Document) -> TargetClock:
    """The clock that the admin API shows. Raises NotJudged."""
    try:
        now = datetime.fromisoformat(document["now"])
        return TargetClock(now.astimezone(UTC), bool(document["isFrozen"]))
    except (KeyError, TypeError, ValueError):
        raise NotJudged(_no_admin("shows no clock")) from None


def _content(response: Response) -> Document:
    """The answer of the admin API. Raises NotJudged with what it says against it."""
    content = response.json
    if not isinstance(content, dict):
        raise NotJudged(_no_admin(f"answered {response.status} and no JSON"))
    if 200 <= response.status < 300:
        return content
    detail = content.get("detail") or content.get("error") or response.status
    if response.status == HTTPStatus.UNAUTHORIZED:
        raise NotJudged(f"the mock's admin API refuses: {detail}; give --control-token")
    if response.status == HTTPStatus.NOT_FOUND and "detail" not in content:
        raise NotJudged(_no_admin("answered 404"))
    raise NotJudged(f"the mock's admin API refuses: {detail}")


def _no_admin(why: str) -> str:
    return f"the target has no admin API of a mock ({PREFIX} {why}): leave out --control"
