"""The guide's pictures: those the text shows, those the script takes, and those in the repository are the same ones."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "resources" / "guide"


def test_the_script_takes_what_the_guide_shows_and_the_repository_has_it() -> None:
    shown = set(re.findall(r"\(pictures/([^)]+)\.png\)", (GUIDE / "guide.md").read_text(encoding="utf-8")))
    taken = set(
        re.findall(r'_take\("([a-z]+)"', (ROOT / "packaging" / "guide.py").read_text(encoding="utf-8"))
    )
    kept = {path.stem for path in (GUIDE / "pictures").iterdir()}
    assert shown == taken == kept


def test_every_build_takes_them_anew() -> None:
    build = (ROOT / "packaging" / "build.py").read_text(encoding="utf-8")
    contents = (ROOT / "packaging" / "contents.py").read_text(encoding="utf-8")
    assert '_with_python("guide.py"' in build
    assert 'work if name == "resources/guide"' in contents


@pytest.mark.qt
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_taken_again_they_are_the_same(tmp_path: Path) -> None:
    """What depends on the day, the place or the run would make no two builds alike."""
    pictures = []
    for name in ("one", "two"):
        folder = tmp_path / name
        subprocess.run(
            [sys.executable, str(ROOT / "packaging" / "guide.py"), str(folder)], check=True, timeout=180
        )
        pictures.append({path.name: path.read_bytes() for path in (folder / "pictures").iterdir()})
    assert pictures[0] == pictures[1]


@pytest.mark.qt
def test_the_page_for_the_release_shows_all_of_it(tmp_path: Path) -> None:
    import guide_page

    (tmp_path / "guide.md").write_bytes((GUIDE / "guide.md").read_bytes())
    guide_page.make_html(tmp_path)
    page = (tmp_path / "guide.html").read_text(encoding="utf-8")
    assert page.count("<img ") == len(list((GUIDE / "pictures").iterdir()))
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{anchor}"' in page
    assert "://" not in page.replace("http-equiv", "")
