"""The one place that knows schemathesis: runs a phase of it through the door of a case.

Source: reference stack.md section 4. Its engine is no documented interface: schemathesis is
pinned, and what is used of it stands here and in the modules `engine_*`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

import schemathesis
from hypothesis import configuration, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.hooks import HookContext
from schemathesis.schemas import BaseSchema

from contracts.door.forwarder import Forwarder, NotSent
from contracts.stops import Refused
from contracts.suites.engine_cases import Selection
from contracts.suites.engine_config import config_for, document_for
from contracts.suites.engine_findings import findings_of
from contracts.suites.engine_phase import Phase, name_in
from contracts.suites.session import Session
from mockserver.openapi import Operation

_PROFILE: Final = "understudy"
_HOME: Final = "__hypothesis_home_directory"


def run_phase(session: Session, phase: Phase, operations: Sequence[Operation]) -> None:
    """Run *phase* on *operations*, and tell what it finds.

    Raises RunStopped, Refused where the door keeps back what the phase cannot do without,
    RuntimeError where schemathesis itself fails.
    """
    schema = _schema(session, phase, operations)
    with _own_hypothesis():
        stream = from_schema(schema).execute()
        forwarder = Forwarder(
            session.send,
            session.bench.actors,
            session.yardstick,
            stream.stop,
            is_strict=phase.name == "stateful",
        )
        schema.app = forwarder
        errors: list[events.NonFatalError | events.FatalError] = []
        recorders = []
        is_interrupted = False
        for event in stream:
            if isinstance(event, events.Interrupted):
                is_interrupted = True  # schemathesis keeps Ctrl-C to itself
            elif isinstance(event, events.ScenarioFinished):
                recorders.append(event.recorder)
            elif isinstance(event, events.NonFatalError | events.FatalError):
                errors.append(event)
    if forwarder.stopped is not None:
        raise forwarder.stopped
    if is_interrupted:
        raise KeyboardInterrupt
    for recorder in recorders:
        session.judgements += sum(map(len, recorder.checks.values()))
    resources = session.yardstick.resources.values()
    references = {action.resource.id_name for action in resources}
    for finding in findings_of(recorders, forwarder.exchanges, references):
        session.found(finding)
    _tell_kept_back(session, forwarder)
    for error in errors:
        _raise_unless_kept_back(error)


def _schema(session: Session, phase: Phase, operations: Sequence[Operation]) -> BaseSchema:
    config = SchemathesisConfig.from_dict(config_for(session, phase, operations))
    whole = schemathesis.openapi.from_dict(document_for(session, phase, operations), config=config)
    # Every character but surrogates, like `utf-8`, for which Hypothesis makes a table in every
    # process; that takes more than a second. A configuration file cannot say it.
    whole.config.generation.codec = None
    wanted = {name_in(phase, one) for one in operations}
    # what is not to be sent is excluded: an `include` is not heeded beside sections for operations
    schema = whole.exclude(lambda context: context.operation.label not in wanted)
    _hook(schema, {name_in(phase, one): Selection(session, one, phase) for one in operations})
    return schema


def _hook(schema: BaseSchema, selections: Mapping[str, Selection]) -> None:
    """Hooks are known by their names."""

    def filter_case(context: HookContext, case: Case[Any]) -> bool:
        return selections[case.operation.label].is_sent(case)

    def map_case(context: HookContext, case: Case[Any]) -> Case[Any]:
        return selections[case.operation.label].led(case)

    schema.hook(filter_case)
    schema.hook(map_case)


@contextmanager
def _own_hypothesis() -> Iterator[None]:
    """Let Hypothesis be the same everywhere, and leave nothing in the working directory.

    It has another profile on CI, and users of pytest have theirs. It also draws constants that it
    finds in the source of whatever is imported: what is sent must not depend on that.
    """
    profile, home = settings.get_current_profile_name(), vars(configuration)[_HOME]
    settings.register_profile(_PROFILE, settings.get_profile("default"), database=None)
    with (
        TemporaryDirectory(prefix=_PROFILE) as folder,
        patch.object(providers, "_get_local_constants", Constants),
    ):
        settings.load_profile(_PROFILE)
        configuration.set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(home)
            settings.load_profile(profile)


def _tell_kept_back(session: Session, forwarder: Forwarder) -> None:
    kept_back = forwarder.kept_back
    if not kept_back:
        return
    refusals = [reason for reason in kept_back if isinstance(reason, Refused)]
    if refusals and not forwarder.exchanges:
        raise refusals[0]
    if not forwarder.exchanges:
        raise kept_back[0]
    session.notes.append(f"{len(kept_back)} requests were kept back; the first: {kept_back[0]}")


def _raise_unless_kept_back(error: events.NonFatalError | events.FatalError) -> None:
    cause = error.exception if isinstance(error, events.FatalError) else error.value
    if isinstance(cause, NotSent):
        return
    where = "" if isinstance(error, events.FatalError) else f" on {error.label}"
    raise RuntimeError(f"schemathesis failed{where}: {type(cause).__name__}: {cause}") from cause
