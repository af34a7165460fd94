"""What is taken for the body of a team event type before it is validated."""

from collections.abc import Callable, Iterable

import pytest

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.event_types.operations import READERS as OF_USERS
from mockserver.domains.calcom.event_types.team_operations import READERS
from mockserver.errors import ApiError
from mockserver.model import Document

INNER_NAMES = ["team-event-type-inner-scheduling-names"]
BODY = {"title": "Team call", "slug": "team-call", "lengthInMinutes": 30}


@pytest.fixture
def read(new_call: Callable[..., Call]) -> Callable[..., Document]:
    def read(scheduling_type: object, quirks: Iterable[str] = ()) -> Document:
        operation_id = "OrganizationsEventTypesController_createTeamEventType"
        body = {**BODY, "schedulingType": scheduling_type}
        call = new_call(operation_id, body=body, quirks=quirks)
        read: Document = READERS[operation_id](call)
        return read

    return read


@pytest.mark.parametrize(
    ("inner", "documented"),
    [("COLLECTIVE", "collective"), ("ROUND_ROBIN", "roundRobin"), ("MANAGED", "managed")],
)
def test_the_real_server_takes_its_own_spelling(
    read: Callable[..., Document], inner: str, documented: str
) -> None:
    assert read(inner, INNER_NAMES)["schedulingType"] == documented


def test_the_documented_spelling_alone_is_meant_to_pass(read: Callable[..., Document]) -> None:
    assert read("COLLECTIVE")["schedulingType"] == "COLLECTIVE"
    assert read("collective", INNER_NAMES)["schedulingType"] == "collective"


@pytest.mark.parametrize("value", ["Collective", 7, ["COLLECTIVE"]])
def test_anything_else_is_refused_in_the_real_servers_words(
    read: Callable[..., Document], value: object
) -> None:
    with pytest.raises(ApiError) as caught:
        read(value, INNER_NAMES)
    text = "schedulingType must be one of the following values: ROUND_ROBIN, COLLECTIVE, MANAGED"
    assert text in str(caught.value.details)


def test_who_hosts_is_part_of_the_body(new_call: Callable[..., Call]) -> None:
    operation_id = "OrganizationsEventTypesController_updateTeamEventType"
    body = {"hosts": [{"userId": 4}], "assignAllTeamMembers": True}
    call = new_call(operation_id, body=body)
    assert READERS[operation_id](call) == body


def test_every_write_has_a_reader() -> None:
    assert sorted(READERS) == [
        "OrganizationsEventTypesController_createTeamEventType",
        "OrganizationsEventTypesController_updateTeamEventType",
    ]
    assert len(OF_USERS) == 2
