"""The operations of a document, as values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.openapi.pointers import follow, pointer_to

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter; *where* is `path`, `query`, `header` or `cookie`.

    *style* is one of OpenAPI's, or `json` for a parameter declared by JSON `content`.
    """

    name: str
    where: str
    required: bool
    schema: Mapping[str, Json]
    style: str
    explode: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document; schemas may hold `$ref`s into *document*.

    *method* is upper case, *path* the template with the server's base path in front.
    *body_content* and the content of *responses* map media types to schemas (None where the
    media type declares no schema); *responses* maps `200`, `4XX`, `default` to such content.
    *body_properties* are the names that a JSON body's schema declares.
    """

    id: str
    method: str
    path: str
    template: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    has_body: bool
    body_required: bool
    body_content: Mapping[str, Mapping[str, Json] | None]
    responses: Mapping[str, Mapping[str, Mapping[str, Json] | None]]
    security: tuple[Mapping[str, list[str]], ...]
    raw: Document
    document: Document
    body_properties: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """`GET /books/{bookId}`: how people name it."""
        return f"{self.method} {self.path}"

    def response_key(self, status: int) -> str | None:
        """The key that documents a status: its own, its range's, or `default`; None for none."""
        keys = (str(status), f"{status // 100}XX", f"{status // 100}xx", "default")
        return next((key for key in keys if key in self.responses), None)


NO_OPERATION: Final = Operation(
    id="",
    method="",
    path="",
    template="",
    tags=(),
    parameters=(),
    has_body=False,
    body_required=False,
    body_content={},
    responses={},
    security=(),
    raw={},
    document={},
)
"""Stands for the operation of a request that the document has none for."""

IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
"""Header parameters of these names mean nothing. Source: OpenAPI 3.0.3 "Parameter Object"."""


def operations_of(document: Document) -> list[Operation]:
    """Every operation of a bundled *document*, literal paths before templates (P13).

    Expects path-item parameters to stand in the operations, as `load_document` leaves them. An
    operation without an id is called `<method> <path>`. Raises SetupError on an id used twice.
    """
    base = base_path(document)
    operations: dict[str, Operation] = {}
    for template in sorted(document["paths"], key=_literals_first):
        item = follow(document, document["paths"][template])
        for method in METHODS:
            if isinstance(item.get(method), dict):
                operation = _operation(document, base, template, method, item[method])
                if operation.id in operations:
                    taken = operations[operation.id].label
                    reason = f"the operationId is used twice, here and by {taken}"
                    place = pointer_to("paths", template, method)
                    raise SetupError(reason, place=place, value=operation.id)
                operations[operation.id] = operation
    return list(operations.values())


def base_path(document: Document) -> str:
    """The path of the first server, without a slash at its end: `/v2`, or `` for none."""
    servers = document.get("servers") or [{}]
    url = str(servers[0].get("url", ""))
    for name, variable in servers[0].get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return urlsplit(url).path.rstrip("/")


def _literals_first(template: str) -> list[int]:
    """Literal segments before mixed ones before templates; else as the document has them."""
    return [_looseness(segment) for segment in template.split("/")]


def _looseness(segment: str) -> int:
    if "{" not in segment:
        return 0
    return 2 if segment.startswith("{") and segment.endswith("}") else 1


def _operation(
    document: Document, base: str, template: str, method: str, raw: Document
) -> Operation:
    body = follow(document, raw.get("requestBody"))
    responses = raw.get("responses", {})
    return Operation(
        id=raw.get("operationId") or f"{method} {template}",
        method=method.upper(),
        path=base + template,
        template=template,
        tags=tuple(raw.get("tags", ())),
        parameters=tuple(_parameters(document, raw)),
        has_body=body is not None,
        body_required=bool(body and body.get("required", False)),
        body_content=_content(body or {}),
        responses={
            str(status): _content(follow(document, response))
            for status, response in responses.items()
            if not status.startswith("x-")
        },
        security=tuple(raw.get("security", document.get("security")) or ()),
        raw=raw,
        document=document,
        body_properties=_properties(document, _content(body or {}).get("application/json")),
    )


def _properties(document: Document, schema: Json) -> frozenset[str]:
    """The names that a schema gives an object's properties, through `$ref` and `allOf`."""
    found = follow(document, schema) or {}
    names = frozenset(found.get("properties", {}))
    return names.union(*(_properties(document, part) for part in found.get("allOf", [])))


def _content(holder: Mapping[str, Any]) -> dict[str, Mapping[str, Json] | None]:
    return {kind: media.get("schema") for kind, media in holder.get("content", {}).items()}


def _parameters(document: Document, raw: Document) -> Iterator[Parameter]:
    for declared in raw.get("parameters", ()):
        parameter = follow(document, declared)
        if not isinstance(parameter, dict) or not {"name", "in"} <= parameter.keys():
            raise SetupError("a parameter needs `name` and `in`", value=declared)
        if parameter["in"] == "header" and parameter["name"].lower() in IGNORED_HEADERS:
            continue
        default = "form" if parameter["in"] in ("query", "cookie") else "simple"
        style = "json" if "content" in parameter else parameter.get("style", default)
        content: dict[str, Any] = next(iter(parameter.get("content", {}).values()), {})
        yield Parameter(
            name=parameter["name"],
            where=parameter["in"],
            required=parameter.get("required", False) or parameter["in"] == "path",
            schema=parameter.get("schema") or content.get("schema") or {},
            style=style,
            explode=parameter.get("explode", style == "form"),
        )
