"""What `mockserver serve` says once it listens: where it is, who may call, what to try first."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote, urlencode

from mockserver.app import App
from mockserver.behaviours.registry import Account
from mockserver.openapi import Operation, Parameter, operations_of
from mockserver.store.protocol import SharedStore
from mockserver.version import VERSION
from mockserver.web.server import ADMIN_PREFIX

SHOWN_QUIRKS = 3
SHOWN_CALLS = 3

_SHOWCASE_USER = "demo"
_SHOWCASE_EVENT_TYPE = "101"


def banner(app: App, url: str) -> str:
    """Everything that somebody needs for a first call; *url* has no slash at its end."""
    accounts = list(app.accounts())
    lines = [
        f"{app.title or 'An API without a title'}, played by understudy {VERSION}",
        "",
        f"  API      {url}",
        f"  profile  {app.profile}, {_quirks(sorted(app.quirks.active))}",
        *([f"  faults   {_faults(app.planted)}"] if app.planted else []),
        *_state(app),
        f"  admin    {url}{ADMIN_PREFIX}/health",
        f"  docs     {url}{app.docs_path}",
    ]
    if accounts:
        lines += ["", "Accounts (send one as `Authorization: Bearer KEY`):", *_table(accounts)]
    lines += ["", "Try:", *(f"  {line}" for line in first_calls(app, url))]
    lines += ["", "Ctrl-C stops it."]
    return "\n".join(lines)


def _state(app: App) -> Iterator[str]:
    """Where the state is kept, if it outlives the process."""
    if isinstance(app.store, SharedStore):
        counts = app.store.document_counts()
        origin = "as they were" if app.is_taken_over else "from the fixtures"
        yield f"  state    {app.store.name}: {sum(counts.values())} documents, {origin}"
        strange = sorted(counts.keys() - app.collections)
        if strange:
            yield f"           not of this API, and gone with a reset: {', '.join(strange)}"
    if app.process_count > 1:
        yield f"  workers  {app.process_count} processes"


def _quirks(names: list[str]) -> str:
    if not names:
        return "no quirks"
    rest = len(names) - SHOWN_QUIRKS
    shown = ", ".join(names[:SHOWN_QUIRKS]) + (f" and {rest} more" if rest > 0 else "")
    return f"{len(names)} quirk{'s' if len(names) > 1 else ''} on: {shown}"


def _faults(planted: Sequence[str]) -> str:
    """All of them: who has planted something wants to know that it is on."""
    return f"{len(planted)} planted: {', '.join(planted)}"


def _table(accounts: list[Account]) -> Iterator[str]:
    name = max(len(account.name) for account in accounts)
    key = max(len(account.key) for account in accounts)
    for account in accounts:
        yield f"  {account.name:{name}}  {account.key:{key}}  {account.about}".rstrip()


def first_calls(app: App, url: str) -> list[str]:
    """Three curl lines that work when pasted; fewer where the document has fewer operations."""
    keys = {account.name: account.key for account in app.accounts()}
    shown = app.store.get("event-types", _SHOWCASE_EVENT_TYPE)
    if app.settings.spec is None and shown is not None and _SHOWCASE_USER in keys:
        return _showcase_calls(url, keys[_SHOWCASE_USER])
    key = next(iter(keys.values()), "any-key")
    operations = sorted(operations_of(app.document("effective")), key=_effort)
    return [_call(operation, url, key) for operation in operations[:SHOWN_CALLS]]


def _showcase_calls(url: str, key: str) -> list[str]:
    """Source: overlay 10-security; spec #/paths, parameter `cal-api-version`."""
    links = f"{url}/v2/event-types/{_SHOWCASE_EVENT_TYPE}/private-links"
    bearer = f"-H 'Authorization: Bearer {key}'"
    body = "-H 'Content-Type: application/json' -d '{\"maxUsageCount\": 3}'"
    return [
        f"curl {bearer} -H 'cal-api-version: 2024-06-14' {url}/v2/event-types",
        f"curl {bearer} -H 'cal-api-version: 2024-09-04' {links}",
        f"curl {bearer} -H 'cal-api-version: 2024-09-04' {body} {links}",
    ]


def _effort(operation: Operation) -> tuple[bool, bool, bool]:
    """Reading before changing, and what needs no parameters before what does."""
    needed = [parameter.where for parameter in operation.parameters if parameter.required]
    return operation.method != "GET", "path" in needed, bool(needed)


def _call(operation: Operation, url: str, key: str) -> str:
    path, query = operation.path, []
    words = ["curl"] if operation.method == "GET" else ["curl", "-X", operation.method]
    schemes = operation.document.get("components", {}).get("securitySchemes", {})
    for name in next(filter(None, operation.security), {}):
        words += _credential(schemes.get(name, {}), key)
    for parameter in operation.parameters:
        if parameter.where == "path":
            path = path.replace(f"{{{parameter.name}}}", quote(_value(parameter)))
        elif parameter.where == "query" and parameter.required:
            query.append((parameter.name, _value(parameter)))
        elif parameter.where == "header" and parameter.required:
            words += ["-H", f"'{parameter.name}: {_value(parameter)}'"]
    return " ".join([*words, f"'{url}{path}{'?' if query else ''}{urlencode(query)}'"])


def _value(parameter: Parameter) -> str:
    """A value that its schema names, or a guess."""
    schema = parameter.schema
    named = [schema.get("example"), schema.get("default"), *schema.get("enum", [])]
    return str(next((value for value in named if value is not None), 1))


def _credential(scheme: Mapping[str, object], key: str) -> list[str]:
    if scheme.get("type") == "apiKey":
        return ["-H", f"'{scheme['name']}: {key}'"] if scheme.get("in") == "header" else []
    if scheme.get("scheme") == "basic":
        return ["-u", f"'{key}:'"]
    return ["-H", f"'Authorization: Bearer {key}'"]
