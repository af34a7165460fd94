"""The documents that servers are given: the bundled one, and one with the measured operations only.

Both have the stub's own answers as examples, so that a server that answers with examples sends as
many bytes as the stub, and a list of ten.
"""

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from benchmarks.bench.world import TEMPLATES, Answer

Document = dict[str, Any]


def with_answers(document: Document, answers: Sequence[Answer]) -> Document:
    """*document* with *answers* as the examples of their operations."""
    made = deepcopy(document)
    for answer, media in _answered(made, answers):
        media.pop("examples", None)
        media["example"] = answer.body
    return made


def _answered(document: Document, answers: Sequence[Answer]) -> Iterator[tuple[Answer, Document]]:
    """The answers that did not refuse, and what *document* says of them."""
    for answer in answers:
        if answer.status < 300:
            operation = document["paths"][answer.template][answer.step.method.lower()]
            response = operation["responses"][str(answer.status)]
            yield answer, response["content"]["application/json"]


def reduced(document: Document, answers: Sequence[Answer]) -> Document:
    """*document* with the operations that *answers* belong to, and the components they need."""
    made = {**document, "paths": {path: _kept(document, path, answers) for path in TEMPLATES}}
    resources = document["x-understudy-resources"]
    made["x-understudy-resources"] = {
        name: one for name, one in resources.items() if one["collection"] in TEMPLATES
    }
    made["components"] = {"securitySchemes": document["components"]["securitySchemes"]}
    missing = set(_references(made))
    while missing:
        for section, name in missing:
            made["components"].setdefault(section, {})[name] = document["components"][section][name]
        missing = {
            (section, name)
            for section, name in _references(made)
            if name not in made["components"].get(section, {})
        }
    return made


def _kept(document: Document, path: str, answers: Sequence[Answer]) -> Document:
    methods = {one.step.method.lower() for one in answers if one.template == path}
    return {method: _unlinked(document["paths"][path][method]) for method in sorted(methods)}


def _unlinked(operation: Document) -> Document:
    """*operation* without its links, which lead to operations that are left out."""
    made = deepcopy(operation)
    for response in made["responses"].values():
        response.pop("links", None)
    return made


def _references(node: Any) -> Iterator[tuple[str, str]]:
    """Section and name of each component that *node* refers to."""
    text = json.dumps(node)
    for part in text.split('"#/components/')[1:]:
        section, name = part.partition('"')[0].split("/")[:2]
        yield section, name


def plain(document: Document) -> Document:
    """*document* without its demand for credentials, and with successes as its only responses.

    Connexion has no mock of credentials, and none of operations with several content types.
    """
    made = deepcopy(document)
    made.pop("security")
    made["components"].pop("securitySchemes")
    for item in made["paths"].values():
        for operation in item.values():
            operation.pop("security", None)
            responses = operation["responses"]
            operation["responses"] = {code: responses[code] for code in responses if code < "3"}
    return made


def nullable(document: Document) -> Document:
    """*document* with `enum: [null]` marked nullable: Specmatic loads no other."""
    made: Document = json.loads(
        json.dumps(document).replace('{"enum": [null]}', '{"enum": [null], "nullable": true}')
    )
    return made


def with_schema_examples(document: Document, answers: Sequence[Answer]) -> Document:
    """*document* with *answers* at the schemas too: Mockoon looks for examples there only."""
    made = deepcopy(document)
    for answer, media in _answered(made, answers):
        media["schema"] = {"type": "object", "example": answer.body}
    return made
