"""The table of formats: it names what there is, and reading it loads no code of a format."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from desktop.formats import FORMATS
from desktop.formats.base import Format

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.id)
def test_every_function_in_the_table_is_there(format: Format) -> None:
    for function in (format.read, format.write, format.read_back, format.sniff, format.gather):
        if function:
            module, name = str(function).rsplit(".", 1)
            assert callable(getattr(import_module(module), name))


def test_reading_the_table_loads_no_format() -> None:
    program = "import sys, desktop.formats; print(*(name for name in sys.modules if 'formats.' in name))"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(run.stdout.split()) == {f"desktop.formats.{name}" for name in ("base", "receipt", "traits")}
