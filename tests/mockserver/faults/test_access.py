"""Doors that are open, shut for the wrong people, or too talkative."""

from typing import Any

import pytest

from mockserver.faults.access import FAULTS
from tests.mockserver.faults.bench import EVENT_TYPES, LINKS, TEAM, Bench, Case, seen

OMAR, LENA, BOB = "cal_test_omar", "cal_test_lena", "cal_test_bob"
ENDED = "cal_test_alice_expired"
READER = "cal-test-oauth-reader"
NEW = {"title": "New", "slug": "new", "lengthInMinutes": 30}
COUNTED = f"{LINKS}/demoCountedFresh111111"


def of_nobody(bench: Bench) -> Any:
    return (
        bench.status("GET", "/v2/me", who=None),
        bench.status("POST", EVENT_TYPES, NEW, who=None),
        bench.status("GET", f"{EVENT_TYPES}/99999", who=None),
        bench.status("GET", "/v2/me", who="nonsense"),
    )


def of_unknown(bench: Bench) -> Any:
    keys = ("cal_test_unknown", "nonsense", ENDED, None)
    return tuple(bench.status("GET", "/v2/me", who=key) for key in keys)


def of_longer(bench: Bench) -> Any:
    keys = ("cal_test_demo", "cal_test_demox", "cal_test_dem")
    return tuple(bench.status("GET", "/v2/me", who=key) for key in keys)


def of_ended(bench: Bench) -> Any:
    keys = (ENDED, "cal-test-managed-expired", "cal_test_unknown")
    return tuple(bench.status("GET", "/v2/me", who=key) for key in keys)


def of_reader(bench: Bench) -> Any:
    read = bench.status("GET", EVENT_TYPES, who=READER)
    return read, bench.status("POST", EVENT_TYPES, NEW, who=READER)


def of_roles(bench: Bench) -> Any:
    """As a member, as an administrator, as somebody else."""
    return tuple(bench.status("GET", f"{TEAM}/120", who=who) for who in (OMAR, LENA, BOB))


def of_strangers(bench: Bench) -> Any:
    """Reading, changing, deleting and adding to what belongs to demo, and what nobody has."""
    return (
        bench.status("GET", f"{EVENT_TYPES}/101", who=BOB),
        bench.status("PATCH", f"{EVENT_TYPES}/101", {"title": "Mine"}, who=BOB),
        bench.status("POST", LINKS, {}, who=BOB),
        bench.status("DELETE", COUNTED, who=BOB),
        bench.status("GET", f"{EVENT_TYPES}/99999", who=BOB),
        bench.get(f"{EVENT_TYPES}/101").data["title"],
    )


def of_two_callers(bench: Bench) -> Any:
    return [bench.get("/v2/me", who=who).data["username"] for who in ("cal_test_demo", BOB, BOB)]


def of_foreign_and_missing(bench: Bench) -> Any:
    return (
        bench.status("GET", LINKS, who=BOB),
        bench.status("GET", "/v2/event-types/99999/private-links", who=BOB),
        bench.status("DELETE", f"{LINKS}/missing", who="cal_test_demo"),
    )


def hidden(bench: Bench, who: str | None) -> Any:
    """What is hidden of demo's event types, as it is shown in her list."""
    found = bench.get(f"{EVENT_TYPES}?username=demo", who=who).data
    return [(one["slug"], one["hidden"]) for one in found if one["slug"] == "hidden"]


def of_hidden(bench: Bench) -> Any:
    return hidden(bench, BOB), hidden(bench, None)


def of_errors(bench: Bench) -> Any:
    """What of the server's inside is in a refusal, and in a success."""
    refusal = bench.get(f"{EVENT_TYPES}/99999").body.decode()
    success = bench.get("/v2/me").body.decode()
    signs = ("handler.js", "SELECT", "cal_test_demo")
    return [sign for sign in signs if sign in refusal], [s for s in signs if s in success]


SHOWN, NOT_SHOWN = [("hidden", True)], []  # type: ignore[var-annotated]
TALE = (404, 404, 404, 404, 404, "Intro call")
CASES = (
    Case("auth-ignored", of_nobody, (401, 401, 401, 401), (200, 201, 404, 401)),
    Case("auth-any-token-accepted", of_unknown, (401, 401, 401, 401), (200, 200, 200, 401)),
    Case("auth-longer-token-accepted", of_longer, (200, 401, 401), (200, 200, 401)),
    Case("revoked-or-expired-key-accepted", of_ended, (401, 498, 401), (200, 200, 401)),
    Case("scope-not-enforced", of_reader, (200, 403), (200, 201)),
    Case("role-not-enforced", of_roles, (403, 200, 403), (200, 200, 403)),
    Case("role-too-strict", of_roles, (403, 200, 403), (403, 403, 403)),
    Case("other-tenant-readable", of_strangers, TALE, (200, 404, 404, 404, 404, "Intro call")),
    Case("other-tenant-writable", of_strangers, TALE, (404, 200, 201, 404, 404, "Mine")),
    Case("other-tenant-deletable", of_strangers, TALE, (404, 404, 404, 200, 404, "Intro call")),
    Case("caller-mixed-up", of_two_callers, ["demo", "bob", "bob"], ["demo", "demo", "bob"]),
    Case("existence-leak", of_foreign_and_missing, (404, 404, 404), (403, 404, 404)),
    Case("private-object-public", of_hidden, (NOT_SHOWN, NOT_SHOWN), (SHOWN, NOT_SHOWN)),
    Case("anonymous-list-shows-hidden", of_hidden, (NOT_SHOWN, NOT_SHOWN), (NOT_SHOWN, SHOWN)),
    Case("error-leaks-internals", of_errors, ([], []), (["handler.js"], [])),
    Case("error-leaks-sql", of_errors, ([], []), (["SELECT"], [])),
    Case("error-repeats-credential", of_errors, ([], []), (["cal_test_demo"], [])),
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_only_the_faulty_mock_shows_it(case: Case, bench: Bench) -> None:
    assert seen(bench, case) == (case.healthy, case.faulty)


def test_every_fault_has_its_case() -> None:
    assert {case.name for case in CASES} == {fault.name for fault in FAULTS}


def test_who_comes_in_by_a_fault_is_noted_with_what_was_sent(bench: Bench) -> None:
    bench.start("auth-any-token-accepted")
    bench.get("/v2/me", who="nonsense")
    (*_, entry) = bench.app.journal.find()
    assert (entry.status, entry.headers["cal-api-version"]) == (200, "2024-06-14")
    assert "alice" in entry.actor


def test_a_write_in_another_s_name_is_made_once(bench: Bench) -> None:
    bench.start("auth-ignored")
    before = len(bench.app.store.find("event-types"))
    bench.send("POST", EVENT_TYPES, NEW, who=None)
    assert len(bench.app.store.find("event-types")) == before + 1
