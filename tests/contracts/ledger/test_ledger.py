import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.exchange import Exchange, Request, Response
from contracts.ledger import Ledger, read_ledger
from contracts.ledger.state import State
from contracts.stops import RunStopped
from contracts.yardstick import Yardstick
from mockserver.errors import SetupError
from mockserver.model import Json

EVENT_TYPES = "/v2/event-types"
RUN = "k3f9"
NAMED = {"title": f"understudy {RUN} 1", "slug": f"understudy-{RUN}-1", "lengthInMinutes": 30}
CREATED = {"status": "success", "data": {"id": 12}}


class Run:
    """Sends by hand through a ledger, as the door does."""

    def __init__(self, ledger: Ledger, yardstick: Yardstick) -> None:
        self.ledger = ledger
        self._yardstick = yardstick

    def begin(self, method: str, target: str, body: Json = None) -> int | None:
        request = self._request(method, target, body)
        return self.ledger.before(request, self._yardstick.match(method, request.path))

    def end(self, entry: int | None, method: str, target: str, status: int, **answer: Json) -> None:
        request = self._request(method, target, None)
        match = self._yardstick.match(method, request.path)
        headers = tuple(answer.pop("headers", ()))
        body = json.dumps(answer["data"]).encode() if "data" in answer else b""
        exchange = Exchange(
            number=1,
            request=request,
            response=Response(status, headers, body),
            operation=match.operation if match else None,
            path_values=match.path_values if match else {},
            sent_at=datetime.now(UTC),
            duration_s=0.0,
        )
        self.ledger.after(entry, exchange)

    def send(self, method: str, target: str, status: int, **answer: Json) -> int | None:
        entry = self.begin(method, target, answer.pop("body", None))
        self.end(entry, method, target, status, **answer)
        return entry

    def create(self, id: int) -> None:
        self.send("POST", EVENT_TYPES, 201, body=NAMED, data={"data": {"id": id}})

    @staticmethod
    def _request(method: str, target: str, body: Json) -> Request:
        headers = (("Authorization", "Bearer canary-secret"),)
        return Request(method, target, headers, json.dumps(body).encode(), "owner")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


@pytest.fixture
def run(file: Path, yardstick: Yardstick) -> Iterator[Run]:
    ledger = Ledger(
        file, yardstick, run_id=RUN, target_name="https://me:canary@api.test/?key=canary"
    )
    yield Run(ledger, yardstick)
    ledger.close()


def lines_of(file: Path) -> list[Json]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def reopened(run: Run, file: Path, yardstick: Yardstick) -> Ledger:
    run.ledger.close()
    ledger = read_ledger(file, yardstick)
    ledger.close()
    return ledger


def alive(ledger: Ledger) -> list[str]:
    return [thing.path for thing in ledger.alive]


def test_a_create_is_on_disk_before_it_is_sent(run: Run, file: Path) -> None:
    run.begin("POST", EVENT_TYPES, NAMED)
    intent = lines_of(file)[-1]
    assert intent["intent"] == 1
    assert intent["target"] == EVENT_TYPES
    assert intent["actor"] == "owner"
    assert intent["names"] == {"title": NAMED["title"], "slug": NAMED["slug"]}


def test_the_first_line_says_whose_ledger_it_is(run: Run, file: Path, yardstick: Yardstick) -> None:
    header = lines_of(file)[0]
    assert header["ledger"] == 1
    assert header["run_id"] == RUN
    assert header["target"] == "https://api.test/"
    assert (header["title"], header["kind"]) == (yardstick.title, "effective")


def test_no_secret_and_no_body_gets_into_the_file(run: Run, file: Path) -> None:
    secret = {**NAMED, "name": "canary", "description": "canary"}
    run.send("POST", f"{EVENT_TYPES}?key=canary", 201, body=secret, data={"secret": "canary"})
    assert "canary" not in file.read_text()


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", EVENT_TYPES),
        ("PATCH", f"{EVENT_TYPES}/12"),
        ("DELETE", f"{EVENT_TYPES}/12"),
        ("PUT", EVENT_TYPES),
        ("POST", "/v2/unknown"),
    ],
)
def test_what_creates_nothing_is_no_entry(run: Run, method: str, target: str) -> None:
    assert run.begin(method, target) is None


def test_the_id_comes_out_of_the_envelope(run: Run) -> None:
    run.send("POST", EVENT_TYPES, 201, body=NAMED, data=CREATED)
    assert alive(run.ledger) == [f"{EVENT_TYPES}/12"]


def test_every_item_of_an_answered_list_is_noted(run: Run) -> None:
    run.send("POST", EVENT_TYPES, 201, data={"data": [{"id": 12}, {"id": 13.0}]})
    assert alive(run.ledger) == [f"{EVENT_TYPES}/12", f"{EVENT_TYPES}/13"]


def test_the_id_may_stand_in_the_location_only(run: Run) -> None:
    run.send("POST", EVENT_TYPES, 201, headers=[("Location", f"http://x{EVENT_TYPES}/77")])
    assert alive(run.ledger) == [f"{EVENT_TYPES}/77"]


def test_an_id_that_needs_encoding_is_encoded_in_its_path(run: Run) -> None:
    run.send("POST", f"{EVENT_TYPES}/5/private-links", 201, data={"data": {"linkId": "a/b c"}})
    assert alive(run.ledger) == [f"{EVENT_TYPES}/5/private-links/a%2Fb%20c"]


@pytest.mark.parametrize("status", [400, 401, 409, 422, 429])
def test_a_refusal_settles_an_entry(run: Run, status: int) -> None:
    run.send("POST", EVENT_TYPES, status, body=NAMED)
    assert run.ledger.entry(1).state is State.REFUSED


@pytest.mark.parametrize("status", [500, 503, 408, 303])
def test_after_a_fault_nobody_can_be_sure(run: Run, status: int) -> None:
    run.send("POST", EVENT_TYPES, status, body=NAMED)
    assert [entry.reason for entry in run.ledger.unsure] == [f"answered {status}"]


@pytest.mark.parametrize("data", [{}, {"data": {"id": None}}, {"data": {"id": True}}, [], 7])
def test_a_success_without_a_readable_id_stays_unsure(run: Run, data: Json) -> None:
    run.send("POST", EVENT_TYPES, 201, body=NAMED, data=data)
    assert [entry.state for entry in run.ledger.unsure] == [State.UNSURE]


def test_a_deleted_item_is_gone(run: Run) -> None:
    run.create(12)
    run.create(13)
    run.send("DELETE", f"{EVENT_TYPES}/12", 200)
    assert alive(run.ledger) == [f"{EVENT_TYPES}/13"]


def test_a_refused_deletion_leaves_it(run: Run) -> None:
    run.create(12)
    run.send("DELETE", f"{EVENT_TYPES}/12", 403)
    assert alive(run.ledger) == [f"{EVENT_TYPES}/12"]


def test_children_go_with_their_parent_and_only_they(run: Run) -> None:
    run.create(1)
    run.create(12)
    for parent in (1, 12):
        target = f"{EVENT_TYPES}/{parent}/private-links"
        run.send("POST", target, 201, data={"data": {"linkId": "abc"}})
        run.send("POST", target, 500)
    run.send("DELETE", f"{EVENT_TYPES}/1", 200)
    assert alive(run.ledger) == [f"{EVENT_TYPES}/12", f"{EVENT_TYPES}/12/private-links/abc"]
    assert [entry.collection for entry in run.ledger.unsure] == [f"{EVENT_TYPES}/12/private-links"]


def test_an_id_that_is_used_again_lives_again(run: Run) -> None:
    run.create(12)
    run.send("DELETE", f"{EVENT_TYPES}/12", 200)
    run.create(12)
    assert alive(run.ledger) == [f"{EVENT_TYPES}/12"]


def test_deletions_that_concern_nothing_of_the_run_are_not_noted(run: Run, file: Path) -> None:
    run.send("DELETE", f"{EVENT_TYPES}/12", 200)
    assert len(lines_of(file)) == 1


def test_a_file_that_is_read_again_tells_the_same(
    run: Run, file: Path, yardstick: Yardstick
) -> None:
    run.create(12)
    run.create(13)
    run.send("POST", EVENT_TYPES, 500, body=NAMED)
    run.send("POST", EVENT_TYPES, 400, body=NAMED)
    run.begin("POST", EVENT_TYPES, NAMED)
    run.send("DELETE", f"{EVENT_TYPES}/12", 200)
    ledger = reopened(run, file, yardstick)
    assert ledger.entries == run.ledger.entries
    assert ledger.things == run.ledger.things
    assert ledger.alive == run.ledger.alive
    assert ledger.unsure == run.ledger.unsure
    assert ledger.header == run.ledger.header


@pytest.mark.parametrize("cut_bytes", [1, 2, 20])
def test_a_half_written_last_line_counts_as_not_written(
    run: Run, file: Path, yardstick: Yardstick, cut_bytes: int
) -> None:
    run.create(12)
    run.ledger.close()
    file.write_bytes(file.read_bytes()[:-cut_bytes])
    ledger = read_ledger(file, yardstick)
    assert alive(ledger) == []
    assert len(ledger.unsure) == 1
    Run(ledger, yardstick).create(13)
    ledger.close()
    again = read_ledger(file, yardstick)
    assert alive(again) == [f"{EVENT_TYPES}/13"]
    again.close()


def test_entries_of_many_threads_keep_apart(run: Run, file: Path, yardstick: Yardstick) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run.create, range(1, 65)))
    assert len({entry.number for entry in run.ledger.entries}) == 64
    assert len(reopened(run, file, yardstick).alive) == 64


def test_without_a_file_it_is_kept_in_memory(yardstick: Yardstick) -> None:
    run = Run(Ledger(None, yardstick, run_id=RUN, target_name="stub in process"), yardstick)
    run.create(12)
    assert (run.ledger.created, run.ledger.has_entries) == (1, True)
    assert run.ledger.deletions_left() == {"DELETE /v2/event-types/{eventTypeId}": 1}


def test_a_name_carries_the_run_id_as_a_word_only(run: Run) -> None:
    names = [f"x {RUN}", f"X-{RUN.upper()}-1", f"{RUN}1", f"a{RUN}", "other"]
    carried = [name for name in names if run.ledger.run_names({"title": name})]
    assert carried == names[:2]


def test_the_file_of_another_run_is_refused(run: Run, file: Path, yardstick: Yardstick) -> None:
    run.ledger.close()
    with pytest.raises(SetupError, match=r"ledger of another run \(k3f9 against https://api"):
        Ledger(file, yardstick, run_id="other", target_name="https://api.test/")


def test_the_ledger_of_another_document_is_refused(
    run: Run, file: Path, yardstick: Yardstick
) -> None:
    run.ledger.close()
    file.write_text(file.read_text().replace(yardstick.title, "Another API"))
    with pytest.raises(SetupError, match="held to the document 'Another API'"):
        read_ledger(file, yardstick)


@pytest.mark.parametrize("text", ["", "hello\n", "[]\n", '{"ledger": 1}\n', '{"version": "1.2"}\n'])
def test_a_file_that_is_no_ledger_is_refused(file: Path, yardstick: Yardstick, text: str) -> None:
    file.write_text(text)
    with pytest.raises(SetupError, match="is no ledger"):
        read_ledger(file, yardstick)
    assert file.read_text() == text


def test_a_file_that_is_something_else_is_not_written_over(
    file: Path, yardstick: Yardstick
) -> None:
    file.write_bytes(b"\x00\x01 precious")
    with pytest.raises(SetupError, match="is no ledger"):
        Ledger(file, yardstick, run_id=RUN, target_name="https://api.test/")
    assert file.read_bytes() == b"\x00\x01 precious"


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", "{}", '{"created": 9, "items": []}', '{"x": 1}']
)
def test_a_line_that_is_no_note_is_named(
    run: Run, file: Path, yardstick: Yardstick, line: str
) -> None:
    run.ledger.close()
    file.write_text(file.read_text() + line + "\n")
    with pytest.raises(SetupError, match="line 2: is no note"):
        read_ledger(file, yardstick)


def test_a_newer_ledger_is_refused(run: Run, file: Path, yardstick: Yardstick) -> None:
    run.ledger.close()
    file.write_text(file.read_text().replace('"ledger": 1', '"ledger": 2'))
    with pytest.raises(SetupError, match="another version"):
        read_ledger(file, yardstick)


def test_a_missing_ledger_is_one_sentence(file: Path, yardstick: Yardstick) -> None:
    with pytest.raises(SetupError, match="cannot be read: No such file"):
        read_ledger(file, yardstick)
    assert not file.exists()


def test_a_place_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, yardstick: Yardstick
) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "ledger.jsonl", tmp_path):
        with pytest.raises(SetupError, match="cannot be written here"):
            Ledger(path, yardstick, run_id=RUN, target_name="https://api.test/")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such lock")
def test_a_ledger_that_is_being_written_is_refused(
    run: Run, file: Path, yardstick: Yardstick
) -> None:
    with pytest.raises(SetupError, match="not over yet"):
        read_ledger(file, yardstick)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_lets_nothing_be_created_but_everything_be_removed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.create(12)
    with Path("/dev/full").open("wb", buffering=0) as full, monkeypatch.context() as patch:
        patch.setattr(run.ledger._file, "_file", full.fileno())
        with pytest.raises(RunStopped, match="No space left"):
            run.begin("POST", EVENT_TYPES, NAMED)
        run.send("DELETE", f"{EVENT_TYPES}/12", 200)
    assert len(run.ledger.entries) == 1
    assert alive(run.ledger) == []


def test_an_intent_is_forced_to_the_disk(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    forced: list[int] = []
    monkeypatch.setattr("contracts.ledger.file.os.fsync", forced.append)
    run.begin("POST", EVENT_TYPES, NAMED)
    assert len(forced) == 1
