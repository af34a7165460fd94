"""OpenAPI documents: file in, values out."""

from mockserver.openapi.bundle import document_files
from mockserver.openapi.bundled import bundled_spec_dir, document_and_overlays
from mockserver.openapi.document import (
    check_document,
    effective_document,
    finished_document,
    load_document,
    written_document,
)
from mockserver.openapi.envelopes import Envelope
from mockserver.openapi.fidelity import fidelity_of, read_fidelity
from mockserver.openapi.operations import (
    METHODS,
    NO_OPERATION,
    Operation,
    Parameter,
    base_path,
    operations_of,
)
from mockserver.openapi.overlay import Overlay, apply_actions, apply_overlays, load_overlay
from mockserver.openapi.pointers import follow, resolve
from mockserver.openapi.quirks import (
    PROFILES,
    Quirk,
    Quirks,
    QuirkTable,
    check_quirk_operations,
    load_quirks,
)
from mockserver.openapi.reading import read_yaml
from mockserver.openapi.resources import (
    Parent,
    Resource,
    ResourceAction,
    apparent_resources,
    infer_resources,
)
from mockserver.openapi.sample import Sampler, examples_of, sample
from mockserver.openapi.schema import Direction, SchemaCompiler, Validator

__all__ = [
    "METHODS",
    "NO_OPERATION",
    "PROFILES",
    "Direction",
    "Envelope",
    "Operation",
    "Overlay",
    "Parameter",
    "Parent",
    "Quirk",
    "QuirkTable",
    "Quirks",
    "Resource",
    "ResourceAction",
    "Sampler",
    "SchemaCompiler",
    "Validator",
    "apparent_resources",
    "apply_actions",
    "apply_overlays",
    "base_path",
    "bundled_spec_dir",
    "check_document",
    "check_quirk_operations",
    "document_and_overlays",
    "document_files",
    "effective_document",
    "examples_of",
    "fidelity_of",
    "finished_document",
    "follow",
    "infer_resources",
    "load_document",
    "load_overlay",
    "load_quirks",
    "operations_of",
    "read_fidelity",
    "read_yaml",
    "resolve",
    "sample",
    "written_document",
]
