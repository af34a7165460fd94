from collections.abc import Callable
from typing import Any

import pytest

Connect = Callable[..., Any]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may_use_the_admin_api(connect: Connect, address: str) -> None:
    assert connect(address=address).get("/__admin/health").status_code == 200


@pytest.mark.parametrize("address", ["192.168.1.7", "::ffff:10.0.0.1", "2001:db8::1", "somebody"])
def test_other_machines_are_refused_without_a_token(connect: Connect, address: str) -> None:
    answer = connect(address=address).get("/__admin/health")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["localhost:4010", "[::1]:4010", "127.0.0.1", "my.localhost"])
def test_names_of_this_machine_are_accepted(connect: Connect, host: str) -> None:
    answer = connect().get("/__admin/health", headers={"Host": host})
    assert answer.status_code == 200


def test_the_bound_host_is_accepted(connect: Connect) -> None:
    assert connect(host="mock.test:4010").get("/__admin/health").status_code == 200


@pytest.mark.parametrize("host", ["evil.example:4010", "127.0.0.1.evil.example", "[", ""])
def test_a_foreign_name_pointed_at_this_machine_is_refused(connect: Connect, host: str) -> None:
    answer = connect().get("/__admin/health", headers={"Host": host})
    assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[", "localhost"])
def test_a_foreign_page_cannot_reset_the_mock(connect: Connect, control: Any, origin: str) -> None:
    control.store.load({"collections": {}})
    answer = connect().post("/__admin/reset", headers={"Origin": origin})
    assert answer.status_code == 403
    assert control.store.count("books") == 0


def test_a_page_of_this_machine_may_reset_the_mock(connect: Connect) -> None:
    answer = connect().post("/__admin/reset", headers={"Origin": "http://localhost:3000"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer s3cret"}, {"X-Admin-Token": "s3cret"}]
)
def test_who_has_the_token_may_come_from_anywhere(
    connect: Connect, headers: dict[str, str]
) -> None:
    client = connect(token="s3cret", address="192.168.1.7", host="mock.test")
    foreign = {"Host": "elsewhere.test", "Origin": "https://elsewhere.test", **headers}
    assert client.get("/__admin/health", headers=foreign).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer s3cre"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic s3cret"},
        {"X-Admin-Token": "wrong"},
        {"X-Admin-Token": "é".encode("latin-1")},
    ],
)
def test_with_a_token_this_machine_needs_it_too(connect: Connect, headers: dict[str, str]) -> None:
    answer = connect(token="s3cret").get("/__admin/health", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "s3cret" not in answer.text


def test_who_may_not_enter_does_not_learn_which_paths_there_are(connect: Connect) -> None:
    client = connect(token="s3cret")
    assert client.get("/__admin/nothing").status_code == 401
