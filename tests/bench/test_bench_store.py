"""What safety costs: a commit with any length of history, opening and backing up projects of 12 MB, 100 MB and 1 GB.

Run: pytest tests/bench/test_bench_store.py -n 0 --benchmark-only. The figures are in `extra_info` of the report, and
printed with -s. The largest project needs 4 GB of disk and some minutes.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer

from desktop import commands, compaction, projects
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.imports import import_bundle
from desktop.model import Article, Span
from desktop.session import Session
from desktop.store.backups import of_project
from desktop.store.store import Store

pytestmark = pytest.mark.timeout(3600)
Percentile = Callable[[Sequence[float], float], float]
STATES = ("new", "1,000 steps", "10,000 steps", "100,000 steps", "100,000 steps, compacted")
MEGABYTES = (12, 100, 1000)
ROUNDS = 300


def label(session: Session, number: int) -> None:
    """One of four things that a person does all day, each a commit."""
    deed, article = number % 4, 1 + number // 4 % 4
    if deed == 0:
        commands.set_flag(session, article, number % 8 < 4)
    elif deed == 1:
        commands.add_span(session, article, [(number % 5000, number % 5000 + 9)], "event", "A")
    else:
        (key,) = session.store.query("SELECT max(key) FROM span").fetchone()
        if deed == 2:
            commands.relabel(session, key, "claim")
        else:
            commands.remove_span(session, key)


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Session]]:
    """One project that grows: its states must be asked for in their order. Steps between two of them are not synced."""
    session = projects.create(tmp_path_factory.mktemp("bench") / "p.tagline", "A")
    records = [build(RawArticle("قال 🚀 word " * 600 + str(n), "f", str(n)), "A", Report()) for n in range(4)]
    import_bundle(session, Bundle(lambda: iter(records)), Report())
    done = 0

    def grown(state: str) -> Session:
        nonlocal done
        session.store.query("PRAGMA synchronous = OFF")
        wanted = int(state.split(maxsplit=1)[0].replace(",", "")) if state[0].isdigit() else 0
        while done < wanted:
            label(session, done)
            done += 1
        while state.endswith("compacted") and compaction.compact(session):
            pass
        session.store.query("PRAGMA synchronous = EXTRA")
        return session

    yield grown
    session.store.close()


@pytest.mark.parametrize("state", STATES)
def test_a_commit(
    state: str, histories: Callable[[str], Session], benchmark: Any, percentile: Percentile
) -> None:
    session = histories(state)
    number = iter(range(10**6))
    benchmark.pedantic(lambda: label(session, next(number)), rounds=ROUNDS, warmup_rounds=8)
    times = [1000 * seconds for seconds in benchmark.stats.stats.data]
    told = {
        name: round(percentile(times, share), 2)
        for name, share in (("median", 0.5), ("p95", 0.95), ("p99", 0.99))
    }
    benchmark.extra_info.update(told)
    print(f"\ncommit, {state}: {told} ms")


def span(article: int, at: int, text: str) -> Span:
    """A label of nine characters."""
    return Span(article=article, id=f"s{at}", start=at, end=at + 9, label="event", text=text[at : at + 9],
                fragments=((at, at + 9),), annotator="ana")  # fmt: skip


@pytest.fixture(scope="module", params=MEGABYTES, ids=lambda size: f"{size} MB")
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of about so many megabytes: articles of 200 kB, some labels on each."""
    path = tmp_path_factory.mktemp("large") / "p.tagline"
    session = projects.create(path, "ana")
    stock = "".join(random.Random(1).choices("qéabcdefgh  \n", k=150_000))
    with session.step("Fill"):
        for number in range(request.param * 5):
            text = f"{number} {stock[number:]}"
            body = text.encode()
            article = Article(
                id=f"a{number}",
                title=f"Article {number}",
                length=len(text),
                text_sha256=hashlib.sha256(body).hexdigest(),
            )
            key = session.add_article(article, text).key
            session.put_new("span", [span(key, at, text).__dict__ for at in range(0, 5000, 50)])
    session.store.close()
    return path


def test_opening(large: Path, benchmark: Any) -> None:
    def there_and_back() -> None:
        Store.open(large).close()

    benchmark.pedantic(there_and_back, rounds=3)
    benchmark.extra_info["megabytes"] = round(large.stat().st_size / 1e6)
    print(f"\nopen {large.stat().st_size / 1e6:.0f} MB: {1000 * benchmark.stats.stats.median:.0f} ms")


def test_a_backup_and_the_window_meanwhile(
    large: Path, benchmark: Any, open_window: Any, tmp_path: Path
) -> None:
    """From asking for a backup until it is checked; how long the window was not there for anybody, at the longest."""
    desk = open_window(large)
    desk.window.settings.backup_folder = str(tmp_path)
    desk.window.care.backups._settled.stop()
    desk.idle()
    beats: list[float] = []
    heart = QTimer(desk.window, interval=2)
    heart.timeout.connect(lambda: beats.append(time.perf_counter()))

    def back_up() -> None:
        heart.start()
        desk.window.care.backups._make("hand")
        desk.until(lambda: of_project(tmp_path, large), seconds=600)
        heart.stop()

    benchmark.pedantic(back_up, rounds=1)
    longest = max((b - a for a, b in pairwise(beats)), default=0.0)
    benchmark.extra_info.update(
        {"megabytes": round(large.stat().st_size / 1e6), "longest_stall_ms": round(1000 * longest, 1)}
    )
    print(
        f"\nbackup of {large.stat().st_size / 1e6:.0f} MB: {benchmark.stats.stats.median:.1f} s, longest stall {1000 * longest:.1f} ms"
    )
    desk.window.close()
