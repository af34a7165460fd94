"""The rate limiter, which runs first and so is the one to turn unknown API keys away.

Source: reference conventions section 8 (S `throttler-guard.ts`); recordings: the three headers
stand on every counted answer, not on the refusal of an unknown key, a route or malformed JSON.
"""

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.access.credentials import Credentials, credentials_of, stored_api_key
from mockserver.domains.calcom.conventions.errors import unauthorized
from mockserver.errors import ApiError

GUARD = "CustomThrottlerGuard"
WINDOW_S = 60
KEY_LIMIT = 120
TOKEN_LIMIT = 500
NAME = "Default"


def _headers(limit: int, remaining: int, reset_s: int) -> tuple[tuple[str, str], ...]:
    return (
        (f"X-RateLimit-Limit-{NAME}", str(limit)),
        (f"X-RateLimit-Remaining-{NAME}", str(remaining)),
        (f"X-RateLimit-Reset-{NAME}", str(reset_s)),
    )


UNTOUCHED = {limit: _headers(limit, limit - 1, WINDOW_S) for limit in (KEY_LIMIT, TOKEN_LIMIT)}
"""What the first request of a window sees, shown on every one while nothing is counted."""


def limit_requests(call: Call) -> None:
    """Refuse unknown API keys with 401, and with 429 those who ask too much."""
    shown = credentials_of(call)
    if shown.is_api_key and stored_api_key(call) is None:
        raise unauthorized(f"{GUARD} - Invalid API Key")
    has_key_limit = shown.is_api_key or not (shown.token or shown.client_id)
    limit = KEY_LIMIT if has_key_limit else TOKEN_LIMIT
    if call.limits is None:
        call.answer_headers += UNTOUCHED[limit]
        return
    hit = call.limits.hit(_tracker(call, shown), limit, call.now)
    call.answer_headers += _headers(hit.limit, hit.remaining, hit.reset_s)
    if hit.is_refused:
        raise ApiError(429, f"{GUARD} - Too many requests. Please try again later.")


def _tracker(call: Call, shown: Credentials) -> str:
    """Whose requests are counted together."""
    if shown.is_api_key:
        return f"key {shown.token}"
    if shown.token:
        return f"token {shown.token}"
    if shown.client_id:
        return f"client {shown.client_id}"
    return f"address {call.headers.get('cf-connecting-ip', call.client)}"
