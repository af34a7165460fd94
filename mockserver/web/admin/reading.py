"""An admin request, read and checked against the admin document."""

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from mockserver.errors import nearest
from mockserver.model import MISSING, Json
from mockserver.web.admin.document import AdminOperation, Parameter
from mockserver.web.admin.door import Ask
from mockserver.web.admin.problems import Flaw, Refusal
from mockserver.web.json_text import NotJson, read_json

MAX_BODY_BYTES = 32 * 1024 * 1024
_LONGEST_INTEGER = 18


def read_ask(operation: AdminOperation, path: Mapping[str, str], query: bytes, raw: bytes) -> Ask:
    """What is asked of *operation*. Raises Refusal 400 (no JSON) or 422 with every flaw."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    sent = dict(pairs)
    flaws = _unknown(operation, sent) + _repeated([name for name, _ in pairs])
    values: dict[str, dict[str, Json]] = {"path": {}, "query": {}}
    for parameter in operation.parameters:
        given = (path if parameter.where == "path" else sent).get(parameter.name)
        value = parameter.default if given is None else _cast(parameter, given)
        if given is not None:
            location = f"{parameter.where}/{parameter.name}"
            flaws += parameter.check.flaws(value, location)
        if value is not MISSING:
            values[parameter.where][parameter.name] = value
    body = _body(operation, raw)
    if body is not MISSING and operation.body is not None:
        flaws += operation.body.flaws(body, "body")
    if flaws:
        raise Refusal(422, _told(flaws), flaws)
    return Ask(values["path"], values["query"], body)


def _unknown(operation: AdminOperation, sent: Mapping[str, str]) -> list[Flaw]:
    known = [one.name for one in operation.parameters if one.where == "query"]
    flaws = []
    for name in sent:
        if name not in known:
            meant = nearest(name, known)
            hint = f"; did you mean {meant!r}?" if meant else ""
            flaws.append(Flaw(f"query/{name}", "unknown", f"unknown parameter {name!r}{hint}"))
    return flaws


def _repeated(names: Sequence[str]) -> list[Flaw]:
    return [
        Flaw(f"query/{name}", "repeated", f"{name!r} is given {count} times")
        for name, count in Counter(names).items()
        if count > 1
    ]


def _cast(parameter: Parameter, text: str) -> Json:
    """A number where one is wanted and spelled; else the text, for the check to refuse."""
    digits = text.removeprefix("-")
    is_spelled = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_INTEGER
    return int(text) if parameter.is_integer and is_spelled else text


def _body(operation: AdminOperation, raw: bytes) -> Json:
    if operation.body is None:
        _refuse_body(raw)
        return MISSING
    if not raw.strip():
        if operation.is_body_required:
            raise Refusal(400, "a JSON body is needed", [Flaw("body", "required", "is missing")])
        return MISSING
    try:
        return read_json(raw)
    except NotJson as error:
        flaw = Flaw("body", "parse", str(error))
        raise Refusal(400, f"the body is no JSON: {error}", [flaw]) from None


def _refuse_body(raw: bytes) -> None:
    """Whoever sends a body wants something of it; an empty object asks for nothing."""
    text = raw.strip()
    if text and not (text[:1] == b"{" and text[-1:] == b"}" and not text[1:-1].strip()):
        flaw = Flaw("body", "unknown", "this operation takes no body, or {}")
        raise Refusal(422, f"{flaw.location}: {flaw.message}", [flaw])


def _told(flaws: list[Flaw]) -> str:
    first = f"{flaws[0].location}: {flaws[0].message}"
    return first if len(flaws) == 1 else f"{first} (and {len(flaws) - 1} more)"
