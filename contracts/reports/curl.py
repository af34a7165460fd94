"""A command that sends the same request again."""

import base64
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from contracts.exchange import Exchange, Request, header_in
from contracts.reports.shell_words import literal_word, shell_word

NEW_LINE: Final = " \\\n  "
"""Between the options of a command that is shown over several lines."""

_NOISE: Final = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"}
)
_VARIABLE: Final = re.compile(r"\$([A-Z_][A-Z0-9_]+)")
_TARGET: Final = "TARGET"
_LONGEST_WORD_BYTES: Final = 100_000
"""Linux takes no argument longer than 128 KiB."""


def curl_of(exchange: Exchange, target: str = "", *, joint: str = " ") -> str:
    """A command for bash or zsh that sends the request of *exchange* again.

    *target* is the name of the target: its base URL, or anything else, for which `$TARGET` is
    written. Masked secrets are names of environment variables (`$OWNER_KEY`), which the shell
    fills in. Options are joined by *joint*.
    """
    request = exchange.request
    first, body = _body(request)
    start = ["curl -i", *_method(request), _url(request, target)]
    return first + joint.join([" ".join(start), *_headers(request), *body])


def url_of(request: Request, base: str) -> str:
    """The whole URL of *request* at the base URL *base*.

    Segments with which the base path ends and the request's path begins are written once, as the
    door sends them.
    """
    base = base.rstrip("/")
    ends = urlsplit(base).path.split("/")[1:]
    starts = request.path.split("/")[1:]
    for count in range(min(len(ends), len(starts)), 0, -1):
        if ends[-count:] == starts[:count]:
            shared = "".join(f"/{part}" for part in ends[-count:])
            return base.removesuffix(shared) + request.target
    return base + request.target


def is_url(target: str) -> bool:
    """Whether the name of a target is a URL."""
    return target.startswith(("http://", "https://"))


def _method(request: Request) -> Iterator[str]:
    if request.method == "HEAD":
        yield "--head"
    elif request.method != "GET" or request.body is not None:
        yield f"-X {literal_word(request.method)}"


def _url(request: Request, target: str) -> str:
    url = url_of(request, target) if is_url(target) else f"${_TARGET}{request.target}"
    names = _variables(request) | (set() if is_url(target) else {_TARGET})
    word = shell_word(url, names)
    if set(url) & set("[]{}"):
        word = f"--globoff {word}"
    return f"--path-as-is {word}" if re.search(r"/\.{1,2}(/|$)", request.path) else word


def _headers(request: Request) -> Iterator[str]:
    names = _variables(request)
    for name, value in request.headers:
        if name.lower() not in _NOISE:
            yield _header(name, value, names)
    if request.body is not None and header_in(request.headers, "content-type") is None:
        yield "-H 'Content-Type:'"  # or curl would add one of its own


def _header(name: str, value: str, names: set[str]) -> str:
    basic = re.fullmatch(r"Basic (\$[A-Z0-9_]+)", value)
    if basic and name.lower() == "authorization":
        return f'--user "{basic[1]}"'
    if value.startswith("$") and value[1:] in names and name.lower() != "authorization":
        # the variable may hold `id:secret`, of which this header carries the second half
        return f'-H {literal_word(f"{name}: ")}"${{{value[1:]}#*:}}"'
    text = f"{name}: {value}" if value.strip() else f"{name};"
    return f"-H {shell_word(text, names) if text.isascii() else literal_word(_wire(text))}"


def _wire(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _body(request: Request) -> tuple[str, list[str]]:
    """What goes before the command, and the options of the body."""
    body = request.body
    if body is None:
        return "", []
    if len(body) > _LONGEST_WORD_BYTES:
        note = f"# body.bin holds the request's body of {len(body)} bytes (see the HAR file)\n"
        return note, ["--data-binary @body.bin"]
    text = _text(body)
    if text is None:
        return f"echo {base64.b64encode(body).decode()} | base64 -d | ", ["--data-binary @-"]
    return "", [f"--data-raw {shell_word(text, _variables(request))}"]


def _text(body: bytes) -> str | None:
    try:
        return None if b"\0" in body else body.decode()
    except UnicodeDecodeError:
        return None


def _variables(request: Request) -> set[str]:
    """The names that stand for secrets: those that the headers hold.

    What looks like one elsewhere is filled in only if it is the same name.
    """
    return {name for _, value in request.headers for name in _VARIABLE.findall(value)}
