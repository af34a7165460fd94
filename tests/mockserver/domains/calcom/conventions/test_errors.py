from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from mockserver.domains.calcom.conventions.errors import (
    bad_request,
    database_error,
    forbidden,
    invalid,
    not_found,
    not_modelled,
    render,
    trpc_error,
    unauthorized,
)
from mockserver.errors import ApiError
from mockserver.model import Reply


def rendered(error: ApiError) -> Reply:
    call: Any = SimpleNamespace(
        target="/v2/event-types/7/private-links/x?y=1",
        now=datetime(2026, 1, 5, 10, tzinfo=UTC),
    )
    return render(error, call)


def test_an_error_is_written_in_the_envelope_with_time_and_path() -> None:
    assert rendered(not_found("Updated link not found")).body == {
        "status": "error",
        "timestamp": "2026-01-05T10:00:00.000Z",
        "path": "/v2/event-types/7/private-links/x?y=1",
        "error": {
            "code": "NotFoundException",
            "message": "Updated link not found",
            "details": {
                "message": "Updated link not found",
                "error": "Not Found",
                "statusCode": 404,
            },
        },
    }


@pytest.mark.parametrize(
    ("error", "status", "code", "name"),
    [
        (bad_request("no"), 400, "BadRequestException", "Bad Request"),
        (unauthorized("no"), 401, "UnauthorizedException", "Unauthorized"),
        (forbidden("no"), 403, "ForbiddenException", "Forbidden"),
        (ApiError(405, "no"), 405, "MethodNotAllowedException", "Method Not Allowed"),
        (ApiError(415, "no"), 415, "UnsupportedMediaTypeException", "Unsupported Media Type"),
        (ApiError(422, "no"), 422, "UnprocessableEntityException", "Unprocessable Entity"),
    ],
)
def test_a_status_has_its_exception_class(
    error: ApiError, status: int, code: str, name: str
) -> None:
    reply = rendered(error)
    assert reply.status == status
    assert reply.body["error"]["code"] == code
    assert reply.body["error"]["details"]["error"] == name


@pytest.mark.parametrize(
    ("status", "code"), [(429, "ThrottlerException"), (498, "TokenExpiredException")]
)
def test_the_details_of_a_limit_and_of_an_ended_token_are_plain_text(
    status: int, code: str
) -> None:
    error = rendered(ApiError(status, "enough")).body["error"]
    assert error == {"code": code, "message": "enough", "details": "enough"}


def test_a_database_error_tells_nothing_and_has_no_details() -> None:
    reply = rendered(database_error())
    assert reply.status == 500
    assert reply.body["error"] == {
        "code": "INTERNAL_SERVER_ERROR",
        "message": "There was an error, please try again later.",
    }


def test_an_error_of_the_shared_handlers_has_one_code_and_no_details() -> None:
    reply = rendered(trpc_error(400, "Booking limits must be in ascending order."))
    assert reply.body["error"] == {
        "code": "TRPCError",
        "message": "Booking limits must be in ascending order.",
    }


def test_broken_rules_stand_under_one_fixed_message() -> None:
    error = rendered(invalid([{"property": "a"}])).body["error"]
    assert error["message"] == "Bad Request Exception"
    assert error["details"] == {"errors": [{"property": "a"}]}


@pytest.mark.parametrize(
    ("status", "message"), [(413, "request entity too large"), (500, "Internal server error")]
)
def test_what_nothing_wrapped_is_bare(status: int, message: str) -> None:
    assert rendered(ApiError(status, "x")).body == {"statusCode": status, "message": message}


def test_what_the_mock_does_not_play_is_said_in_its_own_name() -> None:
    reply = rendered(not_modelled("the older handler"))
    assert (reply.status, reply.content_type, reply.is_own) == (
        501,
        "application/problem+json",
        True,
    )
    assert reply.body["detail"] == "the older handler"
