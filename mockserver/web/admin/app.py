"""The admin API as an ASGI application; its routes are those of its own document."""

import logging
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property

import orjson

from mockserver.errors import ApiError, SetupError
from mockserver.model import Reply
from mockserver.store.protocol import StoreUnavailable
from mockserver.web.admin.about import about_doors
from mockserver.web.admin.access import check_access
from mockserver.web.admin.actions import action_doors
from mockserver.web.admin.clock import clock_doors
from mockserver.web.admin.deviations import deviation_doors
from mockserver.web.admin.document import PREFIX, AdminOperation, admin_operations
from mockserver.web.admin.door import Door
from mockserver.web.admin.metrics import metric_doors
from mockserver.web.admin.problems import Refusal, problem, refusal_of, unreachable
from mockserver.web.admin.reading import MAX_BODY_BYTES, read_ask
from mockserver.web.admin.requests import request_doors
from mockserver.web.admin.snapshots import Snapshots
from mockserver.web.admin.state import state_doors
from mockserver.web.asgi import App, Receive, Scope, Send
from mockserver.web.body import ClientGone, read_body, too_large
from mockserver.web.control import Control
from mockserver.web.own import bug
from mockserver.web.router import Router

_CLOSE = 0.75
"""How alike a path must be to one that there is, for that one to be meant."""

logger = logging.getLogger("mockserver")


def admin_app(control: Control, token: str | None = None) -> App:
    """The admin API of a running mock, open to this machine, or to those who have *token*.

    It takes paths with or without `PREFIX`, and below any `root_path`.
    """
    return AdminApp(doors_of(control), token)


def doors_of(control: Control) -> Mapping[str, Door]:
    """Every door by the operationId of the admin document."""
    return {
        **about_doors(control),
        **metric_doors(control),
        **state_doors(control),
        **Snapshots(control).doors(),
        **clock_doors(control),
        **request_doors(control),
        **deviation_doors(control),
        **action_doors(control),
    }


class AdminApp:
    """Answers the requests of the admin document by *doors*."""

    def __init__(self, doors: Mapping[str, Door], token: str | None) -> None:
        self._doors = doors
        self._token = token

    @cached_property
    def _router(self) -> Router[tuple[AdminOperation, Door]]:
        """Built at the first request: most mocks are never asked, and all should start fast."""
        router: Router[tuple[AdminOperation, Door]] = Router()
        for operation in admin_operations():
            router.add(operation.method, operation.path, (operation, self._doors[operation.id]))
        return router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            reply = await self._reply(scope, receive)
        except Refusal as refusal:
            reply = problem(refusal)
        except (ApiError, SetupError) as error:
            reply = problem(refusal_of(error))
        except StoreUnavailable as error:
            reply = problem(unreachable(error))
        except ClientGone:
            return
        except Exception as error:
            logger.exception("a bug in the admin API")
            reply = bug(error, "the admin API")
        await _send(send, reply, is_head=scope["method"] == "HEAD")

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        check_access(scope, self._token)
        method, path = scope["method"], _inner_path(scope)
        found = self._router.find("GET" if method == "HEAD" else method, path)
        if found is None:
            raise self._unmatched(method, path)
        (operation, door), values = found
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        raw = await read_body(receive, headers, MAX_BODY_BYTES)
        if raw is None:
            raise too_large()
        return door(read_ask(operation, values, scope["query_string"], raw))

    def _unmatched(self, method: str, path: str) -> Refusal:
        methods = self._router.methods(path)
        if methods:
            allowed = sorted({*methods, "HEAD"} if "GET" in methods else methods)
            detail = f"{PREFIX}{path} has no {method}, only {', '.join(allowed)}"
            return Refusal(405, detail, headers=[("Allow", ", ".join(allowed))])
        known = {operation.path for operation in admin_operations()}
        meant = get_close_matches(path, known, n=1, cutoff=_CLOSE)
        hint = f"; did you mean {PREFIX}{meant[0]}?" if meant else ""
        return Refusal(404, f"there is no admin path {PREFIX}{path}{hint}")


def _inner_path(scope: Scope) -> str:
    """The path below the mount point and below `PREFIX`, percent-encoding kept."""
    raw = scope.get("raw_path")
    path: str = raw.partition(b"?")[0].decode("latin-1") if raw else scope["path"]
    for prefix in (scope.get("root_path", ""), PREFIX):
        if prefix and (path == prefix or path.startswith(prefix + "/")):
            path = path[len(prefix) :]
    return path or "/"


async def _send(send: Send, reply: Reply, *, is_head: bool) -> None:
    text = isinstance(reply.body, str) and not reply.content_type.endswith("json")
    body = reply.body.encode() if text else orjson.dumps(reply.body)
    headers = [
        (b"content-type", reply.content_type.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *(
            (name.lower().encode(), value.encode("latin-1", "replace"))
            for name, value in reply.headers
        ),
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else body})
