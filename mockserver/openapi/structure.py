"""The structure of an OpenAPI 3.0 document: required keys, known keys, types.

The schema of documents comes with openapi-spec-validator; compiled, it costs milliseconds, where
the library's own check, which also knows what no schema can say, costs seconds.
"""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from jsonschema_rs import Draft4Validator, ValidationError

from mockserver.errors import SetupError
from mockserver.model import Document
from mockserver.openapi.pointers import pointer_to

PROBLEMS_SHOWN = 5
_SHOWN = 160


def check_structure(document: Document, file: object = None) -> None:
    """Raise SetupError with the first problems, by pointer, where *document* has any."""
    validator = Draft4Validator(_schema_of_documents())
    if not validator.is_valid(document):
        problems = [_told(error) for error in validator.iter_errors(document)]
        raise not_valid(problems, file)


def check_meaning(document: Document, file: object = None) -> None:
    """Raise SetupError on what a schema cannot say: defaults that do not fit, undeclared path
    parameters, ids used twice. Takes seconds for a large document."""
    from openapi_spec_validator import OpenAPIV30SpecValidator  # slow, and needed here only

    errors = OpenAPIV30SpecValidator(document).iter_errors()
    problems = [f"{pointer_to(*error.absolute_path)}: {_short(error.message)}" for error in errors]
    if problems:
        raise not_valid(problems, file)


def not_valid(problems: list[str], file: object) -> SetupError:
    shown = "; ".join(problems[:PROBLEMS_SHOWN])
    more = len(problems) - PROBLEMS_SHOWN
    rest = f"; and {more} more" if more > 0 else ""
    return SetupError(f"not a valid OpenAPI 3.0 document: {shown}{rest}", file=file)


def _schema_of_documents() -> Document:
    found = find_spec("openapi_spec_validator")  # finds the package without importing it
    assert found is not None, "openapi-spec-validator is a dependency"
    assert found.origin is not None, "a package has a file"
    path = Path(found.origin).parent / "resources" / "schemas" / "v3.0" / "schema.json"
    return cast(Document, json.loads(path.read_text(encoding="utf-8")))


def _told(error: ValidationError) -> str:
    deepest = max(_leaves(error), key=_depth)
    return f"{pointer_to(*deepest.instance_path)}: {_short(deepest.message)}"


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    branches = getattr(error.kind, "context", None)
    if not branches:
        yield error
    for errors in branches or ():
        for inner in errors:
            yield from _leaves(inner)


def _depth(error: ValidationError) -> tuple[int, bool]:
    """Deep problems say more than shallow ones, and any more than the lack of a `$ref`."""
    return len(error.instance_path), getattr(error.kind, "property", "") != "$ref"


def _short(message: str) -> str:
    line = message.partition("\n")[0]
    return line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "..."
