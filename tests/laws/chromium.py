"""A page's file → what a headless Chromium sees of it, asked over its debugging pipe: no driver and no port."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome-headless-shell")
FLAGS = (
    "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--mute-audio",
)  # fmt: skip
PATIENCE = 120.0  # seconds that a busy machine may need for one answer


def binary() -> str | None:
    """Find a Chromium: the one that CHROMIUM names, or one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Chromium:
    """A running browser: messages are JSON, each ended by a zero byte (Chrome DevTools Protocol, pipe transport)."""

    into: int
    out: int
    sent: int = 0
    read: bytes = b""
    events: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; what else arrives is kept as events."""
        self.sent += 1
        message = {"id": self.sent, "method": method, "params": params, **({"sessionId": session} if session else {})}
        os.write(self.into, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self.sent:
            self.events.append(answer)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def wait(self, method: str) -> None:
        """Wait for an event, unless it came already."""
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self._next())

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while b"\0" not in self.read:
            ready, _, _ = select.select([self.out], [], [], max(0.0, until - time.monotonic()))
            piece = os.read(self.out, 2**16) if ready else b""
            assert piece, "Chromium says nothing more"
            self.read += piece
        message, _, self.read = self.read.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


@contextmanager
def chromium(program: str, profile: Path) -> Iterator[Chromium]:
    """Start a browser with a profile of its own, and end it; it reads from descriptor 3 and writes to 4."""
    (its_in, into), (out, its_out) = os.pipe(), os.pipe()

    def place() -> None:
        copies = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (its_in, its_out)]  # either may be 3 or 4 itself
        for copy, fixed in zip(copies, (3, 4), strict=True):
            os.dup2(copy, fixed)

    command = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(command, preexec_fn=place, close_fds=False, stderr=subprocess.DEVNULL)
    for end in (its_in, its_out):
        os.close(end)
    try:
        yield Chromium(into, out)
    finally:
        process.kill()
        process.wait()
        for end in (into, out):
            os.close(end)


@dataclass(frozen=True)
class Seen:
    """A page that was loaded: what a script found in it, a screenshot, and everything that Chromium reported."""

    found: Any
    screenshot: bytes
    events: list[dict[str, Any]]

    def of(self, method: str) -> list[dict[str, Any]]:
        """Give the reports of one kind."""
        return [event["params"] for event in self.events if event.get("method") == method]


def look_at(browser: Chromium, page: Path, *, width: int, scheme: str, script: str) -> Seen:
    """Load a file in a new tab so many pixels wide, on light or dark paper, and evaluate an expression in it."""
    target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
    session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    browser.events.clear()
    for domain in ("Page", "Runtime", "Log", "Network"):
        browser.ask(f"{domain}.enable", session)
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.ask("Emulation.setDeviceMetricsOverride", session, **metrics)
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.ask("Emulation.setEmulatedMedia", session, features=media)
    browser.events.clear()
    browser.ask("Page.navigate", session, url=page.as_uri())
    browser.wait("Page.loadEventFired")
    result = browser.ask("Runtime.evaluate", session, expression=script, returnByValue=True)
    assert "exceptionDetails" not in result, result
    shot = browser.ask("Page.captureScreenshot", session, format="png", captureBeyondViewport=True)
    events = list(browser.events)
    browser.ask("Target.closeTarget", targetId=target)
    return Seen(result["result"]["value"], base64.b64decode(shot["data"]), events)
