"""Scopes of third-party tokens, and permissions of platform clients and their managed users.

Source: reference conventions sections 3.3 and 3.4 (S, T); recordings of auth.
"""

from mockserver.behaviours.registry import Call, Guard
from mockserver.domains.calcom.access.credentials import Credentials, credentials_of, is_over
from mockserver.domains.calcom.access.scopes import effective_scopes, satisfies
from mockserver.domains.calcom.conventions.errors import forbidden
from mockserver.store.protocol import View

GUARD = "PermissionsGuard"


def scope_guard(needed: str | None) -> Guard:
    """A guard that lets a third-party token pass only with the *needed* scope."""

    def require_scope(call: Call) -> None:
        if credentials_of(call).is_api_key:
            return
        token = third_party_token(call)
        held = effective_scopes(token) if token else None
        if held is None:
            return
        if needed is None:
            raise forbidden(
                "insufficient_scope: this endpoint is not available for third-party OAuth tokens"
            )
        if not satisfies(held, needed):
            raise forbidden(
                "insufficient_scope: token does not have the required scopes. "
                f"Required: {needed}. Token has: {', '.join(sorted(held))}"
            )

    return require_scope


def third_party_token(call: Call) -> View | None:
    """The stored third-party token that the request carries, while it is valid."""
    shown = credentials_of(call)
    if not shown.token or shown.is_api_key:
        return None
    token = call.store.view("access-tokens", shown.token)
    if token is None or token["kind"] != "oauth" or is_over(token, call.now):
        return None
    return token


def permission_guard(needed: str) -> Guard:
    """A guard that wants a credential, and *needed* among the permissions of its client.

    It runs before authentication, so a missing credential is 403 (quirk
    `missing-credential-is-403`); without the quirk that is left to authentication, as 401.
    """

    def require_permission(call: Call) -> None:
        shown = credentials_of(call)
        if shown.is_api_key or third_party_token(call) is not None:
            return
        client = _client(call, shown)
        if client is None:
            if call.quirks.has("missing-credential-is-403"):
                raise forbidden(f"{GUARD} - {_why_unknown(shown)}")
            return
        if needed not in client["permissions"]:
            raise forbidden(
                f"{GUARD} - oAuth client with id={client['id']} does not have the required "
                f"permissions={needed}. Go to platform dashboard settings and add the required "
                "permissions to the oAuth client."
            )

    return require_permission


def _client(call: Call, shown: Credentials) -> View | None:
    """The client whose permissions count: the bearer token's, else the one named by its id."""
    if not shown.token:
        return call.store.view("oauth-clients", shown.client_id)
    token = call.store.view("access-tokens", shown.token)
    return call.store.view("oauth-clients", token["clientId"] or "") if token else None


def _why_unknown(shown: Credentials) -> str:
    if shown.token:
        return f"no oAuth client found for access token={shown.token}"
    if shown.client_id:
        return f"no oAuth client found for client id={shown.client_id}"
    return (
        "no authentication provided. Provide either authorization bearer token containing "
        "managed user access token or oAuth client id in 'x-cal-client-id' header."
    )
