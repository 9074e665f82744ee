"""[export_10k]: 10,000 articles of about 4 kB with 60 spans each, from the project file to a dataset that is read back; and the
memory that each format needs for them, in a process of its own.

`python tests/bench/test_bench_export.py FOLDER ARTICLES FORMAT…` makes such a project and says how long an export of it takes
and how much memory it needs at most. With TAGLINE_BENCH_LARGE set the memory of 100,000 articles is measured, which takes hours.
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop import projects, receipts
from desktop.bundle import Bundle, RawArticle, RawSpan, Record, Report, build
from desktop.datasets.export import ExportOptions, export
from desktop.formats import writable
from desktop.imports import import_bundle
from desktop.store import queries
from desktop.store.store import Store

ROOT = Path(__file__).parents[2]
ARTICLES, SPANS, LENGTH = 10_000, 60, 4_000
# Megabytes that three or ten times as many articles may take more.
GROWTH = 60
LARGE = bool(os.environ.get("TAGLINE_BENCH_LARGE"))
SHORT = ("event", "actor", "location")


def sentences() -> list[str]:
    """Those of the five articles in seeds/."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    return [s for text in texts for s in re.split(r"(?<=\.)\s+|\n+", text) if len(s) > 30]


def record(number: int, known: list[str], *, cutting: bool = False) -> Record:
    """An article of sentences in any order, with names and numbers of its own; spans of one to four words, and of sentences.

    `cutting` spans begin inside a word.
    """
    dice = random.Random(number)
    text, whole = f"Report {number} 🚀 from Town{number % 5_000}.\n", []
    while len(text) < LENGTH:
        start = len(text)
        text += dice.choice(known) + f" It was Agent{dice.randrange(40_000)} on day {dice.randrange(365)}.\n"
        whole.append((start, len(text) - 1))
    words = [match.span() for match in re.finditer(r"\w\w+" if cutting else r"\w+", text)]
    spans = [RawSpan("claim", (dice.choice(whole),), "") for _ in range(SPANS // 10)]
    while len(spans) < SPANS:
        first = dice.randrange(len(words) - 4)
        place = (words[first][0] + cutting, words[first + dice.randrange(4)][1])
        spans.append(
            RawSpan(dice.choice(SHORT), (place,), "", attributes={"kind": "state"} if first % 5 == 0 else {})
        )
    raw = RawArticle(text, "f", "", id=f"a{number}", language="en", spans=spans, status={"A": "done"})
    return build(raw, "A", Report())


def project(path: Path, articles: int, *, cutting: bool = False) -> None:
    """A project file with so many articles."""
    known = sentences()

    def records() -> Iterator[Record]:
        return (record(number, known, cutting=cutting) for number in range(articles))

    session = projects.create(path, "A")
    import_bundle(session, Bundle(records), Report())
    session.store.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / f"{ARTICLES}.tagline"
    project(path, ARTICLES)
    return path


@pytest.fixture(scope="module")
def store(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    copy = shutil.copyfile(made, tmp_path_factory.mktemp("export") / made.name)
    session = projects.open_project(copy, "A")
    yield session.store
    session.store.close()


def seconds(benchmark: Any, store: Store, format: str, folder: Path) -> float:
    """The median time of an export."""
    done = benchmark.pedantic(
        lambda: export(queries.bundle(store), folder / "out", ExportOptions((format,))),
        setup=lambda: shutil.rmtree(folder / "out", ignore_errors=True), rounds=3,
    )  # fmt: skip
    assert [(r.articles, r.spans_in, r.verified) for r in done.receipts] == [
        (ARTICLES, ARTICLES * SPANS, True)
    ]
    return float(benchmark.stats.stats.median)


@pytest.mark.timeout(1800)
def test_export_10k_jsonl(benchmark: Any, store: Store, tmp_path: Path) -> None:
    assert seconds(benchmark, store, "jsonl", tmp_path) <= 15


@pytest.mark.timeout(1800)
def test_export_10k_huggingface(benchmark: Any, store: Store, tmp_path: Path) -> None:
    assert seconds(benchmark, store, "huggingface", tmp_path) <= 40


@pytest.mark.timeout(1800)
def test_export_10k_spacy(benchmark: Any, store: Store, tmp_path: Path) -> None:
    assert seconds(benchmark, store, "spacy", tmp_path) <= 120


def most(folder: Path, format: str, articles: int = ARTICLES) -> int:
    """The megabytes that an export of the project in `folder` takes at most, in a process of its own."""
    command = [sys.executable, __file__, str(folder), str(articles), format]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    found = re.search(r"(\d+) MB at most", said)
    assert found, said
    return int(found[1])


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("format", [format.id for format in writable()])
def test_export_10k_memory(format: str, made: Path) -> None:
    assert most(made.parent, format) <= 400


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("larger") / f"{100_000 if LARGE else 30_000}.tagline"
    project(path, int(path.stem))
    return path


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("format", [format.id for format in writable()] if LARGE else ["jsonl"])
def test_export_memory_is_flat(format: str, made: Path, larger: Path) -> None:
    least, held = most(made.parent, format), most(larger.parent, format, int(larger.stem))
    assert held <= min(400, least + GROWTH)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("format", ["conll", "spacy"])
def test_export_10k_memory_when_nearly_every_label_is_moved(format: str, tmp_path: Path) -> None:
    project(tmp_path / f"{ARTICLES}.tagline", ARTICLES, cutting=True)
    assert most(tmp_path, format) <= 400
    told = receipts.read(tmp_path / "out").receipt["formats"][0]
    assert told["changed"].total + told["left_out"].total > ARTICLES * SPANS // 2


def main(folder: Path, articles: int, formats: list[str]) -> None:
    path = folder / f"{articles}.tagline"
    if not path.exists():
        project(path, articles)
        print("made; now run again, so that memory is that of the export alone")
        return
    session = projects.open_project(path, "A")
    for name in formats:
        shutil.rmtree(folder / "out", ignore_errors=True)
        wall, own = time.perf_counter(), time.process_time()
        export(queries.bundle(session.store), folder / "out", ExportOptions((name,)))
        wall, own = time.perf_counter() - wall, time.process_time() - own
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{name}: {wall:.1f} s, {own:.1f} s of the processor, {held} MB at most")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
