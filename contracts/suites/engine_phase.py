"""One phase of schemathesis, and the names that it knows operations by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from mockserver.model import Json
from mockserver.openapi import Operation


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of schemathesis: `coverage`, `fuzzing` or `stateful`.

    *examples* is how many requests are generated for an operation (how many walks, for
    `stateful`), *steps* the length of a walk, *per_kind* how many requests of one kind the
    coverage phase sends. *pinned* are values for path parameters, used wherever a request is to
    have good ones.
    """

    name: str
    examples: int = 1
    steps: int = 2
    per_kind: int = 1
    pinned: Mapping[str, str] = field(default_factory=dict)


def name_in(phase: Phase, operation: Operation) -> str:
    """What schemathesis calls *operation*."""
    return f"{operation.method} {template_in(phase, operation)}"


def template_in(phase: Phase, operation: Operation) -> str:
    """The path that schemathesis knows *operation* by: with the pinned values, on walks."""
    template = operation.template
    if phase.name == "stateful":
        for name, value in phase.pinned.items():
            template = template.replace(f"{{{name}}}", quote(value, safe=""))
    return template


def typed(schema: Mapping[str, Json], text: str) -> Json:
    """*text* as a value of the type that *schema* asks for."""
    is_number = schema.get("type") in ("number", "integer")
    return int(text) if is_number and text.lstrip("-").isdigit() else text
