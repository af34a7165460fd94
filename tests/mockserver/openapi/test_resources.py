from collections.abc import Callable

import pytest

from mockserver.errors import SetupError
from mockserver.model import MISSING, Document, Json
from mockserver.openapi import Envelope, Parent, ResourceAction, infer_resources, operations_of
from mockserver.openapi.resources import unstored

Small = Callable[..., Document]

BARE = Envelope()
THING: Document = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string", "example": "n"}},
}
STATUS: Document = {"type": "string", "example": "success"}


def inferred(document: Document) -> dict[str, ResourceAction]:
    return infer_resources(document, operations_of(document))


def answer(schema: Document | None, status: str = "200") -> Document:
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    return {"responses": {status: {"description": "ok", **content}}}


def enveloped(payload: Document, **beside: Document) -> Document:
    names = {"status": STATUS, **beside}
    properties = {**names, "data": payload}
    return {"type": "object", "required": list(properties), "properties": properties}


def many(schema: Document) -> Document:
    return {"type": "array", "items": schema}


def crud(collection: str = "/things", item: str = "/things/{thingId}", **given: Json) -> Document:
    one = given.get("one", THING)
    body = {"requestBody": {"content": {"application/json": {"schema": given.get("body", THING)}}}}
    return {
        collection: {
            "get": answer(given.get("list", many(one))),
            "post": {**answer(one, "201"), **body},
        },
        item: {
            "get": answer(one),
            "put": {**answer(one), **body},
            "patch": {**answer(one), **body},
            "delete": answer(given.get("deleted"), given.get("delete_status", "204")),
        },
    }


def test_the_library_has_three_resources(library: Document) -> None:
    actions = inferred(library)
    assert {id_: (a.resource.name, a.kind, a.status) for id_, a in actions.items()} == {
        "listAuthors": ("authors", "list", 200),
        "createAuthor": ("authors", "create", 201),
        "getAuthor": ("authors", "read", 200),
        "replaceAuthor": ("authors", "replace", 200),
        "deleteAuthor": ("authors", "delete", 204),
        "listBooksOfAuthor": ("books", "list", 200),
        "listBooks": ("books", "list", 200),
        "createBook": ("books", "create", 201),
        "getBook": ("books", "read", 200),
        "replaceBook": ("books", "replace", 200),
        "updateBook": ("books", "update", 200),
        "deleteBook": ("books", "delete", 204),
        "listLoans": ("loans", "list", 200),
        "createLoan": ("loans", "create", 201),
        "getLoan": ("loans", "read", 200),
        "updateLoan": ("loans", "update", 200),
        "deleteLoan": ("loans", "delete", 204),
    }


def test_ids_and_parents_of_the_library(library: Document) -> None:
    actions = inferred(library)
    loans = actions["createLoan"].resource
    books = actions["createBook"].resource
    assert (loans.id_name, loans.id_field, loans.id_kind) == ("loanId", "id", "integer")
    assert (books.id_name, books.id_field, books.id_kind) == ("bookId", "id", "uuid")
    assert loans.parents == (Parent("bookId", "books", "bookId", True),)
    assert books.parents == ()
    assert (loans.collection_path, loans.item_path) == (
        "/books/{bookId}/loans",
        "/books/{bookId}/loans/{loanId}",
    )


def test_a_collection_that_also_stands_below_a_parent_is_one_resource(library: Document) -> None:
    nested = inferred(library)["listBooksOfAuthor"].resource
    assert nested.name == "books"
    assert nested.parents == (Parent("authorId", "authors", "authorId", True),)
    assert nested.item_path == "/books/{bookId}"


def test_bodies_and_answers_of_the_library_are_bare(library: Document) -> None:
    actions = inferred(library)
    assert (actions["createBook"].envelope, actions["createBook"].body_envelope) == (BARE, BARE)
    assert (actions["getBook"].envelope, actions["getBook"].body_envelope) == (BARE, None)
    assert actions["deleteBook"].envelope is None


def test_an_envelope_is_what_is_constant_around_the_payload(small: Small) -> None:
    paths = crud(one=enveloped(THING), list=enveloped(many(THING)), body=THING)
    actions = inferred(small(paths))
    envelope = Envelope(("data",), {"status": "success"})
    assert {a.envelope for a in actions.values() if a.kind == "delete"} == {None}
    for kind in ("list", "create", "read", "replace", "update"):
        (action,) = (a for a in actions.values() if a.kind == kind)
        assert action.envelope == envelope, kind
    assert actions["post /things"].body_envelope == BARE
    assert actions["get /things"].resource.item_schema == THING


def test_an_object_with_an_object_inside_is_no_envelope(small: Small) -> None:
    inner: Document = {"type": "object", "properties": {"id": {"type": "integer"}}}
    one = {**THING, "properties": {**THING["properties"], "owner": inner}}
    assert inferred(small(crud(one=one)))["get /things/{thingId}"].envelope == BARE


def test_an_envelope_around_variants_needs_the_id_in_all_of_them(small: Small) -> None:
    other = {"type": "object", "properties": {"id": {"type": "integer"}, "b": {}}}
    both = enveloped({"oneOf": [THING, other]})
    listed = enveloped(many({"oneOf": [THING, other]}))
    actions = inferred(small(crud(one=both, list=listed)))
    assert actions["get /things/{thingId}"].envelope == Envelope(("data",), {"status": "success"})
    without = enveloped({"oneOf": [THING, {"type": "object", "properties": {"b": {}}}]})
    assert inferred(small(crud(one=without, list=many({"type": "string"})))) == {}


def test_a_request_in_the_envelope_of_the_answer_is_unwrapped(small: Small) -> None:
    wrapped = {"type": "object", "required": ["thing"], "properties": {"thing": THING}}
    action = inferred(small(crud(one=wrapped, body=wrapped)))["post /things"]
    assert action.envelope == Envelope(("thing",), {})
    assert action.body_envelope is not None
    assert action.body_envelope.unwrap({"thing": {"id": 1}}) == {"id": 1}


def test_what_is_required_beside_a_list_and_not_constant_is_a_sample(small: Small) -> None:
    paged = enveloped(many(THING), total={"type": "integer"}, ok={"type": "boolean"})
    envelope = inferred(small(crud(list=paged)))["get /things"].envelope
    assert envelope is not None
    assert envelope.path == ("data",)
    rest = envelope.rest or {}
    assert (rest["status"], rest["ok"], type(rest["total"])) == ("success", True, int)


def test_an_object_beside_things_that_are_no_envelope_is_not_the_payload(small: Small) -> None:
    names = {"title": {"type": "string"}, "owner": THING}
    one = {"type": "object", "required": ["title", "owner"], "properties": names}
    assert inferred(small(crud(one=one, list=many({"type": "string"})))) == {}


def test_told_paging_is_no_payload(small: Small) -> None:
    meta = {"type": "object", "properties": {"count": {"type": "integer"}}}
    actions = inferred(small(crud(one=enveloped(THING, meta=meta))))
    envelope = actions["get /things/{thingId}"].envelope
    assert envelope is not None
    assert envelope.path == ("data",)


@pytest.mark.parametrize(
    ("beside", "rest"),
    [
        ({"enum": ["ok", "no"]}, {"ok": "ok"}),
        ({"default": 1}, {"ok": 1}),
        ({"nullable": True}, {"ok": None}),
    ],
)
def test_constants_come_from_enum_default_or_null(
    small: Small, beside: Document, rest: Document
) -> None:
    schema = {"type": "object", "required": ["ok"], "properties": {"ok": beside, "d": many(THING)}}
    action = inferred(small(crud(list=schema)))["get /things"]
    assert action.envelope == Envelope(("d",), rest)


def test_a_deletion_may_answer_with_the_item_or_with_constants(small: Small) -> None:
    item = crud(deleted=THING, delete_status="200")
    assert inferred(small(item))["delete /things/{thingId}"].envelope == BARE
    note = {"type": "object", "required": ["ok"], "properties": {"ok": {"example": True}}}
    noted = crud(deleted=note, delete_status="200")
    envelope = inferred(small(noted))["delete /things/{thingId}"].envelope
    assert envelope is not None
    assert envelope.wrap({"id": 1}) == {"ok": True}


@pytest.mark.parametrize(
    ("properties", "id_field"),
    [
        ({"thingId": {"type": "string"}, "id": {"type": "integer"}}, "thingId"),
        ({"thing_id": {"type": "string"}}, "thing_id"),
        ({"id": {"type": "integer"}}, "id"),
        ({"name": {"type": "string"}}, None),
    ],
)
def test_the_id_is_named_like_the_path_parameter_or_id(
    small: Small, properties: Document, id_field: str | None
) -> None:
    actions = inferred(small(crud(one={"type": "object", "properties": properties})))
    assert {action.resource.id_field for action in actions.values()} == (
        {id_field} if id_field else set()
    )


def test_a_path_that_is_no_collection_is_left_alone(small: Small) -> None:
    paths = {
        "/alone/{id}": {"get": answer(THING)},
        "/list": {"get": answer(many(THING))},
        "/{tenant}": {"get": answer(many(THING))},
        "/{tenant}/{id}": {"get": answer(THING)},
    }
    assert inferred(small(paths)) == {}


def test_collections_of_one_name_below_different_parents_stay_apart(small: Small) -> None:
    paths = {
        **crud("/v2/teams/{teamId}/members", "/v2/teams/{teamId}/members/{memberId}"),
        **crud("/v2/clubs/{clubId}/members", "/v2/clubs/{clubId}/members/{memberId}"),
    }
    names = {a.resource.collection_path: a.resource.name for a in inferred(small(paths)).values()}
    assert names == {
        "/v2/teams/{teamId}/members": "members",
        "/v2/clubs/{clubId}/members": "clubs-members",
    }


def test_a_parent_that_the_item_does_not_show_is_told(small: Small) -> None:
    paths = crud("/teams/{teamId}/members", "/teams/{teamId}/members/{memberId}")
    resource = inferred(small(paths))["get /teams/{teamId}/members"].resource
    assert resource.parents == (Parent("teamId", None, "teamId", False),)


@pytest.mark.parametrize(
    ("status", "expected"), [("200", 200), ("2XX", 201), ("202", 202), ("default", None)]
)
def test_the_status_is_the_documented_success(
    small: Small, status: str, expected: int | None
) -> None:
    paths = crud()
    paths["/things"]["post"] = answer(THING, status)
    action = inferred(small(paths)).get("post /things")
    assert (action.status if action else None) == expected


FACTS: Document = {
    "shelf": {
        "collection": "/things",
        "item": "/things/{thingId}",
        "idField": "name",
        "parents": {"owner": {"resource": "people", "field": "ownedBy"}},
        "envelope": {"path": ["data"], "rest": {"status": "fine"}},
        "operations": {"post /things/search": "list", "delete /things/{thingId}": "none"},
    }
}


def test_the_document_may_say_it_all_itself(small: Small) -> None:
    paths = crud(one=enveloped(THING), list=enveloped(many(THING), total={"type": "integer"}))
    paths["/things/search"] = {"post": answer(enveloped(many(THING)))}
    actions = inferred(small(paths, **{"x-understudy-resources": FACTS}))
    assert {id_: (a.kind, a.envelope) for id_, a in actions.items() if a.kind == "list"} == {
        "get /things": ("list", Envelope(("data",), {"status": "fine"})),
        "post /things/search": ("list", Envelope(("data",), {"status": "fine"})),
    }
    assert "delete /things/{thingId}" not in actions
    assert {a.resource.name for a in actions.values()} == {"shelf"}
    assert {a.resource.id_field for a in actions.values()} == {"name"}


def test_an_operation_told_to_act_elsewhere_has_the_parents_of_its_path(small: Small) -> None:
    paths = crud()
    paths["/people/{owner}/finds/{thingId}"] = {"get": answer(THING)}
    told = {"things": {"operations": {"get /people/{owner}/finds/{thingId}": "read"}}}
    action = inferred(small(paths, **{"x-understudy-resources": told}))[
        "get /people/{owner}/finds/{thingId}"
    ]
    assert action.resource.name == "things"
    assert [parent.parameter for parent in action.resource.parents] == ["owner"]


def test_told_parents_win(small: Small) -> None:
    paths = crud("/people/{owner}/things", "/people/{owner}/things/{thingId}")
    told = {"things": {"parents": FACTS["shelf"]["parents"]}}
    actions = inferred(small(paths, **{"x-understudy-resources": told}))
    resource = actions["get /people/{owner}/things"].resource
    assert resource.parents == (Parent("owner", "people", "ownedBy", False),)


def test_an_envelope_told_for_the_whole_document_holds_everywhere(small: Small) -> None:
    told = {"domain": "any", "envelope": {"path": ["data"], "rest": {"status": "success"}}}
    paged = enveloped(many(THING), total={"type": "integer"})
    actions = inferred(small(crud(one=enveloped(THING), list=paged), **{"x-understudy": told}))
    assert actions["get /things"].envelope == Envelope(("data",), {"status": "success"})


def changed(key: str, value: Json) -> Document:
    return {"shelf": {**FACTS["shelf"], key: value}}


@pytest.mark.parametrize(
    ("extension", "value", "reason"),
    [
        ("x-understudy", {"domian": "x"}, "#/x-understudy: unknown key.*mean 'domain'"),
        ("x-understudy", {"envelope": {"pth": []}}, "envelope: unknown key.*mean 'path'"),
        ("x-understudy", [], "#/x-understudy: must be an object"),
        ("x-understudy-resources", changed("idfield", "a"), "shelf: unknown key.*mean 'idField'"),
        ("x-understudy-resources", changed("item", "/thing/{x}"), "item: no such path.*/things"),
        ("x-understudy-resources", {"a": {"item": "/things"}}, "belong together"),
        ("x-understudy-resources", changed("operations", {"a": "list"}), "no such operation"),
        (
            "x-understudy-resources",
            changed("operations", {"get /things": "lst"}),
            "no such kind.*mean 'list'",
        ),
        (
            "x-understudy-resources",
            changed("parents", {"a": {"feld": "b"}}),
            "parents/a: unknown key.*mean 'field'",
        ),
        ("x-understudy-resources", changed("envelope", {"path": "data"}), "must be a list"),
    ],
)
def test_what_is_told_wrongly_is_refused_with_its_place(
    small: Small, extension: str, value: Json, reason: str
) -> None:
    paths = {**crud(), "/things/search": {"post": answer(many(THING))}}
    with pytest.raises(SetupError, match=reason):
        inferred(small(paths, **{extension: value}))


def test_envelopes_wrap_and_unwrap() -> None:
    deep = Envelope(("a", "b"), {"ok": True})
    assert deep.wrap([1]) == {"ok": True, "a": {"b": [1]}}
    assert deep.unwrap({"a": {"b": [1]}}) == [1]
    assert deep.unwrap({"a": 3}) is MISSING
    assert BARE.wrap([1]) == [1]
    assert BARE.unwrap([1]) == [1]
    assert Envelope(None, {"ok": 1}).wrap([1]) == {"ok": 1}
    assert Envelope(None).unwrap({"ok": 1}) is MISSING


def test_a_resource_with_one_unclear_operation_is_not_stored_at_all(small: Small) -> None:
    document = small(crud(list=many({"type": "string"})))
    assert inferred(document) == {}
    reasons = unstored(document, operations_of(document))
    assert set(reasons.values()) == {"the answer of GET /things shows no things"}
    assert len(reasons) == 6


def test_an_operation_without_a_success_costs_nothing(small: Small) -> None:
    paths = crud()
    paths["/things"]["get"] = {"responses": {"404": {"description": "never"}}}
    assert "post /things" in inferred(small(paths))


def test_items_without_an_id_are_a_reason_too(small: Small) -> None:
    nameless = {"type": "object", "properties": {"name": {"type": "string"}}}
    document = small(crud(one=nameless))
    reasons = unstored(document, operations_of(document))
    assert reasons["get /things"] == "no answer of its paths shows an item with an id"


def test_an_id_field_may_be_told_by_the_name_alone(small: Small) -> None:
    told = {"things": {"idField": "name"}}
    actions = inferred(small(crud(), **{"x-understudy-resources": told}))
    assert {action.resource.id_field for action in actions.values()} == {"name"}
    assert {action.resource.id_kind for action in actions.values()} == {"string"}


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string", "format": "uuid"}, "uuid"),
        ({"type": "number"}, "integer"),
        ({"type": "string"}, "string"),
    ],
)
def test_an_id_that_the_item_does_not_show_is_like_its_parameter(
    small: Small, schema: Document, kind: str
) -> None:
    paths = crud()
    parameter = {"name": "thingId", "in": "path", "required": True, "schema": schema}
    paths["/things/{thingId}"]["get"]["parameters"] = [
        {"name": "thingId", "in": "query", "schema": {"type": "boolean"}},
        parameter,
    ]
    paths["/things"]["get"]["parameters"] = [{**parameter, "schema": {"type": "boolean"}}]
    told = {"things": {"idField": "hidden"}}
    actions = inferred(small(paths, **{"x-understudy-resources": told}))
    assert {action.resource.id_kind for action in actions.values()} == {kind}


@pytest.mark.parametrize("one", [enveloped({"type": "string"}), enveloped(many(THING)), THING])
def test_an_answer_without_the_told_envelope_is_no_item(small: Small, one: Document) -> None:
    told = {"envelope": {"path": ["data"]}}
    assert inferred(small(crud(one=one, list=THING), **{"x-understudy": told})) == {}
