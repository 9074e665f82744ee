from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.layer import Layer
from desktop.model import Article, Scheme, Span
from desktop.projects import default_scheme
from desktop.store.queries import Reading
from ui.inspector import Inspector
from ui.span_filter import MOST, SpanFilter, SpanSift
from ui.span_list import SHOW_ALL, rows_of

SCHEME: Scheme = default_scheme()
TEXT = "Iraq said that rockets hit Erbil\u00a0in\nIraq. محمد 👩‍👩‍👧 left."


def span(key: int, text: str, label: str, **more: Any) -> Span:
    start = TEXT.index(text)
    return Span(key=key, id=f"s{key}", start=start, end=start + len(text), label=label, text=text,
                fragments=((start, start + len(text)),), annotator="A", **more)  # fmt: skip


SPANS = [
    span(1, "Iraq", "location", attributes={"entity": "IQ"}),
    span(2, "rockets hit Erbil\u00a0in\nIraq", "claim"),
    span(3, "rockets", "event", note="which ones?"),
    span(4, "محمد", "actor"),
]
READING = Reading(
    Article(key=1, id="a", title="Iraq", text_sha256="0", length=len(TEXT)),
    TEXT,
    SPANS,
    [],
    [],
    "in_progress",
)


@pytest.mark.parametrize(
    ("sift", "keys"),
    [
        (SpanSift(), [1, 2, 3, 4]),
        (SpanSift("IRAQ"), [1, 2]),
        (SpanSift("in iraq"), [2]),
        (SpanSift("iraq rock"), [2]),
        (SpanSift("which"), [3]),
        (SpanSift("iq"), [1]),
        (SpanSift("محمد"), [4]),
        (SpanSift("", frozenset({"event", "actor"})), [3, 4]),
        (SpanSift("rockets", frozenset({"event"})), [3]),
        (SpanSift("  "), [1, 2, 3, 4]),
    ],
)
def test_words_and_labels(sift: SpanSift, keys: list[int]) -> None:
    assert [span.key for span in Layer.of(SPANS).only(sift.takes)] == keys
    assert [row.key for row in rows_of(READING, SCHEME, sift)[1:]] == keys


@given(text=st.text(max_size=8), labels=st.frozensets(st.sampled_from(("event", "actor", "claim", "gone"))))
def test_a_filter_only_leaves_out(text: str, labels: frozenset[str]) -> None:
    every = {row.key: row for row in rows_of(READING, SCHEME)[1:]}
    for row in rows_of(READING, SCHEME, SpanSift(text, labels))[1:]:
        assert row.key == SHOW_ALL or every[row.key] == row._replace(tip=every[row.key].tip)


@given(quote=st.sampled_from([span.text for span in SPANS]))
def test_a_span_is_found_by_its_own_words(quote: str) -> None:
    assert any(span.text == quote for span in Layer.of(SPANS).only(SpanSift(quote).takes))


@pytest.fixture
def inspector(stage: Any) -> Inspector:
    inspector = Inspector()
    inspector.show_reading(READING, SCHEME)
    return stage(inspector, 320, 760)


def keys(inspector: Inspector) -> list[Any]:
    return [row.key for row in inspector.labels.list.rows.rows if not row.heading]


def test_typing_and_badges_narrow_the_list(inspector: Inspector) -> None:
    narrowing = inspector.labels.filter
    assert list(narrowing.badges.buttons) == ["event", "actor", "location", "claim"]
    QTest.keyClicks(narrowing.field, "iraq")
    assert keys(inspector) == [1, 2]
    assert inspector.labels.list.rows.rows[0].text == "In this article · 2 of 4"
    QTest.mouseClick(narrowing.badges.buttons["claim"], Qt.MouseButton.LeftButton)
    assert keys(inspector) == [2]
    QTest.keyClick(narrowing.field, Qt.Key.Key_Escape)
    assert keys(inspector) == [2]
    QTest.keyClick(narrowing.badges.buttons["claim"], Qt.Key.Key_Space)
    assert keys(inspector) == [1, 2, 3, 4]
    QTest.keyClick(narrowing.field, Qt.Key.Key_Down)
    assert inspector.labels.list.hasFocus()


def test_where_nothing_fits_one_click_shows_all(inspector: Inspector) -> None:
    chosen: list[int] = []
    inspector.span_chosen.connect(chosen.append)
    narrowing = inspector.labels.filter
    narrowing.badges.buttons["actor"].click()
    narrowing.field.setText("rockets")
    view = inspector.labels.list
    assert keys(inspector) == [SHOW_ALL]
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.rows.index(1)).center()
    )
    assert keys(inspector) == [1, 2, 3, 4]
    assert narrowing.field.text() == ""
    assert narrowing.badges.checked() == frozenset()
    assert chosen == []


def test_a_filter_stays_on_while_its_label_loses_its_spans(inspector: Inspector) -> None:
    narrowing = inspector.labels.filter
    narrowing.badges.buttons["actor"].click()
    inspector.show_reading(Reading(READING.article, TEXT, SPANS[:3], [], [], "in_progress"), SCHEME)
    assert keys(inspector) == [SHOW_ALL]
    assert narrowing.badges.buttons["actor"].isChecked(), "what is filtered by must be seen"


def test_the_pick_stays_marked_while_it_is_filtered_out(inspector: Inspector) -> None:
    inspector.show_picked(3)
    inspector.labels.filter.field.setText("محمد")
    assert inspector.labels.card.isVisible()
    assert inspector.labels.list.row_of(3) == -1
    inspector.labels.filter.clear()
    assert inspector.labels.list.picked == 3


def test_nothing_to_filter_where_nothing_is_labelled(inspector: Inspector) -> None:
    inspector.show_reading(Reading(READING.article, TEXT, [], [], [], "todo"), SCHEME)
    assert not inspector.labels.filter.isVisible()
    inspector.show_reading(Reading(READING.article, TEXT, SPANS[:1], [], [], "todo"), SCHEME)
    assert inspector.labels.filter.isVisible()
    assert not inspector.labels.filter.badges.buttons, "one label alone tells nothing apart"


def test_of_hundreds_of_labels_the_most_frequent_have_a_button_and_any_is_found_by_name(app: Any) -> None:
    labels = [SCHEME.labels[0].model_copy(update={"name": f"kind_{n:03}"}) for n in range(248)]
    spans = [span(n, "Iraq", f"kind_{n:03}") for n in range(248)]
    layer = Layer.of([*spans, *(span(300 + n, "محمد", "kind_200") for n in range(3))])
    narrowing = SpanFilter()
    narrowing.show_spans(layer, SCHEME.model_copy(update={"labels": tuple(labels)}))
    assert len(narrowing.badges.buttons) == MOST and "kind_200" in narrowing.badges.buttons
    assert narrowing.minimumSizeHint().height() < 150
    assert [one.key for one in layer.only(SpanSift("kind 247").takes)] == [247]
