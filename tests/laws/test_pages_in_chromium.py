"""Our pages in a headless Chromium, from their files: narrow and wide, light and dark, no error and no request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.laws.chromium import NAMES, Chromium, binary, chromium, look_at
from tests.reports.many_compared import all_kinds
from unrolled.reports.comparison import html

PROGRAM = binary()
pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason=f"no Chromium: install one of {', '.join(NAMES)}, or name it in CHROMIUM"
)
KINDS = all_kinds()
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 28)"}

# What is wider than the window; the paper; the words of each picture that lie outside of it or on one another.
SCRIPT = """(() => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  const root = document.documentElement;
  const bad = [];
  for (const svg of document.querySelectorAll("svg")) {
    const inside = svg.viewBox.baseVal;
    const boxes = [...svg.querySelectorAll("text")].map(t => [t.textContent, t.getBBox()]).filter(([t]) => t.trim());
    boxes.forEach(([text, box], n) => {
      if (box.x < -1 || box.x + box.width > inside.width + 1 || box.y < -1 || box.y + box.height > inside.height + 1)
        bad.push(`outside: ${text}`);
      for (const [other, its] of boxes.slice(0, n))
        if (box.x + 1 < its.x + its.width && its.x + 1 < box.x + box.width
            && box.y + 3 < its.y + its.height && its.y + 3 < box.y + box.height) bad.push(`${text} on ${other}`);
    });
  }
  return {wide: root.scrollWidth, window: innerWidth, paper: getComputedStyle(document.body).backgroundColor,
          dark: matchMedia("(prefers-color-scheme: dark)").matches, pictures: document.querySelectorAll("svg").length,
          bad: bad};
})()"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(str(PROGRAM), tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.mark.torture
@pytest.mark.parametrize("scheme", PAPER)
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_a_comparison_opens_without_an_error_a_request_or_a_scroll_bar_across(
    kind: str, width: int, scheme: str, browser: Chromium, tmp_path: Path
) -> None:
    page = tmp_path / "compare.html"
    page.write_text(html(KINDS[kind]), "utf-8")
    seen = look_at(browser, page, width=width, scheme=scheme, script=SCRIPT)
    (tmp_path / f"{width}-{scheme}.png").write_bytes(seen.screenshot)
    assert seen.found["wide"] <= seen.found["window"] == width
    assert seen.found["paper"] == PAPER[scheme]
    assert seen.found["dark"] is (scheme == "dark")
    assert seen.found["bad"] == []
    assert seen.screenshot.startswith(b"\x89PNG")
    assert requests(seen.of("Network.requestWillBeSent")) == {page.as_uri()}
    assert seen.of("Runtime.exceptionThrown") == seen.of("Log.entryAdded") == seen.of("Runtime.consoleAPICalled") == []


# The right edges of the overview's first two columns and of its last; where the answers to the first text begin and
# end, how wide the column of its number is, and how far its number stands below the top of the text.
EDGES = """(() => {
  const at = thing => thing.getBoundingClientRect();
  const cells = [...document.querySelector("table tr").children].map(at);
  const [number, text, label, answers] = [...document.querySelector(".read tbody tr").children];
  const range = document.createRange();
  const top = cell => (range.selectNodeContents(cell), at(range).top);
  return {second: cells[1].right, last: cells[cells.length - 1].right, shown: at(document.querySelector(".wide")).right,
          answers: at(answers).left, number: at(number).width, lower: top(number) - top(label)};
})()"""


@pytest.mark.torture
@pytest.mark.parametrize("width", [360, 500, 1280, 1920])
def test_what_each_model_is_and_what_it_answers_is_in_the_window(width: int, browser: Chromium, tmp_path: Path) -> None:
    page = tmp_path / "compare.html"
    page.write_text(html(KINDS["mixed"]), "utf-8")
    found = look_at(browser, page, width=width, scheme="light", script=EDGES).found
    assert found["second"] <= found["shown"] <= width
    assert width < 1280 or found["last"] <= found["shown"]
    assert found["number"] < 60
    assert abs(found["lower"]) < 3
    assert found["answers"] < width - 60


def requests(sent: list[dict[str, Any]]) -> set[str]:
    return {one["request"]["url"] for one in sent}
