"""Random walks: Hypothesis drives a model and the target side by side until they part."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import hypothesis
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from contracts.exchange import Exchange, Request
from contracts.stops import NotJudged, RunStopped
from contracts.suites.lifecycle.rules import promise
from contracts.suites.lifecycle.seclusion import secluded
from contracts.suites.session import Options, Session
from contracts.suites.tidying import tidy

_SHRINKS: Final = 25
"""Walks that are tried after one has parted from its model, to find a shorter one."""


class Diverged(Exception):
    """Model and target have parted; the walk's session has the finding."""


class Enough(BaseException):
    """Ends all walks at once: no failure of a walk, so Hypothesis must not try to shrink it."""

    def __init__(self, cause: Exception | None = None) -> None:
        super().__init__()
        self.cause = cause


class WalkSession(Session):
    """The session of one walk: what stops the run stops all walks."""

    has_parted = False
    """Whether model and target have parted in it."""

    def send(self, request: Request) -> Exchange:
        with ends_all_walks():
            return super().send(request)


@contextmanager
def ends_all_walks() -> Iterator[None]:
    """Turns what a walk cannot go on after into the end of all walks."""
    try:
        yield
    except (NotJudged, RunStopped) as stop:
        raise Enough(stop) from stop


class Walks:
    """All walks of one case."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._all: list[WalkSession] = []
        self._tried_since = 0

    def begin(self) -> WalkSession:
        """The session of a new walk."""
        if self.shortest is not None:
            self._tried_since += 1
        if self._tried_since > _SHRINKS:
            raise Enough
        self._all.append(WalkSession(self._session.bench, self._session.case))
        return self._all[-1]

    @property
    def shortest(self) -> WalkSession | None:
        """The walk of fewest exchanges that parted from its model."""
        parted = [one for one in self._all if one.has_parted]
        return min(parted, key=lambda one: len(one.exchanges), default=None)

    def end(self) -> None:
        """Hand everything to the session of the case: of walks that parted only the shortest."""
        for walk in self._all:
            self._session.exchanges += walk.exchanges
            self._session.judgements += walk.judgements
            if not walk.has_parted or walk is self.shortest:
                self._session.findings += walk.findings


class Walker(RuleBasedStateMachine):
    """A state machine with a session of its own."""

    def __init__(self, walks: Walks) -> None:
        super().__init__()
        self.session = walks.begin()

    def teardown(self) -> None:
        tidy(self.session)

    def hold(
        self,
        holds: bool,
        rule: str,
        exchange: Exchange,
        *,
        message: str,
        expected: str,
        source: str,
        came: str = "",
        cause: str = "",
    ) -> None:
        """Judge once. Raises Diverged where it does not hold."""
        if not promise(
            self.session,
            holds,
            rule,
            exchange,
            message=message,
            expected=expected,
            source=source,
            came=came,
            cause=cause,
        ):
            self.session.has_parted = True
            raise Diverged(message)


def walk(session: Session, machine: Callable[[Walks], Walker], examples: int = 15) -> None:
    """Walk at random, always the same way for the same seed, until model and target part; the
    shortest walk that shows it becomes the finding. *examples* is the number of walks where the
    target need not be spared. Raises NotJudged, RunStopped."""
    walks = Walks(session)

    def new() -> Walker:
        return machine(walks)

    seeded = hypothesis.seed(session.options.seed)(new)
    is_fast = session.bench.target.can_move_time
    try:
        with secluded():
            run_state_machine_as_test(
                seeded,  # type: ignore[arg-type]  # any callable that makes a machine will do
                settings=_settings(session.options, examples if is_fast else 0),
            )
    except Enough as enough:
        if enough.cause is not None:
            raise enough.cause from None
    except Exception:
        if walks.shortest is None:
            raise
    finally:
        walks.end()


def _settings(options: Options, examples: int) -> hypothesis.settings:
    if not examples:
        examples, steps = 3, 8
    else:
        steps = 15
    return hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=hypothesis.Verbosity.quiet,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
        # they measure generators and time, and both are the target's here
        suppress_health_check=list(hypothesis.HealthCheck),
    )
