import time

from contracts.door.stalls import StallMeter


def test_what_holds_up_everybody_is_a_stall() -> None:
    meter = StallMeter()
    try:
        before = meter.stalled_s()
        held_s = _hold_the_interpreter()
        stalled_s = meter.stalled_s() - before
    finally:
        meter.close()
    assert stalled_s > 0.5 * held_s


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
