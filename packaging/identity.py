"""What the program is called, in one place for all installers."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = "tagline"
TITLE = "Tagline"
APP_ID = "org.tagline.tagline"
MIME_TYPE = "application/vnd.tagline.project"
SUFFIX = ".tagline"
SUMMARY = "Tag articles on the desktop, offline"


def version() -> str:
    """The version of the program, read without importing it."""
    text = (ROOT / "desktop" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError("desktop/__init__.py has no __version__")
    return found[1]


def epoch() -> int:
    """Seconds since 1970 that stand for all times in the artefacts: SOURCE_DATE_EPOCH, else the time of the last commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    said = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(said.stdout)
