"""The suite `fuzz` under pytest, a test for every case."""

from contracts.plugin import tests_of

test_fuzz = tests_of("fuzz")
