"""The suites under pytest, as users run them: by package name, and in a suite of their own."""

from pathlib import Path

import pytest

from contracts.findings import Finding, Result, Severity, Verdict
from contracts.plugin import accepted, judge
from tests.contracts.http_servers import free_port, said_json, serving

pytest_plugins = ["pytester"]

AUTH = ("--pyargs", "contracts.suites.test_auth", "-q", "-rs", "-W", "error")
OWN = """
    import pytest
    from contracts.plugin import tests_of

    @pytest.fixture(scope="session")
    def contract_target():
        {target}

    test_contract = tests_of("auth", allow_writes=True)
"""
ASGI = "from mockserver import create_app; return create_app()"


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    for name in ("PYTEST_ADDOPTS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    return pytester


def in_process(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    """Quicker than a process of its own."""
    return pytester.runpytest_inprocess(*words)


def test_a_suite_runs_by_name_in_an_empty_folder_with_warnings_as_errors(
    pytester: pytest.Pytester,
) -> None:
    result = pytester.runpytest_subprocess(*AUTH, "--target", "stub", "-k", "v2/me")
    result.assert_outcomes(passed=4, deselected=result.parseoutcomes()["deselected"])
    assert result.ret == 0


def test_a_case_can_be_named(pytester: pytest.Pytester) -> None:
    node = "contracts.suites.test_auth::test_auth[GET /v2/me/anonymous]"
    result = in_process(pytester, "--pyargs", node, "--target", "stub")
    result.assert_outcomes(passed=1)


def test_two_workers_share_the_cases(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess(*AUTH, "--target", "stub", "-k", "v2/me", "-n", "2")
    result.assert_outcomes(passed=4)


def test_a_fault_fails_with_the_text_of_the_finding(pytester: pytest.Pytester) -> None:
    result = in_process(
        pytester,
        *("--pyargs", "contracts.suites.test_examples", "--contract-only", "GET /v2/event-types/s"),
        *("--contract-fault", "required-property-dropped", "-k", "success"),
    )
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*expected*", "*source*document #/*", "*curl *"])
    assert "Traceback" not in result.stdout.str()


def test_what_is_not_judged_is_skipped_with_its_reason(pytester: pytest.Pytester) -> None:
    with serving(said_json(200, {"status": "success", "data": {}})) as server:
        result = in_process(pytester, *AUTH, "--target", server.url, "-k", "v2/me and expired")
    result.stdout.fnmatch_lines(["SKIPPED*needs the actor expired: give --as expired=ENV_VAR*"])


def test_an_unreachable_target_ends_with_3_and_one_sentence(pytester: pytest.Pytester) -> None:
    target = f"http://127.0.0.1:{free_port()}"
    result = in_process(pytester, *AUTH, "--target", target)
    assert result.ret == 3
    result.stdout.fnmatch_lines(["*contracts: nothing listens at*connection refused*"])


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--tarket", "stub"), "unrecognized arguments"),
        (("--target", "foo"), "contracts: --target: must be `stub`, or a URL"),
        (("--contract-spec", "nowhere.yaml"), "nowhere.yaml: no such file"),
        (("--contract-fault", "nothing"), "there is no such fault"),
    ],
)
def test_wrong_use_is_told(pytester: pytest.Pytester, words: tuple[str, str], text: str) -> None:
    result = in_process(pytester, *AUTH, *words)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert text in result.stdout.str() + result.stderr.str()


def test_a_suite_of_ones_own_takes_an_application(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["contracts.plugin"]')
    pytester.makepyfile(OWN.format(target=ASGI))
    result = pytester.runpytest_inprocess("-k", "v2/me and anonymous")
    result.assert_outcomes(passed=1, deselected=result.parseoutcomes()["deselected"])


def test_a_suite_of_ones_own_takes_a_url(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["contracts.plugin"]')
    with serving(said_json(200, {"status": "success", "data": {}})) as server:
        pytester.makepyfile(OWN.format(target=f"return {server.url!r}"))
        result = pytester.runpytest_inprocess("-k", "v2/me and anonymous")
        assert server.received
    result.assert_outcomes(failed=1, deselected=result.parseoutcomes()["deselected"])


def test_known_findings_are_expected_failures(tmp_path: Path) -> None:
    known = tmp_path / "known.yaml"
    known.write_text("- {rule: a-rule, operation: '*', owner: ana, expires: '2999-12-31'}\n")
    finding = Finding("a-rule", "GET /x", Severity.HIGH, "Wrong", "right", "document")
    result = Result("auth", "GET /x", "rule", Verdict.FAILED, (finding,))
    with pytest.raises(pytest.xfail.Exception, match="accepted until 2999-12-31 by ana"):
        judge(accepted(result, known), is_strict=False)
    with pytest.raises(pytest.fail.Exception, match="Wrong"):
        judge(accepted(result, None), is_strict=False)


def test_other_peoples_runs_get_no_options(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass")
    assert in_process(pytester, "--target", "stub").ret == pytest.ExitCode.USAGE_ERROR
    assert "contract" not in in_process(pytester, "--help").stdout.str().lower()
