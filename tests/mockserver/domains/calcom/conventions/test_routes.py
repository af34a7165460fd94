import pytest

from mockserver.domains.calcom.conventions.routes import rewrite, unmatched
from mockserver.domains.calcom.conventions.security_headers import standing_headers
from mockserver.openapi.quirks import Quirks


@pytest.mark.parametrize(
    ("received", "routed"),
    [
        ("/api/v2/me", "/v2/me"),
        ("/v2/ee/me", "/v2/me"),
        ("/api/v2/ee/me", "/v2/me"),
        ("/v2/me", "/v2/me"),
        ("/v2/eerie", "/v2/eerie"),
        ("/api/v1/me", "/api/v1/me"),
    ],
)
def test_other_names_of_a_path(received: str, routed: str) -> None:
    assert rewrite(received) == routed


def test_an_unknown_path_is_404_with_its_query() -> None:
    error = unmatched("GET", "/v2/nope?a=b", (), Quirks())
    assert (error.status, error.message) == (404, "Cannot GET /v2/nope?a=b")


def test_a_method_that_the_path_lacks_is_405_and_names_those_it_has() -> None:
    error = unmatched("PUT", "/v2/me", ("GET", "HEAD"), Quirks())
    assert error.status == 405
    assert error.headers == (("Allow", "GET, HEAD"),)


def test_to_the_real_server_it_is_an_unknown_path() -> None:
    error = unmatched("PUT", "/v2/me", ("GET",), Quirks(["undocumented-method-is-404"]))
    assert (error.status, error.message) == (404, "Cannot PUT /v2/me")


def test_security_headers_stand_on_the_answers_of_the_real_server_only() -> None:
    assert standing_headers(Quirks()) == ()
    assert ("X-Frame-Options", "SAMEORIGIN") in standing_headers(Quirks(["security-headers"]))
