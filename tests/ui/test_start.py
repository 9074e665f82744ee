"""What the start does not wait for: by the first painted frame none of this is loaded, and only the page in view is laid out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ui.ahead import MODULES

ROOT = Path(__file__).parents[2]
# A module stands for all that is in it. Each of these is loaded when it is used.
LATER = {
    "desktop.archives", "desktop.cli", "desktop.columns", "desktop.datasets", "desktop.decoding", "desktop.details",
    "desktop.exporting", "desktop.figures", "desktop.fixing", "desktop.furniture", "desktop.growth", "desktop.history",
    "desktop.imports", "desktop.intake", "desktop.languages", "desktop.mapping", "desktop.preview", "desktop.repairs",
    "desktop.salvage", "desktop.scheme_edits", "desktop.scheme_steps", "desktop.sources", "desktop.store.backups",
    "desktop.store.carving", "desktop.store.verify", "desktop.templates",
    "desktop.formats.brat", "desktop.formats.conll", "desktop.formats.csvtables", "desktop.formats.documents",
    "desktop.formats.huggingface", "desktop.formats.jsonl", "desktop.formats.tokens",
    "ui.about", "ui.article_flow", "ui.care", "ui.charts", "ui.check_page", "ui.concordance", "ui.details_dialog", "ui.dialogs",
    "ui.export_dialog", "ui.export_form", "ui.hits", "ui.import_preview", "ui.keys_dialog", "ui.list_page", "ui.new_dialog",
    "ui.past", "ui.reading", "ui.scheme_flow", "ui.scheme_page", "ui.statistics_flow", "ui.statistics_page", "ui.tour", "ui.transfer",
    "asyncio", "charset_normalizer", "cassis", "docx", "duckdb", "email.parser", "http", "lxml", "multiprocessing", "numpy",
    "openpyxl", "pydantic.v1", "pypdfium2", "PySide6.QtNetwork", "PySide6.QtTest", "spacy", "trafilatura", "unittest", "xml",
}  # fmt: skip
PROGRAM = """
import sys
from ui import __main__, app
from desktop.settings import Settings
program, window = app.start(["tagline"], Settings(annotator="ana"), keep=lambda settings: None)
program.processEvents()
print(*sorted(sys.modules))
print(window.pages.count(), window.welcome.isVisible())
window.close()
"""


def test_the_first_frame_waits_for_nothing_it_does_not_show() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    modules, pages = run.stdout.splitlines()
    loaded = set(modules.split())
    assert "ui.welcome" in loaded
    early = {name for name in loaded if any(name == late or name.startswith(f"{late}.") for late in LATER)}
    assert early == set()
    assert pages == "1 True"


AFTERWARDS = """
import sys, time
from ui import __main__, ahead, app
from desktop.settings import Settings
program, window = app.start(["tagline"], Settings(annotator="ana"), keep=lambda settings: None)
loader = window.findChild(ahead.Ahead)
end = time.monotonic() + 50
while loader.left and time.monotonic() < end:
    program.processEvents()
    time.sleep(0.002)
print(*sorted(sys.modules))
window.close()
"""
HEAVY = {
    "asyncio",
    "charset_normalizer",
    "cassis",
    "docx",
    "duckdb",
    "lxml",
    "numpy",
    "openpyxl",
    "pypdfium2",
    "spacy",
    "trafilatura",
}


@pytest.mark.slow
def test_pages_are_loaded_while_nobody_waits_and_heavy_libraries_are_not() -> None:
    run = subprocess.run(
        [sys.executable, "-c", AFTERWARDS],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.split())
    assert loaded >= set(MODULES)
    assert loaded & HEAVY == set()
