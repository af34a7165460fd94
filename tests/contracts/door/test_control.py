"""The mock's admin API, spoken from outside."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from contracts.door.control import AdminControl
from contracts.door.stub import STARTS_AT, open_stub
from contracts.door.transports import InProcess
from contracts.exchange import Request, Response
from contracts.stops import NotJudged
from mockserver import Settings, create_app
from mockserver.errors import SetupError

KEY = (
    ("Authorization", "Bearer cal_test_demo"),
    ("Content-Type", "application/json"),
    ("cal-api-version", "2024-09-04"),
)


class Answering:
    """Carries every request to one and the same answer."""

    def __init__(self, response: Response) -> None:
        self._response = response

    def send(self, request: Request) -> Response:
        return self._response


@pytest.fixture
def transport() -> Iterator[InProcess]:
    transport = open_stub().transport
    yield transport
    transport.close()


def made_link(transport: InProcess, body: bytes) -> str:
    target = "/v2/event-types/101/private-links"
    link = transport.send(Request("POST", target, KEY, body))
    return str(link.json["data"]["linkId"])


def test_a_standing_clock_is_moved_and_stands_there(transport: InProcess) -> None:
    control = AdminControl(transport)
    assert control.now() == STARTS_AT
    control.move_to(STARTS_AT + timedelta(days=1, microseconds=5000))
    assert control.now() == STARTS_AT + timedelta(days=1, microseconds=5000)
    assert AdminControl(transport).now() == control.now()


def test_a_running_clock_runs_on_from_where_it_is_moved_to() -> None:
    transport = InProcess(create_app(Settings()))
    control = AdminControl(transport)
    assert abs(control.now() - datetime.now(UTC)) < timedelta(seconds=5)
    control.move_to(STARTS_AT)
    assert STARTS_AT <= control.now() < STARTS_AT + timedelta(seconds=5)
    assert control.now() < control.now()
    transport.close()


def test_the_clock_is_asked_for_once(transport: InProcess) -> None:
    sent: list[Request] = []

    class Counting:
        def send(self, request: Request) -> Response:
            sent.append(request)
            return transport.send(request)

    control = AdminControl(Counting())
    for _ in range(5):
        control.now()
    assert len(sent) == 1


def test_uses_are_counted_up_to_the_end_of_the_link(transport: InProcess) -> None:
    control = AdminControl(transport)
    link = made_link(transport, b'{"maxUsageCount": 2}')
    assert control.can_count_uses
    assert [control.count_use(link) for _ in range(3)] == [True, True, False]


def test_an_ended_link_takes_no_use(transport: InProcess) -> None:
    control = AdminControl(transport)
    link = made_link(transport, b'{"expiresAt": "2030-01-02T00:00:00Z"}')
    assert control.count_use(link)
    control.move_to(STARTS_AT + timedelta(days=2))
    assert not control.count_use(link)


def test_a_link_that_is_not_there_is_told(transport: InProcess) -> None:
    with pytest.raises(NotJudged, match="no private link nope"):
        AdminControl(transport).count_use("nope")


def test_the_admin_token_is_shown_and_asked_for() -> None:
    transport = InProcess(create_app(Settings(admin_token="open-sesame")))
    assert AdminControl(transport, "open-sesame").now()
    with pytest.raises(SetupError, match="--control-token") as caught:
        AdminControl(transport, "wrong").check()
    assert "open-sesame" not in str(caught.value)
    transport.close()


@pytest.mark.parametrize(
    "response",
    [
        Response(404, (), b'{"status": "error", "error": {"code": "NotFound"}}'),
        Response(404, (), b"<html>not found</html>"),
        Response(200, (), b"<html>hello</html>"),
        Response(200, (), b'{"hello": "world"}'),
        Response(200, (), b'{"now": "tomorrow", "isFrozen": false}'),
        Response(302),
    ],
)
def test_a_target_without_admin_api_is_told(response: Response) -> None:
    with pytest.raises(SetupError, match="--control: the target has no admin API of a mock"):
        AdminControl(Answering(response)).check()


def test_a_mock_of_another_api_counts_no_uses() -> None:
    listed = Response(200, (), b'{"actions": []}')
    control = AdminControl(Answering(listed))
    assert not control.can_count_uses
    with pytest.raises(NotJudged, match="does not simulate private links"):
        control.count_use("abc")
