"""An export that is stopped at any moment, by Ctrl+C or by a signal, leaves nothing behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import projects
from desktop.bundle import Bundle, RawArticle, RawSpan, Record, Report, build
from desktop.imports import import_bundle

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")


def records() -> Iterator[Record]:
    for number in range(1000):
        text = f"Report {number}: " + "troops left Mosul 🚀 and went to Baghdad. " * 20
        places = [(place, place + 6) for place in range(10, 800, 40)]
        spans = [RawSpan("actor", (place,), text[slice(*place)]) for place in places]
        yield build(RawArticle(text, "f", "", id=f"a{number}", spans=spans), "A", Report())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stopped") / "p.tagline"
    session = projects.create(path, "A")
    import_bundle(session, Bundle(records), Report())
    session.store.close()
    return path


def exporting(project: Path, folder: Path, formats: tuple[str, ...]) -> subprocess.Popen[str]:
    words = [word for name in formats for word in ("--format", name)]
    command = [sys.executable, "-m", "desktop", "export", str(project), str(folder), *words, "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def reach(work: subprocess.Popen[str], place: Path, stage: str) -> None:
    """Wait until an export has come to a file."""
    end = time.monotonic() + 60
    while not list(place.glob(stage)):
        assert work.poll() is None, work.communicate()
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.mark.parametrize(
    ("stage", "number"),
    [("*", "SIGINT"), ("*/jsonl/*", "SIGTERM"), ("*/csv/*", "SIGINT"), ("*/brat/*/*", "SIGTERM")],
)
def test_nothing_is_left(stage: str, number: str, project: Path, tmp_path: Path) -> None:
    place = tmp_path / "deep"
    place.mkdir()
    work = exporting(project, place / "out", ("jsonl", "csv", "brat"))
    reach(work, place, f".out.partial-{stage}")
    work.send_signal(getattr(signal, number))
    said, _ = work.communicate(timeout=60)
    assert work.returncode == 1
    assert json.loads(said)["error"]["message"] == "stopped; nothing was changed"
    assert list(place.iterdir()) == []
    assert [path.name for path in project.parent.iterdir()] == [project.name]
