import time

from contracts.door.stalls import StallMeter


def test_a_quiet_wait_is_no_stall_and_a_held_interpreter_is_one() -> None:
    meter = StallMeter()
    try:
        before = meter.stalled_s()
        held_s = _hold_the_interpreter()
        stalled_s = meter.stalled_s() - before
    finally:
        meter.close()
    assert 0.5 * held_s < stalled_s < 1.5 * held_s


def test_the_meter_ends_with_its_owner() -> None:
    meter = StallMeter()
    meter.close()
    assert not meter._thread.is_alive()


def _hold_the_interpreter() -> float:
    """One call that lets no other thread run; gives its seconds."""
    numbers = [str(number) for number in range(400_000)] * 4
    started = time.perf_counter()
    sorted(numbers)
    return time.perf_counter() - started
