from collections.abc import Callable

import pytest

from contracts.checks.leaks import errors_keep_credentials, errors_keep_internals
from contracts.exchange import Exchange, Headers, Request, Response
from contracts.yardstick import Yardstick
from tests.contracts.checks.conftest import Find
from tests.contracts.checks.shop import body_of

ME = "GET /v2/me"


def kinds(find: Find, yardstick: Yardstick, message: str) -> list[str]:
    body = body_of({"status": "error", "error": {"code": "X", "message": message}})
    exchange = find(ME, 401, body=body)
    return [finding.cause for finding in errors_keep_internals(exchange, yardstick)]


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Error: x\n    at Object.run (/srv/api/dist/main.js:10:5)", "a stack trace"),
        ("Traceback (most recent call last):\n  ...", "a stack trace"),
        ('File "/app/views.py", line 12, in get', "a stack trace"),
        ("\tat com.example.Books.find(Books.java:42)", "a stack trace"),
        ("goroutine 17 [running]:", "a stack trace"),
        ("app/models/book.rb:12:in `find'", "a stack trace"),
        ("SELECT id, name FROM books WHERE id = $1", "SQL"),
        ('INSERT INTO "books" VALUES (1)', "SQL"),
        ('duplicate key value violates unique constraint "books_pkey"', "SQL"),
        ("SQLSTATE[42S02]: Base table not found", "SQL"),
        ("UNIQUE constraint failed: books.slug", "SQL"),
        ("Invalid `prisma.book.findFirst()` invocation", "the name of a database library"),
        ("PrismaClientKnownRequestError", "the name of a database library"),
        ("sqlalchemy.exc.IntegrityError", "the name of a database library"),
        ("ENOENT: no such file, open '/srv/api/config.yaml'", "a path of its file system"),
        ("C:\\inetpub\\books\\Global.asax", "a path of its file system"),
        ("in node_modules/express/index", "a path of its file system"),
    ],
)
def test_internals_in_an_error_are_found(
    find: Find, yardstick: Yardstick, message: str, kind: str
) -> None:
    assert kind in kinds(find, yardstick, message)


@pytest.mark.parametrize(
    "message",
    [
        "Event type with id 7 not found",
        "Please select a title from the list",
        "Update your settings at https://app.example.test/settings/keys.ts",
        "Look at section 3 (page 4) for help",
        "/v2/event-types/7 has no such link",
        "Unique constraint: title is taken",
        "A relation does not exist yet",
    ],
)
def test_ordinary_errors_are_not_found(find: Find, yardstick: Yardstick, message: str) -> None:
    assert kinds(find, yardstick, message) == []


def test_what_the_request_said_may_be_repeated(find: Find, yardstick: Yardstick) -> None:
    said = 'SELECT "x" FROM books WHERE a'
    origin = find(ME, 401)
    exchange = Exchange(
        number=1,
        request=Request("POST", "/v2/me", (), body_of({"title": said})),
        response=Response(400, (), body_of({"message": f"no title: {said}"})),
        operation=None,
        path_values={},
        sent_at=origin.sent_at,
        duration_s=0,
    )
    assert list(errors_keep_internals(exchange, yardstick)) == []


def test_successes_are_not_looked_at(find: Find, yardstick: Yardstick) -> None:
    exchange = find(ME, 200, body=b'"Traceback (most recent call last)"')
    assert list(errors_keep_internals(exchange, yardstick)) == []


@pytest.mark.parametrize(
    ("headers", "message", "expected"),
    [
        (
            (("Authorization", "Bearer secret-key-7"),),
            "unknown key secret-key-7",
            ["authorization"],
        ),
        ((("Authorization", "secret-key-7"),), "unknown key secret-key-7", ["authorization"]),
        ((("X-Key", "secret-key-7"),), "unknown key secret-key-7", ["x-key"]),
        ((("X-Name", "secret-key-7"),), "unknown name secret-key-7", []),
        ((("Authorization", "Bearer secret-key-7"),), "unknown key", []),
        ((("Authorization", "Bearer x"),), "an unknown text", []),
    ],
)
def test_an_error_that_repeats_a_credential_is_found(
    shop: Yardstick,
    answered: Callable[..., Exchange],
    headers: Headers,
    message: str,
    expected: list[str],
) -> None:
    came = Response(401, (), body_of({"code": "x", "why": message}))
    exchange = answered(Request("GET", "/api/things", headers), came)
    found = list(errors_keep_credentials(exchange, shop))
    assert [one.cause for one in found] == expected
    assert not [one for one in found if "secret-key-7" in one.message + one.came]
