"""Sphinx's settings: README, docs/ and the measured pages → build/site, by `make docs`; see decision 0017."""

from __future__ import annotations

from typing import Any

from pygments.lexers import TextLexer

from docs import site_pages
from unrolled import arrays

project = "unrolled"
author = "the authors of unrolled"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
root_doc = site_pages.START
# the source folder is the repository, so that links between all pages work there and here alike
include_patterns = ["*.md", "docs/*.md", "docs/decisions/*.md", "benchmarks/*.md"]
exclude_patterns = [".*", "build", "dist", "src", "tests"]  # not walked through

myst_heading_anchors = 3  # links to headings, as a repository page names them
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_type_aliases = {name: name for name in vars(arrays) if name.endswith("Array")}
smartquotes = False  # two hyphens begin an option
default_role = "code"  # single backticks in docstrings

html_theme = "furo"
html_title = "unrolled"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_search_summary = False  # it fetches pages, which a browser refuses where they are files
pygments_style, pygments_dark_style = "friendly", "monokai"


def setup(app: Any) -> dict[str, bool]:
    """Add what the site has beyond the files."""
    app.add_lexer("csv", TextLexer)  # Pygments has none
    app.connect("source-read", site_pages.extend)
    app.connect("autodoc-process-docstring", site_pages.as_rst)
    app.connect("build-finished", site_pages.redirect)
    return {"parallel_read_safe": True}
