"""How long the core takes where a person waits for it. Run with: pytest tests/bench --benchmark-only"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop import commands, projects
from desktop.bundle import Bundle, RawArticle, RawSpan, Record, Report, build
from desktop.datasets.checks import check
from desktop.imports import import_bundle
from desktop.session import Session
from desktop.store import queries
from desktop.store.lines import article_lines

LABELS = ("event", "actor", "location", "claim")
SENTENCE = "🚀 قال محمد: hit cafe\u0301 in Tel\u00a0Aviv, once more 👩‍👩‍👧.\n"


def record(name: str, spans: int, sentences: int = 300) -> Record:
    text = f"{name}\n" + SENTENCE * sentences
    dice = random.Random(name)
    raw = [
        RawSpan(dice.choice(LABELS), ((start, start + dice.randint(1, 40)),), "")
        for start in (dice.randrange(len(text) - 40) for _ in range(spans))
    ]
    return build(RawArticle(text, "f", "", id=name, spans=raw), "A", Report())


def bundle(articles: int, spans: int, sentences: int = 300) -> Bundle:
    made = [record(f"a{number}", spans, sentences) for number in range(articles)]
    return Bundle(lambda: iter(made))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "A")
    yield made
    made.store.close()


def test_commit_of_a_span(benchmark: Any, session: Session) -> None:
    import_bundle(session, bundle(1, 100), Report())
    places = iter(range(10**9))

    def label() -> None:
        start = next(places) % 15_000
        commands.add_span(session, 1, [(start, start + 3)], "event", "A")

    benchmark.pedantic(label, rounds=300, warmup_rounds=10)


def test_commit_of_a_span_among_5000(benchmark: Any, session: Session) -> None:
    import_bundle(session, bundle(1, 5000), Report())
    places = iter(range(10**9))

    def label() -> None:
        start = next(places) % 15_000
        commands.apply_label(session, 1, start, start + 3, "event", "A")

    benchmark.pedantic(label, rounds=50, warmup_rounds=3)


def test_reading_an_article_with_5000_spans(benchmark: Any, session: Session) -> None:
    import_bundle(session, bundle(1, 5000), Report())
    found = benchmark(queries.reading, session.store, 1, "A")
    assert len(found.spans) == 5000


def test_checking_an_article_with_5000_spans(benchmark: Any) -> None:
    made = bundle(1, 5000)
    assert benchmark(lambda: sum(1 for _ in check(made, projects.default_scheme()))) > 1000


def test_import_of_50000_spans(benchmark: Any, session: Session) -> None:
    given = bundle(100, 500)
    benchmark.pedantic(
        lambda: import_bundle(session, given, Report()), setup=lambda: session.undo() and None, rounds=3
    )
    assert queries.info(session.store)["spans"] == 50_000


def test_undo_of_an_import_of_50000_spans(benchmark: Any, session: Session) -> None:
    import_bundle(session, bundle(100, 500), Report())
    benchmark.pedantic(session.undo, setup=lambda: session.redo() and None, rounds=3)
    assert queries.info(session.store)["spans"] == 0


def test_redo_of_an_import_of_50000_spans(benchmark: Any, session: Session) -> None:
    import_bundle(session, bundle(100, 500), Report())
    benchmark.pedantic(session.redo, setup=lambda: session.undo() and None, rounds=3)
    assert queries.info(session.store)["spans"] == 50_000


def test_list_of_100000_articles(benchmark: Any, session: Session) -> None:
    def records() -> Iterator[Record]:
        for number in range(100_000):
            yield record(f"a{number}", 2, 1)

    import_bundle(session, Bundle(records), Report())
    lines = benchmark.pedantic(article_lines, (session.store, "A"), rounds=5)
    assert len(lines) == 100_000
