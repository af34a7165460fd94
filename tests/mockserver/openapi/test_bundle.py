"""One document out of many files: which files those are."""

from pathlib import Path

from mockserver.openapi import document_files


def test_the_files_of_a_document_are_those_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("{type: object, properties: {a: {$ref: deep.yaml}}}")
    (tmp_path / "deep.yaml").write_text("{type: string}")
    (tmp_path / "other.yaml").write_text("{type: string}")
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n"
        "components: {schemas: {Part: {$ref: part.yaml}}}\n"
    )
    names = [path.name for path in document_files(tmp_path / "api.yaml")]
    assert sorted(names) == ["api.yaml", "deep.yaml", "part.yaml"]
