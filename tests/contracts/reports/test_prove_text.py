"""A proof on the terminal, and while it goes on."""

import io

import pytest

from contracts.reports.prove_progress import ProveProgress
from contracts.reports.prove_summary import headline, verdict
from contracts.reports.prove_terminal import prove_text
from tests.contracts.prove.samples import (
    broken,
    clean_run,
    discovery,
    killed,
    proof_of,
    proven,
    survivor,
    whole_proof,
)


def test_the_first_line_is_the_verdict() -> None:
    assert prove_text(proven()).splitlines()[0] == "all 2 deviations were found"
    first = prove_text(whole_proof(), 120).splitlines()[0]
    assert first == (
        "2 of 24 deviations survived, 1 false alarm, "
        "incomplete: stopped by hand, 1 deviation not tried"
    )


def test_verdicts_have_words() -> None:
    assert verdict(proven()) == "proven"
    assert verdict(proof_of(survivor("a"))) == "not proven"
    stopped = proof_of(killed("a", "auth"), incomplete="stopped by hand")
    assert (verdict(stopped), headline(stopped)) == ("incomplete", "incomplete: stopped by hand")


def test_each_deviation_has_a_row_with_suite_rule_requests_and_time() -> None:
    lines = prove_text(proven(), 100).splitlines()
    (row,) = [line for line in lines if "lost-update" in line]
    assert row.split() == ["✓", "lost-update", "lifecycle", "body-is-wrong", "3", "0.2", "s"]


def test_survivors_come_last_in_red_with_what_should_expose_them() -> None:
    text = prove_text(proof_of(killed("a", "auth"), survivor("b")), is_colored=True)
    end = text[text.index("Survivors (1)") :]
    assert "\x1b[1;31mb (fault)" in end
    assert "a look at the answer" in end
    assert "silent in all 35 cases" in end


def test_false_alarms_and_broken_trials_are_told() -> None:
    proof = proof_of(broken("b"), clean_runs=(clean_run(1, discovery(message="Odd.")),))
    text = prove_text(proof)
    assert "body-is-wrong: Odd." in text
    assert "KeyError" in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = prove_text(whole_proof(), width).splitlines()
    assert max(map(len, lines)) <= width


def test_a_brief_one_leaves_out_what_was_found() -> None:
    text = prove_text(whole_proof(), is_brief=True)
    assert "wrong-thing-3" not in text
    assert "second-page-repeats" in text


def test_a_log_has_a_line_for_each_deviation() -> None:
    stream = io.StringIO()
    progress = ProveProgress(stream)
    progress.start(2, 35)
    progress.begin("wrong-type")
    progress.done(killed("wrong-type", "examples"))
    progress.done(survivor("lost"))
    progress.clean(clean_run(2))
    progress.stop()
    assert stream.getvalue().splitlines() == [
        "planting 2 deviations, up to 35 cases each",
        "1/2 wrong-type: examples, body-is-wrong (3 requests, 0.2 s)",
        "2/2 lost: SURVIVED, silent in all 35 cases",
        "a clean stub: 0 findings in 35 cases",
    ]


def test_quiet_progress_says_nothing() -> None:
    stream = io.StringIO()
    progress = ProveProgress(stream, is_quiet=True)
    progress.start(1, 35)
    progress.done(survivor("lost"))
    progress.stop()
    assert stream.getvalue() == ""
