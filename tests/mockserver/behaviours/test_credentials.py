"""Who calls an API that is known only by its document."""

from base64 import b64encode
from copy import deepcopy
from typing import Any

import pytest

from mockserver.behaviours.credentials import security_guards
from mockserver.errors import ApiError, SetupError
from mockserver.model import ANONYMOUS, Actor


def actor_of(library: Any, operation_id: str, target: str = "", **headers: str) -> Actor:
    """Who an operation's guards take the sender of these headers for."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    call = library.call(operation_id, headers=sent, target=target)
    for guard in security_guards(call.operation):
        guard(call)
    actor: Actor = call.actor
    return actor


def refusal(library: Any, operation_id: str, target: str = "", **headers: str) -> ApiError:
    with pytest.raises(ApiError) as caught:
        actor_of(library, operation_id, target, **headers)
    assert caught.value.status == 401
    return caught.value


def basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


@pytest.mark.parametrize("header", ["Bearer any", "bearer any", "  BEARER   any "])
def test_any_bearer_token_will_do(library: Any, header: str) -> None:
    assert actor_of(library, "readAuthor", authorization=header) == Actor("api-key")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "any", "Basic any", "Bearerany x"])
def test_what_is_no_bearer_token_will_not_do(library: Any, header: str) -> None:
    error = refusal(library, "readAuthor", authorization=header)
    assert error.message == "no credential was sent"
    assert error.headers == (("WWW-Authenticate", "Bearer"),)


def test_an_operation_without_security_asks_nobody(library: Any) -> None:
    assert security_guards(library.operations["readStatus"]) == ()


def test_an_empty_requirement_lets_everybody_in(library: Any) -> None:
    assert actor_of(library, "readFines") == ANONYMOUS
    assert actor_of(library, "readFines", authorization="Bearer x").kind == "api-key"


def test_all_schemes_of_one_requirement_are_needed(library: Any) -> None:
    assert actor_of(library, "readCover", "/v1/cover?key=b", x_key="a").kind == "api-key"
    refusal(library, "readCover", x_key="a")
    refusal(library, "readCover", "/v1/cover?key=b")
    refusal(library, "readCover", "/v1/cover?other=b", x_key="a")


def test_any_one_of_several_requirements_will_do(library: Any) -> None:
    for key in ("ann:pw", "s1"):
        library.store.insert("api-keys", key, {"key": key, "name": f"key of {key[:2]}"})
    assert actor_of(library, "readCover", authorization=basic("ann:pw")).name == "key of an"
    assert actor_of(library, "readCover", cookie="a=1; session=s1").name == "key of s1"


@pytest.mark.parametrize("sent", [basic(""), basic(":"), basic("ann"), "Basic ***", "Basic /w=="])
def test_what_is_no_basic_credential_will_not_do(library: Any, sent: str) -> None:
    refusal(library, "readCover", authorization=sent)


def test_a_broken_cookie_header_is_no_credential(library: Any) -> None:
    refusal(library, "readCover", cookie="session")


def test_a_refusal_names_every_way_in(library: Any) -> None:
    (name, value), *rest = refusal(library, "readCover").headers
    assert (name, rest) == ("WWW-Authenticate", [])
    assert value == (
        'ApiKey in="header", name="X-Key", ApiKey in="query", name="key", '
        'Basic realm="api", ApiKey in="cookie", name="session"'
    )


def test_where_keys_are_stored_only_those_will_do(library: Any) -> None:
    library.store.insert("api-keys", "k1", {"key": "k1", "userId": 4, "name": "Ann"})
    actor = actor_of(library, "readAuthor", authorization="Bearer k1")
    assert actor == Actor("api-key", 4, "Ann")
    error = refusal(library, "readAuthor", authorization="Bearer k2")
    assert error.message == "the credential is not known"
    assert actor_of(library, "readFines", authorization="Bearer k2") == ANONYMOUS


def test_a_stored_key_needs_neither_user_nor_name(library: Any) -> None:
    library.store.insert("api-keys", "k1", {"key": "k1"})
    assert actor_of(library, "readAuthor", authorization="Bearer k1") == Actor("api-key")


@pytest.mark.parametrize("kind", [{"type": "oauth2", "flows": {}}, {"type": "openIdConnect"}])
def test_tokens_of_oauth_and_openid_are_bearer_tokens(
    library: Any, new_library: Any, kind: dict[str, Any]
) -> None:
    document = deepcopy(library.document)
    document["components"]["securitySchemes"]["bearer"] = kind
    other = new_library(document)
    assert actor_of(other, "readAuthor", authorization="Bearer t") == Actor("api-key")
    assert refusal(other, "readAuthor").headers == (("WWW-Authenticate", "Bearer"),)


def test_an_undeclared_scheme_stops_the_start(library: Any, new_library: Any) -> None:
    document = deepcopy(library.document)
    document["security"] = [{"baerer": []}]
    operation = new_library(document).operations["readAuthor"]
    with pytest.raises(SetupError, match="did you mean 'bearer'"):
        security_guards(operation)
