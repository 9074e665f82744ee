"""What a person waits for in the window: opening, scrolling, resizing, labelling. Run: pytest tests/bench --benchmark-only

Each asserts what is promised of it. The times are of the whole way: from the key or the choice until all is stored and
painted.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.text import words

Percentile = Callable[[Any, float], float]


@pytest.fixture
def fresh(desk: Any) -> Callable[[], None]:
    """Puts the caret into a word of the article in view that has no label, and shows it."""
    dice = random.Random(3)
    view = desk.window.view

    def places() -> Iterator[int]:
        while True:
            around = dice.randrange(max(1, len(view.text) - 400))
            spans = desk.window.labelling.reading.spans
            taken = {(span.start, span.end) for span in spans}
            for start, end in words(view.text, around, around + 400):
                if (start, end) not in taken and view.text[start:end].isalpha() and start > around:
                    yield start
                    break

    found = places()

    def go() -> None:
        position = next(found)
        view.set_caret(position)
        view.reveal(position, position)
        view.setFocus()
        desk.idle()

    return go


def opened(desk: Any, benchmark: Any, name: str) -> float:
    """The median time of choosing an article, from another one."""
    other = next(size for size in ("7k", "100k") if size != name)
    benchmark.pedantic(desk.open, (name,), setup=lambda: desk.open(other), rounds=12, warmup_rounds=1)
    return float(benchmark.stats.stats.median)


def test_open_7k(desk: Any, benchmark: Any) -> None:
    assert opened(desk, benchmark, "7k") <= 0.020


def test_open_100k(desk: Any, benchmark: Any) -> None:
    assert opened(desk, benchmark, "100k") <= 0.030


def test_open_1m(desk: Any, benchmark: Any) -> None:
    assert opened(desk, benchmark, "1m") <= 0.120


def test_scroll_1m(desk: Any, benchmark: Any, percentile: Percentile) -> None:
    desk.open("1m")
    bar = desk.window.view.verticalScrollBar()
    bar.setValue(0)

    def frame() -> None:
        bar.setValue((bar.value() + 93) % bar.maximum())
        QApplication.processEvents()

    benchmark.pedantic(frame, rounds=300, warmup_rounds=10)
    assert percentile(benchmark.stats.stats.data, 0.95) <= 0.008


def test_resize_1m(desk: Any, benchmark: Any, percentile: Percentile) -> None:
    desk.open("1m")
    desk.window.view.verticalScrollBar().setValue(40_000)
    widths = iter(range(1200, 1600, 7))

    def frame() -> None:
        desk.window.resize(next(widths), 900)
        QApplication.processEvents()

    benchmark.pedantic(frame, rounds=50, warmup_rounds=3)
    assert percentile(benchmark.stats.stats.data, 0.95) <= 0.016
    desk.window.resize(1440, 900)


def labelled(desk: Any, benchmark: Any, name: str, fresh: Callable[[], None]) -> Any:
    """The times from a label's key until the label is on the disk and on the page."""
    desk.open(name)
    window = desk.window

    def press() -> None:
        before = len(window.labelling.reading.spans)
        QTest.keyClick(window.view, Qt.Key.Key_E)
        desk.until(lambda: len(window.labelling.reading.spans) > before and window.work.pending == 0)
        assert window.status.saved == "saved"

    benchmark.pedantic(press, setup=fresh, rounds=60, warmup_rounds=5)
    return benchmark.stats.stats.data


def test_label_7k(desk: Any, benchmark: Any, fresh: Callable[[], None], percentile: Percentile) -> None:
    assert percentile(labelled(desk, benchmark, "7k", fresh), 0.95) <= 0.016


def test_label_100k(desk: Any, benchmark: Any, fresh: Callable[[], None], percentile: Percentile) -> None:
    assert percentile(labelled(desk, benchmark, "100k", fresh), 0.95) <= 0.016


def test_label_1m(desk: Any, benchmark: Any, fresh: Callable[[], None], percentile: Percentile) -> None:
    assert percentile(labelled(desk, benchmark, "1m", fresh), 0.95) <= 0.016
