"""Paths that the document does not have: those that developers leave open are tried."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from contracts.actors import ANONYMOUS, OWNER
from contracts.exchange import Exchange, Request
from contracts.findings import Severity
from contracts.suites.examples.trials import SUITE
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

# fmt: off
DOORS: Final = (
    "debug", "debug/vars", "debug/pprof", "_debug", "internal", "_internal", "private", "metrics",
    "actuator", "actuator/env", "env", ".env", ".git/config", "config", "config.json", "admin",
    "_admin", "console", "dump", "heapdump", "trace", "phpinfo.php", "server-status", "test",
    "backup", "swagger", "graphiql",
)
# fmt: on
"""What frameworks and their developers open for themselves, and what is left lying about.

Source: assumed (what scanners look for first). What is often open on purpose is not among them: a
state of health, a document, pages about it.
"""
_NOTHING: Final = "understudy-no-such-path"
_SOURCE: Final = "document #/paths"


def door_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`hidden-endpoints`, once, at the first operation."""
    for operation in yardstick.operations[:1]:
        run = partial(_try, operation)
        yield Case(SUITE, operation.label, "hidden-endpoints", run)


def bases_of(yardstick: Yardstick) -> tuple[str, ...]:
    """The root, and what all paths of the document begin with: `` and `/v2`."""
    paths = [one.path.split("/")[1:-1] for one in yardstick.operations]
    begin: list[str] = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1 or parts[0].startswith("{"):
            break
        begin.append(parts[0])
    return tuple(dict.fromkeys(("", "".join(f"/{part}" for part in begin))))


def _try(operation: Operation, session: Session) -> None:
    for base in bases_of(session.yardstick):
        unknown = _ask(session, operation, f"{base}/{_NOTHING}")
        if not session.expect(
            not unknown.is_success,
            "unknown-path-served",
            unknown,
            message="A path that nobody made up but us is answered with a success",
            expected="404 for a path that the document does not have",
            source=f"{_SOURCE}; RFC 9110 section 15.5.5",
            cause=base,
            severity=Severity.MEDIUM,
        ):
            continue
        for door in DOORS:
            path = f"{base}/{door}"
            if not session.yardstick.methods(path):
                _judge(session, _ask(session, operation, path))


def _ask(session: Session, operation: Operation, path: str) -> Exchange:
    """As the owner, for what is open to every caller is as hidden from readers of the document."""
    actor = OWNER if OWNER in session.bench.actors else ANONYMOUS
    driving = session.yardstick.driving(operation)
    headers = session.bench.actors.headers(driving, actor)
    return session.send(Request("GET", path, (("Accept", "*/*"), *headers), actor=actor))


def _judge(session: Session, exchange: Exchange) -> None:
    session.expect(
        not exchange.is_success,
        "hidden-endpoint",
        exchange,
        message="A path that the document does not have answers with a success: close it, or "
        "document it",
        expected="404 for a path that the document does not have",
        source=_SOURCE,
        cause=exchange.request.path,
    )
