"""How every room's tests run."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "understudy",
    deadline=None,  # a loaded machine is slow, and no test is about time
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("understudy")
