"""What schemathesis is told: a document of its own, and a configuration."""

from collections.abc import Mapping, Sequence
from typing import Final

from contracts.actors import OWNER
from contracts.suites.engine_phase import Phase, name_in
from contracts.suites.engine_walks import walking
from contracts.suites.provisions import action_of
from contracts.suites.session import Session, parameter_text
from mockserver.model import Document, Json
from mockserver.openapi import Operation

LEFT_TO_OUR_CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
"""Checks that the door's own do as well, for whatever suite: nothing is told twice."""

_RULES_BEYOND_SCHEMAS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "calcom": {"event-types": ("create", "update"), "team-event-types": ("create", "update")},
}
"""By domain and resource, the actions whose rules no schema can say: a slug is unique, seats go
with one location, recurrence excludes a booker limit, an app must be connected. A body that fits
the schema may rightly be refused with 400 there; other suites try those rules one by one.

Source: reference event-types.md.
"""
_ALSO_REFUSED: Final = ("2xx", "3xx", "400", "401", "403", "404", "409", "429", "5xx")
_HOURS_S: Final = 24 * 3600
"""The door sets timeouts, and may wait for its turn: schemathesis is to wait with it."""


def document_for(session: Session, phase: Phase, operations: Sequence[Operation]) -> Document:
    """The document as schemathesis gets it: a copy, for links are written into it.

    Where a `pattern` stands beside a `format` only the pattern is left: the search for a text that
    fits the one and not the other takes seconds, and seldom ends. Good values are held to the
    whole schema before they are sent.
    """
    yardstick = session.yardstick
    document: Document = _without_formats(yardstick.document)
    first = yardstick.operations[0]
    base = first.path.removesuffix(first.template) if yardstick.document.get("servers") else ""
    document["servers"] = [{"url": base or "/"}]
    return walking(document, phase, operations) if phase.name == "stateful" else document


def config_for(session: Session, phase: Phase, operations: Sequence[Operation]) -> Document:
    """The configuration, as it would stand in a file."""
    return {
        "seed": session.options.seed,
        "workers": 1,
        "color": False,
        "warnings": False,
        "suppress-health-check": ["all"],
        "continue-on-failure": True,
        "request-timeout": _HOURS_S,
        "max-redirects": 0,
        "analysis": {"constants": {"enabled": False}},
        "auth": {"auto-signup": False},
        "cache": {"enabled": False},
        "generation": {
            "database": "none",
            "no-shrink": True,
            # a made-up credential is refused, whatever else is wrong or right with the request
            "with-security-parameters": False,
            "max-examples": phase.examples,
            "exclude-header-characters": "\x00\r\n",
            "codec": "utf-8",
        },
        "checks": {name: {"enabled": False} for name in LEFT_TO_OUR_CHECKS},
        "phases": _phases(phase),
        "operations": [_section(session, phase, one) for one in operations],
    }


def _phases(phase: Phase) -> Document:
    phases: Document = {
        name: {"enabled": name == phase.name}
        for name in ("examples", "coverage", "fuzzing", "stateful")
    }
    # What answers tell is of no use where only one operation is tried; its paths are given.
    for name in ("coverage", "fuzzing"):
        phases[name] |= {"extra-data-sources": {"responses": False}}
    # Leaving out a required header is one kind of negative data, and the header that is given
    # below is sent all the same: its answer would be taken for an acceptance of bad data. The
    # other phases leave it out in earnest.
    phases["stateful"] |= {"max-steps": phase.steps, "generation": {"mode": "positive"}}
    return phases


def _section(session: Session, phase: Phase, operation: Operation) -> Document:
    section: Document = {
        "include-name": name_in(phase, operation),
        "headers": dict(_headers(session, operation)),
    }
    if _has_rules_beyond_schema(session, operation):
        accepted = {"expected-statuses": list(_ALSO_REFUSED)}
        section["checks"] = {"positive_data_acceptance": accepted}
    return section


def _headers(session: Session, operation: Operation) -> dict[str, str]:
    """Credential and required headers. They are given, not generated, for the checks that follow
    a thing from request to request only trust values that are given."""
    yardstick = session.yardstick
    required = {
        one.name: parameter_text(yardstick, operation, one.name)
        for one in operation.parameters
        if one.where == "header" and one.required
    }
    credential = session.bench.actors.headers(yardstick.driving(operation), OWNER)
    known = {name.lower() for name, _ in credential}
    return {n: v for n, v in required.items() if n.lower() not in known} | dict(credential)


def _has_rules_beyond_schema(session: Session, operation: Operation) -> bool:
    action = action_of(session, operation)
    known = _RULES_BEYOND_SCHEMAS.get(session.yardstick.domain, {})
    return action is not None and action.kind in known.get(action.resource.name, ())


def _without_formats(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_formats(one) for one in value]
    if not isinstance(value, dict):
        return value
    copy = {name: _without_formats(one) for name, one in value.items()}
    if isinstance(copy.get("pattern"), str) and isinstance(copy.get("format"), str):
        del copy["format"]
    return copy
