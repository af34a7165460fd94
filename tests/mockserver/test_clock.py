"""Time that stands, jumps and runs on."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mockserver.clock import Clock, iso_text, system_time

START = datetime(2030, 1, 1, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Source:
    """A system time that the test moves."""

    def __init__(self) -> None:
        self.instant = START

    def __call__(self) -> datetime:
        return self.instant


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock(source: Source) -> Clock:
    return Clock(source)


def test_a_clock_shows_the_system_time(clock: Clock, source: Source) -> None:
    assert clock.now() == START
    source.instant += HOUR
    assert clock.now() == START + HOUR


def test_a_clock_is_real_by_default() -> None:
    before = system_time()
    now = Clock().now()
    assert before <= now <= system_time()
    assert now.utcoffset() == timedelta()


def test_a_frozen_clock_stands_still(clock: Clock, source: Source) -> None:
    assert not clock.is_frozen
    clock.freeze()
    source.instant += HOUR
    assert clock.now() == START
    assert clock.is_frozen


def test_a_clock_freezes_at_a_given_instant_in_utc(clock: Clock) -> None:
    clock.freeze(datetime(2031, 6, 1, 12, 0, tzinfo=timezone(2 * HOUR)))
    assert clock.now() == datetime(2031, 6, 1, 10, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_running_clock_that_is_set_runs_on(clock: Clock, source: Source) -> None:
    clock.set(START + 24 * HOUR)
    source.instant += HOUR
    assert clock.now() == START + 25 * HOUR
    assert not clock.is_frozen
    assert clock.offset == 24 * HOUR


def test_a_frozen_clock_that_is_set_stays_frozen(clock: Clock, source: Source) -> None:
    clock.freeze()
    clock.set(START + 24 * HOUR)
    source.instant += HOUR
    assert clock.now() == START + 24 * HOUR


@pytest.mark.parametrize("span", [HOUR, -HOUR])
def test_a_clock_can_be_moved_while_it_runs(clock: Clock, source: Source, span: timedelta) -> None:
    clock.advance(span)
    clock.advance(span)
    source.instant += HOUR
    assert clock.now() == START + HOUR + 2 * span


@pytest.mark.parametrize("span", [HOUR, -HOUR])
def test_a_clock_can_be_moved_while_it_stands(
    clock: Clock, source: Source, span: timedelta
) -> None:
    clock.freeze()
    clock.advance(span)
    source.instant += HOUR
    assert clock.now() == START + span


def test_a_moved_clock_freezes_where_it_is(clock: Clock) -> None:
    clock.advance(HOUR)
    clock.freeze()
    assert clock.now() == START + HOUR


def test_a_released_clock_shows_the_system_time_again(clock: Clock, source: Source) -> None:
    clock.advance(HOUR)
    clock.freeze()
    clock.release()
    source.instant += HOUR
    assert clock.now() == START + HOUR
    assert (clock.is_frozen, clock.offset) == (False, timedelta())


@pytest.mark.parametrize("is_frozen", [False, True])
def test_a_move_beyond_the_calendar_is_refused_and_changes_nothing(
    clock: Clock, is_frozen: bool
) -> None:
    if is_frozen:
        clock.freeze()
    with pytest.raises(OverflowError):
        clock.advance(timedelta(days=9000 * 366))
    assert clock.now() == START


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (START, "2030-01-01T08:00:00.000Z"),
        (START.replace(microsecond=7_999), "2030-01-01T08:00:00.007Z"),
        (datetime(2030, 1, 1, 1, 30, tzinfo=timezone(2 * HOUR)), "2029-12-31T23:30:00.000Z"),
        (START.replace(year=987), "0987-01-01T08:00:00.000Z"),
    ],
)
def test_an_instant_is_written_as_javascript_does(instant: datetime, text: str) -> None:
    assert iso_text(instant) == text
