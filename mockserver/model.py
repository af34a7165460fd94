"""Values that travel between the rooms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

Json = Any
"""What JSON can hold: None, bool, int, float, str, list, dict."""

Document = dict[str, Any]
"""A JSON object."""


def fitted(text: bytes) -> bytes:
    """A copy of *text* to be kept: what orjson has written holds a buffer of several times its
    size for as long as it lives."""
    return memoryview(text).tobytes()


class Missing:
    """The type of `MISSING`: a value that was not sent, as opposed to a null that was."""

    _only: "Missing | None" = None

    def __new__(cls) -> "Missing":
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


class Actor(NamedTuple):
    """Who sends a request.

    *kind* is `anonymous`, or names the credential: `api-key`, `client`, `managed-token`,
    `oauth-token`. *scopes* is None where the credential knows no scopes.
    """

    kind: str = "anonymous"
    user_id: int | None = None
    name: str = ""
    scopes: frozenset[str] | None = None
    is_system_admin: bool = False


ANONYMOUS: Final = Actor()


class Reply(NamedTuple):
    """An answer before it is written: *body* is JSON, or MISSING for none at all.

    *is_own* marks what the mock says of itself, outside the simulated API and its document.
    *is_kept* marks an answer that is given as the same object again, for as long as nothing
    changes: nobody writes to its body, so its bytes and their verdict are remembered with it.
    Every request makes one: a named tuple is made in a third of a frozen dataclass's time.
    """

    status: int
    body: Json = MISSING
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json"
    is_own: bool = False
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule of a schema.

    *where* is `body`, `path`, `query`, `header` or `response`; *place* the path inside it, as
    keys and indexes; *rule* the JSON Schema keyword (or `parse`, `media-type`); *value* what
    stood there (MISSING where nothing did); *schema* the schema object that holds the rule.
    """

    where: str
    place: tuple[str | int, ...]
    rule: str
    message: str
    value: Json = MISSING
    schema: Mapping[str, Json] | None = None

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer: `/items/0/name`, or `` for the whole value."""
        return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in self.place)
