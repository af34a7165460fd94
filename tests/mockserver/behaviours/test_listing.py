"""Lists: what is declared is done, what is not declared is left alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.behaviours.listing import Listing, filtered, in_order, listed, listing_of
from mockserver.model import Document, Json
from mockserver.openapi.operations import Parameter

PROPERTIES = ("title", "year", "tags", "isLent")
BOOKS: list[Document] = [
    {"title": "Emma", "year": 1815, "tags": ["novel", "love"], "isLent": True},
    {"title": "Ulysses", "year": 1922, "tags": ["novel"], "isLent": False},
    {"title": "Candide", "year": 1759, "tags": [], "isLent": False},
    {"title": "Beowulf", "tags": ["poem"], "isLent": True},
]


def query_parameter(name: str, **schema: Json) -> Parameter:
    return Parameter(name, "query", False, schema, "form", True)


def titles(documents: list[Document]) -> list[str]:
    return [document["title"] for document in documents]


def shown(parameters: list[Parameter], query: dict[str, Json]) -> list[str]:
    return titles(listed(BOOKS, listing_of(parameters, PROPERTIES), query).items)


# filters


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("year", 1922, ["Ulysses"]),
        ("year", 1922.0, ["Ulysses"]),
        ("title", ["Emma", "Candide"], ["Emma", "Candide"]),
        ("tags", "novel", ["Emma", "Ulysses"]),
        ("tags", ["love", "poem"], ["Emma", "Beowulf"]),
        ("isLent", True, ["Emma", "Beowulf"]),
        ("isLent", 1, []),
        ("title", "Nothing", []),
    ],
)
def test_a_parameter_named_like_a_property_filters(
    name: str, value: Json, expected: list[str]
) -> None:
    assert shown([query_parameter(name)], {name: value}) == expected


def test_several_filters_must_all_hold() -> None:
    parameters = [query_parameter("tags"), query_parameter("isLent")]
    assert shown(parameters, {"tags": "novel", "isLent": False}) == ["Ulysses"]


@pytest.mark.parametrize(
    "parameters",
    [
        [],
        [query_parameter("colour")],
        [Parameter("year", "header", False, {}, "simple", False)],
    ],
)
def test_what_is_no_declared_property_of_the_query_does_not_filter(
    parameters: list[Parameter],
) -> None:
    assert len(shown(parameters, {"year": 1922, "colour": "red"})) == len(BOOKS)


# sorting


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("title", ["Beowulf", "Candide", "Emma", "Ulysses"]),
        ("-title", ["Ulysses", "Emma", "Candide", "Beowulf"]),
        ("+title", ["Beowulf", "Candide", "Emma", "Ulysses"]),
        ("title:desc", ["Ulysses", "Emma", "Candide", "Beowulf"]),
        ("isLent,-title", ["Ulysses", "Candide", "Emma", "Beowulf"]),
        (["isLent", "title"], ["Candide", "Ulysses", "Beowulf", "Emma"]),
        ("year", ["Candide", "Emma", "Ulysses", "Beowulf"]),
        ("-year", ["Beowulf", "Ulysses", "Emma", "Candide"]),
        ("colour", ["Emma", "Ulysses", "Candide", "Beowulf"]),
    ],
)
@pytest.mark.parametrize("name", ["sort", "sortBy", "sort_by", "orderBy", "order-by", "ordering"])
def test_a_declared_sort_orders_by_a_property(name: str, sent: Json, expected: list[str]) -> None:
    assert shown([query_parameter(name)], {name: sent}) == expected


@pytest.mark.parametrize(
    ("key", "direction"), [("sortBy", "order"), ("sort", "direction"), ("orderBy", "sortOrder")]
)
def test_a_direction_may_be_a_parameter_of_its_own(key: str, direction: str) -> None:
    ways = query_parameter(direction, enum=["asc", "desc"])
    parameters = [query_parameter(key, enum=["title", "year"]), ways]
    up = ["Beowulf", "Candide", "Emma", "Ulysses"]
    assert shown(parameters, {key: "title"}) == up
    assert shown(parameters, {key: "title", direction: "asc"}) == up
    assert shown(parameters, {key: "title", direction: "desc"}) == up[::-1]


def test_an_order_with_properties_to_choose_from_is_a_sort() -> None:
    order = query_parameter("order", enum=["title", "-title"])
    assert shown([order], {"order": "-title"})[0] == "Ulysses"


def test_a_sort_with_ways_to_choose_from_is_a_direction() -> None:
    sort = query_parameter("sort", enum=["asc", "desc"])
    key = query_parameter("order_by", enum=["title"])
    assert shown([sort, key], {"sort": "desc", "order_by": "title"})[0] == "Ulysses"
    assert shown([sort], {"sort": "desc"}) == titles(BOOKS)


def test_a_sort_of_other_words_is_left_alone() -> None:
    assert shown([query_parameter("sort", enum=["hot", "new"])], {"sort": "hot"}) == titles(BOOKS)


def test_a_sort_that_is_no_text_is_left_alone() -> None:
    assert shown([query_parameter("sort", type="integer", enum=[1, 2])], {}) == titles(BOOKS)


def test_values_of_several_types_have_an_order() -> None:
    values: list[Json] = [[1], None, "b", 2, True, "a", {}]
    mixed: list[Document] = [{"v": value} for value in values]
    found = [document["v"] for document in in_order([*mixed, {}], [("v", False)])[:6]]
    assert found[:4] == [True, 2, "a", "b"]


# pages


@pytest.mark.parametrize(
    ("names", "query", "expected"),
    [
        (["limit"], {"limit": 2}, ["Emma", "Ulysses"]),
        (["limit"], {"limit": 2.0}, ["Emma", "Ulysses"]),
        (["take", "skip"], {"take": 2, "skip": 1}, ["Ulysses", "Candide"]),
        (["per_page", "page"], {"per_page": 3, "page": 2}, ["Beowulf"]),
        (["pageSize", "page"], {"pageSize": 3, "page": 1}, ["Emma", "Ulysses", "Candide"]),
        (["limit", "offset"], {"offset": 3}, ["Beowulf"]),
        (["limit", "offset"], {"limit": 0}, []),
        (["limit", "offset"], {"offset": 9}, []),
        (["page"], {"page": 1}, ["Emma", "Ulysses", "Candide", "Beowulf"]),
        (["page"], {"page": 2}, []),
        (["limit"], {}, ["Emma", "Ulysses", "Candide", "Beowulf"]),
    ],
)
def test_declared_paging_cuts_the_list(
    names: list[str], query: dict[str, Json], expected: list[str]
) -> None:
    assert shown([query_parameter(name, type="integer") for name in names], query) == expected


def test_undeclared_paging_does_nothing() -> None:
    assert shown([], {"limit": 1, "page": 2}) == titles(BOOKS)


def test_paging_of_another_type_does_nothing() -> None:
    assert shown([query_parameter("limit", type="string")], {"limit": "1"}) == titles(BOOKS)


def test_a_declared_default_is_the_size_of_a_page() -> None:
    parameters = [query_parameter("limit", type="integer", default=3)]
    assert shown(parameters, {}) == ["Emma", "Ulysses", "Candide"]


@pytest.mark.parametrize("schema", [{"minimum": 0}, {"default": 0}])
def test_pages_may_be_counted_from_zero(schema: dict[str, Any]) -> None:
    size = query_parameter("limit", type="integer")
    page = query_parameter("page", type="integer", **schema)
    assert shown([size, page], {"limit": 3, "page": 0}) == ["Emma", "Ulysses", "Candide"]
    assert shown([size, page], {"limit": 3, "page": 1}) == ["Beowulf"]


def test_paging_wins_over_a_property_of_the_same_name() -> None:
    documents: list[Document] = [{"limit": 1}, {"limit": 2}]
    listing = listing_of([query_parameter("limit", type="integer")], ["limit"])
    assert listed(documents, listing, {"limit": 1}).items == [{"limit": 1}]
    assert listing.filters == ()


def test_the_total_counts_what_the_filters_left() -> None:
    parameters = [query_parameter("limit", type="integer"), query_parameter("isLent")]
    page = listed(BOOKS, listing_of(parameters, PROPERTIES), {"limit": 1, "isLent": True})
    assert (titles(page.items), page.total) == (["Emma"], 2)


@given(count=st.integers(0, 30), size=st.integers(1, 7), first=st.sampled_from([0, 1]))
def test_the_pages_of_a_list_add_up_to_the_list(count: int, size: int, first: int) -> None:
    documents: list[Document] = [{"id": number} for number in range(count)]
    listing = Listing(limit="limit", page="page", first_page=first)
    shown = [
        document
        for number in range(first, first + count // size + 1)
        for document in listed(documents, listing, {"limit": size, "page": number}).items
    ]
    assert shown == documents


@given(st.lists(st.fixed_dictionaries({"v": st.none() | st.integers(0, 3) | st.text(max_size=1)})))
def test_sorting_and_filtering_lose_and_invent_nothing(documents: list[Document]) -> None:
    ordered = in_order(documents, [("v", True)])
    assert sorted(map(repr, ordered)) == sorted(map(repr, documents))
    kept = filtered(documents, {"v": 1})
    assert len(kept) == sum(document["v"] == 1 for document in documents)
    assert all(document in documents for document in kept)


def test_nothing_given_in_is_changed() -> None:
    before = [dict(document) for document in BOOKS]
    shown([query_parameter("sort"), query_parameter("limit", type="integer")], {"sort": "title"})
    assert before == BOOKS
