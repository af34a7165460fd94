"""OpenAPI documents: read, bundled, repaired by overlays, and checked."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.openapi.bundle import bundled
from mockserver.openapi.operations import METHODS
from mockserver.openapi.overlay import Overlay, apply_overlays, load_overlay
from mockserver.openapi.pointers import follow, references, resolve
from mockserver.openapi.structure import check_meaning, check_structure


def load_document(path: Path) -> Document:
    """The document in *path* (YAML or JSON), as one value.

    Other files are bundled into it, the parameters of path items stand in their operations.
    Raises SetupError: not readable, not OpenAPI 3.0, or with references that lead nowhere. What
    an overlay may repair is let through.
    """
    return finished_document(written_document(path), path)


def finished_document(written: Document, path: Path) -> Document:
    """As `load_document`, from what `written_document` has read."""
    return _finished(written, path)


def effective_document(
    spec_path: Path,
    overlay_paths: Iterable[Path] = (),
    extra_actions: Sequence[Document] = (),
    *,
    source: str = "quirks",
    written: Document | None = None,
) -> Document:
    """The document with its overlays applied in their order, then *extra_actions*.

    Overlays see the document as written, before path-item parameters are folded in.
    *source* is what an error about an extra action names as its file, *written* spares reading
    the document again. Raises SetupError, also where the result does not have the structure of an
    OpenAPI document.
    """
    overlays = [load_overlay(path) for path in overlay_paths]
    if extra_actions:
        overlays.append(Overlay(source, source, tuple(extra_actions)))
    written = written_document(spec_path) if written is None else written
    try:
        return _checked(apply_overlays(written, overlays), spec_path)
    except InvalidDocument as error:
        raise _blamed(error, written, overlays) from None


def _checked(document: Document, file: object) -> Document:
    """The document, finished. Raises InvalidDocument where it has not the right structure."""
    try:
        finished = _finished(document, file)
        check_structure(finished, file)
    except SetupError as error:
        raise InvalidDocument(str(error)) from error
    return finished


class InvalidDocument(Exception):
    """A document that was right before an overlay may be wrong after it."""


def _blamed(error: InvalidDocument, written: Document, overlays: Sequence[Overlay]) -> SetupError:
    """The error in the name of the overlay that brought it, if one did."""
    blamed, was_right = error, _flaw(written) is None
    document, culprit = written, None
    for overlay in overlays:
        document = apply_overlays(document, [overlay])
        flaw = _flaw(document)
        if was_right and flaw is not None:
            blamed, culprit = flaw, overlay.source
        was_right = flaw is None
    if culprit is None:
        return SetupError(str(error))
    return SetupError(f"this overlay breaks the document: {blamed}", file=culprit)


def _flaw(document: Document) -> InvalidDocument | None:
    try:
        _checked(document, None)
    except InvalidDocument as error:
        return error
    return None


def check_document(document: Document, file: object = None) -> None:
    """Hold *document* against all of OpenAPI 3.0. Raises SetupError with its first problems.

    Takes seconds for a large document. References and structure were checked on the way in.
    """
    check_structure(document, file)
    check_meaning(document, file)


def written_document(path: Path) -> Document:
    """The document in *path* with its other files, and otherwise as it is written."""
    document = bundled(path)
    version = document.get("openapi")
    if "swagger" in document and version is None:
        reason = "Swagger 2 is not read: convert the document to OpenAPI 3.0"
        raise SetupError(reason, file=path, place="#/swagger", value=document["swagger"])
    if version is None:
        reason = "not an OpenAPI document: `openapi` is missing"
        raise SetupError(reason, file=path)
    if not str(version).startswith("3.0."):
        raise SetupError("only OpenAPI 3.0 is read", file=path, place="#/openapi", value=version)
    return document


def _finished(document: Document, path: object) -> Document:
    _check_references(document, path)
    if not isinstance(document.get("paths"), dict):
        raise SetupError("`paths` must be an object", file=path, place="#/paths")
    return {
        **document,
        "paths": {
            template: _folded(document, item) for template, item in document["paths"].items()
        },
    }


def _check_references(document: Document, path: object) -> None:
    for place, ref in references(document):
        try:
            resolve(document, ref)
        except SetupError as error:
            raise SetupError(str(error), file=path, place=place) from None


def _folded(document: Document, item: Json) -> Json:
    """A path item whose parameters stand in its operations, where the operation's own win (P12)."""
    target = follow(document, item)
    if not isinstance(target, dict):
        return target
    if target is not item:
        item = {**target, **{key: value for key, value in item.items() if key != "$ref"}}
    shared = item.get("parameters", [])
    folded = {key: value for key, value in item.items() if key != "parameters"}
    for method in METHODS:
        own = folded[method].get("parameters", []) if isinstance(folded.get(method), dict) else None
        if isinstance(own, list) and isinstance(shared, list):
            merged = _merged(document, shared, own)
            if merged:
                folded[method] = {**folded[method], "parameters": merged}
    return folded


def _merged(document: Document, shared: list[Json], own: list[Json]) -> list[Json]:
    overridden = [_identity(document, parameter) for parameter in own]
    return [p for p in shared if _identity(document, p) not in overridden] + own


def _identity(document: Document, parameter: Mapping[str, Json]) -> tuple[Json, Json]:
    resolved = follow(document, parameter)
    if not isinstance(resolved, dict):
        return resolved, None
    return resolved.get("name"), resolved.get("in")
