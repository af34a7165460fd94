"""A word where an id belongs, and a filter that is named twice."""

import pytest

from tests.end_to_end.callers import EVENT_TYPES, Api

NO_NUMBER = (400, "Validation failed (numeric string is expected)")
DATABASE = (500, "There was an error, please try again later.")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_word_is_no_id(api: Api, method: str) -> None:
    headers = {"Authorization": "Bearer cal_test_demo", "cal-api-version": EVENT_TYPES}
    answer = api.client.request(method, "/v2/event-types/abc", headers=headers)
    error = answer.json()["error"]
    assert (answer.status_code, error["message"]) == NO_NUMBER


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v2/event-types/abc", DATABASE),
        ("DELETE", "/v2/event-types/abc", DATABASE),
        ("PATCH", "/v2/event-types/abc", NO_NUMBER),
        ("GET", "/v2/organizations/101/teams/102/event-types/abc", DATABASE),
    ],
)
def test_where_the_real_server_has_no_integer_pipe_the_database_fails(
    observed: Api, method: str, path: str, expected: tuple[int, str]
) -> None:
    headers = {"Authorization": "Bearer cal_test_demo", "cal-api-version": EVENT_TYPES}
    answer = observed.client.request(method, path, headers=headers)
    assert (answer.status_code, answer.json()["error"]["message"]) == expected


def test_a_filter_named_twice_is_refused(api: Api) -> None:
    headers = {"cal-api-version": EVENT_TYPES}
    answer = api.client.get("/v2/event-types?username=demo&username=bob", headers=headers)
    assert answer.status_code == 400
    [entry] = answer.json()["error"]["details"]["errors"]
    assert entry["property"] == "username"
