"""The guide as a web page beside guide.md, for the release: python guide_page.py FOLDER"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from markdown_it import MarkdownIt

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tagline: the guide</title>
<style>
body {{ font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #22262b; background: #fbfaf7 }}
img {{ max-width: 100%; border: 1px solid #e2ded5; border-radius: 6px }}
code {{ background: #ebe8e0; border-radius: 3px; padding: 0 .25em }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid #e2ded5; padding: .3em .7em; text-align: left }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e4e2dc; background: #1b1d21 }} code {{ background: #2e3238 }} a {{ color: #86a1f5 }} }}
</style>
{}
</html>
"""


def make_html(folder: Path) -> None:
    """guide.html beside guide.md, with an anchor at each heading."""
    body = MarkdownIt("commonmark").enable("table").render((folder / "guide.md").read_text(encoding="utf-8"))

    def anchored(match: re.Match[str]) -> str:
        name = re.sub(r"\W+", "-", match[1].lower()).strip("-")
        return f'<h2 id="{name}">{match[1]}</h2>'

    body = re.sub(r"<h2>(.*?)</h2>", anchored, body)
    (folder / "guide.html").write_text(_PAGE.format(body), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    make_html(Path(sys.argv[1]))
