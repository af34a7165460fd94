from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate

from mockserver.behaviours.choose import KINDS
from mockserver.openapi.reading import read_yaml
from mockserver.web.admin import admin_document
from mockserver.web.admin.yaml_text import yaml_text
from mockserver.web.observers import Answered

WALK: list[tuple[str, str, dict[str, Any], int]] = [
    ("GET", "/", {}, 200),
    ("GET", "/health", {}, 200),
    ("GET", "/routes", {}, 200),
    ("GET", "/metrics", {}, 200),
    ("GET", "/accounts", {}, 200),
    ("GET", "/spec", {}, 200),
    ("GET", "/spec?document=published&format=yaml", {}, 200),
    ("GET", "/openapi.json", {}, 200),
    ("GET", "/state", {}, 200),
    ("PUT", "/state", {"json": {"collections": {"books": {}}}}, 200),
    ("POST", "/reset", {}, 200),
    ("POST", "/snapshots", {}, 201),
    ("POST", "/snapshots/mine", {}, 201),
    ("POST", "/snapshots/mine", {}, 200),
    ("GET", "/snapshots", {}, 200),
    ("POST", "/snapshots/mine/restore", {}, 200),
    ("DELETE", "/snapshots/mine", {}, 200),
    ("PUT", "/clock", {"json": {"freeze": True}}, 200),
    ("GET", "/clock", {}, 200),
    ("DELETE", "/clock", {}, 200),
    ("GET", "/requests", {}, 200),
    ("GET", "/requests/1", {}, 200),
    ("POST", "/requests/count", {"json": {"method": "DELETE"}}, 200),
    ("DELETE", "/requests", {}, 200),
    ("GET", "/requests/1", {}, 404),
    ("GET", "/deviations", {}, 200),
    ("PUT", "/deviations", {"json": {"quirks": []}}, 200),
    ("PATCH", "/deviations", {"json": {"on": ["lost-pages"]}}, 200),
    ("DELETE", "/deviations", {}, 200),
    ("GET", "/actions", {}, 200),
    ("POST", "/actions/lend-book", {"json": {"to": "ann"}}, 200),
]


def test_every_admin_operation_answers_as_its_document_says(admin: Any, control: Any) -> None:
    what = control.clock.now(), "GET", "/books", "listBooks", 200, 0.001
    control.journal.add(Answered(*what, "ann", {}, b"", b"[]", b"id"))
    for method, path, options, status in WALK:
        assert admin(method, path, **options).status_code == status, f"{method} {path}"
    documented = {
        operation["operationId"]
        for item in admin_document()["paths"].values()
        for name, operation in item.items()
        if name != "parameters"
    }
    assert admin.seen == documented


def test_the_admin_document_is_valid() -> None:
    validate(admin_document())


def test_the_admin_document_gives_itself(admin: Any) -> None:
    assert admin("GET", "/openapi.json").json() == admin_document()


@pytest.mark.parametrize("path", ["", "/"])
def test_the_prefix_alone_lists_every_route(admin: Any, path: str) -> None:
    answer = admin("GET", path)
    documented = {
        (method.upper(), f"/__admin{path}")
        for path, item in admin_document()["paths"].items()
        for method in item.keys() - {"parameters"}
    }
    assert {(one["method"], one["path"]) for one in answer.json()["routes"]} == documented


def test_the_document_names_every_kind_of_answer() -> None:
    route = admin_document()["components"]["schemas"]["Route"]
    assert route["properties"]["answeredBy"]["enum"] == list(KINDS)


def test_every_example_of_the_admin_document_fits_its_schema() -> None:
    document = admin_document()
    checked = 0
    for holder in _objects(document):
        examples = [one["value"] for one in holder.get("examples", {}).values()]
        if "schema" in holder and ("example" in holder or examples):
            schema = {**holder["schema"], "components": document["components"]}
            for example in [*examples, *([holder["example"]] if "example" in holder else [])]:
                OAS30Validator(schema).validate(example)
                checked += 1
    assert checked > 40


def test_every_body_and_success_of_the_admin_document_has_an_example() -> None:
    document = admin_document()
    contents = [
        media
        for holder in _objects(document)
        if isinstance(holder.get("content"), dict)
        for media in holder["content"].values()
    ]
    assert contents
    assert all("example" in media or "examples" in media for media in contents)


def test_the_served_document_comes_as_json_and_as_yaml(admin: Any) -> None:
    as_json = admin("GET", "/spec?document=published").json()
    as_yaml = admin("GET", "/spec?document=published&format=yaml")
    assert as_json["info"]["title"] == "Library, published"
    assert as_yaml.headers["content-type"] == "application/yaml"
    assert yaml.safe_load(as_yaml.text) == as_json


@pytest.mark.parametrize("text", ["2024-09-04", "on", "1e3", "0o17", "12:30", "007", "null", "~"])
def test_a_text_of_the_document_stays_a_text_in_every_yaml(text: str, tmp_path: Path) -> None:
    written = yaml_text({"a": text})
    (tmp_path / "a.yaml").write_text(written)
    assert yaml.safe_load(written) == {"a": text}
    assert read_yaml(tmp_path / "a.yaml") == {"a": text}


def test_parts_that_are_shared_are_written_out_in_yaml() -> None:
    shared = {"type": "string"}
    assert "&" not in yaml_text({"a": shared, "b": shared})


def test_the_effective_document_is_the_one_given_by_default(admin: Any) -> None:
    assert admin("GET", "/spec").json()["info"]["title"] == "Library, effective"


def test_health_tells_what_is_served_and_what_was_called(admin: Any, control: Any) -> None:
    health = admin("GET", "/health").json()
    assert orjson.dumps(health, option=orjson.OPT_SORT_KEYS) == orjson.dumps(
        {
            "status": "ok",
            "version": "0.1.0",
            "title": "Library",
            "profile": "documented",
            "seed": 1,
            "now": "2030-01-01T08:00:00.000Z",
            "operations": 1,
            "processes": 1,
            "journal": {"count": 0, "bytes": 0, "last": 0},
        },
        option=orjson.OPT_SORT_KEYS,
    )


def _objects(node: Any) -> Any:
    if isinstance(node, dict):
        yield node
        for part in node.values():
            yield from _objects(part)
    elif isinstance(node, list):
        for part in node:
            yield from _objects(part)
