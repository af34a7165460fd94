"""The suite `examples` under pytest, a test for every case."""

from contracts.plugin import tests_of

test_examples = tests_of("examples")
