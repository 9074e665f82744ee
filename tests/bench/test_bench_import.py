"""Imports of 10,000 and 100,000 articles of 4 kB: time, and the most memory a process of its own needs for them.

Bounds: 10,000 articles in 10 s and 250 MB; the same with 60 spans each in 30 s; 100,000 in 2 minutes with flat memory.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LABELS = ("event", "actor", "location", "claim")
PROGRAM = """
import resource, sys, time
from pathlib import Path
from desktop import intake, projects
session = projects.create(Path(sys.argv[1]), "A")
begun, busy = time.perf_counter(), time.process_time()
report = intake.bring_in(session, intake.Wishes([Path(sys.argv[2])]), "A")
took, busy = time.perf_counter() - begun, time.process_time() - busy
session.store.close()
print(report.articles, report.spans, took, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def text(draw: random.Random, words: list[str]) -> str:
    made: list[str] = []
    length = 0
    while length < 4000:
        sentence = " ".join(draw.choices(words, k=draw.randint(8, 25))).capitalize() + draw.choice(
            (". ", ".\n\n")
        )
        made.append(sentence)
        length += len(sentence)
    return "".join(made)[:4000]


def spans(draw: random.Random, body: str, count: int) -> list[dict[str, Any]]:
    made = []
    for _ in range(count):
        start = draw.randrange(len(body) - 30)
        end = start + draw.randint(3, 25)
        made.append({"start": start, "end": end, "label": draw.choice(LABELS), "text": body[start:end]})
    return made


def lines(path: Path, count: int, each: int) -> Path:
    """A file of articles, the same each time."""
    draw = random.Random(7)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(2, 10))) for _ in range(5000)]
    with path.open("w", encoding="utf-8") as file:
        for _ in range(count):
            body = text(draw, words)
            file.write(json.dumps({"text": body, "spans": spans(draw, body, each)}) + "\n")
    return path


def imported(project: Path, source: Path) -> tuple[int, int, float, float, int]:
    """Articles, spans, seconds, those of the processor (they tell more where others use it), and the most memory in MB."""
    command = [sys.executable, "-c", PROGRAM, str(project), str(source)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=600)
    articles, found, took, busy, memory = done.stdout.split()
    return int(articles), int(found), float(took), float(busy), int(memory)


def measure(
    benchmark: Any, folder: Path, count: int, *, each: int = 0, seconds: float, megabytes: int = 250
) -> None:
    source = lines(folder / "a.jsonl", count, each)
    numbers = iter(range(99))
    articles, found, took, busy, memory = benchmark.pedantic(
        lambda: imported(folder / f"{next(numbers)}.tagline", source), rounds=1
    )
    benchmark.extra_info.update(seconds=took, processor=busy, megabytes=memory)
    assert (articles, found) == (count, count * each)
    assert took < seconds
    assert memory < megabytes


@pytest.mark.timeout(900)
def test_import_10k(benchmark: Any, tmp_path: Path) -> None:
    measure(benchmark, tmp_path, 10_000, seconds=10)


@pytest.mark.timeout(900)
def test_import_10k_spans(benchmark: Any, tmp_path: Path) -> None:
    measure(benchmark, tmp_path, 10_000, each=60, seconds=30)


@pytest.mark.timeout(900)
def test_import_100k(benchmark: Any, tmp_path: Path) -> None:
    measure(benchmark, tmp_path, 100_000, seconds=120)
