"""The suite `auth` under pytest, a test for every case."""

from contracts.plugin import tests_of

test_auth = tests_of("auth")
