"""How long the article view takes for a frame. Run with: pytest tests/bench -p no:cacheprovider --benchmark-only

The bar: 1 MB of text with 17,000 spans scrolls in 5 ms a frame.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtWidgets import QApplication

from desktop.model import Colour, Colours, Label, Scheme, Span
from desktop.text import words
from ui.textview import ArticleView

SHADES = Colour(background="#1b5fbf", text="#000000", line="#1b5fbf")
NAMES = ("event", "actor", "location", "claim")
SCHEME = Scheme(
    scheme="bench",
    labels=tuple(Label(name=n, key=n[0], colours=Colours(light=SHADES, dark=SHADES)) for n in NAMES),
)
SIZE, SPANS, FRAME = 1_000_000, 17_000, 0.005


def big_text() -> str:
    chance = random.Random(1)
    stock = [
        "the",
        "army",
        "said",
        "rockets",
        "hit",
        "a",
        "base",
        "near",
        "Baghdad",
        "while",
        "officials",
        "in",
        "Syria",
        "spoke",
        "of",
        "attacks",
    ]
    lines = []
    while sum(map(len, lines)) < SIZE:
        lines += [" ".join(chance.choices(stock, k=chance.randrange(5, 120))) + "." for _ in range(200)]
    return "\n".join(lines)[:SIZE]


def big_spans(text: str) -> list[Span]:
    """Words, and a claim over a sentence's length round every tenth of them."""
    chance = random.Random(2)
    found = sorted(chance.sample(list(words(text)), SPANS))
    result = []
    for key, (start, end) in enumerate(found, 1):
        label = NAMES[key % 3]
        if key % 10 == 0:
            start, end, label = max(0, start - 60), min(len(text), end + 90), "claim"  # noqa: PLW2901
        result.append(
            Span(
                key=key,
                id=str(key),
                start=start,
                end=end,
                label=label,
                text="",
                fragments=((start, end),),
                annotator="a",
            )
        )
    return result


@pytest.fixture(scope="module")
def view() -> Iterator[ArticleView]:
    app = QApplication.instance() or QApplication([])
    text = big_text()
    shown = ArticleView()
    shown.resize(800, 800)
    shown.show()
    shown.show_article(text, "A megabyte", "of text", ())
    shown.show_spans(big_spans(text), SCHEME)
    app.processEvents()
    yield shown
    shown.close()


def test_scroll_frame(view: ArticleView, benchmark: Any) -> None:
    bar = view.verticalScrollBar()

    def frame() -> None:
        bar.setValue(bar.value() + 93)
        QApplication.processEvents()

    benchmark.pedantic(frame, rounds=200, warmup_rounds=10)
    assert benchmark.stats.stats.median <= FRAME


def test_jump(view: ArticleView, benchmark: Any) -> None:
    bar, chance = view.verticalScrollBar(), random.Random(3)

    def jump() -> None:
        bar.setValue(chance.randrange(bar.maximum()))
        QApplication.processEvents()

    benchmark.pedantic(jump, rounds=60)


def test_resize(view: ArticleView, benchmark: Any) -> None:
    widths = iter(range(700, 2000))

    def resize() -> None:
        view.resize(next(widths), 800)
        QApplication.processEvents()

    benchmark.pedantic(resize, rounds=40)
    view.resize(800, 800)


def test_one_more_span(view: ArticleView, benchmark: Any) -> None:
    spans = list(view._sheet.layer)
    extra = spans[5000].model_copy(update={"key": SPANS + 1, "label": "location"})

    def again() -> None:
        view.show_spans([*spans, extra], SCHEME)
        QApplication.processEvents()

    benchmark.pedantic(again, rounds=10)
