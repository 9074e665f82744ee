"""Repeats: counting them in one article, labelling them, and the concordance. Run: pytest tests/bench --benchmark-only"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtWidgets import QApplication

from desktop import occurrences, projects, repeats
from desktop.bundle import Bundle, RawArticle, Record, Report, build
from desktop.imports import import_bundle
from desktop.model import Span
from desktop.occurrences import Form
from desktop.projects import default_scheme
from desktop.repeats import Place
from desktop.session import Session
from desktop.store import queries
from ui.hits import HitsTable

SENTENCES = [
    line for record in projects.sample(labels=False) for line in record.text.split("\n") if line.strip()
]
SIZES = {"7k": (7_000, 100), "100k": (100_000, 1_700), "1m": (1_000_000, 17_000)}
COUNT = 100_000


def text_of(length: int, seed: int = 1) -> str:
    dice, parts, size = random.Random(seed), [], 0
    while size < length:
        parts.append(dice.choice(SENTENCES))
        size += len(parts[-1]) + 1
    return "\n".join(parts)[:length]


def article_of(size: str) -> tuple[str, list[Span]]:
    length, count = SIZES[size]
    text = text_of(length)
    bounds = list(occurrences.words(text))
    dice = random.Random(2)
    spans = []
    for number, (start, _) in enumerate(sorted(dice.sample(bounds, min(count, len(bounds))))):
        end = min(len(text), start + dice.choice((6, 9, 14, 88)))
        spans.append(
            Span(key=number + 1, id=f"s{number}", start=start, end=end, label="actor", text=text[start:end],
                 fragments=((start, end),), annotator="A")
        )  # fmt: skip
    return text, spans


@pytest.mark.parametrize("size", SIZES)
def test_count_in_article(benchmark: Any, size: str) -> None:
    """What the tool row waits for when a label is picked."""
    text, spans = article_of(size)
    found = benchmark(lambda: list(occurrences.unlabelled(text, "Iraqi army", spans)))
    assert found or size == "7k"


@pytest.mark.parametrize("size", SIZES)
def test_repeats_of_all_forms(benchmark: Any, size: str) -> None:
    """Next unlabelled repeat, the first time after a change; on the store thread."""
    text, spans = article_of(size)
    benchmark.pedantic(occurrences.repeats, (text, spans), rounds=3)


def test_repeats_of_all_forms_near_the_caret_1m(benchmark: Any) -> None:
    text, spans = article_of("1m")
    benchmark.pedantic(occurrences.repeats, (text, spans, (), (400_000, 600_000)), rounds=3)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """100,000 articles of 4 kB."""
    made = projects.create(Path(tmp_path_factory.mktemp("bench")) / "p.tagline", "A")
    texts = [text_of(4_000, seed) for seed in range(200)]

    def records() -> Iterator[Record]:
        for number in range(COUNT):
            yield build(RawArticle(texts[number % 200], "f", "", id=f"a{number}", title="T"), "A", Report())

    import_bundle(made, Bundle(records), Report())
    yield made
    made.store.close()


def test_first_slice_of_100k_articles(benchmark: Any, session: Session) -> None:
    form = Form("Iraqi security forces")
    found = benchmark(lambda: repeats.scan_slice(session.store, form, "A", -1, repeats.SLICE // 10))
    assert found.places


def test_slice_of_100k_articles(benchmark: Any, session: Session) -> None:
    """How long a label may wait behind a running search."""
    form = Form("the Iraqi security forces")
    benchmark(lambda: repeats.scan_slice(session.store, form, "A", 50_000))


@pytest.mark.parametrize("phrase", ["Iraqi security forces", "no such phrase here"])
def test_scan_of_100k_articles(benchmark: Any, session: Session, phrase: str) -> None:
    benchmark.pedantic(lambda: sum(len(part) for part in repeats.scan(session.store, phrase, "A")), rounds=2)


def test_label_20000_places_of_100k_articles(benchmark: Any, session: Session) -> None:
    places: dict[int, list[tuple[int, int]]] = {}
    for part in repeats.scan(session.store, "Iraqi security forces", "A"):
        for place in part:
            places.setdefault(place.article, []).append((place.start, place.end))
        if sum(map(len, places.values())) >= 20_000:
            break
    benchmark.pedantic(repeats.label_everywhere, (session, places, "actor", "A"), rounds=1)
    assert queries.info(session.store)["spans"] >= 20_000


@pytest.fixture(scope="module")
def table() -> Iterator[HitsTable]:
    QApplication.instance() or QApplication([])
    table = HitsTable()
    table.hits.scheme = default_scheme()
    table.resize(1000, 620)
    table.show()
    yield table
    table.close()


PLACES = [
    Place(n // 10, "A title of an article", n, n + 4, "some words that come before ", "Rome", " and what comes after it",
          ("actor",) if n % 3 == 0 else ())
    for n in range(COUNT)
]  # fmt: skip


def test_add_2000_of_100k_hits(benchmark: Any, table: HitsTable) -> None:
    table.hits.add(PLACES)

    def clear() -> None:
        table.hits.clear()
        table.hits.add(PLACES[:-2000])

    benchmark.pedantic(lambda: table.hits.add(PLACES[-2000:]), setup=clear, rounds=10)


def test_filter_100k_hits(benchmark: Any, table: HitsTable) -> None:
    states = [True, False]

    def change() -> None:
        table.hits.narrow(states[0])
        states.reverse()
        QApplication.processEvents()

    benchmark(change)


def test_check_all_100k_hits(benchmark: Any, table: HitsTable) -> None:
    def check() -> None:
        table.hits.check(range(len(table.hits.rows)), True)
        QApplication.processEvents()

    benchmark(check)


def test_scroll_frame_of_100k_hits(benchmark: Any, table: HitsTable) -> None:
    bar = table.verticalScrollBar()

    def frame() -> None:
        bar.setValue((bar.value() + 977) % bar.maximum())
        table.viewport().grab()

    benchmark(frame)
