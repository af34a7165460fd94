import io
import os
import pty
import threading

import pytest

from contracts.findings import Finding, Result, Severity, Verdict
from contracts.reports.progress import Progress

FAILED = Result(
    "examples",
    "GET /x",
    "rule",
    Verdict.FAILED,
    (Finding("rule", "GET /x", Severity.LOW, "m", "e", "s"),),
)
PASSED = Result("examples", "GET /x", "rule", Verdict.PASSED)


class Ticking:
    """A clock that goes on by four seconds whenever somebody looks."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 4
        return self.now


def run(progress: Progress) -> None:
    with progress:
        progress.start(4)
        for suite in ("examples", "fuzz"):
            for result in (PASSED, FAILED):
                progress.case(suite, "GET /x", "rule\x1b[2J")
                progress.done(result)
        progress.say("removing what this run created")


def test_a_log_gets_a_line_for_each_suite() -> None:
    stream = io.StringIO()
    run(Progress(stream, clock=lambda: 0.0))
    assert stream.getvalue().splitlines() == [
        "running 4 cases",
        "examples: 2 cases in 0.0 s, 1 failed",
        "removing what this run created",
        "fuzz: 2 cases in 0.0 s, 1 failed",
    ]


def test_a_log_gets_a_line_when_ten_seconds_went_by() -> None:
    stream = io.StringIO()
    run(Progress(stream, clock=Ticking()))
    assert "examples: at GET /x rule\\x1b[2J (1 of 4 cases)" in stream.getvalue()


def test_quiet_shows_nothing() -> None:
    stream = io.StringIO()
    run(Progress(stream, is_quiet=True))
    assert stream.getvalue() == ""


def test_stopping_twice_or_too_early_is_harmless() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    progress.stop()
    progress.stop()
    assert stream.getvalue() == ""


def break_off(progress: Progress, error: type[BaseException]) -> None:
    with progress:
        progress.start(4)
        progress.case("examples", "GET /x", "rule")
        raise error


def on_a_terminal(work: type[BaseException] | None) -> str:
    """What a terminal gets; *work* is raised in the middle of a case."""
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:
                return
            if not part:
                return
            shown.append(part)

    reader = threading.Thread(target=read)
    reader.start()
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        progress = Progress(stream)
        if work is None:
            run(progress)
        else:
            with pytest.raises(work):
                break_off(progress, work)
    reader.join()
    os.close(ours)
    return b"".join(shown).decode()


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    text = on_a_terminal(None)
    assert "4/4" in text
    assert "2 failed" in text


def test_after_ctrl_c_the_cursor_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    text = on_a_terminal(KeyboardInterrupt)
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")
