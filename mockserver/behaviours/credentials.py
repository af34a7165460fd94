"""Who calls, as far as a document's security requirements tell: guards for any API.

Any credential that is not empty is accepted, unless the state holds a collection `api-keys`:
then it must be a key of that.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from mockserver.behaviours.registry import Call, Guard
from mockserver.errors import ApiError, SetupError
from mockserver.model import Actor, Json
from mockserver.openapi.operations import Operation
from mockserver.openapi.pointers import follow

API_KEYS = "api-keys"

ReadCredential = Callable[[Call], str]
"""What a caller sent for one security scheme; empty for nothing."""


def security_guards(operation: Operation) -> tuple[Guard, ...]:
    """One guard that wants any of the operation's security requirements to be met.

    All schemes of a requirement are needed; an empty requirement lets anybody in, who is then
    anonymous. Raises SetupError on a scheme that the document does not declare.
    Source: OpenAPI 3.0.3 "Security Requirement Object".
    """
    requirements = [requirement for requirement in operation.security if requirement]
    if not requirements:
        return ()
    is_optional = len(requirements) < len(operation.security)
    schemes = [[_scheme(operation, name) for name in names] for names in requirements]
    ways = [[_reader(scheme) for scheme in group] for group in schemes]
    challenges = dict.fromkeys(_challenge(scheme) for group in schemes for scheme in group)
    headers = [("WWW-Authenticate", ", ".join(challenges))]

    def require_credential(call: Call) -> None:
        sent = [[read(call) for read in group] for group in ways]
        for credentials in sent:
            actor = _actor(call, credentials)
            if actor is not None:
                call.actor = actor
                return
        if not is_optional:
            is_missing = not any(any(credentials) for credentials in sent)
            reason = "no credential was sent" if is_missing else "the credential is not known"
            raise ApiError(401, reason, headers=headers)

    return (require_credential,)


def _actor(call: Call, credentials: list[str]) -> Actor | None:
    if not all(credentials):
        return None
    if not call.store.count(API_KEYS):
        return Actor("api-key")  # its name is shown, so it is never the credential
    known = [call.store.get(API_KEYS, credential) for credential in credentials]
    if None in known:
        return None
    key = known[0] or {}
    user_id = key.get("userId")
    name = str(key.get("name") or "")
    return Actor("api-key", user_id if isinstance(user_id, int) else None, name)


def _scheme(operation: Operation, name: str) -> Mapping[str, Json]:
    known = operation.document.get("components", {}).get("securitySchemes", {})
    if name not in known:
        place = f"{operation.label}, security"
        raise SetupError("undeclared security scheme", place=place, value=name, known=known)
    scheme: Mapping[str, Json] = follow(operation.document, known[name])
    return scheme


def _reader(scheme: Mapping[str, Json]) -> ReadCredential:
    if scheme["type"] == "apiKey":
        name: str = scheme["name"]
        return {
            "header": lambda call: call.headers.get(name.lower(), "").strip(),
            "query": lambda call: _in_query(call.target, name),
            "cookie": lambda call: _in_cookies(call.headers.get("cookie", ""), name),
        }[scheme["in"]]
    kind = _http_scheme(scheme).lower()
    if kind == "basic":
        return lambda call: _decoded(_after(kind, call.headers.get("authorization", "")))
    return lambda call: _after(kind, call.headers.get("authorization", ""))


def _http_scheme(scheme: Mapping[str, Json]) -> str:
    """OAuth 2 and OpenID Connect tokens travel as bearer tokens."""
    return str(scheme.get("scheme", "Bearer")) if scheme["type"] == "http" else "Bearer"


def _challenge(scheme: Mapping[str, Json]) -> str:
    """Source: RFC 9110 section 11.6.1; API keys have no registered scheme of their own."""
    if scheme["type"] == "apiKey":
        return f'ApiKey in="{scheme["in"]}", name="{scheme["name"]}"'
    kind = _http_scheme(scheme).capitalize()
    return 'Basic realm="api"' if kind == "Basic" else kind


def _after(kind: str, header: str) -> str:
    word, _, credential = header.strip().partition(" ")
    return credential.strip() if word.lower() == kind else ""


def _decoded(credential: str) -> str:
    """`user:password` of a basic credential; empty where it is none."""
    try:
        text = base64.b64decode(credential, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text if ":" in text and text != ":" else ""


def _in_query(target: str, name: str) -> str:
    return parse_qs(target.partition("?")[2]).get(name, [""])[0]


def _in_cookies(header: str, name: str) -> str:
    try:
        jar = SimpleCookie(header)
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""
