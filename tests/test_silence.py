"""Nothing talks to a network: watched in every test (see conftest.py), and here with no network to talk to."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Where the network would be: none of it may be named outside Qt's search for a screen.
SPEAKING = (
    "import socket",
    "import ssl",
    "import http",
    "import urllib.request",
    "import requests",
    "import httpx",
    "QtNetwork",
)


def test_the_watch_hears(network_calls: list[str]) -> None:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.sendto(b"", ("192.0.2.1", 9))  # an address kept for documentation (RFC 5737)
    assert network_calls == ["socket.sendto ('192.0.2.1', 9)"]
    network_calls.clear()


def test_no_line_of_the_program_can_speak() -> None:
    files = [path for folder in ("desktop", "ui") for path in (ROOT / folder).rglob("*.py")]
    speaking = {
        path.relative_to(ROOT).as_posix()
        for path in files
        for line in path.read_text("utf-8").splitlines()
        if any(name in line for name in SPEAKING)
    }
    assert speaking <= {"ui/qtlibs.py"}


@pytest.mark.slow
@pytest.mark.qt
@pytest.mark.outside("unshare")
def test_the_tour_without_any_network(tmp_path: Path) -> None:
    """In a name space of its own with no interface, not even the loopback."""
    command = [
        "unshare",
        "--map-root-user",
        "--net",
        sys.executable,
        "-m",
        "ui",
        "tour",
        str(tmp_path / "pictures"),
    ]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
