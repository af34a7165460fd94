"""Who sends a request: API keys, clients, managed users' tokens and third-party tokens.

Source: reference conventions sections 3.1 and 3.2 (S `api-auth.strategy.ts`), recordings of auth.
"""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.access.scopes import effective_scopes
from mockserver.domains.calcom.conventions.errors import unauthorized
from mockserver.domains.calcom.world import members, user
from mockserver.errors import ApiError
from mockserver.model import ANONYMOUS, Actor
from mockserver.store.protocol import Store, View

KEY_PREFIX = "cal_"
CLIENT_ID = "x-cal-client-id"
CLIENT_SECRET = "x-cal-secret-key"
STRATEGY = "ApiAuthStrategy"


class Credentials(NamedTuple):
    """What a request shows of itself; empty text where a header is missing."""

    token: str
    client_id: str
    client_secret: str
    is_api_key: bool


def credentials_of(call: Call) -> Credentials:
    """The credentials of a request; `Bearer ` is cut out, so a bare token does as well."""
    shown: Credentials | None = call.seen.get("credentials")
    if shown is None:
        headers = call.headers
        shown = call.seen["credentials"] = _read(
            headers.get("authorization", ""),
            headers.get(CLIENT_ID, ""),
            headers.get(CLIENT_SECRET, ""),
        )
    return shown


@lru_cache(256)
def _read(authorization: str, client_id: str, client_secret: str) -> Credentials:
    """Headers alone tell it, and whoever calls shows the same ones again."""
    token = authorization.strip().replace("Bearer ", "", 1)
    return Credentials(token, client_id, client_secret, token.startswith(KEY_PREFIX))


def stored_api_key(call: Call) -> View | None:
    """The stored API key that the request carries, read once."""
    seen = call.seen
    if "api-key" not in seen:
        seen["api-key"] = call.store.view("api-keys", credentials_of(call).token)
    found: View | None = seen["api-key"]
    return found


def authenticate(call: Call) -> None:
    """Put the actor into the call. Raises ApiError 401, or 498 for an expired managed token."""
    call.actor = _actor(call, credentials_of(call))


def authenticate_if_able(call: Call) -> None:
    """Put the actor into the call where there is one; invalid credentials are still refused.

    A lone client id or secret counts as nothing.

    Source: reference conventions section 3.5 (S `optional-api-auth.guard.ts`).
    """
    shown = credentials_of(call)
    if shown.token or (shown.client_id and shown.client_secret):
        call.actor = _actor(call, shown)
    else:
        call.actor = ANONYMOUS


def _actor(call: Call, shown: Credentials) -> Actor:
    if shown.client_id and shown.client_secret:
        return _client_actor(call.store, shown)
    if shown.is_api_key:
        return _api_key_actor(call)
    if shown.token:
        return _token_actor(call, shown.token)
    raise unauthorized(_nothing_usable(shown))


def _nothing_usable(shown: Credentials) -> str:
    if shown.client_id:
        return (
            f"{STRATEGY} - Only '{CLIENT_ID}' header provided. Please also provide "
            f"'{CLIENT_SECRET}' header or Auth bearer token as 'Authentication' header"
        )
    if shown.client_secret:
        return (
            f"{STRATEGY} - Only '{CLIENT_SECRET}' header provided. Please also provide "
            f"'{CLIENT_ID}' header or Auth bearer token as 'Authentication' header"
        )
    return (
        f"{STRATEGY} - No authentication method provided. Either pass an API key as 'Bearer' "
        f"header or OAuth client credentials as '{CLIENT_SECRET}' and '{CLIENT_ID}' headers"
    )


def _api_key_actor(call: Call) -> Actor:
    """A key works to the end of the day of its expiry."""
    stored = stored_api_key(call)
    if stored is None:
        raise unauthorized(f"{STRATEGY} - api key - Your api key is not valid")
    expires_at = stored["expiresAt"]
    if expires_at and datetime.fromisoformat(expires_at).date() < call.now.date():
        raise unauthorized(f"{STRATEGY} - api key - Your api key is expired")
    return _acting(call.store, "api-key", stored["userId"])


def _client_actor(store: Store, shown: Credentials) -> Actor:
    """A client acts as the owner of its organization, else as an admin of it."""
    client = store.view("oauth-clients", shown.client_id)
    prefix = f"{STRATEGY} - oAuth client -"
    if client is None:
        raise unauthorized(f"{prefix} Client with ID {shown.client_id} not found")
    if client["secret"] != shown.client_secret:
        raise unauthorized(f"{prefix} Invalid client secret")
    held = members(store, client["organizationId"])
    for role in ("OWNER", "ADMIN"):
        for membership in held:
            if membership["role"] == role:
                return _acting(store, "client", membership["userId"])
    raise unauthorized(f"{prefix} No owner found for client with ID {shown.client_id}")


def _token_actor(call: Call, token: str) -> Actor:
    stored = call.store.view("access-tokens", token)
    if stored is None:
        raise unauthorized("Invalid Access Token.")
    if stored["kind"] == "managed":
        if is_over(stored, call.now):
            raise ApiError(498, "ACCESS_TOKEN_IS_EXPIRED")
        _check_origin(call, stored)
        return _acting(call.store, "managed-token", stored["userId"])
    if is_over(stored, call.now):
        raise unauthorized("Invalid Access Token.")
    return _acting(call.store, "oauth-token", stored["userId"], effective_scopes(stored))


def is_over(token: View, now: datetime) -> bool:
    """Tell whether an access token has ended by *now*."""
    expires_at = token["expiresAt"]
    return expires_at is not None and datetime.fromisoformat(expires_at) < now


def _check_origin(call: Call, token: View) -> None:
    """A managed user's token works only from origins that its client names, if it names any."""
    client = call.store.view("oauth-clients", token["clientId"] or "")
    allowed = client.get("redirectUris") if client else None
    origin = call.headers.get("origin")
    if not allowed or not origin or any(uri.startswith(origin) for uri in allowed):
        return
    raise unauthorized(
        f"{STRATEGY} - access token - Invalid request origin - please open "
        f"https://app.cal.com/settings/platform and add the origin '{origin}' to the "
        f"'Redirect uris' of your OAuth client with ID '{token['clientId']}'"
    )


def _acting(store: Store, kind: str, user_id: int, scopes: frozenset[str] | None = None) -> Actor:
    person = user(store, user_id)
    if person is None:
        raise unauthorized(f"{STRATEGY} - No user associated with the provided credentials")
    return Actor(kind, user_id, person["username"], scopes, person["isSystemAdmin"])
