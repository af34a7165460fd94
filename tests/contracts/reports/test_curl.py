import shutil
import subprocess

import pytest

from contracts.door.base_url import read_base_url
from contracts.exchange import Headers, Request
from contracts.reports.curl import NEW_LINE, curl_of, url_of
from mockserver.model import Json
from tests.contracts.reports.sample import HOSTILE, exchange

URL = "https://api.example.com"
BASH = shutil.which("bash") or pytest.skip("there is no bash", allow_module_level=True)


def words(command: str, **variables: str) -> list[bytes]:
    """What a shell gives curl, as bash reads *command*."""
    script = 'curl() { printf \'%s\\0\' "$@"; if [ "${!#}" = @- ]; then cat; fi; }\n' + command
    ran = subprocess.run([BASH, "-c", script], capture_output=True, env=variables, check=True)
    assert ran.stderr == b""
    return ran.stdout.split(b"\0")


def sent(body: bytes | Json) -> bytes:
    """The body that bash gives curl for one with *body*."""
    given = words(curl_of(exchange("POST", sent=body), URL))
    return given[given.index(b"--data-raw") + 1]


def test_it_is_one_line_that_can_be_copied() -> None:
    command = curl_of(exchange("PATCH", "/v2/event-types/7", sent={"title": "x"}), URL)
    assert command == (
        "curl -i -X PATCH https://api.example.com/v2/event-types/7 "
        '-H "Authorization: Bearer $OWNER_KEY" '
        "-H 'cal-api-version: 2024-06-14' -H 'Content-Type: application/json' "
        """--data-raw '{"title": "x"}'"""
    )


def test_over_several_lines_it_means_the_same() -> None:
    one = exchange("POST", sent={"title": "it's"})
    assert words(curl_of(one, URL)) == words(curl_of(one, URL, joint=NEW_LINE))


def test_a_target_without_url_is_left_to_the_reader() -> None:
    command = curl_of(exchange(), "stub in process")
    assert words(command, TARGET="http://127.0.0.1:4010")[1] == (
        b"http://127.0.0.1:4010/v2/event-types/7"
    )


def test_the_shell_fills_in_the_key() -> None:
    given = words(curl_of(exchange(), URL), OWNER_KEY="a 'b\" $c")
    assert b"Authorization: Bearer a 'b\" $c" in given


def test_the_shell_fills_in_the_key_beside_characters_that_it_would_read() -> None:
    headers = (("Authorization", "Bearer $OWNER_KEY"), ("Cookie", 'a="`id`!"; k=$OWNER_KEY'))
    given = words(curl_of(exchange(headers=headers), URL), OWNER_KEY="key")
    assert b'Cookie: a="`id`!"; k=key' in given


def test_only_names_that_stand_for_secrets_are_filled_in() -> None:
    one = exchange("POST", "/v2/x?q=$HOME", sent={"a": "$HOME $(id) $OWNER_KEY"})
    given = words(curl_of(one, URL), HOME="/never", OWNER_KEY="key")
    assert b"https://api.example.com/v2/x?q=$HOME" in given
    assert b'{"a": "$HOME $(id) key"}' in given


@pytest.mark.parametrize("variable", ["client:key", "key"])
def test_of_a_pair_a_header_carries_the_second_half(variable: str) -> None:
    one = exchange(headers=(("x-cal-client-id", "client"), ("x-cal-secret-key", "$OWNER_KEY")))
    assert b"x-cal-secret-key: key" in words(curl_of(one, URL), OWNER_KEY=variable)


def test_basic_authentication_is_left_to_curl() -> None:
    one = exchange(headers=(("Authorization", "Basic $OWNER_KEY"),))
    given = words(curl_of(one, URL), OWNER_KEY="id:key")
    assert given[given.index(b"--user") + 1] == b"id:key"


@pytest.mark.parametrize(
    "body",
    [
        b"plain",
        b'it\'s "quoted" $HOME `id` \\ !! %s',
        b"two\nlines\r\n\tand a tab",
        "Grüße, 東京, \u202egnp\u202c".encode(),
        b"@/etc/passwd",
        b"",
        b"-x",
        HOSTILE.replace("\x00", "").encode(),
    ],
)
def test_a_body_arrives_as_it_was(body: bytes) -> None:
    assert sent(body) == body


@pytest.mark.parametrize("body", [b"\x00\x01", b"\xff\xfe", b"a\x00b"])
def test_a_body_that_is_no_text_is_piped(body: bytes) -> None:
    command = curl_of(exchange("POST", sent=body), URL)
    ran = subprocess.run([BASH, "-c", f"curl() {{ cat; }}; {command}"], capture_output=True)
    assert ran.stdout == body


def test_a_body_that_no_argument_holds_comes_from_a_file() -> None:
    command = curl_of(exchange("POST", sent=b"x" * 200_000), URL)
    assert command.startswith("# body.bin holds the request's body of 200000 bytes")
    assert command.endswith("--data-binary @body.bin")


def test_a_body_without_type_gets_none_from_curl() -> None:
    assert b"Content-Type:" in words(curl_of(exchange("POST", sent=b"{}"), URL))


@pytest.mark.parametrize("name", ["Accept", "Host", "Content-Length", "User-Agent", "connection"])
def test_headers_that_curl_makes_itself_are_left_out(name: str) -> None:
    assert name not in curl_of(exchange(headers=((name, "something"),)), URL)


@pytest.mark.parametrize(
    ("header", "given"),
    [
        (("X-Empty", ""), b"X-Empty;"),
        (("X-Name", "J\xf6rg"), b"X-Name: J\xf6rg"),
        (("X-Break", "a\tb\x07"), b"X-Break: a\tb\x07"),
    ],
)
def test_a_header_arrives_as_it_was(header: tuple[str, str], given: bytes) -> None:
    headers: Headers = (header,)
    assert given in words(curl_of(exchange(headers=headers), URL))


def test_curl_takes_the_path_as_it_is() -> None:
    command = curl_of(exchange(target="/v2/../x/[1]"), URL)
    assert "--globoff" in command
    assert "--path-as-is" in command


def test_a_head_request_is_asked_for_as_curl_wants_it() -> None:
    assert curl_of(exchange("HEAD"), URL).startswith("curl -i --head https://")


@pytest.mark.parametrize("base", ["http://a", "http://a/v2", "http://a/b/v2", "http://a/v1/v2/"])
@pytest.mark.parametrize("target", ["/v2", "/v2/x?a=/v2", "/v2/v2", "/me", "/"])
def test_a_url_is_the_one_that_the_door_sends(base: str, target: str) -> None:
    url = read_base_url(base)
    assert url_of(Request("GET", target), base) == url.origin + url.joined(target)
