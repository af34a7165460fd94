"""The documentation page that Connexion serves beside the pipeline."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mockserver.app import create_app
from mockserver.settings import Settings

LIBRARY = Path(__file__).parents[2] / "data" / "library.yaml"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(Settings(spec=LIBRARY))
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        yield client


def test_the_page_reads_the_document_that_is_served(client: TestClient) -> None:
    page = client.get("/__docs/swagger-initializer.js")
    assert "/__admin/spec" in client.get("/__docs/").text + page.text
    assert client.get("/__admin/spec").json()["info"]["title"] == "Library"


def test_the_page_is_found_without_its_slash(client: TestClient) -> None:
    answer = client.get("/__docs")
    assert (answer.status_code, str(answer.url)) == (200, "http://127.0.0.1/__docs/")


@pytest.mark.parametrize("path", ["/swagger-ui.css", "/swagger-ui-bundle.js"])
def test_what_the_page_is_made_of_comes_from_the_mock(client: TestClient, path: str) -> None:
    assert client.get("/__docs" + path).status_code == 200


@pytest.mark.parametrize("path", ["/none.js", "/%2e%2e/%2e%2e/setup.py", "/%00", "/a/b/c"])
def test_a_page_that_is_not_there_is_404_and_no_bug(client: TestClient, path: str) -> None:
    answer = client.get("/__docs" + path)
    assert (answer.status_code, answer.headers.get("x-understudy-error")) == (404, None)


def test_a_page_takes_no_post(client: TestClient) -> None:
    answer = client.post("/__docs/none.js")
    assert (answer.status_code, answer.headers.get("x-understudy-error")) == (405, None)


def test_pages_are_not_in_the_journal(client: TestClient) -> None:
    client.delete("/__admin/requests")
    client.get("/__docs/")
    client.get("/v1/opening-hours")
    kept = client.get("/__admin/requests").json()["requests"]
    assert [request["target"] for request in kept] == ["/v1/opening-hours"]
