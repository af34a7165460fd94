"""The `cal-api-version` header: which handler of an operation answers.

Source: reference conventions section 4 (S, R; recordings of private-links-versions).
"""

from collections.abc import Sequence

from mockserver.behaviours.registry import Call, Guard
from mockserver.domains.calcom.conventions.errors import invalid, not_found, not_modelled
from mockserver.errors import ApiError
from mockserver.model import Document
from mockserver.openapi.operations import Operation

HEADER = "cal-api-version"
EVENT_TYPES_VERSION = "2024-06-14"
PRIVATE_LINKS_VERSION = "2024-09-04"
KNOWN_VERSIONS = (
    "2024-04-15",
    "2024-06-11",
    EVENT_TYPES_VERSION,
    "2024-08-13",
    PRIVATE_LINKS_VERSION,
)
WITHOUT_EVENT_TYPES = frozenset({"2024-08-13", PRIVATE_LINKS_VERSION})
"""Versions that have no handler for event types at all."""


def version_guard(operation: Operation) -> Guard | None:
    """The choice of a handler, where the operation has more than one; it precedes everything."""
    if operation.path.startswith("/v2/event-types") and "/private-links" not in operation.path:
        return choose_event_types
    return choose_private_links if "/private-links" in operation.path else None


def choose_event_types(call: Call) -> None:
    """Let only 2024-06-14 through: two versions have no such route, older ones another one."""
    version = call.headers.get(HEADER)
    if version == EVENT_TYPES_VERSION:
        return
    if version in WITHOUT_EVENT_TYPES:
        raise not_found(f"Cannot {call.method} {call.target}")
    _require_known(call, (EVENT_TYPES_VERSION,))
    raise not_modelled(
        f"{call.method} {call.operation.path} is answered here only with the header "
        f"'{HEADER}: {EVENT_TYPES_VERSION}'; the API's older handler, which answers "
        f"{version or 'a missing version'}, is not modelled."
    )


def choose_private_links(call: Call) -> None:
    """Every known version has a handler; a missing or unknown one selects the oldest."""
    if call.headers.get(HEADER) != PRIVATE_LINKS_VERSION:
        _require_known(call, KNOWN_VERSIONS)


def is_deprecated_form(call: Call) -> bool:
    """Tell whether one of the older private-link handlers answers."""
    return call.headers.get(HEADER) != PRIVATE_LINKS_VERSION


def _require_known(call: Call, documented: Sequence[str]) -> None:
    version = call.headers.get(HEADER)
    if version not in KNOWN_VERSIONS and not call.quirks.has("version-header-optional"):
        raise version_refused(version, documented)


def version_refused(sent: str | None, documented: Sequence[str]) -> ApiError:
    """The documented header is required: 400 in the form of any other validation.

    Source: spec parameter `cal-api-version`; the form is assumed (the API never refuses it).
    """
    entry: Document = {"target": {} if sent is None else {HEADER: sent}}
    if sent is not None:
        entry["value"] = sent
    text = f"{HEADER} must be one of the following values: {', '.join(documented)}"
    return invalid([{**entry, "property": HEADER, "children": [], "constraints": {"isIn": text}}])
