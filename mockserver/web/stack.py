"""Connexion's part: it checks the document, hands it to the pipeline, and serves the docs page."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from connexion.exceptions import InvalidSpecification
from connexion.middleware import ConnexionMiddleware
from connexion.middleware.main import API
from connexion.middleware.swagger_ui import SwaggerUIAPI, SwaggerUIMiddleware
from connexion.options import SwaggerUIOptions
from connexion.resolver import Resolution, Resolver
from connexion.spec import Specification
from starlette.middleware.exceptions import ExceptionMiddleware

from mockserver.behaviours.registry import Behaviour, Domain
from mockserver.errors import SetupError
from mockserver.model import Document
from mockserver.openapi import SchemaCompiler
from mockserver.web.asgi import Receive, Scope, Send
from mockserver.web.doors import Doors
from mockserver.web.server import ADMIN_PREFIX, Serving
from mockserver.web.specification import QuickSpecification
from mockserver.web.world import World
from mockserver.web.writer import Writer

DOCS_PATH = "/__docs"


class BehaviourResolver(Resolver):  # type: ignore[misc]  # Connexion ships no types
    """Hands Connexion the behaviour chosen for each operation; pure, keyed by method and path."""

    def __init__(self, behaviours: Mapping[tuple[str, str], Behaviour]) -> None:
        super().__init__()
        self._behaviours = behaviours

    def resolve(self, operation: Any) -> Resolution:
        key = (operation.method.upper(), operation.path)
        return Resolution(self._behaviours[key], f"{key[0]} {key[1]}")


class Pages(SwaggerUIMiddleware):  # type: ignore[misc]  # Connexion ships no types
    """Connexion's documentation page, at the root wherever the paths of the API begin."""

    def add_api(self, specification: Specification, **options: Any) -> None:
        api = SwaggerUIAPI(specification, default=self.default_fn, **options)
        self.router.mount("", app=api.router)


def build_serving(
    document: Document,
    file: Path,
    behaviours: Mapping[tuple[str, str], Behaviour],
    domain: Domain,
    world: World,
    writer: Writer,
    schemas: SchemaCompiler,
) -> Serving:
    """Let Connexion load *document* and build what answers it.

    *behaviours* are by method and path template, *schemas* compiles those of
    *document*. Raises SetupError naming *file*.
    """
    doors = partial(
        Doors, document=document, domain=domain, world=world, writer=writer, schemas=schemas
    )
    connexion = ConnexionMiddleware(
        _nothing,
        middlewares=[Pages, doors],
        resolver=BehaviourResolver(behaviours),
        swagger_ui_options=SwaggerUIOptions(
            serve_spec=False, spec_path=f"{ADMIN_PREFIX}/spec", swagger_ui_path=DOCS_PATH
        ),
    )
    _add_api(connexion, document, file)
    # Connexion would do this at the first request; a start that fails should fail at the start
    connexion.app, stack = connexion._build_middleware_stack()
    connexion.middleware_stack = stack
    built = next(app for app in stack if isinstance(app, Doors))
    pages = ExceptionMiddleware(connexion)  # a page that is not there is 404
    return Serving(built, pages, DOCS_PATH, domain.page_headers)


def _add_api(connexion: Any, document: Document, file: Path) -> None:
    """Let Connexion check the document. Raises SetupError with the innermost reason."""
    try:
        specification = QuickSpecification(document)
    except InvalidSpecification as error:
        innermost = max(_leaves(error), key=_depth)
        place = "#/" + "/".join(str(key) for key in innermost.absolute_path)
        reason = f"not a valid document: {innermost.message}"
        raise SetupError(reason, file=file, place=place) from None
    # as `add_api` would, which takes no specification that is already one
    options = connexion.options.__dict__
    connexion.apis.append(API(specification, base_path=None, name=None, **options))


def _leaves(error: Any) -> Iterator[Any]:
    """The errors of all branches at which a schema error ends."""
    for inner in error.context or ():
        yield from _leaves(inner)
    if not error.context:
        yield error


def _depth(error: Any) -> tuple[int, bool]:
    """Deeper is more telling; that something might have been a `$ref` tells nothing."""
    return len(error.absolute_path), "$ref" not in error.message


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Connexion wants an application behind its middleware; the pipeline leaves nothing to it."""
