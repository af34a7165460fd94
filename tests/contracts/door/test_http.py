"""Requests over HTTP: as they are, never twice where that harms, and always with an end."""

import gzip
import ssl
import time

import httpcore2
import pytest

from contracts.door.base_url import read_base_url
from contracts.door.http import Http
from contracts.door.network_faults import connect_sentence
from contracts.door.transports import InProcess
from contracts.exchange import Request
from contracts.stops import NoAnswer, NotJudged, RunStopped, Unreachable
from mockserver.errors import SetupError
from mockserver.version import VERSION
from tests.contracts.http_servers import (
    Answer,
    dripping,
    dripping_headers,
    dropped,
    endless,
    free_port,
    raw,
    said,
    said_json,
    serving,
    silent,
)

GET = Request("GET", "/books")
POST = Request("POST", "/books", (("Content-Type", "application/json"),), b"{}")


def no_pause(span_s: float) -> None:
    pass


def test_a_request_arrives_as_it_is() -> None:
    request = Request("PATCH", "/a%20b/c?q=%C3%A9&q=2", (("X-One", "1"), ("X-One", "2")), b"\xff")
    with serving(said_json(200, {})) as server:
        Http(server.url).send(request)
    [came] = server.received
    assert (came.method, came.target, came.body) == ("PATCH", "/a%20b/c?q=%C3%A9&q=2", b"\xff")
    assert sorted(came.headers) == [
        ("content-length", "1"),
        ("host", f"127.0.0.1:{server.port}"),
        ("user-agent", f"understudy/{VERSION}"),
        ("x-one", "1"),
        ("x-one", "2"),
    ]


def test_an_answer_comes_back_with_all_its_headers() -> None:
    with serving(said(418, b"{}", X_Odd="\xe9")) as server:
        response = Http(server.url).send(GET)
    assert (response.status, response.body, response.is_cut) == (418, b"{}", False)
    assert response.header("x-odd") == "\xe9"


def test_what_a_target_cannot_hold_is_percent_encoded() -> None:
    with serving(said_json(200, {})) as server:
        Http(server.url).send(Request("GET", "/a b/é?q=\n"))
    assert server.received[0].target == "/a%20b/%C3%A9?q=%0A"


def test_header_values_beyond_latin_1_travel_as_utf_8() -> None:
    with serving(said_json(200, {})) as server:
        Http(server.url).send(Request("GET", "/", (("X-Name", "snow ☃"),)))
    assert (server.received[0].header("x-name") or "").encode("latin-1").decode() == "snow ☃"


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/", (("X-Bad", "a\r\nX-Other: 1"),)),
        Request("GET", "/", (("X Bad", "a"),)),
        Request("G ET", "/"),
        Request("GÉT", "/"),
        Request("POST", "/", (("Content-Length", "9"),), b"short"),
    ],
)
def test_what_http_cannot_carry_is_not_judged(request_: Request) -> None:
    with (
        serving(said_json(200, {})) as server,
        pytest.raises(NotJudged, match="HTTP cannot carry"),
    ):
        Http(server.url).send(request_)


def test_cookies_are_not_kept_and_redirects_not_followed() -> None:
    away = said(302, Location="http://127.0.0.1:1/elsewhere", Set_Cookie="a=b")
    with serving(away) as server:
        http = Http(server.url)
        assert http.send(GET).status == 302
        http.send(GET)
    assert len(server.received) == 2
    assert server.received[1].header("cookie") is None


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with serving(said_json(200, {})) as server:
        assert Http(server.url).send(GET).status == 200


def test_a_compressed_answer_is_decoded() -> None:
    with serving(said(200, gzip.compress(b'{"a": 1}'), Content_Encoding="gzip")) as server:
        response = Http(server.url).send(GET)
    assert response.json == {"a": 1}
    assert response.coding_flaw == ""


def test_what_is_not_compressed_as_told_is_given_as_it_is() -> None:
    with serving(said(200, b"plain", Content_Encoding="gzip")) as server:
        response = Http(server.url).send(GET)
    assert response.body == b"plain"
    assert response.coding_flaw == "the body is not encoded as gzip"


def test_the_host_that_was_asked_is_told() -> None:
    with serving(said_json(200, {})) as server:
        assert Http(server.url).send(GET).host == "127.0.0.1"


def test_a_bomb_is_cut() -> None:
    bomb = gzip.compress(b"0" * 2_000_000)
    with serving(said(200, bomb, Content_Encoding="gzip")) as server:
        response = Http(server.url, max_body_bytes=10_000).send(GET)
    assert response.is_cut
    assert len(response.body) == 10_000


def test_a_body_above_the_bound_is_cut() -> None:
    with serving(said(200, b"x" * 11_000_000)) as server:
        response = Http(server.url).send(GET)
    assert response.is_cut
    assert len(response.body) == 10 * 1024 * 1024


def test_a_body_at_the_bound_is_whole() -> None:
    with serving(said(200, b"x" * 1000)) as server:
        assert not Http(server.url, max_body_bytes=1000).send(GET).is_cut


def test_an_endless_stream_is_cut() -> None:
    started = time.monotonic()
    with serving(endless) as server:
        assert Http(server.url, max_body_bytes=100_000, timeout_s=5).send(GET).is_cut
    assert time.monotonic() - started < 4


def test_a_body_that_drips_is_cut_when_the_time_is_over() -> None:
    started = time.monotonic()
    with serving(dripping) as server:
        response = Http(server.url, timeout_s=0.1).send(GET)
    assert (response.status, response.is_cut) == (200, True)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("answer", [dripping_headers, silent])
def test_no_answer_in_time_is_told_once_and_not_tried_again(answer: Answer) -> None:
    started = time.monotonic()
    with (
        serving(answer) as server,
        pytest.raises(NoAnswer, match=r"no answer came within 0\.1 s"),
    ):
        Http(server.url, timeout_s=0.1).send(GET)
    assert len(server.received) == 1
    assert time.monotonic() - started < 4


def test_a_reading_request_on_a_dropped_connection_is_tried_again() -> None:
    with serving(dropped, said_json(200, {"ok": True})) as server:
        assert Http(server.url, sleep=no_pause).send(GET).json == {"ok": True}
    assert len(server.received) == 2


def test_pauses_between_attempts_grow() -> None:
    pauses: list[float] = []
    with serving(dropped) as server, pytest.raises(NoAnswer, match="the connection was dropped"):
        Http(server.url, retries=3, sleep=pauses.append).send(GET)
    assert len(server.received) == 4
    assert pauses == sorted(pauses)
    assert len(set(pauses)) == 3


def test_a_write_on_a_dropped_connection_is_never_repeated() -> None:
    with serving(dropped, said_json(200, {})) as server, pytest.raises(NoAnswer):
        Http(server.url, sleep=no_pause).send(POST)
    assert len(server.received) == 1


def test_a_body_that_breaks_off_is_read_again() -> None:
    broken = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{")
    with serving(broken, said_json(200, {"ok": True})) as server:
        assert Http(server.url, sleep=no_pause).send(GET).json == {"ok": True}


def test_a_body_that_always_breaks_off_is_a_cut_answer() -> None:
    with serving(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{")) as server:
        response = Http(server.url, sleep=no_pause).send(GET)
        written = Http(server.url, sleep=no_pause).send(POST)
    assert (response.status, response.body, response.is_cut) == (200, b"{", True)
    assert written.is_cut
    assert len(server.received) == 4


def test_an_answer_that_is_no_http_is_told() -> None:
    with (
        serving(raw(b"SSH-2.0-OpenSSH\r\n\r\n")) as server,
        pytest.raises(NoAnswer, match="no HTTP"),
    ):
        Http(server.url, sleep=no_pause).send(GET)


def test_three_silences_in_a_row_mean_that_the_target_is_gone() -> None:
    with serving(dropped) as server:
        http = Http(server.url, retries=0)
        for _ in range(2):
            with pytest.raises(NoAnswer):
                http.send(POST)
        with pytest.raises(Unreachable, match="left 3 requests in a row unanswered"):
            http.send(POST)


def test_an_answer_between_two_silences_starts_the_count_again() -> None:
    with serving(dropped, dropped, said_json(200, {}), dropped) as server:
        http = Http(server.url, retries=0)
        for is_answered in (False, False, True, False, False):
            if is_answered:
                http.send(POST)
            else:
                with pytest.raises(NoAnswer):
                    http.send(POST)


def test_a_closed_port_is_unreachable_after_some_attempts() -> None:
    pauses: list[float] = []
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Unreachable, match=f"nothing listens at {url}.*is it running"):
        Http(url, sleep=pauses.append).send(POST)
    assert len(pauses) == 2


def test_an_unknown_host_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"there is no host named nowhere\.invalid"):
        Http("http://nowhere.invalid", sleep=no_pause).send(GET)


def test_https_to_a_server_without_it_is_unreachable() -> None:
    with (
        serving(raw(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server,
        pytest.raises(Unreachable, match=r"TLS with 127\.0\.0\.1:\d+ failed"),
    ):
        Http(f"https://127.0.0.1:{server.port}", sleep=no_pause).send(GET)


def test_an_untrusted_certificate_is_named() -> None:
    cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
    cause.verify_message = "certificate has expired"
    error = httpcore2.ConnectError("x")
    error.__cause__ = cause
    sentence, is_lasting = connect_sentence(error, read_base_url("https://api.example.test"))
    assert sentence == (
        "TLS: the certificate of api.example.test is not trusted: certificate has expired"
    )
    assert is_lasting


def test_a_host_that_takes_no_connection_in_time_is_named() -> None:
    error = httpcore2.ConnectTimeout("x")
    error.__cause__ = TimeoutError()
    sentence, _ = connect_sentence(error, read_base_url("http://10.0.0.1:8080"))
    assert sentence == "http://10.0.0.1:8080 takes no connection within 10 s"


def test_being_unreachable_ends_a_run() -> None:
    assert issubclass(Unreachable, RunStopped)
    assert issubclass(NoAnswer, NotJudged)


@pytest.mark.parametrize(
    ("base", "target", "joined"),
    [
        ("https://api.cal.com", "/v2/me?x=1", "/v2/me?x=1"),
        ("https://api.cal.com/v2", "/v2/me?x=1", "/v2/me?x=1"),
        ("https://api.cal.com/v2/", "/v2", "/v2"),
        ("https://example.test/proxy/v2", "/v2/me", "/proxy/v2/me"),
        ("https://example.test/a/b", "/a/b/me", "/a/b/me"),
        ("https://example.test/api", "/books", "/api/books"),
        ("https://example.test/v2", "/v20/books", "/v2/v20/books"),
        ("https://example.test", "", "/"),
    ],
)
def test_paths_go_below_the_base_path_and_repeat_none_of_it(
    base: str, target: str, joined: str
) -> None:
    assert read_base_url(base).joined(target) == joined


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ftp://example.test", "begins with http"),
        ("example.test", "begins with http"),
        ("http://", "begins with http"),
        ("http://exa mple.test", "no URL"),
        ("http://example.test:99999", "no URL"),
        ("http://me:secret@example.test", "does not belong in a URL"),
        ("http://example.test/?key=1", "no [?]"),
    ],
)
def test_an_address_that_is_none_is_wrong_use(text: str, reason: str) -> None:
    with pytest.raises(SetupError, match=reason) as caught:
        Http(text)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "is_loopback"),
    [
        ("http://localhost:1", True),
        ("http://127.0.0.1", True),
        ("http://127.8.0.1", True),
        ("http://[::1]:80", True),
        ("http://mock.localhost", True),
        ("http://10.0.0.1", False),
        ("https://localhost.example.test", False),
    ],
)
def test_this_machine_is_known_by_its_names(url: str, is_loopback: bool) -> None:
    assert read_base_url(url).is_loopback is is_loopback


def test_the_root_is_below_no_base_path() -> None:
    with serving(said_json(200, {})) as server:
        Http(f"{server.url}/v2").at_root().send(GET)
    assert server.received[0].target == "/books"


def test_both_transports_encode_alike() -> None:
    request = Request("GET", "/a b/é?q=☃", (("X-Name", "snow ☃"),))
    seen = []

    async def app(scope, receive, send):  # type: ignore[no-untyped-def]
        if scope["type"] == "http":
            query = scope["query_string"]
            seen.append((scope["raw_path"] + b"?" + query, dict(scope["headers"])[b"x-name"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})

    inside = InProcess(app)
    inside.send(request)
    inside.close()
    with serving(said_json(200, {})) as server:
        Http(server.url).send(request)
    came = server.received[0]
    name = (came.header("x-name") or "").encode("latin-1")
    assert seen == [(came.target.encode(), name)]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_answer_knows_whether_it_came_over_tls(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Http(f"{scheme}://api.example.test")
    monkeypatch.setattr(one._pool, "handle_request", lambda wire: httpcore2.Response(204))
    assert one.send(GET).is_secure is (scheme == "https")
    one.close()
