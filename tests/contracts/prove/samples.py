"""Proofs to be shown, made up."""

from datetime import UTC, datetime

from contracts.prove.outcomes import (
    CleanRun,
    Deviation,
    Discovery,
    End,
    Kind,
    Outcome,
    Proof,
    Record,
    Tally,
)

SUITES = {"examples": 10, "variants": 4, "lifecycle": 6, "auth": 5, "fuzz": 8, "stateful": 2}
LAST = 35
HOSTILE = "</style><script>window.__owned = 1</script>"


def deviation(name: str, category: str = "Body shape", kind: Kind = Kind.FAULT) -> Deviation:
    return Deviation(name, kind, category, f"{name} is seen", "a look at the answer", ("getMe",))


def discovery(suite: str = "examples", *, message: str = "The body is wrong.") -> Discovery:
    return Discovery(suite, "GET /me/success", "body-is-wrong", "GET /me", message, 3, 0.21)


def killed(name: str, *suites: str, category: str = "Body shape") -> Outcome:
    tallies = {suite: Tally(2, 3, 0.2) for suite in suites}
    found = tuple(discovery(suite) for suite in suites)
    return Outcome(deviation(name, category), Record(found, tallies, 4, "x", End.FOUND))


def survivor(name: str, *, end: End = End.THROUGH, reason: str = "") -> Outcome:
    tallies = {suite: Tally(cases, 9 * cases, 1.5) for suite, cases in SUITES.items()}
    return Outcome(deviation(name), Record((), tallies, LAST, "fuzz: x", end, reason))


def broken(name: str) -> Outcome:
    reason = f"fuzz: GET /me/coverage\nTraceback\nKeyError: '{HOSTILE}'"
    return Outcome(deviation(name, "Content"), Record(end=End.THROUGH, broken=(reason,)))


def clean_run(after: int, *found: Discovery, end: End = End.THROUGH) -> CleanRun:
    return CleanRun(after, Record(found, {"examples": Tally(10, 30, 2.0)}, LAST, "x", end))


def proof_of(
    *outcomes: Outcome,
    clean_runs: tuple[CleanRun, ...] | None = None,
    untried: tuple[Deviation, ...] = (),
    incomplete: str = "",
) -> Proof:
    return Proof(
        title="Library",
        seed=1,
        limit_s=60.0,
        is_full=False,
        workers=2,
        suites=SUITES,
        planned=(*(one.deviation for one in outcomes), *untried),
        outcomes=outcomes,
        clean_runs=(clean_run(0),) if clean_runs is None else clean_runs,
        started_at=datetime(2030, 1, 1, 8, tzinfo=UTC),
        duration_s=93.4,
        incomplete=incomplete,
        version="1.2",
        shown_settings={"--category": "body shape"},
    )


def proven() -> Proof:
    return proof_of(killed("wrong-type", "examples"), killed("lost-update", "lifecycle"))


def whole_proof() -> Proof:
    """One with everything in it."""
    return proof_of(
        *(killed(f"wrong-thing-{number}", "examples", "fuzz") for number in range(14)),
        killed("unknown-member-in-every-object-of-a-list", "auth", "examples", "stateful"),
        survivor("second-page-repeats-the-last-of-the-first"),
        survivor("slow", end=End.OUT_OF_TIME, reason="not through after 60 s, at fuzz: x"),
        *(killed(f"gone-{number}", "lifecycle", category="Create") for number in range(5)),
        broken("byte-order-mark"),
        clean_runs=(clean_run(0), clean_run(11, discovery(message=HOSTILE))),
        untried=(deviation("never-tried", "Content"),),
        incomplete="stopped by hand",
    )
