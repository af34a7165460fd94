"""Proves that the suites can fail: plants one deviation of the mock after another, and shows which
suite finds it."""
