"""The envelope around every success of this API."""

from mockserver.model import Json, Reply


def success(status: int, data: Json) -> Reply:
    """`{"status": "success", "data": ...}` with *status*: 201 for POST, else 200, never 204.

    Source: reference conventions section 5 (S).
    """
    return Reply(status, {"status": "success", "data": data})
