"""The tools that read the code: each must have nothing to say. Their settings are in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def silent(*command: str) -> None:
    __tracebackhide__ = True
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout}{result.stderr}"


def test_ruff_check() -> None:
    silent("ruff", "check")


def test_ruff_format() -> None:
    silent("ruff", "format", "--check", "--diff")


def test_mypy() -> None:
    silent("mypy")
