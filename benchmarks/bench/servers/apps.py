"""Applications that the benchmark has a server load: `uvicorn --factory apps:bare`.

`python apps.py PORT` serves the bare one as `mockserver serve` does the mock.

`bare` answers the stub's bytes: what the server under it can do at most. It reads the body, since
HTTP asks for that, and looks at nothing but method, path and, for the request that is to be
refused, whether the body is that very one. BENCH_ANSWERS names the file with the answers.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

Sent = tuple[dict[str, Any], dict[str, Any]]


def bare() -> "Bare":
    """The bare application."""
    return Bare(json.loads(Path(os.environ["BENCH_ANSWERS"]).read_text("utf-8")))


def stub() -> Any:
    """The stub as `mockserver serve` has it, for servers other than its own."""
    from mockserver.app import create_app  # not where `bare` is measured
    from mockserver.settings import Settings

    return create_app(Settings())


class Bare:
    """Answers by method and number of path segments."""

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        self._fixed = {_key(one): _sent(one) for one in answers if one["request"] is None}
        self._refused = {
            one["request"].encode(): _sent(one) for one in answers if one["request"] is not None
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await _live(receive, send)
        method: str = scope["method"]
        body = await _body(receive) if method in ("POST", "PATCH") else b""
        answer = self._refused.get(body) or self._fixed[method, scope["path"].count("/")]
        await send(answer[0])
        await send(answer[1])


def _key(answer: dict[str, Any]) -> tuple[str, int]:
    return answer["method"], answer["segments"]


def _sent(answer: dict[str, Any]) -> Sent:
    body = answer["body"].encode()
    headers = [(name.encode(), value.encode()) for name, value in answer["headers"].items()]
    headers.append((b"content-length", str(len(body)).encode()))
    return (
        {"type": "http.response.start", "status": answer["status"], "headers": headers},
        {"type": "http.response.body", "body": body},
    )


async def _body(receive: Any) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _live(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def serve_bare(port: int) -> None:
    """Serve the bare application until SIGINT or SIGTERM."""
    from mockserver.serving import listening_socket, serve  # not where others serve

    with listening_socket("127.0.0.1", port) as listening:
        serve(bare(), listening, on_listening=lambda: None)


if __name__ == "__main__":
    serve_bare(int(sys.argv[1]))
