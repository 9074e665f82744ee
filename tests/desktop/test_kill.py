"""Killed at any moment, a project holds every label that was reported as stored."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop import projects
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.imports import import_bundle
from desktop.store import queries

ROOT = Path(__file__).parents[2]
TEXT = "🚀 قال cafe\u0301 in Tel\u00a0Aviv 👩‍👩‍👧 " * 400
WRITER = """
import sys
from pathlib import Path
from desktop import commands, projects
from desktop.store import queries
session = projects.open_project(Path(sys.argv[1]), "A")
first = len(queries.spans(session.store, 1))
print("ready", flush=True)
for n in range(first, 10**6):
    span = commands.add_span(session, 1, [(n % 9000, n % 9000 + 3)], "event", "A")
    print(span.id, flush=True)
    if n % 7 == 0:
        commands.relabel(session, span.key, "claim")
        print("claim", span.id, flush=True)
    if n % 11 == 0:
        session.undo()
        session.redo()
"""
IMPORTER = """
import sys
from pathlib import Path
from desktop import projects
from desktop.bundle import Bundle, RawArticle, RawSpan, Report, build
from desktop.imports import import_bundle
session = projects.open_project(Path(sys.argv[1]), "A")
spans = [RawSpan("event", ((n, n + 3),), str(n)) for n in range(0, 200, 2)]
print("ready", flush=True)
for n in range(10**6):
    text = f"{sys.argv[2]}-{n} cafe\u0301 🚀 قال " * 40
    records = [build(RawArticle(f"{k} {text}", "f", str(k), spans=spans), "A", Report()) for k in range(4)]
    import_bundle(session, Bundle(lambda: iter(records)), Report())
    print(n, flush=True)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")


def write_and_kill(path: Path, seconds: float, writer_of: str = WRITER, name: str = "") -> list[str]:
    """What a writer reported before it was killed."""
    command = [sys.executable, "-c", writer_of, str(path), name]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"ready\n"
        first = writer.stdout.readline()  # on a slow machine too, something is stored before the kill
        killer = threading.Timer(seconds, writer.kill)
        killer.start()
        said = first + writer.stdout.read()
        killer.join()
    assert writer.returncode == -signal.SIGKILL
    # The last line may be torn by the kill; what is stored may be more than what was said.
    return said.decode().split("\n")[:-1]


def check_rounds(path: Path, rounds: int) -> None:
    dice = random.Random(rounds)
    session = projects.create(path, "A")
    record = build(RawArticle(TEXT, "f", ""), "A", Report())
    import_bundle(session, Bundle(lambda: iter([record])), Report())
    session.store.close()
    ids: set[str] = set()
    claims: set[str] = set()
    for _ in range(rounds):
        said = write_and_kill(path, dice.uniform(0.01, 0.25))
        ids |= {line for line in said if " " not in line}
        claims |= {line.split()[1] for line in said if " " in line}
        session = projects.open_project(path, "A")
        stored = {span.id: span for span in queries.spans(session.store, 1)}
        assert not session.store.integrity_problems()
        assert all(TEXT[span.start : span.end] == span.text for span in stored.values())
        if session.redo():  # killed between an undo and its redo: what was undone waits in the journal
            stored = {span.id: span for span in queries.spans(session.store, 1)}
        session.store.close()
        assert ids <= stored.keys()
        assert all(stored[name].label == "claim" for name in claims)
    assert len(ids) >= rounds
    assert list(path.parent.iterdir()) == [path]


def check_imports(path: Path, rounds: int) -> None:
    dice = random.Random(rounds)
    projects.create(path, "A").store.close()
    stored = 0
    for round_ in range(rounds):
        said = write_and_kill(path, dice.uniform(0.02, 0.4), IMPORTER, str(round_))
        session = projects.open_project(path, "A")
        assert not session.store.integrity_problems()
        found = queries.info(session.store)
        session.store.close()
        assert found["articles"] % 4 == 0, "half an import"
        assert found["spans"] == found["articles"] * 100, "articles without their labels"
        assert found["articles"] >= stored + 4 * len(said), "an import that was reported is not there"
        stored = found["articles"]
    assert stored >= 4 * rounds


def test_killed_now_and_then(tmp_path: Path) -> None:
    check_rounds(tmp_path / "p.tagline", 8)


def test_killed_while_importing(tmp_path: Path) -> None:
    check_imports(tmp_path / "p.tagline", 3)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_often(tmp_path: Path) -> None:
    check_rounds(tmp_path / "p.tagline", 140)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_often_while_importing(tmp_path: Path) -> None:
    check_imports(tmp_path / "p.tagline", 60)
