"""A real browser without a window, spoken to through a pipe (Chrome DevTools protocol)."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from select import select
from typing import Final

from mockserver.model import Document, Json

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE_S: Final = 20


def browser_path() -> str | None:
    """Where a Chromium is, if there is one."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


class Browser:
    """One tab. *events* are all that it told, in order."""

    def __init__(self, path: str, profile: Path) -> None:
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        command = [
            path,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={profile}",
            "--remote-debugging-pipe",
            "about:blank",
        ]
        # the browser reads from descriptor 3 and writes to 4
        script = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        self._process = subprocess.Popen(
            ["bash", "-c", script, "bash", *command],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.events: list[Document] = []
        self._buffer = b""
        self._number = 0
        self._session = ""
        pages = self._call("Target.getTargets")["targetInfos"]
        page = next(one["targetId"] for one in pages if one["type"] == "page")
        attached = self._call("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def open(
        self, page: Path, *, width: int = 1280, height: int = 900, is_dark: bool = False
    ) -> None:
        """Load a file at a size; returns when it is there."""
        self.events.clear()
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])
        self._call("Page.navigate", url=page.as_uri())
        while not any(one["method"] == "Page.loadEventFired" for one in self.events):
            self._take()

    def run(self, script: str) -> Json:
        """The value of a JavaScript expression."""
        answer = self._call(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            awaitPromise=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def told(self, method: str) -> list[Document]:
        """What came with the events of one kind since the page was opened."""
        return [one["params"] for one in self.events if one["method"] == method]

    def picture(self, *, is_whole: bool = False) -> str:
        """The page as PNG in base64."""
        answer = self._call("Page.captureScreenshot", captureBeyondViewport=is_whole, format="png")
        return str(answer["data"])

    def close(self) -> None:
        os.close(self._out)
        os.close(self._in)
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _call(self, method: str, **parameters: Json) -> Document:
        self._number += 1
        number = self._number
        message: Document = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._take()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                result: Document = answer["result"]
                return result

    def _take(self) -> Mapping[str, Json]:
        while b"\0" not in self._buffer:
            assert select([self._in], [], [], _PATIENCE_S)[0], "the browser says nothing"
            part = os.read(self._in, 1 << 16)
            assert part, "the browser ended"
            self._buffer += part
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: Document = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message
