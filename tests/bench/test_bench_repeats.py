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

from desktop import occurrences, projects, repeats, searching
from desktop.bundle import Bundle, RawArticle, Record, Report, build
from desktop.imports import import_bundle
from desktop.model import Span
from desktop.projects import default_scheme
from desktop.query import Query
from desktop.searching import Place
from desktop.session import Session
from desktop.store import queries
from ui.hits_table import HitsTable

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


def scan(session: Session, query: Query) -> list[Place]:
    search, found = searching.search(query, "A"), []
    while True:
        part = search.slice(session.store)
        found += part.places
        if part.done:
            return found


def test_first_slice_of_100k_articles(benchmark: Any, session: Session) -> None:
    query = Query("Iraqi security forces")
    found = benchmark(lambda: searching.search(query, "A").slice(session.store))
    assert found.places


@pytest.mark.parametrize("phrase", ["Iraqi security forces", "no such phrase here"])
def test_scan_of_100k_articles(benchmark: Any, session: Session, phrase: str) -> None:
    benchmark.pedantic(lambda: len(scan(session, Query(phrase))), rounds=2)


def test_scan_for_a_pattern(benchmark: Any, session: Session) -> None:
    benchmark.pedantic(lambda: len(scan(session, Query(r"Iraqi \w+ forces", "pattern"))), rounds=2)


def test_label_20000_places_of_100k_articles(benchmark: Any, session: Session) -> None:
    places: dict[int, list[tuple[int, int]]] = {}
    for place in scan(session, Query("Iraqi security forces")):
        places.setdefault(place.article, []).append((place.start, place.end))
    benchmark.pedantic(repeats.label_hits, (session, places, "actor", "A"), rounds=1)
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
    Place(n // 10, "a", "A title of an article", n, n + 4, "some words that come before ", "Rome", " and what comes after it",
          ("actor",) if n % 3 == 0 else ())
    for n in range(COUNT)
]  # fmt: skip


def test_add_2000_of_100k_hits(benchmark: Any, table: HitsTable) -> None:
    table.hits.add(PLACES)

    def clear() -> None:
        table.hits.clear()
        table.hits.add(PLACES[:-2000])

    benchmark.pedantic(lambda: table.hits.add(PLACES[-2000:]), setup=clear, rounds=10)


def test_put_100k_hits_in_order(benchmark: Any, table: HitsTable) -> None:
    orders = [list(reversed(range(COUNT))), list(range(COUNT))]

    def change() -> None:
        table.hits.put_in_order(orders[0])
        orders.reverse()
        QApplication.processEvents()

    benchmark(change)


def test_tick_all_100k_hits(benchmark: Any, table: HitsTable) -> None:
    def tick() -> None:
        table.hits.tick(range(len(table.hits.rows)), True)
        QApplication.processEvents()

    benchmark(tick)


def test_scroll_frame_of_100k_hits(benchmark: Any, table: HitsTable) -> None:
    bar = table.verticalScrollBar()

    def frame() -> None:
        bar.setValue((bar.value() + 977) % bar.maximum())
        table.viewport().grab()

    benchmark(frame)
