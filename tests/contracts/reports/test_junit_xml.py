from dataclasses import replace
from xml.etree import ElementTree as Xml

import pytest

from contracts.findings import Finding, Severity
from contracts.reports.junit_xml import junit_xml
from contracts.results import Report
from tests.contracts.reports.sample import LINKS, OPERATIONS, SUITES


@pytest.fixture(scope="module")
def root(report: Report) -> Xml.Element:
    return Xml.fromstring(junit_xml(report).encode())


def case(root: Xml.Element, suite: str, name: str) -> Xml.Element:
    found = root.find(f"testsuite[@name='{suite}']/testcase[@name='{name}']")
    assert found is not None
    return found


def test_every_suite_and_every_case_is_there(root: Xml.Element, report: Report) -> None:
    assert [one.get("name") for one in root] == [*SUITES, "run"]
    assert len(root.findall("testsuite/testcase")) == len(report.results) + 1


def test_the_sums_are_right(root: Xml.Element) -> None:
    for tag, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        total = len(root.findall(f"testsuite/testcase/{tag}"))
        assert int(root.get(attribute, "")) == total > 0


def test_a_failed_case_tells_its_finding_with_a_command(root: Xml.Element) -> None:
    failure = case(root, "variants", f"{LINKS}/kind-change").find("failure")
    assert failure is not None
    assert failure.get("type") == "variant-ambiguous"
    assert "fits two kinds at once" in failure.get("message", "")
    assert "curl -i https://api.example.com/v2/event-types/7/private-links" in str(failure.text)


def test_a_case_that_was_not_judged_is_skipped_with_its_reason(root: Xml.Element) -> None:
    skipped = case(root, "lifecycle", f"{OPERATIONS[10]}/walk").find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "not judged: needs the actor admin: give --as admin=ENV_VAR"


@pytest.mark.parametrize(("is_strict", "tag"), [(False, "skipped"), (True, "failure")])
def test_an_unseen_case_fails_only_when_strict(report: Report, is_strict: bool, tag: str) -> None:
    root = Xml.fromstring(junit_xml(replace(report, strict=is_strict)).encode())
    assert case(root, "variants", f"{LINKS}/expired-kind").find(tag) is not None


def test_a_broken_case_is_an_error(root: Xml.Element) -> None:
    error = root.find("testsuite[@name='stateful']/testcase/error")
    assert error is not None
    assert "Traceback" in str(error.text)


def test_an_accepted_finding_does_not_fail_its_case(root: Xml.Element) -> None:
    accepted = case(root, "examples", f"{OPERATIONS[-1]}/headers")
    assert accepted.find("failure") is None
    assert "accepted by api-team until 2030-06-30" in str(accepted.findtext("system-out"))


def test_an_incomplete_run_is_an_error_of_its_own(root: Xml.Element) -> None:
    error = case(root, "run", "the run came to its end").find("error")
    assert error is not None
    assert "503 to ten requests" in error.get("message", "")


def test_a_finding_of_no_case_fails_on_its_own(report: Report) -> None:
    low = Finding(
        "coverage", "statuses", Severity.HIGH, "70 % is below 80 %", "80 %", "--min-coverage"
    )
    root = Xml.fromstring(junit_xml(replace(report, findings=(*report.findings, low))).encode())
    assert case(root, "run", "statuses/coverage").find("failure") is not None


def test_run_facts_are_properties(root: Xml.Element) -> None:
    properties = {
        one.get("name"): one.get("value") for one in root[0].findall("properties/property")
    }
    assert properties["seed"] == "1"
    assert properties["run id"] == "k3v9"
    assert properties["target"] == "https://api.example.com/v2"


def test_characters_that_xml_forbids_are_left_out(report: Report) -> None:
    text = junit_xml(report)
    assert not set(text) & {"\x00", "\x07", "\x1b"}
    assert "\\x1b" not in text
