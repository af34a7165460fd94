"""The suite `variants` under pytest, a test for every case."""

from contracts.plugin import tests_of

test_variants = tests_of("variants")
