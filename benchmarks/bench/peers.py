"""Who is measured: a row for each server, with what it does of what is asked and what not."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.bench.material import MATERIAL
from benchmarks.bench.places import PEERS, SERVERS, SPEC, program

BUNDLED: Final = "bundled"
REDUCED: Final = "reduced"
NO_DOCUMENT: Final = "no document"
BOTH: Final = (BUNDLED, REDUCED)

OURS: Final = "Understudy"
OURS_SILENT: Final = "Understudy, journal off"
BARE: Final = "bare ASGI app"
PRISM: Final = "Prism"
PRISM_SILENT: Final = "Prism, log silenced"
OPENAPI_BACKEND: Final = "openapi-backend"
WIREMOCK: Final = "WireMock"
WIREMOCK_SILENT: Final = "WireMock, journal off"


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned package of a registry: `npm` or `pip`."""

    name: str
    version: str
    registry: str = "npm"


@dataclass(frozen=True, slots=True)
class Peer:
    """A server: how it is installed and started, and what it does.

    In `command`, `{port}`, `{document}` (the name of one) and `{packages}` (the folder of its own
    packages) are filled in.
    """

    name: str
    command: tuple[str, ...]
    does: str
    lacks: str
    documents: tuple[str, ...] = BOTH
    folder: str = ""
    packages: tuple[Package, ...] = ()
    needs: tuple[str, ...] = ()
    """Programs that have to be there."""
    is_ours: bool = False
    is_refusing: bool = True
    """Whether it looks into a body, so that it can refuse one."""
    environment: Mapping[str, str] = field(default_factory=dict)
    copies: tuple[Path, ...] = ()
    """Files that it changes, and works on copies of."""

    def command_for(self, document: str, port: int) -> list[str]:
        values = {"port": port, "document": document, "packages": PEERS / self.folder}
        own = ON_REDUCED if self.is_ours and document == REDUCED else ()
        return [part.format(**values) for part in (*self.command, *own)]


FIXTURES: Final = tuple(str(SPEC / "fixtures" / name) for name in ("world.yaml", "showcase.yaml"))
ON_REDUCED: Final = (
    "--spec",
    f"{MATERIAL}/{{document}}.json",
    *(part for file in FIXTURES for part in ("--fixtures", file)),
)
STUB: Final = (program("mockserver"), "serve", "--port", "{port}")
UVICORN: Final = (
    program("uvicorn"),
    "--factory",
    f"--app-dir={SERVERS}",
    "--port={port}",
    "--loop=uvloop",
    "--http=httptools",
    "--ws=none",
    "--no-access-log",
    "--no-server-header",
)
"""With all that `mockserver serve` chooses, but for its own connections."""
ANSWERS: Final = {"BENCH_ANSWERS": str(MATERIAL / "answers.json")}
MODULES: Final = "{packages}/node_modules"
PRISM_COMMAND: Final = (
    f"{MODULES}/.bin/prism",
    "mock",
    f"{MATERIAL}/{{document}}.json",
    "--port",
    "{port}",
)
PRISM_PACKAGES: Final = (Package("@stoplight/prism-cli", "5.16.0"),)
WIREMOCK_PACKAGES: Final = (Package("wiremock", "3.13.2"),)
WIREMOCK_COMMAND: Final = (
    "java",
    "-jar",
    f"{MODULES}/wiremock/build/wiremock-standalone-3.13.2.jar",
    "--port",
    "{port}",
    "--root-dir",
    f"{MATERIAL}/wiremock",
)
EVERYTHING: Final = (
    "credentials, both validations (an answer to GET that was found good is neither made nor "
    "looked at again while nothing that it tells of has changed), the rules of the API, state"
)
WITHOUT_LOOKING: Final = "validation, credentials, state: answers by method and path"

SERVER_TABLE: Final = (
    Peer(
        BARE,
        (sys.executable, f"{SERVERS}/apps.py", "{port}"),
        "sends the stub's bytes under the stub's own server: the physical limit",
        "everything else",
        (NO_DOCUMENT,),
        environment=ANSWERS,
    ),
    Peer(OURS, STUB, f"{EVERYTHING}, journal", "-", is_ours=True),
    Peer(OURS_SILENT, (*STUB, "--journal-size", "0"), EVERYTHING, "journal", is_ours=True),
    Peer(
        PRISM,
        PRISM_COMMAND,
        "validates requests, wants credentials to be there, answers with examples, logs",
        "response validation, whose credentials they are, state",
        folder="prism",
        packages=PRISM_PACKAGES,
        needs=("node",),
    ),
    Peer(
        PRISM_SILENT,
        (*PRISM_COMMAND, "--verboseLevel", "silent"),
        "the same without its log",
        "response validation, whose credentials they are, state, log",
        folder="prism",
        packages=PRISM_PACKAGES,
        needs=("node",),
    ),
    Peer(
        OPENAPI_BACKEND,
        (
            "node",
            str(SERVERS / "openapi_backend.mjs"),
            "{packages}",
            f"{MATERIAL}/{{document}}.json",
            "{port}",
        ),
        "validates requests and responses, answers with examples",
        "whose credentials they are, state, log",
        folder="openapi-backend",
        packages=(Package("openapi-backend", "5.21.2"), Package("ajv-formats", "3.0.1")),
        needs=("node",),
    ),
    Peer(
        WIREMOCK,
        WIREMOCK_COMMAND,
        "answers as its mappings say, keeps a journal without end",
        WITHOUT_LOOKING,
        (NO_DOCUMENT,),
        "wiremock",
        WIREMOCK_PACKAGES,
        ("node", "java"),
        is_refusing=False,
    ),
    Peer(
        WIREMOCK_SILENT,
        (*WIREMOCK_COMMAND, "--no-request-journal"),
        "answers as its mappings say",
        f"{WITHOUT_LOOKING}; journal",
        (NO_DOCUMENT,),
        "wiremock",
        WIREMOCK_PACKAGES,
        ("node", "java"),
        is_refusing=False,
    ),
    Peer(
        "MockServer",
        (
            "java",
            f"-Dmockserver.initializationJsonPath={MATERIAL}/mockserver-{{document}}.json",
            "-jar",
            f"{MODULES}/mockserver-node/mockserver-netty-8.0.0-jar-with-dependencies.jar",
            "-serverPort",
            "{port}",
        ),
        "holds requests to the document, answers with examples, logs (a wrong request gets 404)",
        "response validation, whose credentials they are, state",
        folder="mockserver",
        packages=(Package("mockserver-node", "8.0.0"),),
        needs=("node", "java"),
    ),
    Peer(
        "Specmatic",
        (
            "java",
            "-jar",
            f"{MODULES}/specmatic/specmatic.jar",
            "mock",
            f"{MATERIAL}/specmatic-{{document}}.json",
            "--port",
            "{port}",
        ),
        "validates requests, answers with values made up for each (lists of one), logs; "
        "`enum: [null]` of the document is told to it as nullable",
        "response validation, whose credentials they are, state",
        folder="specmatic",
        packages=(Package("specmatic", "2.55.1"),),
        needs=("node", "java"),
    ),
    Peer(
        "Mockoon CLI",
        (
            f"{MODULES}/.bin/mockoon-cli",
            "start",
            "--data",
            f"{MATERIAL}/mockoon-{{document}}.json",
            "--port",
            "{port}",
        ),
        "answers with examples, logs; its document has them in place of the answers' schemas",
        WITHOUT_LOOKING,
        folder="mockoon",
        packages=(Package("@mockoon/cli", "9.9.0"),),
        needs=("node",),
        is_refusing=False,
    ),
    Peer(
        "Connexion's mock mode",
        (
            program("connexion"),
            "run",
            f"{MATERIAL}/connexion-{{document}}.json",
            "--mock",
            "all",
            "--port",
            "{port}",
        ),
        "validates requests, answers with examples, logs; its document has no security and no "
        "refusals",
        "response validation, credentials, state",
    ),
    Peer(
        "json-server",
        (
            f"{MODULES}/.bin/json-server",
            "json-server.json",
            "--routes",
            f"{MATERIAL}/json-server-routes.json",
            "--port",
            "{port}",
        ),
        "keeps state, in a file that it writes anew with each change; logs",
        "validation, credentials, the rules and the envelope of the API",
        (NO_DOCUMENT,),
        "json-server",
        (Package("json-server", "0.17.4"),),
        ("node",),
        is_refusing=False,
        copies=(MATERIAL / "json-server.json",),
    ),
)
