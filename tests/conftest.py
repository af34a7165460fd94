"""How every room's tests run."""

import gc

from hypothesis import HealthCheck, settings

settings.register_profile(
    "understudy",
    deadline=None,  # a loaded machine is slow, and no test is about time
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("understudy")


def pytest_collection_finish() -> None:
    """Some thousand tests keep much alive: collecting it again and again made them slower by half,
    and what builds a mock slowest of all."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
