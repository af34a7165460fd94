"""The suite `lifecycle` under pytest, a test for every case."""

from contracts.plugin import tests_of

test_lifecycle = tests_of("lifecycle")
