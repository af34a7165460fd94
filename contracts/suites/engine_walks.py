"""The document as walks along links need it.

Schemathesis' check that a created thing is there only speaks of requests all of whose parameters
came from links. A parameter that is given or left out (a version header, the id of a parent, a
filter) puts it to sleep, so such parameters are taken out of the document; what is given is then
part of the path, or sent as a fixed header.
"""

from collections.abc import Mapping, Sequence

from contracts.suites.engine_phase import Phase, template_in
from mockserver.model import Document, Json
from mockserver.openapi import Operation, follow


def walking(document: Document, phase: Phase, operations: Sequence[Operation]) -> Document:
    """*document* with *operations* alone, and with no parameters but those that links can fill."""
    ids = {one.raw.get("operationId") for one in operations}
    paths: dict[str, Document] = {}
    for operation in operations:
        item = document["paths"][operation.template]
        raw = item[operation.method.lower()]
        parameters = [
            follow(document, one)
            for one in [*item.get("parameters", ()), *raw.get("parameters", ())]
        ]
        kept = [one for one in parameters if _is_filled_by_links(one, operation, phase)]
        responses = {
            status: _with_links(follow(document, response), phase, ids)
            for status, response in raw["responses"].items()
        }
        walked = {**raw, "parameters": kept, "responses": responses}
        paths.setdefault(template_in(phase, operation), {})[operation.method.lower()] = walked
    return {**document, "paths": paths}


def _is_filled_by_links(parameter: Mapping[str, Json], operation: Operation, phase: Phase) -> bool:
    if parameter["in"] == "path":
        return parameter["name"] not in phase.pinned
    is_item = operation.template.endswith("}")
    return parameter["in"] == "query" and (parameter.get("required", False) or not is_item)


def _with_links(response: Document, phase: Phase, ids: set[Json]) -> Document:
    """*response*, with links to *ids* alone, and without values for pinned parameters."""
    links = {
        name: {**link, "parameters": _unpinned(link.get("parameters", {}), phase)}
        for name, link in response.get("links", {}).items()
        if link.get("operationId") in ids
    }
    plain = {name: value for name, value in response.items() if name != "links"}
    return {**plain, "links": links} if links else plain


def _unpinned(parameters: Mapping[str, Json], phase: Phase) -> dict[str, Json]:
    return {
        name: value
        for name, value in parameters.items()
        if name.removeprefix("path.") not in phase.pinned
    }
