"""A request and a response as openapi-core's protocols read them."""

from dataclasses import dataclass, field
from urllib.parse import unquote

from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers as HeaderValues
from werkzeug.datastructures import ImmutableMultiDict

from contracts.exchange import Request, Response


@dataclass
class OpenApiRequest:
    """A request as openapi-core's `Request` protocol reads it."""

    method: str
    host_url: str
    path: str
    content_type: str
    body: bytes | None
    parameters: RequestParameters = field(default_factory=RequestParameters)

    @classmethod
    def of(cls, request: Request) -> "OpenApiRequest":
        return cls(
            method=request.method.lower(),
            host_url="http://localhost",
            path=unquote(request.path),
            content_type=(request.header("content-type") or "").lower(),
            body=request.body,
            parameters=RequestParameters(
                query=ImmutableMultiDict(request.query),
                header=HeaderValues(list(request.headers)),
                cookie=ImmutableMultiDict(),
            ),
        )


@dataclass
class OpenApiResponse:
    """A response as openapi-core's `Response` protocol reads it."""

    status_code: int
    headers: HeaderValues
    content_type: str
    data: bytes

    @classmethod
    def of(cls, response: Response) -> "OpenApiResponse":
        return cls(
            status_code=response.status,
            headers=HeaderValues(list(response.headers)),
            content_type=(response.header("content-type") or "").lower(),
            data=response.body,
        )
