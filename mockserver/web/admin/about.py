"""What is being served: health, routes, accounts, documents."""

from collections.abc import Mapping
from functools import partial

from mockserver.clock import iso_text
from mockserver.model import Document, Reply
from mockserver.web.admin.document import PREFIX, admin_document, admin_operations
from mockserver.web.admin.door import Ask, Door, answer
from mockserver.web.admin.yaml_text import yaml_text
from mockserver.web.control import Control
from mockserver.web.journal import Journal


def about_doors(control: Control) -> Mapping[str, Door]:
    return {
        "getIndex": index,
        "getHealth": partial(health, control),
        "listRoutes": partial(routes, control),
        "listAccounts": partial(accounts, control),
        "getSpec": partial(spec, control),
        "getAdminDocument": own_document,
    }


def index(ask: Ask) -> Reply:
    """What there is to ask, for whoever knows the prefix only."""
    shown = [
        {"method": one.method, "path": PREFIX + one.path, "about": one.summary}
        for one in admin_operations()
    ]
    return answer({"document": f"{PREFIX}/openapi.json", "routes": shown})


def health(control: Control, ask: Ask) -> Reply:
    return answer(
        {
            "status": "ok",
            "version": control.version,
            "title": control.title,
            "profile": control.profile,
            "seed": control.seed,
            "now": iso_text(control.clock.now()),
            "operations": len(control.routes()),
            "processes": control.process_count,
            "journal": _journal(control.journal) if control.process_count == 1 else None,
        }
    )


def _journal(journal: Journal) -> Document:
    return {
        "count": len(journal),
        "bytes": journal.kept_bytes,
        "last": journal.last_number,
    }


def routes(control: Control, ask: Ask) -> Reply:
    shown = [
        {
            "method": route.method,
            "path": route.path,
            "operationId": route.operation_id,
            "answeredBy": route.answered_by,
            "fidelity": route.fidelity,
        }
        for route in control.routes()
    ]
    return answer({"routes": shown})


def accounts(control: Control, ask: Ask) -> Reply:
    shown = [
        {"name": account.name, "key": account.key, "about": account.about}
        for account in control.accounts()
    ]
    return answer({"accounts": shown})


def spec(control: Control, ask: Ask) -> Reply:
    document = control.document(ask.query["document"])
    if ask.query["format"] == "yaml":
        return Reply(200, yaml_text(document), content_type="application/yaml", is_own=True)
    return answer(document)


def own_document(ask: Ask) -> Reply:
    return answer(admin_document())
