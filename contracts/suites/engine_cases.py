"""Which of the requests that schemathesis makes up are sent, and what is put into them."""

from collections import Counter
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from schemathesis import Case
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import CaseMetadata, CoveragePhaseData

from contracts.suites.engine_phase import Phase, typed
from contracts.suites.provisions import action_of
from contracts.suites.session import Session
from contracts.yardstick import is_json
from mockserver.model import Json
from mockserver.openapi import Operation

_GOOD: Final = GenerationMode.POSITIVE
_NAMES: Final = ("slug", "name", "title")
"""Properties that an API may want to be different for everything; the first that is there."""


class Selection:
    """Which requests to one operation are sent in one run, and what is put into them.

    The coverage phase makes a request for every way in which every value of a big body can be
    right or wrong: thousands. Of each kind (one keyword of one place, broken or kept) only
    *per_kind* are sent.
    """

    def __init__(self, session: Session, operation: Operation, phase: Phase) -> None:
        self._per_kind = phase.per_kind
        self._seen: Counter[tuple[object, ...]] = Counter()
        # on walks pinned values are part of the path already
        self._pinned = {} if phase.name == "stateful" else _typed(operation, phase.pinned)
        schema = session.yardstick.request_schema(operation)
        self._body = session.yardstick.validator(schema, "request") if schema else None
        action = action_of(session, operation)
        self._is_naming = action is not None and action.kind in ("create", "update")
        place = f"{phase.name[0]}{session.yardstick.operations.index(operation)}"
        self._names = (f"{session.options.run_id}-{place}-{n}".lower() for n in count(1))

    def is_sent(self, case: Case[Any]) -> bool:
        """Whether a request is sent."""
        return self._is_good_where_meant(case) and self._is_wanted(case)

    def led(self, case: Case[Any]) -> Case[Any]:
        """*case*, led to something that exists, and with a name of its own; a part of it that is
        being tried stays as it is."""
        if case.meta is not None:
            self._lead(case, case.meta)
            self._name(case, case.meta)
        return case

    def _lead(self, case: Case[Any], meta: CaseMetadata) -> None:
        """Without values that exist nearly every request ends at "not found"."""
        data = meta.phase.data
        tried = data.parameter if data.parameter_location is ParameterLocation.PATH else None
        if not meta.is_negative_at(ParameterLocation.PATH):
            for name, value in self._pinned.items():
                if name != tried:
                    case.path_parameters[name] = value

    def _name(self, case: Case[Any], meta: CaseMetadata) -> None:
        """A name that was given before may be refused for that alone, and the answer would say
        nothing about the rest. Whether the body fits its schema stays as it is."""
        body, tried = case.body, meta.phase.data.description or ""
        if not self._is_naming or self._body is None or not isinstance(body, dict):
            return
        name = next((one for one in _NAMES if isinstance(body.get(one), str)), None)
        if name is None or f"'{name}'" in tried:
            return
        named = {**body, name: next(self._names)}
        if self._body.is_valid(named) == self._body.is_valid(body):
            case.body = named

    def _is_good_where_meant(self, case: Case[Any]) -> bool:
        """Nothing is called good that the document's own schema refuses."""
        if self._body is None or case.meta is None or case.meta.generation.mode is not _GOOD:
            return True
        if case.body is NOT_SET or not is_json(case.media_type or ""):
            return True
        return self._body.is_valid(case.body)

    def _is_wanted(self, case: Case[Any]) -> bool:
        meta = case.meta
        if meta is None or not isinstance(meta.phase.data, CoveragePhaseData):
            return True
        data, mode = meta.phase.data, meta.generation.mode
        # bad values are told apart by the keyword that they break, good ones by their description
        place = data.description if mode is _GOOD else data.location
        kind = (case.method, mode, data.scenario, data.parameter_location, data.parameter, place)
        self._seen[kind] += 1
        return self._seen[kind] <= self._per_kind


def _typed(operation: Operation, pinned: Mapping[str, str]) -> dict[str, Json]:
    schemas = {one.name: one.schema for one in operation.parameters if one.where == "path"}
    return {name: typed(schemas[name], text) for name, text in pinned.items() if name in schemas}
