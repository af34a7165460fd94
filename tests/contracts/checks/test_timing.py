from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.checks.timing import answers_within
from contracts.exchange import Exchange, Request, Response
from contracts.yardstick import Yardstick


@pytest.mark.parametrize(("duration_s", "found"), [(0.01, 0), (2.0, 0), (2.1, 1), (60.0, 1)])
def test_an_answer_that_takes_too_long_is_found(
    answered: Callable[..., Exchange], shop: Yardstick, duration_s: float, found: int
) -> None:
    exchange = replace(
        answered(Request("GET", "/api/things"), Response(200)), duration_s=duration_s
    )
    findings = list(answers_within(2.0)(exchange, shop))
    assert [finding.rule for finding in findings] == ["slow-answer"] * found
    assert all("2 s" in finding.expected for finding in findings)


def test_what_this_machine_itself_stood_still_is_not_counted(
    answered: Callable[..., Exchange], shop: Yardstick
) -> None:
    slow = replace(answered(Request("GET", "/api/things"), Response(200)), duration_s=3.0)
    assert not list(answers_within(2.0)(replace(slow, stalled_s=1.5), shop))
    assert list(answers_within(2.0)(replace(slow, stalled_s=0.5), shop))
