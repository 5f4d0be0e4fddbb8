"""A headless Chromium for the tests, driven over a pipe by its own DevTools protocol: no driver, socket or package."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
_KEYS = {
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    "Tab": (9, ""),
    " ": (32, " "),
    "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""),
    "ArrowRight": (39, ""),
    "ArrowDown": (40, ""),
}

# Chromium reads commands from descriptor 3 and answers on 4; what is there already is put out of the way first.
_AS_3_AND_4 = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(read, 3)
os.dup2(write, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


def found() -> str | None:
    """Where Chromium is, if it is."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Chromium:
    """One browser with an empty profile of its own; close it when done."""

    def __init__(self, program: str) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="finnet-chromium-", ignore_cleanup_errors=True)
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        command = [program, *_FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _AS_3_AND_4, str(to_read), str(to_write), *command],
            pass_fds=(to_read, to_write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_write)
        os.set_blocking(self._read, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._read, selectors.EVENT_READ)
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._answers: dict[int, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.call("Browser.close")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._read)
        with contextlib.suppress(OSError):
            os.close(self._write)
        self._selector.close()
        self._profile.cleanup()

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """One command and its result; what arrives meanwhile is kept in ``events``."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        os.write(self._write, json.dumps(message).encode() + b"\0")
        ends = time.monotonic() + 60
        while number not in self._answers:
            if time.monotonic() > ends:
                raise TimeoutError(f"{method}: no answer from Chromium")
            self.listen(1.0)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return dict(answer["result"])

    def listen(self, seconds: float) -> None:
        """Take in what Chromium says, waiting this long for it at most."""
        if not self._selector.select(seconds):
            return
        said = os.read(self._read, 1 << 20)
        if not said:
            raise RuntimeError("Chromium has gone")
        *messages, self._buffer = (self._buffer + said).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self._answers[message["id"]] = message
            else:
                self.events.append(message)

    def open(
        self,
        path: Path,
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        scale: float = 1,
        reduced: bool = True,
    ) -> Tab:
        return Tab(self, path, width=width, height=height, dark=dark, scale=scale, reduced=reduced)


class Tab:
    """A page in a tab of its own, with all it asked for and complained about."""

    def __init__(
        self, browser: Chromium, path: Path, *, width: int, height: int, dark: bool, scale: float, reduced: bool
    ) -> None:
        self._browser = browser
        self._target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        self._call("Page.enable")
        self._call("Network.enable")
        self._call("Runtime.enable")
        self._call("Log.enable")
        self._call("Performance.enable", timeDomain="threadTicks")
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced else "no-preference"},
        ]
        self._call("Emulation.setEmulatedMedia", features=features)
        self._call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )
        self._url = path.resolve().as_uri()
        self._call("Page.navigate", url=self._url)
        self.wait_for("document.readyState === 'complete'")

    def close(self) -> None:
        self._browser.call("Target.closeTarget", targetId=self._target)

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def evaluate(self, expression: str) -> Any:
        said = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in said:
            details = said["exceptionDetails"]
            raise RuntimeError(f"{expression}: {details.get('exception', {}).get('description', details['text'])}")
        return said["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 20) -> None:
        ends = time.monotonic() + seconds
        while not self.evaluate(expression):
            if time.monotonic() > ends:
                raise AssertionError(f"never came true: {expression}; the page said {self.complaints}")
            self._browser.listen(0.02)

    def click(self, where: str | tuple[float, float], *, shift: bool = False, count: int = 1) -> None:
        """On the middle of the first element of a selector, or at a place in the window."""
        x, y = self.middle(where) if isinstance(where, str) else where
        self.move(x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self._call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=x,
                y=y,
                button="left",
                clickCount=count,
                modifiers=8 if shift else 0,
            )

    def move(self, x: float, y: float) -> None:
        self._call("Input.dispatchMouseEvent", type="mouseMoved", x=x + 1, y=y + 1)
        self._call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def middle(self, selector: str) -> tuple[float, float]:
        place = self.evaluate(f"""(() => {{
            const found = document.querySelector({json.dumps(selector)});
            found.scrollIntoView({{ block: "nearest" }});
            const box = found.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];
        }})()""")
        return place[0], place[1]

    def press(self, *keys: str) -> None:
        for key in keys:
            code, text = _KEYS.get(key, (0, key))
            shown = {"text": text} if text else {}
            self._call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **shown)
            self._call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def type(self, text: str) -> None:
        self._call("Input.insertText", text=text)

    def picture(self, path: Path) -> None:
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        path.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"]))

    def text(self, selector: str) -> str:
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    @property
    def busy_seconds(self) -> float:
        """Processor time of the page's main thread so far: what other work on the machine does not change."""
        said = self._call("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in said if one["name"] == "TaskDuration"))

    @property
    def requests(self) -> list[str]:
        """Every address asked for besides the page itself and what it makes up in memory."""
        asked = [event["request"]["url"] for event in self._events("Network.requestWillBeSent")]
        return [
            url for url in asked if url not in (self._url, "about:blank") and not url.startswith(("data:", "blob:"))
        ]

    @property
    def complaints(self) -> list[str]:
        """Errors, warnings, exceptions and dialogs, in words."""
        said = [str(event["entry"]["text"]) for event in self._events("Log.entryAdded")]
        said += [str(event["exceptionDetails"]) for event in self._events("Runtime.exceptionThrown")]
        said += [str(event["args"]) for event in self._events("Runtime.consoleAPICalled")]
        return said + [str(event["message"]) for event in self._events("Page.javascriptDialogOpening")]

    def _events(self, method: str) -> list[dict[str, Any]]:
        self._browser.listen(0.02)
        return [
            event["params"]
            for event in self._browser.events
            if event.get("sessionId") == self._session and event["method"] == method
        ]

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **params)
