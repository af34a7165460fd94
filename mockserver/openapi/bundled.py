"""The document that comes with the product, and what lies beside it."""

from collections.abc import Sequence
from pathlib import Path


def bundled_spec_dir() -> Path:
    """Where the bundled document, overlays, quirks and fixtures are: in a wheel, or a checkout."""
    package = Path(__file__).parents[1]
    bundled = package / "bundled"
    return bundled if bundled.is_dir() else package.parent / "spec"


def document_and_overlays(
    spec: Path | None, overlays: Sequence[Path]
) -> tuple[Path, tuple[Path, ...]]:
    """The document that *spec* names, or the bundled one with its overlays below the given ones."""
    if spec is not None:
        return spec, tuple(overlays)
    bundled = bundled_spec_dir()
    return bundled / "openapi.yaml", (*sorted((bundled / "overlays").glob("*.yaml")), *overlays)
