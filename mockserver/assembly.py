"""From the user's files to what is served: documents, quirks, resources, fixtures, behaviours.

`Sources` is what stands in the files; `Assembly` is what follows from it for one set of quirks.
Both are made anew when files or quirks change, and swapped in as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from mockserver.behaviours.choose import Choice, choices_of
from mockserver.behaviours.collection import Collection, collections_of
from mockserver.behaviours.generic import generic_domain
from mockserver.behaviours.registry import Behaviour, Domain
from mockserver.domains.calcom import CALCOM
from mockserver.errors import SetupError
from mockserver.model import Document
from mockserver.openapi import (
    Operation,
    Quirks,
    QuirkTable,
    SchemaCompiler,
    check_quirk_operations,
    document_and_overlays,
    document_files,
    effective_document,
    finished_document,
    infer_resources,
    load_quirks,
    operations_of,
    read_fidelity,
    written_document,
)
from mockserver.settings import Settings

DOMAINS: Final[Mapping[str, Domain]] = {CALCOM.name: CALCOM}


@dataclass(frozen=True, slots=True)
class Files:
    """Which files a mock is made from."""

    spec: Path
    overlays: tuple[Path, ...]
    quirks: Path | None
    fixtures: tuple[Path, ...]
    fidelity: Path | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What stands in the files; *written* is the document before anything was done to it."""

    files: Files
    written: Document
    published: Document
    quirk_table: QuirkTable
    confirmed: Mapping[str, date]

    def paths(self) -> list[Path]:
        """Every file that was read, those that the document refers to among them."""
        quirks = [self.files.quirks] if self.files.quirks else []
        spec = [self.files.spec, *document_files(self.files.spec)]
        return [*spec, *self.files.overlays, *quirks, *self.files.fixtures]


@dataclass(frozen=True, slots=True)
class Assembly:
    """What follows from the sources for one set of quirks."""

    effective: Document
    quirks: Quirks
    domain: Domain
    operations: tuple[Operation, ...]
    choices: Mapping[str, Choice]
    collections: Mapping[str, Collection]
    schemas: SchemaCompiler

    @property
    def behaviours(self) -> dict[tuple[str, str], Behaviour]:
        """By method and path template, as Connexion's resolver asks for them."""
        return {
            (operation.method, operation.template): self.choices[operation.id].behaviour
            for operation in self.operations
        }


def files_of(settings: Settings) -> Files:
    """The files that *settings* name; the bundled ones where none are named.

    Overlays for the bundled document come on top of its own, which it cannot do without.
    """
    spec, overlays = document_and_overlays(settings.spec, settings.overlays or ())
    if settings.spec is not None:
        return Files(spec, overlays, settings.quirks_file, settings.fixtures or ())
    bundled = spec.parent
    worlds = tuple(bundled / "fixtures" / name for name in ("world.yaml", "showcase.yaml"))
    fixtures = worlds if settings.fixtures is None else settings.fixtures
    quirks = settings.quirks_file or bundled / "quirks.yaml"
    return Files(spec, overlays, quirks, fixtures, bundled / "fidelity.yaml")


def read_sources(settings: Settings) -> Sources:
    """Read the document and the quirks. Raises SetupError."""
    files = files_of(settings)
    written = written_document(files.spec)
    published = finished_document(written, files.spec)
    quirk_table = load_quirks(files.quirks)
    return Sources(files, written, published, quirk_table, read_fidelity(files.fidelity))


def assemble(sources: Sources, quirks: Quirks) -> Assembly:
    """Everything that is served with *quirks* on. Raises SetupError."""
    files = sources.files
    actions = sources.quirk_table.actions(quirks)
    effective = effective_document(
        files.spec,
        files.overlays,
        actions,
        source=str(files.quirks or "quirks"),
        written=sources.written,
    )
    operations = tuple(operations_of(effective))
    known = [operation.id for operation in (*operations_of(sources.published), *operations)]
    check_quirk_operations(sources.quirk_table, known, files.quirks)
    domain = _domain(effective, files.spec)
    schemas = SchemaCompiler(effective)
    resources = infer_resources(effective, operations, schemas)
    choices = choices_of(operations, domain, resources, effective, schemas)
    stored = {name: action for name, action in resources.items() if choices[name].kind == "crud"}
    collections = collections_of(effective, stored, schemas)
    return Assembly(effective, quirks, domain, operations, choices, collections, schemas)


def _domain(document: Document, file: Path) -> Domain:
    told = document.get("x-understudy", {})
    if not isinstance(told, dict):
        raise SetupError("must be an object", file=file, place="#/x-understudy", value=told)
    named = told.get("domain")
    if named is None:
        return generic_domain()
    if not isinstance(named, str) or named not in DOMAINS:
        place = "#/x-understudy/domain"
        raise SetupError("unknown domain", file=file, place=place, value=named, known=DOMAINS)
    return DOMAINS[named]
