"""Files that the servers are started with, written once before the rounds."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.bench.documents import (
    Document,
    nullable,
    plain,
    reduced,
    with_answers,
    with_schema_examples,
)
from benchmarks.bench.places import PEERS, program
from benchmarks.bench.running import free_port, running
from benchmarks.bench.scenarios import Places
from benchmarks.bench.world import Answer, answers, made

MATERIAL: Final = PEERS / "material"


def prepare() -> Places:
    """Write everything, and tell which event types are asked for where nothing is created."""
    port = free_port()
    with running([program("mockserver"), "serve", "--port", str(port)], port) as stub:
        places = made(stub.base)
        said = answers(stub.base, places)
    MATERIAL.mkdir(parents=True, exist_ok=True)
    document = with_answers(_effective(), said)
    small = reduced(document, said)
    for name, one in (("bundled", document), ("reduced", small)):
        _write(f"{name}.json", one)
        _write(f"connexion-{name}.json", plain(one))
        _write(f"mockoon-{name}.json", with_schema_examples(one, said))
        _write(f"specmatic-{name}.json", nullable(one))
        _write(f"mockserver-{name}.json", _expectations(MATERIAL / f"{name}.json"))
    _write("answers.json", [_fixed(one) for one in said])
    _write("wiremock/mappings/all.json", {"mappings": [_mapping(one) for one in said]})
    _write("json-server.json", _collections(said, places))
    _write("json-server-routes.json", ROUTES)
    return places


def _effective() -> Document:
    command = [program("mockserver"), "spec", "--effective", "--format", "json"]
    done = subprocess.run(command, check=True, capture_output=True)
    document: Document = json.loads(done.stdout)
    return document


def _write(name: str, content: Any) -> None:
    path = MATERIAL / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1), "utf-8")


def _fixed(answer: Answer) -> dict[str, Any]:
    """For `servers/bare.py`: which request, and all that is answered."""
    return {
        "method": answer.step.method,
        "segments": answer.step.path.count("/"),
        "request": answer.step.body if answer.status == 400 else None,
        "status": answer.status,
        "headers": dict(answer.headers),
        "body": json.dumps(answer.body, separators=(",", ":"), ensure_ascii=False),
    }


def _mapping(answer: Answer) -> dict[str, Any]:
    """For WireMock: by method and path, without a look into the body."""
    pattern = answer.template.replace("{eventTypeId}", "[^/]+").replace("{linkId}", "[^/]+")
    return {
        "priority": 1 if answer.status < 300 else 9,
        "request": {"method": answer.step.method, "urlPathPattern": pattern},
        "response": {
            "status": answer.status,
            "headers": {"Content-Type": "application/json"},
            "body": json.dumps(answer.body, separators=(",", ":")),
        },
    }


ROUTES: Final = {
    "/v2/event-types/:eventTypeId/private-links/:linkId": "/private-links/:linkId",
    "/v2/*": "/$1",
}


def _collections(said: Sequence[Answer], places: Places) -> dict[str, Any]:
    """For json-server: two collections, the links by the id of their event type."""
    one, listed = said[0].body["data"], said[1].body["data"]
    event_types = [{**one, "id": number} for number in places.values()]
    links = [{**link, "id": link["linkId"], "event-typeId": places["full"]} for link in listed]
    return {"event-types": event_types, "private-links": links}


def _expectations(document: Path) -> list[dict[str, Any]]:
    """For MockServer: all operations of a document."""
    return [{"specUrlOrPayload": document.as_uri()}]
