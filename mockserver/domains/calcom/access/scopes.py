"""What a third-party token may do, and what a managed user's client may do.

Source: reference conventions sections 3.3 and 3.4 (S `permissions.guard.ts`,
`oauth-permissions.guard.ts`, T).
"""

import re

from mockserver.openapi.operations import Operation
from mockserver.store.protocol import View

_KNOWN = re.compile(
    r"(TEAM_|ORG_)?(EVENT_TYPE|BOOKING|SCHEDULE|APPS|PROFILE|MEMBERSHIP)_(READ|WRITE)"
).fullmatch


def effective_scopes(token: View) -> frozenset[str] | None:
    """The scopes that count; None means full access.

    A token without any scope that is known (`READ_BOOKING`, `READ_PROFILE` are of old) may do
    everything.
    """
    scopes = frozenset(token["scopes"] or ())
    return scopes if any(_KNOWN(scope) for scope in scopes) else None


def needed_scope(operation: Operation) -> str | None:
    """The scope a third-party token needs for an operation."""
    action = "READ" if operation.method in ("GET", "HEAD") else "WRITE"
    if operation.path.startswith("/v2/event-types"):
        return f"EVENT_TYPE_{action}"
    if "/event-types" in operation.path:
        return f"TEAM_EVENT_TYPE_{action}"
    return f"PROFILE_{action}" if operation.path == "/v2/me" else None


def satisfies(held: frozenset[str], needed: str) -> bool:
    """`ORG_X` stands in for `TEAM_X`; nothing else stands in for anything."""
    if needed in held:
        return True
    return needed.startswith("TEAM_") and needed.replace("TEAM_", "ORG_", 1) in held
