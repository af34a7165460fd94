"""Paths and methods that the API does not have, and paths that it has under other names.

Source: reference conventions section 1 (S, R), recordings auth 22 to 27, private-links 199, 218,
219, 249, 250.
"""

from collections.abc import Sequence

from mockserver.domains.calcom.conventions.errors import not_found
from mockserver.errors import ApiError
from mockserver.openapi.quirks import Quirks

PAGE_HEADERS = (
    "x-cal-client-id",
    "x-cal-secret-key",
    "x-cal-platform-embed",
    "cal-api-version",
    "Accept",
    "Authorization",
    "Content-Type",
    "Origin",
)
"""What a web page may send.

Source: reference conventions section 1 (S `A/bootstrap.ts`).
"""


def rewrite(path: str) -> str:
    """`/api/v2/...` and `/v2/ee/...` are `/v2/...`, and a slash at the end counts for nothing.

    Source for the slash: observed recordings private-links 251.
    """
    if path.endswith("/") and path != "/":
        path = path[:-1]
    if path.startswith("/api/v2/"):
        path = path.removeprefix("/api")
    return "/v2/" + path.removeprefix("/v2/ee/") if path.startswith("/v2/ee/") else path


def unmatched(method: str, target: str, allowed: Sequence[str], quirks: Quirks) -> ApiError:
    """404 for an unknown path; for a known one without the method 405, or 404 as well (quirk
    `undocumented-method-is-404`)."""
    if not allowed or quirks.has("undocumented-method-is-404"):
        return not_found(f"Cannot {method} {target}")
    names = ", ".join(allowed)
    return ApiError(405, f"{method} is not allowed here, only {names}", headers=[("Allow", names)])
