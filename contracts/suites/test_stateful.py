"""The suite `stateful` under pytest, a test for every case."""

from contracts.plugin import tests_of

test_stateful = tests_of("stateful")
