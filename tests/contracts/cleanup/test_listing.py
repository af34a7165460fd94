import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from contracts.actors import Actor, Actors
from contracts.cleanup.listing import Unlisted, all_items
from contracts.door.targets import Target
from contracts.exchange import Request, Response
from contracts.items import deletion_of, listing_of
from contracts.suites.session import Bench
from contracts.yardstick import Yardstick, read_yardstick
from mockserver.model import Document, Json
from tests.contracts.ledgered import session_on

BOOK = {"type": "object", "properties": {"id": {"type": "integer"}, "title": {"type": "string"}}}
BOOKS = [{"id": number, "title": f"Book {number}"} for number in range(1, 8)]
PAGE_SIZE = 3


def answer(schema: Json, status: str = "200") -> Document:
    return {status: {"description": "", "content": {"application/json": {"schema": schema}}}}


def document(*query: str, has_delete: bool = True) -> Document:
    """Books that are made below their author, and listed in pages on their own."""
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in query]
    by_id = [{"name": "bookId", "in": "path", "required": True, "schema": {"type": "integer"}}]
    of_author = [{"name": "a", "in": "path", "required": True, "schema": {"type": "integer"}}]
    body = {"content": {"application/json": {"schema": BOOK}}}
    books = {"type": "array", "items": BOOK}
    envelope = {
        "type": "object",
        "required": ["items"],
        "properties": {"items": books, "nextCursor": {"type": "string", "nullable": True}},
    }
    item: Document = {"get": {"parameters": by_id, "responses": answer(BOOK)}}
    if has_delete:
        item["delete"] = {"parameters": by_id, "responses": {"204": {"description": ""}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Books", "version": "1"},
        "paths": {
            "/books": {"get": {"parameters": parameters, "responses": answer(envelope)}},
            "/books/{bookId}": item,
            "/authors/{a}/books": {
                "post": {
                    "operationId": "write",
                    "parameters": of_author,
                    "requestBody": body,
                    "responses": answer(BOOK, "201"),
                }
            },
        },
    }


MakeYardstick = Callable[[Document], Yardstick]


@pytest.fixture
def make_yardstick(tmp_path: Path) -> MakeYardstick:
    def make(source: Document) -> Yardstick:
        file = tmp_path / "books.yaml"
        file.write_text(yaml.safe_dump(source))
        return read_yardstick(file, (), "effective")

    return make


class Shelf:
    """Answers in pages, as the query asks."""

    name = "http://books.test"

    def __init__(self, answer_to: Callable[[dict[str, str]], Json]) -> None:
        self._answer_to = answer_to
        self.queries: list[dict[str, str]] = []

    def send(self, request: Request) -> Response:
        self.queries.append(dict(request.query))
        found = self._answer_to(dict(request.query))
        return (
            found if isinstance(found, Response) else Response(200, (), json.dumps(found).encode())
        )

    def close(self) -> None:
        """Nothing is open."""


def page(start: int) -> Json:
    return {"items": BOOKS[start : start + PAGE_SIZE]}


def by_cursor(query: dict[str, str]) -> Json:
    start = int(query.get("cursor", 0))
    following = str(start + PAGE_SIZE) if start + PAGE_SIZE < len(BOOKS) else None
    return {**page(start), "nextCursor": following}


def listed(yardstick: Yardstick, shelf: Shelf) -> list[Document]:
    actors = Actors([Actor("owner", "key")], yardstick.schemes)
    session = session_on(Bench(Target(shelf, yardstick), yardstick, actors))
    operation = next(one for one in yardstick.operations if one.label == "GET /books")
    return all_items(session, operation, {}, "owner")


@pytest.mark.parametrize(
    ("parameter", "answer_to"),
    [
        ("skip", lambda query: page(int(query.get("skip", 0)))),
        ("offset", lambda query: page(int(query.get("offset", 0)))),
        ("page", lambda query: page((int(query.get("page", 1)) - 1) * PAGE_SIZE)),
        ("pageNumber", lambda query: page(int(query.get("pageNumber", 0)) * PAGE_SIZE)),
        ("cursor", by_cursor),
    ],
)
def test_all_pages_are_read_to_their_end(
    make_yardstick: MakeYardstick, parameter: str, answer_to: Callable[[dict[str, str]], Json]
) -> None:
    assert listed(make_yardstick(document(parameter)), Shelf(answer_to)) == BOOKS


def test_a_list_without_pages_is_asked_for_once(make_yardstick: MakeYardstick) -> None:
    shelf = Shelf(lambda query: {"items": BOOKS})
    assert listed(make_yardstick(document()), shelf) == BOOKS
    assert shelf.queries == [{}]


def test_a_list_that_never_ends_is_given_up(make_yardstick: MakeYardstick) -> None:
    numbers = iter(range(10_000))
    shelf = Shelf(lambda query: {"items": [{"id": next(numbers)}], "nextCursor": "more"})
    with pytest.raises(Unlisted, match="goes on after 1000 pages"):
        listed(make_yardstick(document("cursor")), shelf)


def test_a_collection_that_is_not_there_is_empty(make_yardstick: MakeYardstick) -> None:
    assert listed(make_yardstick(document()), Shelf(lambda query: Response(404))) == []


@pytest.mark.parametrize("wrong", [Response(403), Response(200), {"items": "none"}])
def test_an_answer_that_is_no_list_proves_nothing(
    make_yardstick: MakeYardstick, wrong: Json
) -> None:
    with pytest.raises(Unlisted, match="GET /books answered"):
        listed(make_yardstick(document()), Shelf(lambda query: wrong))


def test_what_is_made_below_another_thing_may_be_listed_elsewhere(
    make_yardstick: MakeYardstick,
) -> None:
    yardstick = make_yardstick(document())
    creation = yardstick.operation("write")
    listing = listing_of(yardstick, creation)
    deletion = deletion_of(yardstick, yardstick.resources[creation.id].resource)
    assert listing is not None
    assert listing.label == "GET /books"
    assert deletion is not None
    assert deletion.label == "DELETE /books/{bookId}"


def test_a_document_may_have_no_deletion(make_yardstick: MakeYardstick) -> None:
    yardstick = make_yardstick(document(has_delete=False))
    assert deletion_of(yardstick, yardstick.resources["write"].resource) is None
