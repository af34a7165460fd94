import copy
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.openapi import apply_actions, apply_overlays, effective_document, load_overlay

Write = Callable[[str, str], Path]

SHOP: Document = {
    "info": {"title": "Shop"},
    "tags": [{"name": "a", "n": 1}, {"name": "b"}, {"name": "a", "n": 2}],
    "paths": {
        "/x": {"get": {"operationId": "getX", "tags": ["a"]}, "post": {"tags": ["b"]}},
        "/y/{id}": {"get": {"operationId": "getY", "deep": {"tags": ["c"]}}},
    },
}


def changed(*actions: Document) -> Document:
    return apply_actions(SHOP, actions, "shop.yaml")


def test_objects_merge_and_primitives_give_way() -> None:
    result = changed({"target": "$", "update": {"info": {"title": "New", "version": "2"}}})
    assert result["info"] == {"title": "New", "version": "2"}
    assert result["paths"] == SHOP["paths"]


def test_an_array_inside_an_update_is_added_to_the_array_there() -> None:
    result = changed({"target": "$.paths['/x'].get", "update": {"tags": ["b", "c"]}})
    assert result["paths"]["/x"]["get"]["tags"] == ["a", "b", "c"]


def test_an_update_is_appended_to_an_array_that_is_the_target() -> None:
    result = changed({"target": "$.tags", "update": {"name": "new"}})
    assert result["tags"][-1] == {"name": "new"}


def test_an_array_takes_the_place_of_what_is_no_array() -> None:
    assert changed({"target": "$.info", "update": {"title": [1]}})["info"]["title"] == [1]


def test_an_update_given_twice_is_two_values() -> None:
    result = changed({"target": "$.paths.*", "update": {"x": {"n": []}}})
    result["paths"]["/x"]["x"]["n"].append(1)
    assert result["paths"]["/y/{id}"]["x"] == {"n": []}


@pytest.mark.parametrize(
    ("target", "ids"),
    [
        ("$.paths['/x'].get", ["getX"]),
        ('$.paths["/y/{id}"].get', ["getY"]),
        ("$.paths.*.get", ["getX", "getY"]),
        ("$['paths'][*]['get']", ["getX", "getY"]),
        ("$.paths.*[?(@.operationId == 'getX')]", ["getX"]),
        ("$.paths.*[?(@.operationId != 'getX')]", ["getY", None]),
        ("$.paths.*[?@.operationId]", ["getX", "getY"]),
        ("$.paths.*[?(@.deep.tags)]", ["getY"]),
        ("$..get", ["getX", "getY"]),
        ("$..[?(@.operationId=='getY')]", ["getY"]),
        ("$.paths['/x'].*", ["getX", None]),
        ("$.paths['/x']['get','post']", ["getX", None]),
    ],
)
def test_targets_select(target: str, ids: list[str]) -> None:
    result = changed({"target": target, "update": {"marked": True}})
    marked = [
        operation.get("operationId")
        for item in result["paths"].values()
        for operation in item.values()
        if operation.get("marked")
    ]
    assert sorted(marked, key=str) == sorted(ids, key=str)
    assert sum(str(result).count(word) for word in ("marked",)) == len(ids)


@pytest.mark.parametrize(
    ("target", "left"),
    [
        ("$.tags[0]", ["b", "a"]),
        ("$.tags[-1]", ["a", "b"]),
        ("$.tags[?(@.name == 'a')]", ["b"]),
        ("$.tags[?(@.n == 2)]", ["a", "b"]),
        ("$.tags[*]", []),
    ],
)
def test_removal_takes_every_match_and_nothing_else(target: str, left: list[str]) -> None:
    assert [tag["name"] for tag in changed({"target": target, "remove": True})["tags"]] == left


def test_equal_items_are_removed_by_place() -> None:
    document = {"a": [1, 2, 1]}
    result = apply_actions(document, [{"target": "$.a[2]", "remove": True}], "x")
    assert result == {"a": [1, 2]}


def test_a_filter_does_not_take_true_for_one() -> None:
    document = {"a": [{"n": True}, {"n": 1}]}
    result = apply_actions(document, [{"target": "$.a[?(@.n == 1)]", "remove": True}], "x")
    assert result == {"a": [{"n": True}]}


def test_actions_see_what_those_before_them_did() -> None:
    result = changed(
        {"target": "$", "update": {"new": {"a": 1}}}, {"target": "$.new", "update": {"b": 2}}
    )
    assert result["new"] == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("$.paths['/xx'].get", r"\$\.paths\['/x'\]\.get"),
        ("$.path['/x'].get", r"\$\.paths\['/x'\]\.get"),
        ("$.paths['/x'].got", r"\$\.paths\['/x'\]\.get"),
    ],
)
def test_a_target_that_matches_nothing_offers_the_nearest(target: str, meant: str) -> None:
    with pytest.raises(SetupError, match=rf"shop\.yaml: action 2, target: .*mean \"?'?{meant}"):
        changed({"target": "$.info", "update": {}}, {"target": target, "update": {}})


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ({"target": "$.info"}, "needs `update` or `remove: true`"),
        ({"target": "$.info", "remove": False}, "needs `update` or `remove: true`"),
        ({"target": "$.info", "remove": "yes"}, "`remove` must be true or false"),
        ({"update": {}}, "needs a `target`"),
        ({"target": "$", "upsert": {}}, "unknown key.*did you mean 'update'"),
        ({"target": "info", "update": {}}, "begins with `\\$`"),
        ({"target": "$.info[?(@.a > 3)]", "update": {}}, "not understood from character 7"),
        ({"target": "$.info.", "update": {}}, "not understood from character 7"),
        ({"target": "$.info['a", "update": {}}, "not understood from character 7"),
        ({"target": "$", "remove": True}, "cannot be removed"),
        ({"target": "$", "update": 3}, "can only be updated by an object"),
        (3, "an action is an object"),
    ],
)
def test_a_bad_action_names_file_and_number(action: Json, reason: str) -> None:
    with pytest.raises(SetupError, match=rf"shop\.yaml: action 1.*{reason}"):
        changed(action)


def test_an_overlay_file_is_applied_by_name(write: Write) -> None:
    path = write(
        "one.yaml",
        """\
        overlay: 1.0.0
        info: {title: One, version: '1'}
        x-note: allowed
        actions:
          - {target: $.info, description: why, update: {title: Other}}
        """,
    )
    overlay = load_overlay(path)
    assert overlay.title == "One"
    assert apply_overlays(SHOP, [overlay])["info"] == {"title": "Other"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("overlay: 1.0.0\nactions: []\n", "`actions` must be a list with entries"),
        ("overlay: 2.0.0\nactions: [{}]\n", "must name version 1.0.0"),
        ("actions: [{}]\n", "must name version 1.0.0"),
        ("overlay: 1.0.0\nactons: [{}]\n", "unknown key.*did you mean 'actions'"),
        ("overlay: 1.0.0\nactions: [{target: $}]\n", "action 1: an action needs"),
        ("[]", "an overlay is an object"),
    ],
)
def test_a_bad_overlay_file_is_refused_when_it_is_read(
    write: Write, text: str, reason: str
) -> None:
    with pytest.raises(SetupError, match=rf"one\.yaml: .*{reason}"):
        load_overlay(write("one.yaml", text))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
    ),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from(["a", "b", "c"]), json_values, max_size=3)


@given(document=objects, update=objects)
def test_an_update_leaves_its_inputs_unchanged_and_is_in_the_result(
    document: Document, update: Document
) -> None:
    before = copy.deepcopy((document, update))
    result = apply_actions(document, [{"target": "$", "update": update}], "x")
    assert (document, update) == before
    assert result.keys() == document.keys() | update.keys()
    for key, value in update.items():
        if key not in document:
            assert result[key] == value


def test_an_overlay_that_breaks_the_document_is_named(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"
        "paths: {/a: {get: {responses: {'200': {description: ok}}}}}\n"
    )
    head = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\n"
    (tmp_path / "good.yaml").write_text(head + "actions: [{target: $.info, update: {title: u}}]\n")
    (tmp_path / "bad.yaml").write_text(
        head + "actions: [{target: '$.paths[\"/a\"].get.responses', remove: true}]\n"
    )
    paths = [tmp_path / name for name in ("good.yaml", "bad.yaml")]
    with pytest.raises(SetupError, match=r"bad\.yaml: this overlay breaks .*responses"):
        effective_document(tmp_path / "api.yaml", paths)
    effective_document(tmp_path / "api.yaml", paths[:1])
