"""Errors that tell how the server is built: to attackers, not to clients."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from contracts.checks.places import label_of
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick

_STACK: Final = "a stack trace"
_SQL: Final = "SQL"
_LIBRARY: Final = "the name of a database library"
_PATH: Final = "a path of its file system"
_SOURCES: Final = (
    r"(?:js|mjs|cjs|ts|tsx|py|rb|go|java|kt|php|cs|rs|so|jar|conf|ya?ml|env|sqlite|db)"
)

_SIGNS: Final = [
    (kind, hint, re.compile(pattern))
    for kind, hint, pattern in [
        (_STACK, "Traceback (most", r"Traceback \(most recent call last\)"),
        (_STACK, ", line ", r'\bFile \\?"[^"\n]+\\?", line \d+'),
        (_STACK, "at ", r"\bat [\w$.<>\[\] ]{1,120} ?\((?:[^()\s]+:\d+(?::\d+)?|native)\)"),
        (_STACK, "at ", r"\bat (?:file://)?/[^\s:()]+:\d+:\d+"),
        (_STACK, "goroutine ", r"\bgoroutine \d+ \["),
        (_STACK, "panic: ", r"\bpanic: runtime error"),
        (_STACK, ":in ", r"[\w/.-]+\.(?:rb|php|go|rs|ex):\d+:in\b"),
        (_STACK, " on line ", r"[\w/.-]+\.php on line \d+"),
        (_SQL, "SQLSTATE", r"\bSQLSTATE\b"),
        (_SQL, "syntax error at", r"\bsyntax error at or near\b"),
        (_SQL, "in your SQL", r"\bYou have an error in your SQL\b"),
        (_SQL, "ORA-", r"\bORA-\d{5}\b"),
        (_SQL, "SQLITE_", r"\bSQLITE_[A-Z]+\b"),
        (_SQL, "SELECT", r"\bSELECT\s[\w\s\\\"'`.,*()]{1,300}?\sFROM\s"),
        (_SQL, "INSERT", r"\bINSERT\s+INTO\s+[\\\"'`\w]"),
        (_SQL, "UPDATE", r"\bUPDATE\s+[\\\"'`\w.]+\s+SET\s"),
        (_SQL, "DELETE", r"\bDELETE\s+FROM\s+[\\\"'`\w]"),
        (_SQL, "duplicate key value", r"\bduplicate key value violates\b"),
        (_SQL, " constraint", r"\b(?:UNIQUE|FOREIGN KEY|NOT NULL) constraint failed\b"),
        (_SQL, " constraint", r"\bviolates (?:foreign key|not-null|unique|check) constraint\b"),
        (_SQL, "relation ", r'\brelation \\?"[^"\\]+\\?" does not exist\b'),
        (_SQL, "no such ", r"\bno such (?:table|column): "),
        (_SQL, "ER_", r"\bER_(?:DUP|NO|BAD|PARSE)_\w+"),
        (_LIBRARY, "Prisma", r"\bPrismaClient\w*"),
        (_LIBRARY, "prisma.", r"\bprisma\.\w+\.\w+\("),
        (_LIBRARY, "Sequelize", r"\bSequelize\w*Error\b"),
        (_LIBRARY, "TypeORM", r"\bTypeORM\w*"),
        (_LIBRARY, "QueryFailed", r"\bQueryFailedError\b"),
        (_LIBRARY, "sqlalchemy", r"\bsqlalchemy\."),
        (_LIBRARY, "psycopg", r"\bpsycopg2?\."),
        (_LIBRARY, "asyncpg", r"\basyncpg\."),
        (_LIBRARY, "pymysql", r"\bpymysql\."),
        (_LIBRARY, "MongoServer", r"\bMongoServerError\b"),
        (_LIBRARY, "ActiveRecord", r"\bActiveRecord::"),
        (_LIBRARY, "hibernate", r"\borg\.hibernate\."),
        (_LIBRARY, "java.sql", r"\bjava\.sql\."),
        (_LIBRARY, "django.db", r"\bdjango\.db\."),
        (_LIBRARY, "Doctrine", r"\bDoctrine\\\\"),
        (
            _PATH,
            "/",
            r"(?<![\w:/.])/(?:usr|home|var|app|opt|srv|etc|root|tmp|Users|workspace)/[\w.@/-]+"
            rf"\.{_SOURCES}\b",
        ),
        (_PATH, "node_modules", r"\bnode_modules[/\\]\S*"),
        (_PATH, "site-packages", r"\bsite-packages[/\\]\S*"),
        (_PATH, ":\\", r"\b[A-Z]:\\\\?(?:[\w. -]+\\\\?)+[\w-]+\.\w+"),
    ]
]
"""What is shown, a text without which it is not there (for speed), and how it looks."""
_ESCAPED_SPACE: Final = re.compile(r"(?<!\\)\\[nrt]")
_TELLING: Final = 8
_READ: Final = 20_000
"""Characters of an error that are looked at."""


def errors_keep_internals(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """An error shows no stack trace, SQL, database library or path of the server.

    What the request itself said may be repeated.
    """
    if exchange.response.status < 400 or not exchange.response.body:
        return
    text = exchange.response.body[:_READ].decode("utf-8", "replace")
    if "\\" in text:
        text = _ESCAPED_SPACE.sub(" ", text)
    seen = set()
    for kind, hint, pattern in _SIGNS:
        if kind in seen or hint not in text:
            continue
        match = next((m for m in pattern.finditer(text) if not _was_sent(exchange, m[0])), None)
        if match is not None:
            seen.add(kind)
            yield _finding(exchange, yardstick, kind, _around(text, match))


def errors_keep_credentials(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """An error does not repeat the credential that came with the request."""
    if exchange.response.status < 400 or not exchange.response.body:
        return
    text = exchange.response.body[:_READ].decode("utf-8", "replace")
    for name, secret in _credentials(exchange, yardstick):
        if secret in text:
            yield Finding(
                rule="error-repeats-credential",
                operation=label_of(exchange, yardstick),
                severity=Severity.HIGH,
                message=f"The error repeats the credential of the header {name}: errors are "
                "logged and shown, and whoever reads them has it then.",
                expected="an error without the credential",
                source="CWE-209",
                came=f"the credential of {name}, in the body of the answer with "
                f"{exchange.response.status}",
                exchange=exchange,
                cause=name.lower(),
            )


def _credentials(exchange: Exchange, yardstick: Yardstick) -> Iterator[tuple[str, str]]:
    """Headers that carry a credential, and it without the name of its scheme; not those so short
    that any text may hold them."""
    schemes = yardstick.schemes.values()
    named = {str(one.get("name", "")).lower() for one in schemes if one.get("in") == "header"}
    for name, value in exchange.request.headers:
        if name.lower() in named | {"authorization"}:
            secret = value.partition(" ")[2].strip() or value
            if len(secret) >= _TELLING:
                yield name, secret


def _finding(exchange: Exchange, yardstick: Yardstick, kind: str, came: str) -> Finding:
    return Finding(
        rule="error-leaks-internals",
        operation=label_of(exchange, yardstick),
        severity=Severity.HIGH,
        message=f"The error shows {kind} to whoever asks: log it, and answer with a text that is "
        "meant for clients.",
        expected="an error that says nothing of the server's inside",
        source="CWE-209",
        came=came,
        exchange=exchange,
        cause=kind,
    )


def _was_sent(exchange: Exchange, text: str) -> bool:
    request = exchange.request
    sent = "\n".join([unquote(request.target), *(value for _, value in request.headers)])
    if request.body:
        sent += request.body.decode("utf-8", "replace")
    return text.replace("\\", "") in sent.replace("\\", "")


def _around(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - 30), min(len(text), match.end() + 60)
    return " ".join(text[start:end].split())[:200]
