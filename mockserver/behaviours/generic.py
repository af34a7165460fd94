"""The domain of every API that has no rules of its own here.

Credentials are those that the document declares (`credentials`), refusals are problem documents
(`problems`), and operations are answered by what `choose` finds for them.
"""

from collections.abc import Sequence
from functools import partial

from mockserver.behaviours.credentials import security_guards
from mockserver.behaviours.problems import Problems
from mockserver.behaviours.registry import Behaviours, Call, Domain
from mockserver.errors import ApiError
from mockserver.model import Document, Reply, Violation
from mockserver.openapi.quirks import Quirks

_MALFORMED = "Malformed JSON"
"""How the refusal of a body that is no JSON begins, see `mockserver.web.body`."""


def generic_domain() -> Domain:
    """A fresh domain for one document; it shares nothing with any other."""
    return Domain(
        name="generic",
        behaviours=Behaviours(),
        guards=security_guards,
        invalid=invalid,
        unmatched=unmatched,
        render=partial(_rendered, Problems()),
    )


def _rendered(problems: Problems, error: ApiError, call: Call) -> Reply:
    """A refusal as the document wants it; JSON that is none is a broken rule of the body."""
    if error.status == 400 and not error.details and error.message.startswith(_MALFORMED):
        broken = Violation("body", (), "json", error.message)
        error = ApiError(400, error.message, headers=error.headers, details=[_entry(broken)])
    return problems.render(error, call)


def invalid(call: Call, violations: Sequence[Violation]) -> ApiError:
    """What broken rules are refused with, one entry of `validation` for each.

    415 for a media type that the operation does not take; 422 where it documents that and no
    400; else 400.
    """
    documented = call.operation.responses
    if any(violation.rule == "media-type" for violation in violations):
        status = 415
    else:
        status = 422 if "422" in documented and "400" not in documented else 400
    count = len(violations)
    first = f"{location_of(violations[0])} {violations[0].message}"
    rest = f", and {count - 1} more" if count > 1 else ""
    return ApiError(status, first + rest, details=[_entry(violation) for violation in violations])


def unmatched(method: str, target: str, allowed: Sequence[str], quirks: Quirks) -> ApiError:
    """404 for an unknown path; 405 with `Allow` where the path takes other methods."""
    path = target.partition("?")[0]
    if not allowed:
        return ApiError(404, f"no operation has the path {path}")
    methods = ", ".join(sorted(allowed))
    headers = [("Allow", methods)]
    return ApiError(405, f"{path} does not take {method}, only {methods}", headers=headers)


def location_of(violation: Violation) -> str:
    """`body.title`, `query.limit`, `body.items.0.name`, `body` for the whole body."""
    return ".".join([violation.where, *map(str, violation.place)])


def _entry(violation: Violation) -> Document:
    return {
        "location": location_of(violation),
        "severity": "error",
        "code": violation.rule,
        "message": violation.message,
    }
