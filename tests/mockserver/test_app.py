"""A whole mock: what is its own, what it repeats, and what changes it while it serves."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from starlette.testclient import TestClient

from mockserver.app import App, create_app
from mockserver.clock import Clock
from mockserver.errors import SetupError
from mockserver.settings import Settings

DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)
NAME_IS_FREE = "name:\n          type: string\n          minLength: 1\n          maxLength: 80"
NAME_HAS_9 = NAME_IS_FREE.replace("80", "9")
QUIRKS = """\
quirks:
- name: short-names
  operations: [createAuthor]
  documented: A name has up to 80 characters
  observed: It has up to 3
  evidence: tried out
  actions:
  - target: $.components.schemas.AuthorInput.properties.name
    update: {maxLength: 3}
- name: late-book
  operations: [getBook]
  documented: A book is found by its id
  observed: A book is found late
  evidence: tried out
- name: wrong-place
  operations: [getBook]
  documented: Nothing
  observed: Nothing
  evidence: its action fits no document
  profile: none
  actions:
  - target: $.nowhere
    remove: true
"""

Json = Any
Make = Callable[..., App]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The library's files, to be changed."""
    copyfile(DATA / "library.yaml", tmp_path / "library.yaml")
    copyfile(DATA / "library-fixtures.yaml", tmp_path / "fixtures.yaml")
    (tmp_path / "quirks.yaml").write_text(QUIRKS)
    return tmp_path


@pytest.fixture
def make(folder: Path) -> Make:
    """Makes mocks of the library, with frozen clocks of their own."""

    def made(**more: Any) -> App:
        given = {
            "spec": folder / "library.yaml",
            "quirks_file": folder / "quirks.yaml",
            "fixtures": (folder / "fixtures.yaml",),
        }
        return create_app(Settings(**{**given, **more}), Clock(lambda: NOW))

    return made


@pytest.fixture
def app(make: Make) -> App:
    return make()


def connected(app: App, base: str = "/v1") -> TestClient:
    return TestClient(app, base_url=f"http://127.0.0.1{base}", client=("127.0.0.1", 50000))


def add_author(app: App, name: str = "Eve") -> Any:
    return connected(app).post("/authors", json={"name": name})


def add_book(app: App, author: int = 1) -> Any:
    book = {"title": "Echo", "authorId": author, "format": {"type": "print", "pages": 9}}
    return connected(app).post("/books", json=book)


def names(app: App) -> list[str]:
    return [author["name"] for author in connected(app).get("/authors").json()]


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


# ------------------------------------------------------------------ two mocks in one process


def test_what_one_mock_stores_another_does_not_have(make: Make) -> None:
    one, other = make(), make()
    add_author(one)
    assert names(other) == ["Ada Quill", "Noor Line"]


def test_the_time_of_one_mock_is_not_that_of_another() -> None:
    settings = Settings(spec=DATA / "library.yaml")
    one, other = create_app(settings), create_app(settings)
    one.clock.freeze(NOW)
    assert not other.clock.is_frozen


def test_the_quirks_of_one_mock_are_not_those_of_another(make: Make) -> None:
    one, other = make(), make()
    one.set_deviations(quirks=["short-names"])
    assert (add_author(one, "Long").status_code, add_author(other, "Long").status_code) == (
        400,
        201,
    )


def test_a_request_to_one_mock_is_not_in_the_journal_of_another(make: Make) -> None:
    one, other = make(), make()
    names(one)
    assert (len(one.journal), len(other.journal)) == (1, 0)


def test_what_one_mock_is_asked_does_not_move_the_ids_of_another(make: Make) -> None:
    one, other, fresh = make(), make(), make()
    add_book(one)
    assert answers(other) == answers(fresh)


def test_one_mock_counts_its_callers_for_itself(make: Make) -> None:
    one, other = make(rate_limit=True), make(rate_limit=True)
    untouched = dict(connected(make(rate_limit=True)).get("/authors").headers)
    names(one)
    untouched.pop("x-request-id")
    seen = dict(connected(other).get("/authors").headers)
    seen.pop("x-request-id")
    assert seen == untouched


# ------------------------------------------------------------------ seeds


def answers(app: App) -> list[tuple[int, list[tuple[bytes, bytes]], bytes]]:
    """Status, headers and body of a few calls: reading, creating, being refused."""
    client = connected(app)
    made = add_book(app)
    replies = [
        made,
        add_author(app),
        client.get("/books"),
        client.get(f"/books/{made.json()['id']}"),
        client.get("/opening-hours"),
        client.get("/authors/99"),
        client.post("/authors", json={}),
        client.put("/authors"),
    ]
    return [(reply.status_code, reply.headers.raw, reply.content) for reply in replies]


def test_the_same_seed_and_calls_give_the_same_bytes(make: Make) -> None:
    assert answers(make(seed=7)) == answers(make(seed=7))


def test_another_seed_gives_other_ids_to_what_is_created(make: Make) -> None:
    assert add_book(make(seed=7)).json()["id"] != add_book(make(seed=8)).json()["id"]


def test_another_seed_gives_other_request_ids(make: Make) -> None:
    ids = [connected(make(seed=seed)).get("/authors").headers["x-request-id"] for seed in (7, 8)]
    assert ids[0] != ids[1]


def test_every_answer_has_a_request_id_of_its_own(app: App) -> None:
    client = connected(app)
    ids = [client.get("/authors").headers["x-request-id"] for _ in range(2)]
    assert ids[0] != ids[1]


def test_private_links_of_the_bundled_document_follow_the_seed() -> None:
    def link(seed: int) -> Json:
        app = create_app(Settings(seed=seed), Clock(lambda: NOW))
        key = {"authorization": "Bearer cal_test_demo", "cal-api-version": "2024-09-04"}
        made = connected(app, "").post("/v2/event-types/101/private-links", headers=key, json={})
        return made.json()["data"]["linkId"]

    first = link(7)
    assert (link(7) == first, link(8) == first) == (True, False)


# ------------------------------------------------------------------ quirks


def test_quirks_take_effect_at_the_next_request_of_an_open_client(app: App) -> None:
    with connected(app) as client:
        before = client.post("/authors", json={"name": "Long"}).status_code
        app.set_deviations(quirks=["short-names"])
        after = client.post("/authors", json={"name": "Long"}).status_code
    assert (before, after) == (201, 400)


def test_setting_quirks_switches_all_others_off(make: Make) -> None:
    app = make(profile="observed")
    app.set_deviations(quirks=["late-book"])
    assert (set(app.quirks.active), add_author(app, "Long").status_code) == ({"late-book"}, 201)


def test_the_observed_profile_leaves_out_quirks_of_no_profile(make: Make) -> None:
    assert make(profile="observed").quirks.active == {"short-names", "late-book"}


def test_a_quirk_is_added_to_those_of_the_profile(make: Make) -> None:
    assert make(quirk=("late-book",)).quirks.active == {"late-book"}


def test_only_the_effective_document_shows_a_quirk(app: App) -> None:
    app.set_deviations(quirks=["short-names"])
    longest = [
        app.document(kind)["components"]["schemas"]["AuthorInput"]["properties"]["name"][
            "maxLength"
        ]
        for kind in ("published", "effective")
    ]
    assert longest == [80, 3]


def test_state_journal_and_ids_go_on_when_quirks_change(app: App) -> None:
    add_author(app)
    app.set_deviations(quirks=["short-names"])
    made = add_author(app, "Ann")
    assert (made.json()["id"], names(app)[2:], len(app.journal)) == (4, ["Eve", "Ann"], 3)


def test_request_ids_go_on_when_quirks_change(make: Make) -> None:
    one, other = make(), make()
    for app in (one, other):
        names(app)
    one.set_deviations(quirks=["late-book"])
    ids = [connected(app).get("/authors").headers["x-request-id"] for app in (one, other)]
    assert ids[0] == ids[1]


@pytest.mark.parametrize("names_given", [["late-bok"], ["late-book", "late-bok"], ["wrong-place"]])
def test_quirks_that_cannot_be_set_change_nothing(app: App, names_given: list[str]) -> None:
    app.set_deviations(quirks=["short-names"])
    with pytest.raises(SetupError):
        app.set_deviations(quirks=names_given)
    assert (set(app.quirks.active), add_author(app, "Long").status_code) == ({"short-names"}, 400)


def test_an_unknown_quirk_is_named_with_the_nearest_known_one(app: App) -> None:
    with pytest.raises(SetupError, match=r"unknown quirk .*'late-bok'.* 'late-book'"):
        app.set_deviations(quirks=["late-bok"])


# ------------------------------------------------------------------ faults


def statuses(app: App, count: int = 3) -> list[int]:
    return [connected(app).get("/authors").status_code for _ in range(count)]


def test_a_fault_of_the_settings_is_on_from_the_start(make: Make) -> None:
    app = make(fault=("unavailable:GET /v1/authors:times=1",))
    assert statuses(app) == [503, 200, 200]


def test_the_faults_of_one_mock_are_not_those_of_another(make: Make) -> None:
    one, other = make(), make()
    one.set_deviations(faults=["unavailable"])
    assert (statuses(one, 1), statuses(other, 1)) == ([503], [200])


def test_setting_faults_leaves_quirks_and_setting_quirks_leaves_faults(app: App) -> None:
    app.set_deviations(quirks=["short-names"])
    app.set_deviations(faults=["unavailable:listAuthors"])
    app.set_deviations(quirks=["late-book"])
    assert (app.planted, set(app.quirks.active)) == (["unavailable:listAuthors"], {"late-book"})
    assert (statuses(app, 1), add_author(app, "Long").status_code) == ([503], 201)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ("unavailabel", "did you mean 'unavailable'"),
        ("unavailable:GET /v1/author", "did you mean 'GET /v1/authors'"),
        ("unavailable:p=2", "`p` must be a number from 0 to 1"),
        ("unavailable:times=0.5", "`times` must be a number of 0 or more"),
        ("unavailable:retry=3", "did you mean 'retry_after_s'"),
        ("unavailable:a:b", "must look like"),
        ("expiry-ignored", "has nothing to touch in this document"),
    ],
)
def test_a_fault_that_cannot_be_planted_changes_nothing(app: App, wish: str, reason: str) -> None:
    app.set_deviations(faults=["unavailable"])
    with pytest.raises(SetupError, match=reason):
        app.set_deviations(faults=["slow-response", wish])
    assert app.planted == ["unavailable"]


def test_a_fault_that_no_operation_can_show_any_more_stops_a_reload(
    make: Make, folder: Path
) -> None:
    app = make(fault=("unavailable:GET /v1/opening-hours",))
    change(folder / "library.yaml", "  /opening-hours:", "  /hours:")
    with pytest.raises(SetupError, match="unavailable cannot touch this operation"):
        app.reload()
    assert connected(app).get("/opening-hours").status_code == 503


def test_what_is_planted_is_shown_with_what_is_left_of_it(app: App) -> None:
    app.set_deviations(faults=["unavailable:GET /v1/authors:times=5", "unavailable:p=0"])
    statuses(app, 2)
    (row,) = [row for row in app.faults() if row.plants]
    assert [(one.text, one.times_left) for one in row.plants] == [
        ("unavailable:GET /v1/authors:times=5", 3),
        ("unavailable:p=0", None),
    ]


def test_credentials_are_ignored_where_the_document_has_no_people(tmp_path: Path) -> None:
    spec = tmp_path / "secured.yaml"
    spec.write_text(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"
        "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}\n"
        "security: [{key: []}]\n"
        "paths: {/a: {get: {operationId: a, responses: {'200': {description: ok}, "
        "'401': {description: no}}}}}\n"
    )
    app = create_app(Settings(spec=spec))
    healthy = connected(app, "").get("/a").status_code
    app.set_deviations(faults=["auth-ignored"])
    assert (healthy, connected(app, "").get("/a").status_code) == (401, 200)


# ------------------------------------------------------------------ reload


def test_a_reload_serves_the_changed_document(app: App, folder: Path) -> None:
    change(folder / "library.yaml", "  /opening-hours:", "  /hours:")
    app.reload()
    assert [connected(app).get(path).status_code for path in ("/opening-hours", "/hours")] == [
        404,
        200,
    ]


def test_a_reload_keeps_the_state_that_fits(app: App, folder: Path) -> None:
    add_author(app)
    change(folder / "library.yaml", NAME_IS_FREE, NAME_HAS_9)
    assert (app.reload(), names(app)) == ([], ["Ada Quill", "Noor Line", "Eve"])


def test_a_reload_drops_what_no_longer_fits_and_tells_why(app: App, folder: Path) -> None:
    add_author(app, "Eve the Second")
    change(folder / "library.yaml", NAME_IS_FREE, NAME_HAS_9)
    (reason,) = app.reload()
    assert reason.startswith("/collections/authors/3/name: ")
    assert "Eve the Second" in reason
    assert names(app) == ["Ada Quill", "Noor Line"]


def test_a_reload_drops_what_refers_to_something_dropped(app: App, folder: Path) -> None:
    add_author(app, "Eve the Second")
    book = add_book(app, author=3).json()["id"]
    change(folder / "library.yaml", NAME_IS_FREE, NAME_HAS_9)
    reasons = app.reload()
    assert f"/collections/books/{book}/authorId: refers to no document of authors" in reasons[1]


def test_the_id_of_something_dropped_is_not_given_out_again(app: App, folder: Path) -> None:
    add_author(app, "Eve the Second")
    change(folder / "library.yaml", NAME_IS_FREE, NAME_HAS_9)
    app.reload()
    assert add_author(app).json()["id"] == 4


def test_a_reload_keeps_the_quirks_that_are_on(app: App) -> None:
    app.set_deviations(quirks=["short-names"])
    app.reload()
    assert (set(app.quirks.active), add_author(app, "Long").status_code) == ({"short-names"}, 400)


def test_a_reload_switches_off_a_quirk_that_is_no_longer_in_the_table(
    app: App, folder: Path
) -> None:
    app.set_deviations(quirks=["short-names", "late-book"])
    change(folder / "quirks.yaml", "late-book", "later-book")
    app.reload()
    assert app.quirks.active == {"short-names"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("library.yaml", "openapi: 3.0.3", "openapi: ["),
        ("library.yaml", "minimum: 1\n", "minimum: one\n"),
        ("quirks.yaml", "[createAuthor]", "[createAuthors]"),
        ("quirks.yaml", "schemas.AuthorInput", "schemas.AuthorsInput"),
        ("fixtures.yaml", "name: Ada Quill", "name: 5"),
    ],
)
def test_a_broken_file_leaves_everything_as_it_was(
    app: App, folder: Path, file: str, old: str, new: str
) -> None:
    app.set_deviations(quirks=["short-names"])
    add_author(app)
    document = app.document("effective")
    change(folder / "library.yaml", "  /opening-hours:", "  /hours:")
    change(folder / file, old, new)
    with pytest.raises(SetupError, match=file):
        app.reload()
    assert app.document("effective") is document
    assert connected(app).get("/opening-hours").status_code == 200
    assert names(app) == ["Ada Quill", "Noor Line", "Eve"]


def test_a_repaired_file_is_served_after_a_broken_one(app: App, folder: Path) -> None:
    change(folder / "library.yaml", "openapi: 3.0.3", "openapi: [")
    with pytest.raises(SetupError):
        app.reload()
    change(folder / "library.yaml", "openapi: [", "openapi: 3.0.3")
    change(folder / "library.yaml", "title: Library", "title: Archive")
    app.reload()
    assert app.title == "Archive"


def test_every_file_that_a_mock_is_made_from_is_watched(make: Make, folder: Path) -> None:
    overlay = folder / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: '1'}\n"
        "actions: [{target: $.info, update: {title: Archive}}]\n"
    )
    watched = {path.name for path in make(overlays=(overlay,)).watched_paths()}
    assert watched == {"library.yaml", "overlay.yaml", "quirks.yaml", "fixtures.yaml"}


# ------------------------------------------------------------------ reset


def test_a_reset_returns_to_the_fixtures(app: App) -> None:
    fresh = app.store.dump()
    add_author(app)
    connected(app).delete("/authors/2")
    app.reset()
    assert app.store.dump() == fresh


def test_after_a_reset_the_same_calls_create_the_same_ids(app: App) -> None:
    first = add_book(app).json()
    app.reset()
    assert add_book(app).json() == first


def test_relative_instants_of_the_fixtures_count_from_the_reset(make: Make, folder: Path) -> None:
    change(folder / "fixtures.yaml", "'2030-01-01T08:00:00.000Z'", "${now+1d}")
    app = make()
    app.clock.freeze(datetime(2031, 5, 5, tzinfo=UTC))
    app.reset()
    first, *_ = app.store.find("books")
    assert first["addedAt"] == "2031-05-06T00:00:00.000Z"


def test_a_reset_leaves_clock_and_quirks_alone(app: App) -> None:
    app.set_deviations(quirks=["late-book"])
    app.clock.freeze(NOW)
    app.reset()
    assert (set(app.quirks.active), app.clock.is_frozen) == ({"late-book"}, True)


def test_a_reset_that_cannot_read_the_fixtures_leaves_the_state(app: App, folder: Path) -> None:
    add_author(app)
    (folder / "fixtures.yaml").write_text("collections: [")
    with pytest.raises(SetupError):
        app.reset()
    assert names(app) == ["Ada Quill", "Noor Line", "Eve"]


# ------------------------------------------------------------------ wrong files


def refusal(make: Make, **more: Any) -> SetupError:
    """Why a mock cannot be made with these settings."""
    with pytest.raises(SetupError) as caught:
        make(**more)
    return caught.value


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        ("library.yaml", "openapi: 3.0.3", "openapi: [", ["line ", "not YAML"]),
        ("library.yaml", "minimum: 1\n", "minimum: one\n", ["/minimum", "one", "number"]),
        ("quirks.yaml", "[createAuthor]", "[createAuthors]", ["quirk short-names", "unknown op"]),
        ("quirks.yaml", "evidence: tried", "evidense: tried", ["quirk 1", "unknown key", "dense"]),
        ("quirks.yaml", "remove: true", "removed: 1", ["wrong-place", "action 1", "removed"]),
        ("fixtures.yaml", "name: Ada Quill", "name: 5", ["/authors/1/name", "a string", "got 5"]),
        ("fixtures.yaml", "  authors:", "  author:", ["/collections/author", "did you mean"]),
        ("fixtures.yaml", "authorId: 2", "authorId: 9", ["/authorId", "refers to no", "9"]),
    ],
)
def test_a_wrong_file_is_named_with_place_value_and_reason(
    make: Make, folder: Path, file: str, old: str, new: str, parts: list[str]
) -> None:
    change(folder / file, old, new)
    error = refusal(make)
    assert str(error).startswith(f"{folder / file}: ")
    assert [part for part in parts if part not in str(error)] == []


@pytest.mark.parametrize("setting", ["spec", "overlays", "quirks_file", "fixtures"])
def test_a_file_that_is_not_there_is_named(make: Make, folder: Path, setting: str) -> None:
    path = folder / "nowhere.yaml"
    error = refusal(make, **{setting: (path,) if setting in ("overlays", "fixtures") else path})
    assert (error.file, "no such file" in error.reason) == (str(path), True)


def overlay_of(folder: Path, actions: str) -> Path:
    path = folder / "overlay.yaml"
    path.write_text(f"overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}\n")
    return path


def test_an_overlay_that_fits_nothing_is_named_with_its_target(make: Make, folder: Path) -> None:
    overlay = overlay_of(folder, "- {target: $.pathes, remove: true}")
    error = refusal(make, overlays=(overlay,))
    assert (error.file, error.place, error.value) == (str(overlay), "action 1, target", "$.pathes")


def test_a_quirk_that_fits_nothing_is_named_with_its_target(make: Make, folder: Path) -> None:
    error = refusal(make, quirk=("wrong-place",))
    assert (error.file, error.value) == (str(folder / "quirks.yaml"), "$.nowhere")


def test_a_quirk_may_name_an_operation_that_an_overlay_adds(make: Make, folder: Path) -> None:
    added = "/x: {get: {operationId: getX, responses: {'200': {description: x}}}}"
    overlay = overlay_of(folder, f"- {{target: $.paths, update: {{{added}}}}}")
    change(folder / "quirks.yaml", "[createAuthor]", "[createAuthor, getX]")
    assert "short-names" in make(overlays=(overlay,)).quirk_table.by_name


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("{domain: calcon}", "#/x-understudy/domain"),
        ("{domain: [calcom]}", "#/x-understudy/domain"),
        ("calcom", "#/x-understudy"),
        ("null", "#/x-understudy"),
    ],
)
def test_a_domain_that_nobody_knows_is_named_with_its_place(
    make: Make, folder: Path, told: str, place: str
) -> None:
    change(folder / "library.yaml", "paths:\n", f"x-understudy: {told}\npaths:\n")
    error = refusal(make)
    assert (error.file, error.place) == (str(folder / "library.yaml"), place)


@pytest.mark.parametrize(
    ("setting", "value"), [("profile", "observd"), ("quirk", ("late-bok",)), ("store", "redis:")]
)
def test_a_setting_that_cannot_be_is_told_with_its_value(
    make: Make, setting: str, value: object
) -> None:
    error = refusal(make, **{setting: value})
    assert error.value == (value[0] if isinstance(value, tuple) else value)
