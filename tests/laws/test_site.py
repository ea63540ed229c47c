"""The documentation's site: every page is in its navigation, every link leads somewhere, no other host is asked."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest

from tests.laws.chromium import NAMES, binary, chromium, look_at

pytest.importorskip("sphinx", reason="needs the extra docs")
pytestmark = pytest.mark.torture  # each builds the site once

ROOT = Path(__file__).parents[2]
PROGRAM = binary()
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}


class Page(NamedTuple):
    """What a page refers to and what it has."""

    links: set[str]  # of <a>
    loaded: set[str]  # scripts, styles, pictures: fetched without a click
    anchors: set[str]
    navigation: set[str]  # links of the sidebar


class Parser(HTMLParser):
    """Collects the parts of a Page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.page = Page(set(), set(), set(), set())
        self.in_sidebar = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.in_sidebar = tag != "article" and (self.in_sidebar or "sidebar-tree" in named.get("class", ""))
        self.page.anchors.add(named.get("id", ""))
        if tag == "a" and "href" in named:
            self.page.links.add(named["href"])
            if self.in_sidebar:
                self.page.navigation.add(named["href"])
        elif tag in LOADED and LOADED[tag] in named:
            self.page.loaded.add(named[LOADED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    options = ["--fail-on-warning", "--keep-going", "--quiet", "-d", str(folder / "doctrees")]
    command = [sys.executable, "-m", "sphinx", *options, "-c", "docs", ".", str(folder / "html")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Parser(path.read_text("utf-8")).page for path in site.rglob("*.html")}


def target(page: Path, link: str) -> Path:
    parts = urlsplit(link)
    return (page.parent / unquote(parts.path)).resolve() if parts.path else page


def test_every_document_is_in_the_navigation_of_the_first_page(site: Path, pages: dict[Path, Page]) -> None:
    start = site / "docs" / "index.html"
    reached = {target(start, link) for link in pages[start].navigation} | {start}
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
    assert {site / path.relative_to(ROOT).with_suffix(".html") for path in documents} <= reached
    html = start.read_text("utf-8")
    captions = re.findall(r'class="caption-text">([^<]+)<', html)
    assert captions == ["Overview", "Tutorials", "How-to guides", "Reference", "Explanation"]


def test_no_internal_link_is_broken(pages: dict[Path, Page]) -> None:
    inside = [(page, link) for page, of in pages.items() for link in of.links | of.loaded if not urlsplit(link).scheme]
    assert len(inside) > 1000
    broken = [f"{page.name}: {link}" for page, link in inside if not target(page, link).exists()]
    anchored = [(page, target(page, link), unquote(urlsplit(link).fragment)) for page, link in inside if "#" in link]
    broken += [
        f"{page.name}: {to.name}#{at}" for page, to, at in anchored if to in pages and at not in pages[to].anchors
    ]
    assert broken == []


def test_nothing_is_loaded_from_another_host(site: Path, pages: dict[Path, Page]) -> None:
    loaded = {link for page in pages.values() for link in page.loaded}
    assert len(loaded) > 10
    assert [link for link in loaded if urlsplit(link).netloc] == []
    styles = [path.read_text("utf-8") for path in site.rglob("*.css")]
    assert [
        found for style in styles for found in re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)]+", style)
    ] == []


def test_the_search_finds_commands_names_and_documents(site: Path) -> None:
    index = (site / "searchindex.js").read_text("utf-8")
    for word in ("target-precision", "predict_or_abstain", "Kneser", "bidirect"):
        assert word.lower().partition("-")[0] in index.lower()


def test_every_public_name_and_command_is_there(site: Path, pages: dict[Path, Page]) -> None:
    from docs.site_pages import public_names
    from tests.laws.commands.found import NAMES as COMMANDS

    names = {f"{module}.{name}" for module, names in public_names().items() for name in names}
    assert names <= pages[site / "docs" / "api.html"].anchors
    assert {f"unrolled-{name.replace(' ', '-')}" for name in COMMANDS} <= pages[site / "docs" / "commands.html"].anchors


SCRIPT = """({wide: document.documentElement.scrollWidth, paper: getComputedStyle(document.body).backgroundColor})"""


@pytest.mark.skipif(PROGRAM is None, reason=f"no Chromium: install one of {', '.join(NAMES)}, or name it in CHROMIUM")
def test_pages_open_in_a_browser_narrow_and_wide_light_and_dark(site: Path, tmp_path: Path) -> None:
    names = ("index", "api", "commands", "architecture", "check")
    with chromium(str(PROGRAM), tmp_path / "profile") as browser:
        for name in names:
            papers = set()
            for width, scheme in ((360, "light"), (1280, "dark")):
                page = site / "docs" / f"{name}.html"
                seen = look_at(browser, page, width=width, scheme=scheme, script=SCRIPT)
                (tmp_path / f"{name}-{scheme}.png").write_bytes(seen.screenshot)
                papers.add(seen.found["paper"])
                urls = {sent["request"]["url"] for sent in seen.of("Network.requestWillBeSent")}
                assert {urlsplit(url).scheme for url in urls} <= {"file", "data"}, name
                assert seen.found["wide"] <= width, name
                assert seen.of("Runtime.exceptionThrown") == seen.of("Log.entryAdded") == [], name
            assert len(papers) == 2, name
