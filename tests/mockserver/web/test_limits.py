from datetime import UTC, datetime, timedelta

from mockserver.behaviours.registry import Hit
from mockserver.web.limits import FixedWindows

NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_the_first_requests_pass_and_the_next_is_refused() -> None:
    windows = FixedWindows()
    hits = [windows.hit("ann", 2, NOW) for _ in range(3)]
    assert hits == [
        Hit(limit=2, remaining=1, reset_s=60, is_refused=False),
        Hit(limit=2, remaining=0, reset_s=60, is_refused=False),
        Hit(limit=2, remaining=0, reset_s=60, is_refused=True),
    ]


def test_a_window_begins_with_its_first_request_and_does_not_slide() -> None:
    windows = FixedWindows()
    windows.hit("ann", 2, NOW)
    assert windows.hit("ann", 2, after(59.5)) == Hit(2, 0, 1, False)
    assert windows.hit("ann", 2, after(60)) == Hit(2, 1, 60, False)


def test_a_refused_tracker_is_blocked_for_a_whole_window() -> None:
    windows = FixedWindows()
    windows.hit("ann", 1, NOW)
    assert windows.hit("ann", 1, after(30)) == Hit(1, 0, 60, True)
    assert windows.hit("ann", 1, after(89.9)) == Hit(1, 0, 1, True)
    assert windows.hit("ann", 1, after(90)) == Hit(1, 0, 60, False)


def test_trackers_do_not_share_their_windows() -> None:
    windows = FixedWindows()
    windows.hit("ann", 1, NOW)
    assert not windows.hit("bob", 1, NOW).is_refused
    assert windows.hit("ann", 1, NOW).is_refused


def test_a_clock_set_back_begins_a_new_window() -> None:
    windows = FixedWindows()
    windows.hit("ann", 1, NOW)
    windows.hit("ann", 1, NOW)
    assert windows.hit("ann", 1, after(-3600)) == Hit(1, 0, 60, False)


def test_ended_windows_are_dropped() -> None:
    windows = FixedWindows()
    for number in range(20_000):
        windows.hit(f"client {number}", 5, after(number))
    assert len(windows) < 1000


def test_a_frozen_clock_does_not_let_windows_pile_up() -> None:
    windows = FixedWindows(max_trackers=100)
    for number in range(1000):
        windows.hit(f"client {number}", 1, NOW)
        assert len(windows) <= 100
    assert windows.hit("client 999", 1, NOW).is_refused


def test_cleared_windows_are_forgotten() -> None:
    windows = FixedWindows()
    windows.hit("ann", 1, NOW)
    windows.clear()
    assert not windows.hit("ann", 1, NOW).is_refused
