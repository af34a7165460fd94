"""A plan is a rehearsal: the same requests, and none of them to the target."""

import pytest

from contracts.plan import Plan, plan, plan_text
from contracts.settings import Settings
from tests.contracts.built_once import build_once
from tests.contracts.http_servers import said, serving

KEY = {"OWNER": "cal_test_demo"}
OWNER = (("owner", "OWNER"),)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    build_once(monkeypatch)


def planned(target: str = "https://api.test", **settings: object) -> Plan:
    given = {"actors": OWNER, "suite": ("examples",), "only": ("event-types/success",), **settings}
    return plan(Settings(target=target, **given), KEY)  # type: ignore[arg-type]


def total(plan: Plan, kind: str) -> int:
    return sum(kinds.get(kind, 0) for kinds in plan.counts.values())


def test_nothing_reaches_the_target() -> None:
    with serving(said(500)) as server:
        planned(server.url, allow_writes=True, rate=30)
        assert not server.received


def test_what_is_created_is_deleted_and_the_collection_listed() -> None:
    made = planned(allow_writes=True)
    assert total(made, "creations") == total(made, "deletions") > 0
    assert total(made, "reads") > 1


def test_a_run_that_only_reads_plans_no_writes() -> None:
    made = planned()
    assert {kind for kinds in made.counts.values() for kind in kinds} == {"reads"}
    assert any("--allow-writes" in reason for reason in made.not_judged)


def test_the_first_look_is_counted() -> None:
    assert planned(only=("GET /v2/me/status-500",)).requests == 1


def test_minutes_go_by_the_rate() -> None:
    made = planned(rate=2)
    assert made.minutes == made.requests / 2
    assert f"about {-(-made.requests // 2)} minutes at 2 a minute" in plan_text(made)


def test_a_budget_that_does_not_suffice_is_told() -> None:
    assert "The run would end early: the budget of 2" in plan_text(
        planned(budget=2, allow_writes=True)
    )


def test_reasons_are_told_once() -> None:
    lines = plan_text(planned(only=("undeclared-verb",))).splitlines()
    assert sum("undeclared requests are never sent" in line for line in lines) == 1
