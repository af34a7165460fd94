"""The pytest fixture, as users meet it: in test files and conftests of their own."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mockserver.pytest_plugin import MockApi
from mockserver.settings import Settings

pytest_plugins = ["pytester"]

DATA = Path(__file__).parents[1] / "data"
LIBRARY = f"""
    from pathlib import Path
    import pytest
    from mockserver import Settings

    DATA = Path({str(DATA)!r})

    @pytest.fixture
    def mock_api_settings():
        return Settings(
            spec=DATA / "library.yaml", fixtures=(DATA / "library-fixtures.yaml",)
        )
"""
OBSERVED = """
    import pytest
    from mockserver import Settings

    @pytest.fixture
    def mock_api_settings():
        return Settings(profile="observed")
"""


class Passes:
    """Runs a user's tests, and tells how they ended."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self._pytester = pytester
        monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
        # other people's plugins take longer to load than the tests take
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        monkeypatch.setenv("PYTEST_PLUGINS", "mockserver.pytest_plugin")

    def __call__(self, tests: str, conftest: str = "", *flags: str) -> dict[str, int]:
        self._pytester.makepyfile(tests)
        self._pytester.makeconftest(conftest)
        result = self._pytester.runpytest_subprocess("-p", "no:cacheprovider", *flags)
        self.output = str(result.stdout)
        return result.parseoutcomes()


@pytest.fixture
def passes(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Passes:
    return Passes(pytester, monkeypatch)


@pytest.fixture
def mock_api_settings() -> Settings:
    """The library, for the tests here that use `mock_api` themselves."""
    return Settings(spec=DATA / "library.yaml", fixtures=(DATA / "library-fixtures.yaml",))


in_the_bundled_world = pytest.mark.parametrize("mock_api_settings", [Settings()])


def test_what_is_changed_in_the_state_is_answered(mock_api: MockApi) -> None:
    mock_api.state.delete("authors", "1")
    assert [one["name"] for one in mock_api.client.get("/v1/authors").json()] == ["Noor Line"]


def test_what_the_client_changes_is_in_the_state(mock_api: MockApi) -> None:
    mock_api.client.delete("/v1/authors/2")
    assert mock_api.state.get("authors", "2") is None


def test_the_clock_is_that_of_the_answers(mock_api: MockApi) -> None:
    mock_api.clock.freeze(datetime(2031, 5, 5, tzinfo=UTC))
    book = {"title": "Echo", "authorId": 1, "format": {"type": "print", "pages": 9}}
    made = mock_api.client.post("/v1/books", json=book).json()
    assert made["addedAt"] == "2031-05-05T00:00:00.000Z"


def test_a_reset_brings_the_fixtures_back(mock_api: MockApi) -> None:
    before = mock_api.state.dump()
    mock_api.client.delete("/v1/authors/2")
    mock_api.reset()
    assert mock_api.state.dump() == before


def test_the_client_may_use_the_admin_api(mock_api: MockApi) -> None:
    assert mock_api.client.get("/__admin/state").status_code == 200


@in_the_bundled_world
def test_headers_carry_the_key_of_an_account(mock_api: MockApi) -> None:
    assert mock_api.headers("lena") == {"Authorization": "Bearer cal_test_lena"}


@in_the_bundled_world
def test_headers_given_by_keyword_are_spelled_with_hyphens(mock_api: MockApi) -> None:
    headers = mock_api.headers("lena", cal_api_version="2024-06-14")
    assert headers["cal-api-version"] == "2024-06-14"


@in_the_bundled_world
def test_headers_of_an_unknown_account_say_which_there_are(mock_api: MockApi) -> None:
    with pytest.raises(KeyError, match=r"no account 'dmeo'; there are .*demo"):
        mock_api.headers("dmeo")


def test_headers_say_so_where_a_world_has_no_accounts(mock_api: MockApi) -> None:
    with pytest.raises(KeyError, match="there are none"):
        mock_api.headers("demo")


def test_a_users_test_gets_client_state_clock_headers_and_reset(passes: Passes) -> None:
    assert passes(
        """
        from datetime import timedelta

        def test_all(mock_api):
            before = mock_api.state.dump()
            key = mock_api.headers("demo", cal_api_version="2024-09-04")
            links = "/v2/event-types/101/private-links"
            assert mock_api.client.post(links, headers=key, json={}).status_code == 201
            mock_api.clock.advance(timedelta(days=1))
            assert mock_api.state.dump() != before
            mock_api.reset()
            assert mock_api.state.count("private-links") == len(
                before["collections"]["private-links"]
            )
        """
    ) == {"passed": 1}


def test_every_test_gets_a_mock_of_its_own(passes: Passes) -> None:
    assert passes(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2])
        def test_fresh(mock_api, turn):
            assert mock_api.client.post("/v1/authors", json={"name": "Eve"}).json()["id"] == 3
        """,
        LIBRARY,
    ) == {"passed": 2}


def test_overridden_settings_choose_the_observed_profile(passes: Passes) -> None:
    assert passes(
        """
        def test_observed(mock_api):
            version = {"cal-api-version": "2024-09-04"}
            answer = mock_api.client.get("/v2/event-types/101/private-links", headers=version)
            assert answer.status_code == 403
        """,
        OBSERVED,
    ) == {"passed": 1}


def test_settings_left_alone_choose_the_documented_profile(passes: Passes) -> None:
    assert passes(
        """
        def test_documented(mock_api):
            version = {"cal-api-version": "2024-09-04"}
            answer = mock_api.client.get("/v2/event-types/101/private-links", headers=version)
            assert answer.status_code == 401
        """
    ) == {"passed": 1}


def test_settings_overridden_in_one_module_leave_the_others_alone(
    passes: Passes, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(
        test_other="""
        def test_title(mock_api):
            assert mock_api.app.title != "Library"
        """
    )
    tests = (
        LIBRARY
        + """
    def test_title(mock_api):
        assert mock_api.app.title == "Library"
        """
    )
    assert passes(tests) == {"passed": 2}


def test_wrong_settings_fail_the_users_test_with_the_reason(passes: Passes) -> None:
    conftest = OBSERVED.replace('"observed"', '"observd"')
    assert passes("def test_nothing(mock_api): pass", conftest) == {"errors": 1}
    assert (
        "SetupError: Settings.profile: must be documented or observed (got 'observd')"
        in passes.output
    )


@pytest.mark.parametrize("conftest", ["", OBSERVED, LIBRARY])
def test_the_fixture_works_where_warnings_are_errors(passes: Passes, conftest: str) -> None:
    assert passes(
        """
        def test_quiet(mock_api):
            paths = ("/v2/me", "/v1/authors", "/docs", "/__admin/state", "/nowhere")
            assert [mock_api.client.get(path).status_code < 500 for path in paths] == [True] * 5
        """,
        conftest,
        "-W",
        "error",
    ) == {"passed": 1}


def test_warnings_of_the_users_own_test_still_count(passes: Passes) -> None:
    assert passes(
        """
        import warnings

        def test_loud(mock_api):
            warnings.warn("mine")
        """,
        LIBRARY,
        "-W",
        "error",
    ) == {"failed": 1}


def imported_by_pytest(folder: Path, *flags: str) -> set[str]:
    """The modules that are there when pytest has found its plugins, and run a test without mock."""
    test = folder / "test_modules.py"
    test.write_text("import sys\ndef test_modules(): print('modules', *sys.modules)\n")
    command = [sys.executable, "-m", "pytest", "-s", "-q", "-p", "no:cacheprovider", *flags]
    run = subprocess.run(
        [*command, f"--rootdir={folder}", str(test)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (line,) = (line for line in run.stdout.splitlines() if "modules " in line)
    return set(line.split())


def test_pytest_loads_the_plugin_without_its_slow_imports(tmp_path: Path) -> None:
    found = imported_by_pytest(tmp_path, "-p", "no:schemathesis")
    slow = {"connexion", "starlette", "httpx2", "yaml", "jsonschema_rs", "mockserver.app"}
    assert "mockserver.pytest_plugin" in found
    assert found & slow == set()
