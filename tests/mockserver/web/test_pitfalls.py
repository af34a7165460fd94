"""Each thing that Connexion as it comes stumbles over, over HTTP, on a document made of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mockserver.app import App, create_app
from mockserver.errors import SetupError
from mockserver.settings import Settings

PITFALLS = Path(__file__).parents[2] / "data" / "pitfalls.yaml"


def connected(app: App) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000))


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with connected(create_app(Settings(spec=PITFALLS))) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/things//parts", 404),
        ("/things/+/parts", 400),
        ("/things/abc/parts", 400),
        ("/things/nan/parts", 400),
        ("/things/inf/parts", 400),
        ("/things/1_000/parts", 400),
        ("/things/1e3/parts", 200),
        ("/things/1.5/parts", 200),
        ("/things/12/parts", 200),
    ],
)
def test_p1_p2_p3_a_number_in_the_path_is_a_json_number(
    client: TestClient, path: str, status: int
) -> None:
    assert client.post(path, json={}).status_code == status


@pytest.mark.parametrize(("value", "status"), [("7", 200), ("seven", 400)])
def test_p4_an_integer_header_is_read_as_one(client: TestClient, value: str, status: int) -> None:
    assert client.get("/things/1", headers={"trace": value}).status_code == status


@pytest.mark.parametrize(
    ("query", "status"), [("q=a", 200), ("q=c", 400), ("where=%7B%7D", 200), ("where=7", 400)]
)
def test_p5_p6_a_query_parameter_needs_no_type(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/things/search?{query}").status_code == status


def test_p7_an_optional_body_may_be_left_out(client: TestClient) -> None:
    assert client.post("/optional").status_code == 200


def test_p8_a_chunked_body_is_a_body(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"uuid":'
        yield b' "nope"}'

    headers = {"content-type": "application/json"}
    assert client.post("/things/1/parts", content=chunks(), headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"uri": "\xff"}', "application/json", 400),
        (b"{}", "application/json; charset=nonsense", 415),
        (b"{}", "application/json; charset=UTF-8", 200),
        (b'{"either": NaN}', "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
    ],
)
def test_p9_p11_bytes_that_are_no_json_are_refused(
    client: TestClient, content: bytes, kind: str, status: int
) -> None:
    answer = client.post("/things/1/parts", content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/")


def test_p10_a_body_without_a_media_type_is_taken_for_json(client: TestClient) -> None:
    assert client.post("/things/1/parts", content=b'{"uuid": "x"}').status_code == 400
    assert client.post("/things/1/parts", content=b"{}").status_code == 200


def test_p12_an_operation_overrides_a_parameter_of_its_path(client: TestClient) -> None:
    assert client.get("/things/1", headers={"trace": "text"}).status_code == 400


def test_p13_a_literal_path_wins_over_a_template(client: TestClient) -> None:
    assert client.get("/things/search").status_code == 200


def test_p14_p18_the_document_is_served_as_written(client: TestClient) -> None:
    served = client.get("/__admin/spec").json()
    assert served["info"]["description"] == "{{ this is no template }} {% nor is this %}"
    assert served["paths"]["/named/{name}"]["get"]["responses"]["200"] == {
        "$ref": "#/components/responses/Thing"
    }


def test_p15_files_that_the_document_refers_to_are_read(tmp_path: Path) -> None:
    part = "type: object\nproperties: {id: {type: integer}}\n"
    (tmp_path / "part.yaml").write_text(part)
    text = PITFALLS.read_text().replace(
        "schema: {$ref: '#/components/schemas/Part'}", "schema: {$ref: 'part.yaml'}"
    )
    (tmp_path / "openapi.yaml").write_text(text)
    app = create_app(Settings(spec=tmp_path / "openapi.yaml"))
    with connected(app) as client:
        assert client.post("/things/1/parts", json={"id": "x"}).status_code == 400


def test_p16_an_unquoted_date_stays_text(client: TestClient) -> None:
    search = client.get("/__admin/spec").json()["paths"]["/things/search"]["get"]
    assert search["parameters"][1]["schema"]["default"] == "2024-09-04"


def test_p17_a_default_that_breaks_its_schema_is_named(tmp_path: Path) -> None:
    text = PITFALLS.read_text().replace(
        "uuid: {type: string,", "wrong: {type: boolean, default: 'x'}\n        uuid: {type: string,"
    )
    path = tmp_path / "openapi.yaml"
    path.write_text(text)
    with pytest.raises(SetupError, match="boolean"):
        create_app(Settings(spec=path))


@pytest.mark.parametrize(("value", "status"), [(None, 200), ("a", 200), (1, 200), (True, 400)])
def test_p19_null_beside_one_of_is_taken(client: TestClient, value: object, status: int) -> None:
    assert client.post("/things/1/parts", json={"either": value}).status_code == status


def test_p20_allow_names_the_documented_methods(client: TestClient) -> None:
    answer = client.put("/things/1")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"


def test_p21_the_media_type_of_an_answer_is_the_documented_one(client: TestClient) -> None:
    assert client.get("/things/1").headers["content-type"] == "application/json"


def test_p22_a_trailing_slash_is_another_path(client: TestClient) -> None:
    assert client.get("/things/search/", follow_redirects=False).status_code == 404


def test_p23_an_encoded_slash_belongs_to_its_value(client: TestClient) -> None:
    assert client.get("/named/a%2Fb").status_code == 200


@pytest.mark.parametrize(("kind", "status"), [("cat", 200), ("dog", 200), ("cow", 400)])
def test_p24_variants_are_told_apart_by_their_schemas(
    client: TestClient, kind: str, status: int
) -> None:
    assert client.post("/things/1/parts", json={"pet": {"kind": kind}}).status_code == status


@pytest.mark.parametrize(
    "body", [{"uuid": "123"}, {"uri": "no uri"}, {"uri": "relative/path"}, {"uuid": 5}]
)
def test_p25_uuid_and_uri_are_checked(client: TestClient, body: object) -> None:
    answer = client.post("/things/1/parts", json=body)
    assert answer.status_code == 400
    assert answer.json()["validation"]
