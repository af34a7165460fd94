"""A mock that runs elsewhere, asked through its admin API."""

from typing import Any

import httpx2

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.web.server import ADMIN_PREFIX

TIMEOUT_S = 30.0


class Remote:
    """The running mock at *url*. Every method raises SetupError where it does not do as told."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def state(self) -> Document:
        state: Document = self._ask("GET", "/state")
        return state

    def put_state(self, state: Json, file: str | None = None) -> dict[str, int]:
        """Gives the number of documents by collection; *file* is named where it is refused."""
        counts: dict[str, int] = self._ask("PUT", "/state", state, file)["collections"]
        return counts

    def clock_change(self) -> Document | None:
        """What brings a released clock to the present one; None where it was never moved."""
        clock = self._ask("GET", "/clock")
        if clock["isFrozen"]:
            return {"freeze": clock["now"]}
        return {"advance": clock["offsetSeconds"]} if clock["offsetSeconds"] else None

    def change_clock(self, change: Json, file: str | None = None) -> None:
        """Do what `clock_change` has told; *file* is named where it is refused."""
        self._ask("DELETE", "/clock")
        self._ask("PUT", "/clock", change, file)

    def reset(self) -> dict[str, int]:
        """Gives the number of documents by collection."""
        counts: dict[str, int] = self._ask("POST", "/reset")["collections"]
        return counts

    def _ask(self, method: str, path: str, body: Json = None, file: str | None = None) -> Any:
        content = {} if body is None else {"json": body}
        try:
            answer = httpx2.request(
                method,
                self._url + ADMIN_PREFIX + path,
                headers=self._headers,
                timeout=TIMEOUT_S,
                trust_env=False,  # a mock is near; a company's proxy would not reach it
                **content,
            )
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise SetupError(
                f"no mock answers there: {error}", place="--url", value=self._url
            ) from None
        if answer.is_success:
            return _content(answer, self._url)
        raise SetupError(_reason(answer), file=file or self._url)


def _content(answer: httpx2.Response, url: str) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise SetupError("what answers there is no mock", place="--url", value=url) from None


def _reason(answer: httpx2.Response) -> str:
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return f"what answers there is no mock: status {answer.status_code}"
    hint = "; set UNDERSTUDY_ADMIN_TOKEN" if answer.status_code == 401 else ""
    return f"{detail}{hint}"
