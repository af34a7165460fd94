"""What a run has to say: findings, and the verdict on each case."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.exchange import Exchange


class Severity(StrEnum):
    """How much a finding matters to those who call the API."""

    HIGH = "high"
    """A client that trusts the document breaks, or data is lost or shown to the wrong people."""
    MEDIUM = "medium"
    """A client may be misled."""
    LOW = "low"
    """The document or the answer is untidy."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure from the contract.

    *rule* is a kebab-case name, *operation* a label (`GET /books/{bookId}`). *message* is one
    sentence that an owner of the API can act on. *expected* says what the contract promises and
    *source* where it says so (`document #/paths/...`, `overlay 20-errors`, `seed ...`,
    `reference private-links.md section 4`, `RFC 9110 section 15.5.6`). *came* is what came instead.
    *exchange* is the one that shows it, *story* what was sent before and matters for it.
    *cause* tells findings of one rule and operation apart: those with the same cause are one
    finding, *count* times. It holds no values that differ from run to run (ids, times).
    *accepted* says, where a baseline accepts the finding, who does and until when.
    """

    rule: str
    operation: str
    severity: Severity
    message: str
    expected: str
    source: str
    came: str = ""
    exchange: Exchange | None = None
    story: tuple[Exchange, ...] = ()
    cause: str = ""
    suite: str = ""
    case: str = ""
    count: int = 1
    accepted: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two findings the same one."""
        return self.rule, self.operation, self.cause


class Verdict(StrEnum):
    """What a case ended with."""

    PASSED = "passed"
    FAILED = "failed"
    UNSEEN = "unseen"
    """Nothing wrong, but what it is about never came up; a failure with `--strict`."""
    NOT_JUDGED = "not judged"
    """It could not be tried; the reason says why."""
    BROKEN = "broken"
    """The kit itself failed."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one case ended. *reason* speaks for the verdicts unseen, not judged and broken; *notes*
    say what readers should know though nothing is wrong with the target."""

    suite: str
    operation: str
    rule: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    judgements: int = 0
    requests: int = 0
    duration_s: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """`GET /books/{bookId}/rule`, unique within a suite."""
        return f"{self.operation}/{self.rule}"
