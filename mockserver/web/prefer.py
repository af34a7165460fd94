"""`Prefer`: a caller chooses the answer, as with Prism.

`Prefer: code=404, example=missing` asks for a documented answer, `Prefer: dynamic, seed=7` for
generated values. What was done is told in `Preference-Applied`.
"""

from collections.abc import Iterator, Mapping

from mockserver.errors import ApiError, nearest
from mockserver.model import MISSING, Document, Json, Reply
from mockserver.openapi.operations import Operation
from mockserver.openapi.pointers import follow
from mockserver.openapi.sample import Sampler, examples_of
from mockserver.web.body import JSON_TYPE, is_json
from mockserver.web.prefer_header import Prefer, parse_prefer
from mockserver.web.prefer_status import with_status

__all__ = ["Prefer", "parse_prefer", "preferred_reply"]


def preferred_reply(
    operation: Operation,
    prefer: Prefer,
    document: Document,
    seed: int,
    *,
    sampler: Sampler | None = None,
) -> Reply | None:
    """The documented answer that *prefer* asks for, or None where it asks nothing of the mock.

    Without a code it is the operation's success; without an example, the first one documented,
    or a value made from the schema and *seed*; what is not that very status' own example tells
    the code that was asked for. A kept *sampler* of *document* saves its making.
    Raises ApiError 400 where the document has no such answer or example. Nothing is changed.
    """
    if prefer.is_empty:
        return None
    key, status = _chosen_response(operation, prefer.code)
    content = operation.responses[key]
    kind = next(filter(is_json, content), next(iter(content), None))
    sampler, example = sampler or Sampler(document), MISSING
    if prefer.example is not None:
        kind, example = _named_example(operation, key, prefer.example)
    elif kind is not None and not prefer.dynamic:
        example = next(iter(examples_of(operation, key, kind).values()), MISSING)
    body = example
    if body is MISSING and kind is not None:
        body = _made_up(operation, key, kind, prefer, seed, sampler)
    is_of_status = example is not MISSING and key == str(status)
    if prefer.code is not None and kind is not None and not is_of_status:
        schema = content[kind]
        body = with_status(body, status, schema, sampler, is_made_up=example is MISSING)
    headers = (("Preference-Applied", prefer.applied), *_needed_headers(operation, key, document))
    return Reply(status, body, headers, kind or JSON_TYPE)


def _chosen_response(operation: Operation, code: int | None) -> tuple[str, int]:
    """The key of the documented response, and the status to answer with."""
    responses = operation.responses
    if code is None:
        return _success(responses)
    key = operation.response_key(code)
    if key is not None:
        return key, code
    known = ", ".join(sorted(responses)) or "none"
    raise ApiError(
        400, f"Prefer: {operation.label} documents no answer {code}; documented are: {known}"
    )


def _success(responses: Mapping[str, object]) -> tuple[str, int]:
    """The lowest success that is documented, else whatever is."""
    for key in sorted(responses):
        if key.startswith("2"):
            return key, int(key.upper().replace("XX", "00"))
    if "default" in responses:
        return "default", 200
    for key in sorted(responses):
        return key, int(key.upper().replace("XX", "00"))
    raise ApiError(400, "Prefer: the operation documents no answer at all")


def _named_example(operation: Operation, key: str, name: str) -> tuple[str, Json]:
    """Media type and value of an example of the response under *key*."""
    known: dict[str, str] = {}
    for kind in operation.responses[key]:
        examples = examples_of(operation, key, kind)
        if name in examples:
            return kind, examples[name]
        known.update(dict.fromkeys(examples, kind))
    meant = nearest(name, known)
    hint = f"; did you mean {meant!r}?" if meant else ""
    elsewhere = [other for other in operation.responses if _has_example(operation, other, name)]
    if elsewhere:
        hint = f"; it belongs to code {', '.join(elsewhere)}"
    names = ", ".join(known) or "none"
    raise ApiError(
        400, f"Prefer: answer {key} has no example {name!r}, the documented ones are: {names}{hint}"
    )


def _has_example(operation: Operation, key: str, name: str) -> bool:
    return any(name in examples_of(operation, key, kind) for kind in operation.responses[key])


def _made_up(
    operation: Operation, key: str, kind: str, prefer: Prefer, seed: int, sampler: Sampler
) -> Json:
    return sampler.sample(
        operation.responses[key][kind] or {},
        seed=seed if prefer.seed is None else prefer.seed,
        pointer=f"{operation.label} {key}",
        dynamic=prefer.dynamic,
    )


def _needed_headers(
    operation: Operation, key: str, document: Document
) -> Iterator[tuple[str, str]]:
    """The headers that the document requires of this response, made from their schemas."""
    response = follow(document, operation.raw["responses"][key])
    for name, declared in response.get("headers", {}).items():
        header = follow(document, declared)
        if header.get("required") is True and name.lower() != "content-type":
            value = header.get("example", MISSING)
            if value is MISSING:
                value = Sampler(document).sample(header.get("schema", {}), pointer=f"{name}")
            yield name, _header_text(value)


def _header_text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(_header_text, value))
    return str(value)
