"""Doors that are open, shut for the wrong people, or too talkative."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from mockserver.behaviours.faults import Change, Fault, Place, Plant
from mockserver.behaviours.registry import Account, Behaviour, Call
from mockserver.errors import ApiError
from mockserver.faults.items import each_item
from mockserver.faults.reaching import both, methods
from mockserver.faults.schemas import item_properties
from mockserver.faults.views import Seen, stored_in
from mockserver.model import Document, Json, Reply
from mockserver.openapi import Operation, follow

CATEGORY = "Auth and tenancy"
UNKNOWN, HIDDEN, ENDED = 401, (403, 404), 498
ANYBODY = Account("anybody", "anybody", "")


# ---------------------------------------------------------------- credentials


def _schemes(operation: Operation) -> Iterator[Mapping[str, Any]]:
    known = operation.document.get("components", {}).get("securitySchemes", {})
    for requirement in operation.security:
        for name in requirement:
            if name in known:
                yield follow(operation.document, known[name])


def _is_secured(place: Place) -> bool:
    return any(place.operation.security)


def _sent(call: Call) -> str:
    """The credential that came in a header; empty for none."""
    found = [call.headers.get("authorization", "").strip()]
    for scheme in _schemes(call.operation):
        if scheme.get("in") == "header":
            found.append(call.headers.get(str(scheme["name"]).lower(), "").strip())
    return next((text for text in found if text), "")


def _token(call: Call) -> str:
    sent = _sent(call)
    return sent.partition(" ")[2].strip() or sent


def _show(key: str, call: Call) -> None:
    """Let the call carry this credential and no other."""
    schemes = list(_schemes(call.operation))
    names = {str(one["name"]).lower() for one in schemes if one.get("in") == "header"}
    headers = {name: value for name, value in call.headers.items() if name not in names}
    scheme = schemes[0] if schemes else {"type": "http"}
    where, name = scheme.get("in"), str(scheme.get("name", ""))
    if where == "header":
        headers[name.lower()] = key
    elif where == "cookie":
        headers["cookie"] = f"{name}={key}"
    elif where == "query":
        call.target += f"{'&' if '?' in call.target else '?'}{name}={key}"
    elif str(scheme.get("scheme", "")).lower() == "basic":
        headers["authorization"] = f"Basic {b64encode(f'{key}:'.encode()).decode()}"
    else:
        headers["authorization"] = f"Bearer {key}"
    call.headers = headers


def _everybody(call: Call, plant: Plant) -> list[Change]:
    """The call as each of the world's people would send it."""
    return [partial(_show, one.key) for one in plant.around.accounts() or [ANYBODY]]


def _nobody_is_asked(call: Call, error: ApiError, plant: Plant) -> Sequence[Change]:
    is_meant = error.status in (UNKNOWN, 403) and not _sent(call)
    return _everybody(call, plant) if is_meant else ()


def _any_token(call: Call, error: ApiError, plant: Plant) -> Sequence[Change]:
    is_meant = error.status in (UNKNOWN, ENDED) and _sent(call)
    return _everybody(call, plant) if is_meant else ()


def _beginning_will_do(call: Call, error: ApiError, plant: Plant) -> Sequence[Change]:
    """A key with something added to it is as good as the key."""
    if error.status != UNKNOWN:
        return ()
    meant = [one.key for one in plant.around.accounts() if _token(call).startswith(one.key)]
    return [partial(_show, key) for key in sorted(meant, key=len, reverse=True)]


def _sees(look: Callable[[Call, Document], Document]) -> Callable[[Call, Plant], None]:
    """Guards and behaviours of the call see another world."""

    def begin(call: Call, plant: Plant) -> None:
        call.store = Seen(call.store, lambda collection, document: look(call, document))

    return begin


def _never_ends(call: Call, document: Document) -> Document:
    is_it = "expiresAt" in document and _token(call) in (document.get("key"), document.get("token"))
    return {**document, "expiresAt": None} if is_it else document


def _without_scopes(call: Call, document: Document) -> Document:
    return {**document, "scopes": None} if document.get("scopes") else document


def _role(wrong: Mapping[str, str]) -> Callable[[Call, Document], Document]:
    def look(call: Call, document: Document) -> Document:
        held = str(document.get("role"))
        return {**document, "role": wrong[held]} if held in wrong else document

    return look


def _is_of_group(place: Place) -> bool:
    """Operations for an organization or a team, where roles count."""
    names = [one.name.lower() for one in place.operation.parameters if one.where == "path"]
    return any(name.startswith(("org", "team", "group", "workspace")) for name in names)


# ---------------------------------------------------------------- tenants


def _as_who_may(call: Call, error: ApiError, plant: Plant) -> Sequence[Change]:
    """What is somebody else's is asked for in that person's name."""
    return _everybody(call, plant) if error.status in HIDDEN and _sent(call) else ()


def _as_the_one_before(call: Call, plant: Plant) -> None:
    """The caller is taken for the one who called before."""
    before, plant.memory["caller"] = plant.memory.get("caller"), _token(call)
    if before and _token(call):
        _show(before, call)


def _tells_what_exists(call: Call, reply: Reply, plant: Plant) -> Reply:
    """403 where everything that the path names is there, and just not the caller's."""
    if reply.status != 404 or not _path_exists(call, plant):
        return reply
    return plant.around.refusal(ApiError(403, "You may not access this resource"), call)


def _path_exists(call: Call, plant: Plant) -> bool:
    action = plant.around.place(call.operation).action
    if action is None:
        return False
    named = [(one.parameter, one.resource) for one in action.resource.parents if one.resource]
    named.append((action.resource.id_name, action.resource.name))
    asked = [(call.path[name], kept) for name, kept in named if name in call.path]
    return bool(asked) and all(stored_in(call.store, kept, str(key)) for key, kept in asked)


def _named_in_path(place: Place) -> bool:
    return place.action is not None and "{" in place.operation.path


# ---------------------------------------------------------------- what is hidden


def _has_hidden(place: Place) -> bool:
    return place.kind == "list" and "hidden" in item_properties(place)


def _hidden_from(is_meant: Callable[[Call], bool]) -> Callable[[Call, Behaviour, Plant], Reply]:
    """Lists show what is hidden to those who are meant, marked as it is."""

    def around(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
        if not is_meant(call):
            return behaviour(call)
        action = plant.around.place(call.operation).action
        store = call.store
        call.store = Seen(store, lambda collection, document: _unhidden(document))
        try:
            reply = behaviour(call)
        finally:
            call.store = store

        def marked(item: Document) -> Document:
            key = str(item.get(action.resource.id_field)) if action else ""
            kept = stored_in(store, action.resource.name, key) if action else None
            return {**item, "hidden": kept[1].get("hidden", False)} if kept else item

        return each_item(call, reply, plant, marked)

    return around


def _unhidden(document: Document) -> Document:
    return {**document, "hidden": False} if document.get("hidden") else document


# ---------------------------------------------------------------- what errors tell


def _telling(tell: Callable[[Call, str], str]) -> Callable[[Call, Reply, Plant], Reply]:
    """Refusals say more than they should, wherever their message stands."""

    def told(call: Call, value: Json) -> Json:
        if not isinstance(value, dict):
            return value
        return {
            name: tell(call, inner)
            if name in ("message", "detail") and isinstance(inner, str)
            else told(call, inner)
            for name, inner in value.items()
        }

    def answer(call: Call, reply: Reply, plant: Plant) -> Reply:
        if reply.status < 400 or reply.is_own:
            return reply
        return reply._replace(body=told(call, reply.body))

    return answer


def _trace(call: Call, message: str) -> str:
    return (
        f"{message}\n    at Handler.{call.method.lower()} (/srv/app/dist/src/handler.js:118:23)\n"
        "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"
    )


def _statement(call: Call, message: str) -> str:
    return f'{message}: SELECT "t0"."id", "t0"."password" FROM "public"."users" AS "t0" LIMIT 1'


def _credential(call: Call, message: str) -> str:
    return f"{message} (token {_token(call)})" if _sent(call) else message


def _access(name: str, about: str, exposed_by: str, **effects: Any) -> Fault:
    given = {"reaches": _is_secured, **effects}
    return Fault(name=name, category=CATEGORY, about=about, exposed_by=exposed_by, **given)


FAULTS = (
    _access(
        "auth-ignored",
        "the API works without any credential",
        "a request without credential is let in",
        on_refusal=_nobody_is_asked,
    ),
    _access(
        "auth-any-token-accepted",
        "any credential works, known or not",
        "an unknown credential is let in",
        on_refusal=_any_token,
    ),
    _access(
        "auth-longer-token-accepted",
        "a good key with something added to it works as well",
        "an altered credential is let in",
        on_refusal=_beginning_will_do,
    ),
    _access(
        "revoked-or-expired-key-accepted",
        "a credential that has ended still works",
        "an expired credential is let in",
        on_request=_sees(_never_ends),
    ),
    _access(
        "scope-not-enforced",
        "a token that may only read can write",
        "a token without the scope is let in",
        on_request=_sees(_without_scopes),
    ),
    _access(
        "role-not-enforced",
        "a plain member may do what takes an administrator",
        "a member without the role is let in",
        reaches=both(_is_secured, _is_of_group),
        on_request=_sees(_role({"MEMBER": "ADMIN"})),
    ),
    _access(
        "role-too-strict",
        "an administrator may not do what the role allows",
        "an administrator is refused",
        reaches=both(_is_secured, _is_of_group),
        on_request=_sees(_role({"ADMIN": "MEMBER", "OWNER": "MEMBER"})),
    ),
    _access(
        "other-tenant-readable",
        "somebody else's item can be read by its id",
        "a stranger reads an item",
        reaches=both(_is_secured, methods("GET"), _named_in_path),
        on_refusal=_as_who_may,
    ),
    _access(
        "other-tenant-writable",
        "somebody else's item can be changed, or added to",
        "a stranger changes an item",
        reaches=both(_is_secured, methods("POST", "PATCH", "PUT"), _named_in_path),
        on_refusal=_as_who_may,
    ),
    _access(
        "other-tenant-deletable",
        "somebody else's item can be deleted",
        "a stranger deletes an item",
        reaches=both(_is_secured, methods("DELETE"), _named_in_path),
        on_refusal=_as_who_may,
    ),
    _access(
        "caller-mixed-up",
        "a caller gets the answer of the one who called before",
        "an answer belongs to another caller",
        on_request=_as_the_one_before,
    ),
    _access(
        "existence-leak",
        "somebody else's item is 403, a missing one 404",
        "a foreign item and a missing one are answered differently",
        reaches=both(_is_secured, _named_in_path),
        on_answer=_tells_what_exists,
    ),
    _access(
        "private-object-public",
        "hidden items are in the lists of other people",
        "a list shows what is hidden from its caller",
        reaches=_has_hidden,
        on_behaviour=_hidden_from(lambda call: call.actor.user_id is not None),
    ),
    _access(
        "anonymous-list-shows-hidden",
        "hidden items are in the lists of those who send no credential",
        "a list shows what is hidden from its caller",
        reaches=_has_hidden,
        on_behaviour=_hidden_from(lambda call: call.actor.user_id is None),
    ),
    _access(
        "error-leaks-internals",
        "an error shows a stack trace with paths of the server",
        "an error body shows the server's inside",
        on_answer=_telling(_trace),
    ),
    _access(
        "error-leaks-sql",
        "an error shows a statement of the database",
        "an error body shows the server's inside",
        on_answer=_telling(_statement),
    ),
    _access(
        "error-repeats-credential",
        "an error repeats the credential that was sent",
        "an error body shows a secret",
        on_answer=_telling(_credential),
    ),
)
