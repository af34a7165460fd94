"""Credentials in what is shown: found under every name that a document or a habit gives them."""

from typing import Any

import pytest

from mockserver.web.masking import Masker, credential_names


def document(**schemes: dict[str, str]) -> Any:
    return {"components": {"securitySchemes": schemes}}


def test_a_document_names_where_its_keys_are_sent() -> None:
    keyed = document(
        card={"type": "apiKey", "in": "query", "name": "Card"},
        sid={"type": "apiKey", "in": "cookie", "name": "sid"},
        same={"$ref": "#/components/securitySchemes/sid"},
        login={"type": "http", "scheme": "basic"},
    )
    assert credential_names(keyed) == {"card", "sid"}


@pytest.mark.parametrize("name", ["x-cal-client-id", "clientId", "client_id"])
def test_the_id_of_a_client_is_no_secret(name: str) -> None:
    keyed = document(client={"type": "apiKey", "in": "header", "name": name})
    assert credential_names(keyed) == frozenset()


def test_a_document_without_keys_names_none() -> None:
    assert credential_names({"openapi": "3.0.3"}) == frozenset()


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/me?card=abc&page=2", "/me?card=***&page=2"),
        ("/me?page=2&CARD=a%26b", "/me?page=2&CARD=***"),
        ("/me?c%61rd=abc", "/me?c%61rd=***"),
        ("/me?api%5Fkey=abc", "/me?api%5Fkey=***"),
        ("/me?filter%5Btoken%5D=abc", "/me?filter%5Btoken%5D=***"),
        ("/me?discard=abc&board=1", "/me?discard=abc&board=1"),
        ("/me?passwd=abc&accessKey=d", "/me?passwd=***&accessKey=***"),
    ],
)
def test_a_field_is_masked_by_its_name_however_it_is_written(target: str, shown: str) -> None:
    assert Masker({}, {"card"}).target(target) == shown


def test_a_credential_is_masked_also_as_a_url_has_it() -> None:
    masker = Masker({"authorization": "Bearer ab/cd+ef=="})
    assert masker.target("/me?note=ab%2Fcd%2Bef%3D%3D") == "/me?note=***"


def test_a_cookie_with_a_credential_is_masked_elsewhere_and_others_are_not() -> None:
    masker = Masker({"cookie": "theme=darkest; sid=abcdef; other=b\x01"}, {"sid"})
    assert masker.target("/darkest?a=abcdef") == "/darkest?a=***"


def test_a_long_target_takes_no_long_time() -> None:
    target = "?" * 50_000 + "a" * 50_000 + "&" * 50_000
    assert Masker({}).target(target + "=") == target + "="
