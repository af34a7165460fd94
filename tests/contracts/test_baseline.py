from datetime import date
from pathlib import Path

import pytest

from contracts.baseline import Baseline, BaselineEntry, read_baseline, write_baseline
from contracts.findings import Finding, Severity
from mockserver.errors import SetupError

TODAY = date(2026, 6, 1)


def finding(rule: str = "statuses", operation: str = "GET /books", cause: str = "418") -> Finding:
    return Finding(rule, operation, Severity.HIGH, "418 came", "200", "document", cause=cause)


def entry(
    operation: str = "GET /books", cause: str = "*", expires: date = date(2027, 1, 1)
) -> BaselineEntry:
    return BaselineEntry("statuses", operation, "ana", expires, cause, "a teapot for now")


def is_accepted(one: BaselineEntry, other: Finding) -> bool:
    return bool(Baseline((one,)).accept([other], TODAY)[0].accepted)


def refusal_of(tmp_path: Path, text: str) -> str:
    file = tmp_path / "baseline.yaml"
    file.write_text(text)
    with pytest.raises(SetupError) as caught:
        read_baseline(file)
    assert str(file) in str(caught.value)
    return str(caught.value)


def test_an_accepted_finding_says_by_whom_until_when_and_why() -> None:
    accepted = Baseline((entry(),)).accept([finding()], TODAY)[0].accepted
    assert accepted == "accepted until 2027-01-01 by ana: a teapot for now"


def test_without_a_reason_none_is_told() -> None:
    plain = BaselineEntry("statuses", "GET /books", "ana", date(2027, 1, 1))
    assert Baseline((plain,)).accept([finding()], TODAY)[0].accepted.endswith("by ana")


def test_findings_that_nobody_accepted_stay_as_they_are_and_in_order() -> None:
    others = [finding(rule="headers"), finding(), finding(operation="GET /books/{bookId}")]
    told = Baseline((entry(),)).accept(others, TODAY)
    assert [bool(one.accepted) for one in told] == [False, True, False]
    assert [told[0], told[2]] == [others[0], others[2]]


def test_an_entry_holds_to_the_end_of_its_last_day() -> None:
    assert is_accepted(entry(expires=TODAY), finding())
    assert not is_accepted(entry(expires=date(2026, 5, 31)), finding())


def test_an_expired_entry_is_told() -> None:
    old = entry(expires=date(2026, 5, 31))
    assert Baseline((old, entry())).expired(TODAY) == (old,)
    assert old.text == "statuses on GET /books (ana, until 2026-05-31)"


def test_an_entry_that_fits_nothing_is_told() -> None:
    lost = entry(operation="GET /shelves")
    assert Baseline((entry(), lost)).unused([finding()]) == (lost,)


@pytest.mark.parametrize("operation", ["*", "GET *", "* /books", "GE? /books"])
def test_operations_may_be_globs(operation: str) -> None:
    assert is_accepted(entry(operation=operation), finding())


def test_a_glob_covers_the_whole_operation() -> None:
    assert not is_accepted(entry(operation="GET"), finding())
    assert not is_accepted(entry(operation="/books"), finding())


def test_brackets_of_a_cause_mean_themselves() -> None:
    assert is_accepted(entry(cause="data[*].title"), finding(cause="data[0].title"))
    assert not is_accepted(entry(cause="data[0].title"), finding(cause="data0.title"))


def test_an_entry_without_a_cause_accepts_every_cause() -> None:
    assert is_accepted(entry(), finding(cause="anything"))


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    file.write_text(
        "- {rule: statuses, operation: GET /books, owner: ana, expires: 2027-01-01,"
        " cause: '*', reason: a teapot for now}\n"
    )
    assert read_baseline(file).entries == (entry(),)


def test_an_empty_file_accepts_nothing(tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    file.write_text("# nothing yet\n")
    assert read_baseline(file) == Baseline()


def test_a_wrong_key_is_answered_with_the_nearest_right_one(tmp_path: Path) -> None:
    text = "- {rule: a, operation: b, owner: c, expires: 2027-01-01}\n- {rule: a, expire: x}\n"
    told = refusal_of(tmp_path, text)
    assert "entry 2" in told
    assert "did you mean 'expires'?" in told


@pytest.mark.parametrize("missing", ["rule", "operation", "owner", "expires"])
def test_what_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    whole = {"rule": "a", "operation": "b", "owner": "c", "expires": "2027-01-01"}
    del whole[missing]
    text = "- {" + ", ".join(f"{key}: {value}" for key, value in whole.items()) + "}\n"
    assert f"entry 1: needs '{missing}'" in refusal_of(tmp_path, text)


@pytest.mark.parametrize("wrong", ["soon", "2027-02-30", "31.01.2027"])
def test_what_is_no_date_is_refused(tmp_path: Path, wrong: str) -> None:
    text = f"- {{rule: a, operation: b, owner: c, expires: {wrong}}}\n"
    assert "must be a date like 2027-01-31" in refusal_of(tmp_path, text)


def test_a_value_that_is_no_text_is_refused(tmp_path: Path) -> None:
    text = "- {rule: a, operation: b, owner: 7, expires: 2027-01-01}\n"
    assert "'owner' must be a text (got 7)" in refusal_of(tmp_path, text)


@pytest.mark.parametrize("text", ["rule: a\n", "- just a text\n"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    assert "rule, operation, owner, expires" in refusal_of(tmp_path, text)


def test_a_written_baseline_accepts_what_it_was_written_from(tmp_path: Path) -> None:
    findings = [
        finding(),
        finding(cause='"quoted" [0] # * {x}: yes'),
        finding(operation="GET /a", cause=""),
    ]
    file = tmp_path / "baseline.yaml"
    file.write_text(write_baseline([*findings, finding()], "ana: of #team", date(2027, 1, 1)))
    baseline = read_baseline(file)
    assert len(baseline.entries) == 3
    assert all(one.accepted for one in baseline.accept(findings, TODAY))


def test_a_baseline_of_no_findings_can_be_read_back(tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    file.write_text(write_baseline([], "ana", date(2027, 1, 1)))
    assert read_baseline(file) == Baseline()
