"""The refusals of this API, and how each of them is written.

Four shapes exist: the exception's class name with details (1), an upper-case database code (2),
`TRPCError` (3), and a bare object without envelope (4). A refusal without a code is shape 1, or
shape 4 where only that is known; one with a code and without details is shape 2 or 3.

Source: reference conventions section 6 (S exception filters, R).
"""

from collections.abc import Sequence

from mockserver.behaviours.registry import Call
from mockserver.clock import iso_text
from mockserver.errors import ApiError
from mockserver.model import Document, Json, Reply

NOT_MODELLED = "NotModelled"
"""The code of a refusal that is the mock's own: it is not written in the API's words."""

CLASS_NAMES = {
    400: ("BadRequestException", "Bad Request"),
    401: ("UnauthorizedException", "Unauthorized"),
    403: ("ForbiddenException", "Forbidden"),
    404: ("NotFoundException", "Not Found"),
    405: ("MethodNotAllowedException", "Method Not Allowed"),
    409: ("ConflictException", "Conflict"),
    412: ("PreconditionFailedException", "Precondition Failed"),
    415: ("UnsupportedMediaTypeException", "Unsupported Media Type"),
    422: ("UnprocessableEntityException", "Unprocessable Entity"),
    429: ("ThrottlerException", None),
    498: ("TokenExpiredException", None),
    501: ("NotImplementedException", "Not Implemented"),
}
"""By status: the code of shape 1 and `details.error`; None where `details` is the message."""

BARE_MESSAGES = {413: "request entity too large", 500: "Internal server error"}


def not_found(message: str) -> ApiError:
    return ApiError(404, message)


def bad_request(message: str, details: Json = None) -> ApiError:
    """Shape 1 with *message*; *details* None means the usual ones of a 400."""
    return ApiError(400, message, details=details)


def unauthorized(message: str) -> ApiError:
    return ApiError(401, message)


def forbidden(message: str) -> ApiError:
    return ApiError(403, message)


def trpc_error(status: int, message: str) -> ApiError:
    """Shape 3: an error of the event-type handlers that the web application shares."""
    return ApiError(status, message, code="TRPCError")


def database_error() -> ApiError:
    """Shape 2, 500: the database refused, and the API tells nothing."""
    return ApiError(
        500, "There was an error, please try again later.", code="INTERNAL_SERVER_ERROR"
    )


def invalid(entries: Sequence[Document]) -> ApiError:
    """Shape 1v: a body or query with broken rules, one entry for each property."""
    return ApiError(400, "Bad Request Exception", details={"errors": list(entries)})


def not_modelled(what: str) -> ApiError:
    """501 in the mock's own name: the API would answer here, and the mock cannot."""
    return ApiError(501, what, code=NOT_MODELLED)


def render(error: ApiError, call: Call) -> Reply:
    """*error* as the API writes it; of *call* only `target` and `now` are read.

    The headers of *error* are the pipeline's to add.
    """
    if error.code == NOT_MODELLED:
        return _own_problem(error)
    if not error.code and error.status in BARE_MESSAGES:
        bare = {"statusCode": error.status, "message": BARE_MESSAGES[error.status]}
        return Reply(error.status, bare)
    body = {
        "status": "error",
        "timestamp": iso_text(call.now),
        "path": call.target,
        "error": _described(error),
    }
    return Reply(error.status, body)


def _described(error: ApiError) -> Document:
    if error.code:
        described: Document = {"code": error.code, "message": error.message}
        return described if error.details is None else {**described, "details": error.details}
    code, name = CLASS_NAMES.get(error.status, ("HttpException", "Error"))
    details: Json = error.details
    if details is None and name is None:
        details = error.message
    elif details is None:
        details = {"message": error.message, "error": name, "statusCode": error.status}
    return {"code": code, "message": error.message, "details": details}


def _own_problem(error: ApiError) -> Reply:
    problem = {
        "type": "urn:understudy:not-modelled",
        "title": "Not modelled by the mock",
        "status": error.status,
        "detail": error.message,
    }
    mark = (("X-Understudy-Error", "not-modelled"),)
    return Reply(error.status, problem, mark, "application/problem+json", is_own=True)
