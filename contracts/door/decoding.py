"""Takes the content encoding off a body, the same for every transport."""

from collections.abc import Iterator

import httpx2

from contracts.door.wire import RawHeaders

NOT_LIMITED = 1 << 62


def decoded(raw: bytes, headers: RawHeaders, limit: int = NOT_LIMITED) -> tuple[bytes, str]:
    """*raw* without its content encoding, at most a little more than *limit* bytes of it, and why
    it cannot be read so; `` where it can. What cannot be read comes back as far as it could be, or
    as it is.

    A coding that is not known here is left on.
    """
    told = [value for name, value in headers if name.lower() == b"content-encoding"]
    if not told or not raw:
        return raw, ""
    body = bytearray()
    try:
        for chunk in httpx2.Response(200, headers=headers, stream=_Stream(raw)).iter_bytes():
            body += chunk
            if len(body) > limit:
                break
    except httpx2.DecodingError:
        named = b", ".join(told).decode("latin-1")
        return bytes(body) or raw, f"the body is not encoded as {named}"
    return bytes(body), ""


class _Stream(httpx2.SyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
