"""What the mock says of itself: always `application/problem+json`, always marked as its own."""

from collections.abc import Sequence

from mockserver.model import Document, Reply, Violation
from mockserver.openapi import Operation

RETRY_AFTER = ("Retry-After", "1")
MARK = "X-Understudy-Error"
"""Header that only the mock's own failures carry; its value is the kind of failure."""


def own_problem(kind: str, status: int, title: str, detail: str, **more: object) -> Reply:
    """A problem document about the mock itself; *kind* goes into the header `MARK`."""
    body: Document = {
        "type": f"urn:understudy:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        **more,
    }
    return Reply(status, body, ((MARK, kind),), "application/problem+json", is_own=True)


def invalid_answer(operation: Operation, reply: Reply, broken: Sequence[Violation]) -> Reply:
    """The mock's answer breaks the document: a bug of the mock, shown instead of the answer."""
    first = broken[0]
    return own_problem(
        "invalid-answer",
        500,
        "The mock's own answer breaks the document",
        f"{operation.id} answered {reply.status} with a body that breaks the rule "
        f"'{first.rule}' at '{first.pointer}': {first.message}",
        operation=operation.id,
        answeredStatus=reply.status,
        violations=[
            {"place": one.pointer, "rule": one.rule, "message": one.message} for one in broken
        ],
    )


def unavailable(error: Exception) -> Reply:
    """The database does not answer; nothing of the request was kept."""
    told = own_problem("store", 503, "The state cannot be reached", f"{error}; nothing was changed")
    return told._replace(headers=(*told.headers, RETRY_AFTER))


def bug(error: Exception, where: str) -> Reply:
    """Something raised that nobody expected; the traceback is in the log."""
    return own_problem(
        "bug",
        500,
        "The mock failed",
        f"{type(error).__name__} in {where}: this is a bug of the mock, not of the simulated API",
    )
