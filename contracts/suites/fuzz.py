"""Every operation with many generated requests, good and bad: schemathesis' unit phases.

`coverage` tries what the document says value by value: each kind of a right and of a wrong value
of each place. `fuzzing` tries what nobody thought of.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from contracts.actors import OWNER
from contracts.exchange import READING
from contracts.stops import NotJudged, Refused
from contracts.suites.engine import run_phase
from contracts.suites.engine_phase import Phase
from contracts.suites.provisions import path_values
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

_QUICK_EXAMPLES: Final = 1
_EXAMPLES_PER_KIND: Final = 20
"""With so many examples asked for, the coverage phase sends one more request of each kind."""


def cases(yardstick: Yardstick, options: Options) -> Iterable[Case]:
    """A case for every operation and phase; a quick run only fuzzes what takes a body, a little."""
    for operation in yardstick.operations:
        if options.quick and not operation.has_body:
            continue
        for phase in _phases(options):
            yield Case(
                suite="fuzz",
                operation=operation.label,
                rule=phase.name,
                run=partial(_run, operation, phase),
                actors=(OWNER,),
                writes=operation.method not in READING,
            )


def _phases(options: Options) -> Iterator[Phase]:
    if options.quick:
        yield Phase("fuzzing", examples=min(_QUICK_EXAMPLES, options.examples))
        return
    yield Phase("coverage", per_kind=max(1, options.examples // _EXAMPLES_PER_KIND))
    yield Phase("fuzzing", examples=options.examples)


def _run(operation: Operation, phase: Phase, session: Session) -> None:
    pinned = _pinned(session, operation)
    run_phase(session, replace(phase, pinned=pinned), [operation])


def _pinned(session: Session, operation: Operation) -> dict[str, str]:
    """Path values that lead to something; none where nothing is found. Without them nearly every
    request ends at "not found", and says nothing of what is beyond."""
    try:
        return path_values(session, operation)
    except Refused:
        raise
    except NotJudged as reason:
        session.notes.append(f"only made-up path values were tried: {reason}")
        return {}
