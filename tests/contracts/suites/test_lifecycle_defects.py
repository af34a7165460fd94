"""Each generic rule of life speaks about a target with the one defect that it is there for."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from contracts.exchange import Request, Response
from mockserver.model import Document, Json
from tests.contracts.altered import Change
from tests.contracts.suites.lifecycle_benches import (
    LIBRARY,
    Ground,
    On,
    answering,
    document_of,
    editing,
    with_body,
    with_document,
)

ALL = "/v1/books"
ONE = "/v1/books/{bookId}"
LOANS = "/v1/books/{bookId}/loans"


@pytest.fixture(scope="module")
def library() -> Iterator[Ground]:
    made = Ground(LIBRARY)
    yield made
    made.close()


def without(*names: str) -> Callable[[Document], Document]:
    return lambda body: {name: value for name, value in body.items() if name not in names}


def ignoring(method: str, name: str) -> Change:
    """The server never stores *name* of a body."""

    def change(request: Request, on: On) -> Response:
        if request.method != method or not isinstance(request.json, dict):
            return on(request)
        return on(with_body(request, without(name)))

    return change


def truncating(request: Request, on: On) -> Response:
    """Long texts are cut silently."""
    if request.method != "POST":
        return on(request)
    return on(
        with_body(
            request,
            lambda body: {k: v[:40] if isinstance(v, str) else v for k, v in body.items()},
        )
    )


def doubled(request: Request, on: On) -> Response:
    if request.method == "POST":
        on(request)
    return on(request)


def made_though_refused(request: Request, on: On) -> Response:
    """A bad body makes something all the same."""
    response = on(request)
    if request.method == "POST" and request.path == ALL and response.status == 400:
        good = {"title": "left over", "authorId": 1, "format": {"type": "print", "pages": 1}}
        on(replace(request, body=json.dumps(good).encode()))
    return response


class SiblingsToo:
    """Deletes or changes the item before the one that is meant, too."""

    def __init__(self, method: str) -> None:
        self.method = method
        self.made: list[str] = []

    def __call__(self, request: Request, on: On) -> Response:
        response = on(request)
        if request.method == "POST" and response.status == 201:
            self.made.append(f"{request.path}/{document_of(response)['id']}")
        if request.method == self.method and request.path in self.made:
            place = self.made.index(request.path)
            if place and response.status < 300:
                on(replace(request, target=self.made[place - 1]))
        return response


class Cached:
    """The answer to a change is the item as it was before."""

    def __call__(self, request: Request, on: On) -> Response:
        if request.method != "PATCH":
            return on(request)
        before = on(replace(request, method="GET", body=None))
        response = on(request)
        return replace(response, body=before.body) if response.status == 200 else response


def resetting(request: Request, on: On) -> Response:
    """A change resets what it does not send."""
    if request.method != "PATCH" or not isinstance(request.json, dict):
        return on(request)
    return on(with_body(request, lambda body: {"language": "fr", **body}))


def appending(request: Request, on: On) -> Response:
    """A list that is sent is added to the one that is there."""
    if request.method != "PATCH" or "tags" not in (request.json or {}):
        return on(request)
    before = document_of(on(replace(request, method="GET", body=None))).get("tags", [])
    return on(with_body(request, lambda body: {**body, "tags": [*before, *body["tags"]][:5]}))


class Revenant:
    """What was deleted is back after the next write."""

    def __init__(self) -> None:
        self.hidden: set[str] = set()

    def __call__(self, request: Request, on: On) -> Response:
        if request.method == "DELETE":
            self.hidden.add(request.path)
            return Response(204)
        if request.method == "POST":
            self.hidden.clear()
        if request.method == "GET" and request.path in self.hidden:
            return Response(404)
        response = on(request)
        if request.method == "GET" and response.status == 200 and request.path == ALL:
            gone = {path.rpartition("/")[2] for path in self.hidden}
            rows = [row for row in document_of(response) if row["id"] not in gone]
            return with_document(response, rows)
        return response


class Parentless:
    """A child is found by its own id, below whatever parent."""

    def __init__(self) -> None:
        self.home: dict[str, str] = {}

    def __call__(self, request: Request, on: On) -> Response:
        parts = request.path.split("/")
        if "loans" not in parts:
            return on(request)
        if request.method == "POST":
            response = on(request)
            if response.status == 201:
                self.home[str(document_of(response)["id"])] = request.path
            return response
        home = self.home.get(parts[-1])
        return on(replace(request, target=f"{home}/{parts[-1]}")) if home else on(request)


class Undying:
    """Children outlive their parents."""

    def __init__(self) -> None:
        self.last: dict[str, Response] = {}

    def __call__(self, request: Request, on: On) -> Response:
        response = on(request)
        if "loans" in request.path:
            if request.method == "POST":
                id = document_of(response)["id"]
                self.last[f"{request.path}/{id}"] = replace(response, status=200)
            if request.method == "GET" and response.status == 404:
                return self.last.get(request.path, response)
        return response


class Aging:
    """A change moves the time of creation."""

    def __init__(self) -> None:
        self.changed: set[str] = set()

    def __call__(self, request: Request, on: On) -> Response:
        response = on(request)
        if request.method == "PATCH" and response.status == 200:
            self.changed.add(request.path)
        if request.path in self.changed and response.status == 200:
            return with_document(
                response, {**document_of(response), "addedAt": "2031-01-01T00:00:00Z"}
            )
        return response


class Recycling:
    """An id of a deleted item is given again."""

    def __init__(self) -> None:
        self.free = ""

    def __call__(self, request: Request, on: On) -> Response:
        response = on(request)
        if request.method == "DELETE" and response.status == 204:
            self.free = request.path.rpartition("/")[2]
        if request.method == "POST" and response.status == 201 and self.free:
            return with_document(response, {**document_of(response), "id": self.free})
        return response


class Counting:
    """Reading an item changes it."""

    def __init__(self) -> None:
        self.reads = 0

    def __call__(self, request: Request, on: On) -> Response:
        response = on(request)
        if request.method == "GET" and request.path.count("/") == 3 and response.status == 200:
            self.reads += 1
            return with_document(response, {**document_of(response), "reads": self.reads})
        return response


class Racing:
    """Of changes that come at once the last one writes the whole item."""

    def __init__(self) -> None:
        self.seen: dict[str, Document] = {}

    def __call__(self, request: Request, on: On) -> Response:
        if request.method == "GET" and request.path.count("/") == 3:
            response = on(request)
            if response.status == 200:
                self.seen[request.path] = document_of(response)
            return response
        if request.method == "PATCH" and request.path in self.seen:
            old = self.seen[request.path]
            names = ("title", "language", "isbn", "tags", "format")
            whole = {name: old[name] for name in names if name in old}
            return on(with_body(request, lambda body: {**whole, **body}))
        return on(request)


def unskipped(request: Request, on: On) -> Response:
    """`offset` does nothing."""
    return on(replace(request, target=request.target.replace("offset", "unknown")))


def overlapping(request: Request, on: On) -> Response:
    """Every page but the first begins a row too early."""
    number = request.target.rpartition("offset=")[2]
    if not number.isdigit() or number == "0":
        return on(request)
    target = request.target.replace(f"offset={number}", f"offset={int(number) - 1}")
    return on(replace(request, target=target))


def skipping(request: Request, on: On) -> Response:
    number = request.target.rpartition("offset=")[2]
    if not number.isdigit() or number == "0":
        return on(request)
    target = request.target.replace(f"offset={number}", f"offset={int(number) + 1}")
    return on(replace(request, target=target))


def unlimited(request: Request, on: On) -> Response:
    return on(replace(request, target=request.target.replace("limit=2", "limit=100")))


def unfiltered(request: Request, on: On) -> Response:
    return on(replace(request, target=request.target.replace("language", "unknown")))


def none_found(rows: Json, request: Request) -> Json:
    return [] if "language=" in request.target else rows


def merging(request: Request, on: On) -> Response:
    """PUT keeps what it does not send."""
    if request.method != "PUT" or request.path.count("/") != 3:
        return on(request)
    before = document_of(on(replace(request, method="GET", body=None)))
    names = ("tags", "isbn", "cover", "language")
    old = {name: before[name] for name in names if name in before}
    return on(with_body(request, lambda body: {**old, **body}))


def keeping_null(request: Request, on: On) -> Response:
    if request.method != "PATCH" or not isinstance(request.json, dict):
        return on(request)
    if None not in request.json.values():
        return on(request)
    return on(with_body(request, lambda body: {"language": "en"}))


DEFECTS: list[tuple[str, str, Change]] = [
    (f"POST {ALL}/created-is-readable", "created-is-readable", answering("GET", 404)),
    (
        f"POST {ALL}/created-is-readable",
        "answer-shows-what-is-stored",
        editing("POST", lambda item, _: {**item, "title": "shouted".upper()}, end="/books"),
    ),
    (f"POST {ALL}/created-keeps-what-was-sent", "created-keeps-what-was-sent", truncating),
    (
        f"POST {ALL}/created-keeps-what-was-sent",
        "created-keeps-what-was-sent",
        ignoring("POST", "tags"),
    ),
    (
        f"POST {ALL}/created-keeps-what-was-sent",
        "created-keeps-what-was-sent",
        ignoring("POST", "language"),
    ),
    (
        f"POST {ALL}/created-is-listed-once",
        "created-is-listed-once",
        editing("GET", lambda rows, _: rows[:-1], end="/books"),
    ),
    (f"POST {ALL}/created-is-listed-once", "one-create-makes-one", doubled),
    (
        f"POST {ALL}/refused-create-makes-nothing",
        "refused-create-makes-nothing",
        made_though_refused,
    ),
    (f"POST {ALL}/ids-are-never-the-same", "ids-are-not-reused", Recycling()),
    (
        f"PATCH {ONE}/update-changes-what-was-sent",
        "update-changes-what-was-sent",
        ignoring("PATCH", "isbn"),
    ),
    (f"PATCH {ONE}/update-changes-what-was-sent", "update-changes-what-was-sent", appending),
    (f"PATCH {ONE}/update-changes-what-was-sent", "update-keeps-the-rest", resetting),
    (f"PATCH {ONE}/update-changes-what-was-sent", "answer-shows-what-is-stored", Cached()),
    (f"PATCH {ONE}/update-changes-what-was-sent", "update-cannot-change-what-lasts", Aging()),
    (f"PATCH {ONE}/update-leaves-others-alone", "update-leaves-others-alone", SiblingsToo("PATCH")),
    (f"PATCH {ONE}/null-clears", "null-clears", keeping_null),
    (f"PUT {ONE}/replace-leaves-nothing-old", "replace-leaves-nothing-old", merging),
    (f"DELETE {ONE}/deleted-is-gone", "deleted-is-gone", answering("DELETE", 204)),
    (f"DELETE {ONE}/deleted-is-gone", "deleted-stays-gone", Revenant()),
    (f"DELETE {ONE}/deleting-twice-fails", "delete-after-delete-fails", answering("DELETE", 204)),
    (f"DELETE {ONE}/deleting-nothing-fails", "deleting-nothing-fails", answering("DELETE", 204)),
    (f"DELETE {ONE}/deleting-leaves-others", "deleting-leaves-others", SiblingsToo("DELETE")),
    (
        f"DELETE {ONE}/parallel-deletes-succeed-once",
        "parallel-deletes-succeed-once",
        answering("DELETE", 204),
    ),
    (f"GET {ONE}/reading-changes-nothing", "reading-changes-nothing", Counting()),
    (
        f"GET {ONE}/list-and-detail-agree",
        "list-and-detail-agree",
        editing("GET", lambda rows, _: [{**row, "title": "?"} for row in rows], end="/books"),
    ),
    (f"GET {ALL}/pages-of-new-items-add-up", "pages-repeat-nothing", unskipped),
    (f"GET {ALL}/pages-of-new-items-add-up", "pages-repeat-nothing", overlapping),
    (f"GET {ALL}/pages-of-new-items-add-up", "pages-skip-nothing", skipping),
    (f"GET {ALL}/pages-of-new-items-add-up", "page-size-is-kept", unlimited),
    (f"GET {ALL}/filter-finds-new-items", "filter-shows-only-what-fits", unfiltered),
    (
        f"GET {ALL}/filter-finds-new-items",
        "filter-shows-all-that-fits",
        editing("GET", none_found, end="/books"),
    ),
    (f"POST {LOANS}/child-is-its-parents-only", "child-is-its-parents-only", Parentless()),
    (
        f"POST {LOANS}/child-names-its-parent",
        "child-names-its-parent",
        editing("POST", lambda item, _: {**item, "bookId": "another"}, end="/loans"),
    ),
    (f"POST {LOANS}/child-goes-with-its-parent", "child-goes-with-its-parent", Undying()),
    (f"PATCH {ONE}/parallel-updates-are-both-kept", "parallel-updates-are-both-kept", Racing()),
    (f"POST {ALL}/model-of-things", "things-live-as-promised", Revenant()),
]


@pytest.mark.parametrize(
    ("case", "rule", "change"),
    DEFECTS,
    ids=[f"{rule}-{i}" for i, (_, rule, _) in enumerate(DEFECTS)],
)
def test_the_rule_speaks_about_its_defect(
    library: Ground, case: str, rule: str, change: Change
) -> None:
    result = library.run(case, change)
    assert rule in [finding.rule for finding in result.findings], result


@pytest.mark.parametrize("case", sorted({case for case, _, _ in DEFECTS}))
def test_without_the_defect_it_is_silent(library: Ground, case: str) -> None:
    assert library.run(case).findings == ()
