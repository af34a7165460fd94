"""Walks along the links between operations: schemathesis' link phase.

It follows what one answer tells into the next request (an id that was created, changed, deleted)
and looks whether a thing is there after it was created, and gone after it was deleted.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from contracts.actors import OWNER
from contracts.suites.engine import run_phase
from contracts.suites.engine_phase import Phase
from contracts.suites.provisions import is_same, path_values
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation, Resource

_STEPS: Final = 6
_QUICK_WALKS: Final = 1


def cases(yardstick: Yardstick, options: Options) -> Iterable[Case]:
    """A case for every resource whose items can be created.

    A walk over all operations of a document seldom takes two steps on one thing; among the
    operations of one resource it does so nearly always. A quick run takes one walk, on one of them.
    """
    walks = min(_QUICK_WALKS, options.examples) if options.quick else options.examples
    groups = list(_groups(yardstick))
    for create, operations in groups[:1] if options.quick else groups:
        yield Case(
            suite="stateful",
            operation=create.label,
            rule="links",
            run=partial(_run, Phase("stateful", examples=walks, steps=_STEPS), create, operations),
            actors=(OWNER,),
            writes=True,
        )


def _groups(yardstick: Yardstick) -> Iterator[tuple[Operation, list[Operation]]]:
    for create in yardstick.operations:
        action = yardstick.resources.get(yardstick.driving(create).id)
        if action is not None and action.kind == "create":
            yield create, list(_operations_on(yardstick, action.resource))


def _operations_on(yardstick: Yardstick, resource: Resource) -> Iterator[Operation]:
    for operation in yardstick.operations:
        action = yardstick.resources.get(yardstick.driving(operation).id)
        if action is not None and is_same(action.resource, resource):
            yield operation


def _run(
    phase: Phase, create: Operation, operations: Sequence[Operation], session: Session
) -> None:
    pinned = path_values(session, create)
    run_phase(session, replace(phase, pinned=pinned), operations)
