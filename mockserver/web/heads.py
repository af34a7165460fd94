"""The heads of requests, read once: clients send the same few lines and headers again and again.

What is remembered follows from the bytes of a request and from the document, and from nothing that
can change while the document is served; each pipeline has its own. Both memories are bounded.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from mockserver.model import Json, Violation
from mockserver.web.compiled import CompiledOperation
from mockserver.web.router import Router

HEADERS_KEPT = 128
LINES_KEPT = 1024
LONGEST_LINE_BYTES = 512
"""Longer lines are read each time, so that nobody fills the memory with them."""

_SCALARS = (str, int, float, bool, type(None))


class Line:
    """The first line of a request, understood.

    *compiled* is None where no operation takes it; *path* has the values of the path as they were
    sent, *target* the path with its query, as the API sees it, *query* what stood after the `?`.
    """

    __slots__ = ("_right_headers", "_values", "compiled", "has_body", "path", "query", "target")

    def __init__(
        self, compiled: CompiledOperation | None, path: dict[str, str], target: str, query: bytes
    ) -> None:
        self.compiled = compiled
        self.has_body = compiled is not None and compiled.operation.has_body
        self.path = path
        self.target = target
        self.query = query
        self._values: tuple[dict[str, Json], dict[str, Json]] | None = None
        self._right_headers: Mapping[str, str] | None = None

    def values(
        self, compiled: CompiledOperation, headers: Mapping[str, str]
    ) -> tuple[dict[str, Json], dict[str, Json], list[Violation]]:
        """As `ParameterReaders.values`; what a line says is held to the document once.

        What is given is the caller's own. Only values without anything inside are kept, and none
        that break a rule; and the last headers that break none.
        """
        readers = compiled.parameters
        if self._values is None:
            path, query, broken = readers.values(dict(self.path), self.query, headers)
            if not broken and _are_scalars(path) and _are_scalars(query):
                self._values = path, query
                return path.copy(), query.copy(), broken
            return path, query, broken
        path, query = self._values
        if headers is not self._right_headers:
            if broken := readers.header_violations(headers):
                return path.copy(), query.copy(), broken
            self._right_headers = headers
        return path.copy(), query.copy(), []


class Heads:
    """Reads lines and headers of requests; *rewrite* maps a received path to the routed one."""

    def __init__(self, router: Router[CompiledOperation], rewrite: Callable[[str], str]) -> None:
        self._router = router
        self._rewrite = rewrite
        self._known_line = lru_cache(LINES_KEPT)(self._read)
        self._known_headers = lru_cache(HEADERS_KEPT)(_decoded)

    def line(self, method: str, url: bytes) -> Line:
        """The line of a request from its method, and its path and query as they were sent."""
        if len(url) > LONGEST_LINE_BYTES:
            return self._read(method, url)
        return self._known_line(method, url)

    def headers(self, pairs: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
        """The headers by name, the last one of each; nobody can write to what is given."""
        try:
            return self._known_headers(tuple(pairs))
        except TypeError:  # a server may give lists, which no memory takes
            return _decoded(pairs)

    def _read(self, method: str, url: bytes) -> Line:
        raw_path, _, query = url.partition(b"?")
        path = self._rewrite(raw_path.decode("latin-1"))
        found = self._router.find(method, path)
        if found is None and method == "HEAD":
            found = self._router.find("GET", path)
        compiled, values = found or (None, {})
        target = f"{path}?{query.decode('latin-1')}" if query else path
        return Line(compiled, values, target, query)


def _decoded(pairs: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    return MappingProxyType({k.decode("latin-1"): v.decode("latin-1") for k, v in pairs})


def _are_scalars(values: Mapping[str, Json]) -> bool:
    return all(isinstance(value, _SCALARS) for value in values.values())
