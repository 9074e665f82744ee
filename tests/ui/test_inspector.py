from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from desktop.model import Article, Relation, Scheme, Span
from desktop.projects import default_guidelines, default_scheme
from desktop.store.queries import Reading, Step
from ui import theme as themes
from ui.fields import LineEdit, QuietCombo
from ui.inspector import TABS, Inspector
from ui.parts import moment
from ui.span_list import rows_of
from ui.theme import DARK, LIGHT
from ui.ties import TieButton

SCHEME: Scheme = default_scheme()
TEXT = "Iraq said that rockets hit Erbil in Iraq."
ARABIC = "هجمات بطائرات مسيرة في العراق"


def span(key: int, start: int, end: int, label: str, **more: Any) -> Span:
    return Span(key=key, article=1, id=f"s{key}", start=start, end=end, label=label, text=TEXT[start:end],
                fragments=((start, end),), annotator="A", **more)  # fmt: skip


SPANS = [
    span(1, 0, 4, "location"),
    span(2, 15, 40, "claim"),
    span(3, 15, 22, "actor", attributes={"entity": "x"}),
    span(4, 23, 26, "event", note="which one?"),
    span(5, 27, 32, "location"),
    span(6, 36, 40, "location"),
]
RELATIONS = [
    Relation(key=1, article=1, id="r1", type="agent", head="s4", tail="s3", annotator="A"),
    Relation(key=2, article=1, id="r2", type="place", head="s4", tail="s5", annotator="A"),
    Relation(key=3, article=1, id="r3", type="same_as", head="s1", tail="s6", annotator="A"),
]
ARTICLE = Article(key=1, id="a", title="Iraq", text_sha256="0", length=len(TEXT), note="read twice")
READING = Reading(ARTICLE, TEXT, SPANS, RELATIONS, [], "in_progress")
KEPT = {"label": SPANS[2]}


@pytest.fixture
def inspector(app: Any, stage: Any) -> Inspector:
    themes.apply(app, LIGHT)
    inspector = Inspector()
    inspector.show_reading(READING, SCHEME)
    return stage(inspector, 320, 760)


def hear(signal: Any) -> list[Any]:
    found: list[Any] = []
    signal.connect(lambda *values: found.append(values[0] if len(values) == 1 else values))
    return found


def middle(view: Any, row: int) -> QPoint:
    return view.visualRect(view.rows.index(row)).center()


def click(view: Any, row: int) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, row))


# The list


def test_rows_in_reading_order_with_depth_form_and_offset() -> None:
    rows = rows_of(READING, SCHEME)
    assert rows[0].heading
    assert [(row.key, row.indent, row.after, row.right) for row in rows[1:]] == [
        (1, 0, "×2", "0"), (2, 0, "", "15"), (3, 1, "", "15"), (4, 1, "", "23"), (5, 1, "", "27"), (6, 1, "×2", "36"),
    ]  # fmt: skip
    assert rows[1].label is not None
    assert rows[1].label.key == "l"


def test_broken_spans_have_a_section_of_their_own() -> None:
    rows = rows_of(replace(READING, broken=[span(9, 3, 8, "actor"), span(10, 3, 9, "gone")]), SCHEME)
    assert [row.text for row in rows if row.heading] == ["Needs repair · 2", "In this article"]
    assert [row.key for row in rows[1:3]] == [9, 10]
    assert rows[2].icon, "a label that the scheme does not have still gets a sign"


def test_a_click_and_enter_choose(inspector: Inspector) -> None:
    heard = hear(inspector.span_chosen)
    click(inspector.labels.list, 2)
    QTest.keyClick(inspector.labels.list, Qt.Key.Key_Down)
    assert heard == [2]
    QTest.keyClick(inspector.labels.list, Qt.Key.Key_Return)
    assert heard == [2, 3]
    assert inspector.labels.list.picked is None, "only show_picked decides"


def test_headings_are_passed_over(inspector: Inspector) -> None:
    inspector.show_reading(replace(READING, broken=[span(9, 3, 8, "actor")]), SCHEME)
    heard = hear(inspector.span_chosen)
    click(inspector.labels.list, 0)
    click(inspector.labels.list, 1)
    QTest.keyClick(inspector.labels.list, Qt.Key.Key_Down)
    QTest.keyClick(inspector.labels.list, Qt.Key.Key_Return)
    QTest.keyClick(inspector.labels.list, Qt.Key.Key_Up)
    QTest.keyClick(inspector.labels.list, Qt.Key.Key_Up)
    QTest.keyClick(inspector.labels.list, Qt.Key.Key_Space)
    assert heard == [9, 1, 9]


def test_tabs_count(inspector: Inspector) -> None:
    texts = [inspector.bar.tabText(place).replace("\u00a0", " ") for place in range(4)]
    assert texts == ["Labels 6", "Notes 2", "Guidelines", "History"]
    inspector.resize(200, 500)
    assert [inspector.bar.tabText(place) for place in range(4)] == ["Labels", "Notes", "Guide", "History"]
    assert inspector.bar.tabRect(3).right() <= 200
    inspector.resize(340, 500)
    assert inspector.bar.tabText(0) == "Labels\u00a06"


def test_the_picked_row_is_in_view_beside_its_card(inspector: Inspector) -> None:
    many = [SPANS[3].model_copy(update={"key": key, "id": f"s{key}"}) for key in range(1, 300)]
    inspector.show_reading(replace(READING, spans=many), SCHEME)
    inspector.resize(320, 400)
    for key in (14, 250, 10):
        inspector.show_picked(None)
        QTest.qWait(5)
        inspector.show_picked(key)
        QTest.qWait(20)
        view = inspector.labels.list
        row = view.visualRect(view.rows.index(view.row_of(key)))
        assert view.viewport().rect().contains(row), key


def test_each_row_can_be_heard(inspector: Inspector) -> None:
    said = inspector.labels.list.rows.index(6).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "location, Iraq, ×2, 36"


# The card


def test_nothing_picked(inspector: Inspector) -> None:
    assert inspector.labels.frame.isHidden()
    assert "choose one" in inspector.labels.hint.text()
    inspector.show_reading(replace(READING, spans=[], relations=[]), SCHEME)
    assert "E event" in inspector.labels.hint.text()
    inspector.show_reading(None, SCHEME)
    assert "Open an article" in inspector.labels.hint.text()
    assert not inspector.notes.note.isEnabled()


def test_the_card_shows_the_picked_span(inspector: Inspector) -> None:
    inspector.show_picked(3)
    card = inspector.labels.card
    assert card.isVisible()
    assert (card.name.text(), card.place.text()) == ("Actor", "15–22")
    assert card.quote.accessibleName() == "rockets"
    assert list(card.fields) == ["entity"], "only what has a value, none is on by default"
    assert inspector.labels.list.picked == 3
    assert inspector.labels.list.currentIndex().row() == 3
    inspector.show_picked(None)
    assert not card.isVisible()
    assert inspector.labels.list.picked is None


def test_more_shows_all_attributes(inspector: Inspector) -> None:
    inspector.show_picked(4)
    card = inspector.labels.card
    assert card.fields == {}
    QTest.mouseClick(card.more, Qt.MouseButton.LeftButton)
    assert list(card.fields) == ["type", "modality", "polarity", "event_id"]
    combo = card.fields["modality"]
    assert isinstance(combo, QuietCombo)
    assert combo.itemText(0) == "— (usually actual)"
    assert combo.currentIndex() == 0, "a default is never there unasked"
    assert combo.itemData(1, Qt.ItemDataRole.ToolTipRole) == "Presented as having happened or happening"
    QTest.mouseClick(card.more, Qt.MouseButton.LeftButton)
    assert card.fields == {}


def test_attributes_on_by_default_are_shown(inspector: Inspector) -> None:
    label = SCHEME.labels[0]
    on = label.model_copy(
        update={
            "attributes": tuple(a.model_copy(update={"on_by_default": True}) for a in label.attributes[:1])
        }
    )
    inspector.show_reading(READING, SCHEME.model_copy(update={"labels": (on, *SCHEME.labels[1:])}))
    inspector.show_picked(4)
    assert list(inspector.labels.card.fields) == ["type"]


def test_a_choice_is_set_and_taken_away_by_keyboard(inspector: Inspector) -> None:
    heard = hear(inspector.attribute_set)
    inspector.show_picked(4)
    inspector.labels.card.more.click()
    combo = inspector.labels.card.fields["polarity"]
    QTest.qWait(1)
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert heard == [(4, "polarity", "positive")]
    set_ = replace(
        READING,
        spans=[
            s.model_copy(update={"attributes": {"polarity": "positive"}}) if s.key == 4 else s for s in SPANS
        ],
    )
    inspector.show_reading(set_, SCHEME)
    assert inspector.labels.card.fields["polarity"] is combo, "the field must not be made anew under the hand"
    assert combo.hasFocus()
    QTest.keyClick(combo, Qt.Key.Key_Up)
    assert heard[1:] == [(4, "polarity", None)]


def test_the_wheel_does_not_change_a_choice(inspector: Inspector, app: Any) -> None:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent

    heard = hear(inspector.attribute_set)
    inspector.show_picked(4)
    inspector.labels.card.more.click()
    combo = inspector.labels.card.fields["type"]
    combo.setFocus()
    spot = QPointF(combo.rect().center())
    wheel = QWheelEvent(spot, QPointF(combo.mapToGlobal(spot)), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    app.sendEvent(combo, wheel)
    assert heard == []
    assert isinstance(combo, QuietCombo)
    assert combo.currentIndex() == 0


def test_a_text_attribute_is_told_once(inspector: Inspector) -> None:
    heard = hear(inspector.attribute_set)
    inspector.show_picked(3)
    field = inspector.labels.card.fields["entity"]
    assert isinstance(field, LineEdit)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert heard == [], "nothing was changed"
    QTest.keyClicks(field, "y")
    QTest.keyClick(field, Qt.Key.Key_Return)
    inspector.labels.list.setFocus()
    assert heard == [(3, "entity", "xy")]
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    inspector.labels.list.setFocus()
    assert heard[1:] == [(3, "entity", None)]


def test_values_outside_the_scheme_are_shown_not_lost(inspector: Inspector) -> None:
    odd = span(4, 23, 26, "event", attributes={"type": "meteor", "colour": "red"})
    inspector.show_reading(replace(READING, spans=[odd]), SCHEME)
    inspector.show_picked(4)
    combo = inspector.labels.card.fields["type"]
    assert isinstance(combo, QuietCombo)
    assert combo.currentText() == "meteor"
    assert "colour: red" in inspector.labels.card.kept.text()


def test_a_note_goes_to_the_span_it_was_written_on(inspector: Inspector) -> None:
    heard = hear(inspector.span_note_set)
    inspector.show_picked(4)
    note = inspector.labels.card.note
    assert note.toPlainText() == "which one?"
    note.setFocus()
    QTest.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heard == [], "nothing was changed"
    QTest.keyClicks(note, "So ")
    inspector.show_picked(5)
    assert heard == [(4, "So which one?")]
    assert note.toPlainText() == ""
    QTest.keyClicks(note, "new")
    QTest.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    inspector.labels.list.setFocus()
    assert heard[1:] == [(5, "new")]


def test_what_is_being_typed_survives_a_refresh(inspector: Inspector) -> None:
    inspector.show_picked(4)
    note = inspector.labels.card.note
    note.setFocus()
    QTest.keyClicks(note, "abc ")
    elsewhere = [s.model_copy(update={"note": "changed by undo"}) if s.key == 4 else s for s in SPANS]
    inspector.show_reading(replace(READING, spans=elsewhere), SCHEME)
    assert note.toPlainText() == "abc which one?"


def test_a_note_typed_and_taken_back_is_no_change(inspector: Inspector) -> None:
    heard = hear(inspector.span_note_set)
    inspector.show_picked(4)
    note = inspector.labels.card.note
    note.setFocus()
    QTest.keyClick(note, Qt.Key.Key_A)
    QTest.keyClick(note, Qt.Key.Key_Backspace)
    inspector.labels.list.setFocus()
    assert heard == []


def test_a_note_is_told_when_its_span_goes(inspector: Inspector) -> None:
    heard = hear(inspector.span_note_set)
    inspector.show_picked(4)
    inspector.labels.card.note.setFocus()
    QTest.keyClicks(inspector.labels.card.note, "x")
    inspector.show_picked(None)
    assert heard == [(4, "xwhich one?")]


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({}, "by A"),
        ({"created": "2021-07-11T10:00:00Z", "changed": "2021-07-11T10:00:00Z"}, "by A · 2021-07-11 ##"),
        (
            {"created": "2021-07-11T10:00:00Z", "changed": "2022-01-02T03:00:00Z"},
            "by A · 2021-07-11 ## · changed 2022-01-02 ##",
        ),
        ({"created": "long ago", "changed": "long ago"}, "by A · long ago"),
    ],
)
def test_by_whom_and_when(inspector: Inspector, times: dict[str, str], said: str) -> None:
    inspector.show_reading(replace(READING, spans=[span(4, 23, 26, "event", **times)]), SCHEME)
    inspector.show_picked(4)
    shown = inspector.labels.card.made.text()
    # The hour depends on where the test runs.
    assert re.sub(r"\d\d:\d\d", "##", shown) == said


def test_a_time_of_today_is_told_without_the_day() -> None:
    now = datetime.now().astimezone().replace(hour=12, minute=30)
    assert moment(now.isoformat(), now) == ("12:30", f"{now:%Y-%m-%d} 12:30:{now:%S}")
    assert moment((now - timedelta(days=1)).isoformat(), now)[0].endswith(" 12:30")
    assert moment("0001-01-01T00:00:00+14:00") is not None


def test_esc_leaves_a_note_and_tells_it(inspector: Inspector) -> None:
    told, left = hear(inspector.span_note_set), hear(inspector.left)
    inspector.left.connect(inspector.labels.list.setFocus)
    inspector.show_picked(4)
    inspector.edit_note()
    QTest.keyClicks(inspector.labels.card.note, "x")
    QTest.keyClick(inspector.labels.card.note, Qt.Key.Key_Escape)
    assert len(left) == 1
    assert told == [(4, "xwhich one?")]


def test_remove(inspector: Inspector) -> None:
    heard = hear(inspector.span_remove)
    inspector.show_picked(4)
    QTest.mouseClick(inspector.labels.card.removing, Qt.MouseButton.LeftButton)
    assert heard == [4]


def ties(inspector: Inspector) -> list[TieButton]:
    found = inspector.labels.card.findChildren(TieButton)
    return [button for button in found if button.isVisible()]


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("key", "texts"),
    [(4, ["agent → rockets", "place → Erbil"]), (3, ["agent ← hit"]), (6, ["same as ↔ Iraq"]), (2, [])],
)
def test_relations_as_seen_from_either_end(inspector: Inspector, key: int, texts: list[str]) -> None:
    inspector.show_picked(key)
    assert [plain(button.accessibleName()) for button in ties(inspector)] == texts


def test_relations_are_followed_and_removed(inspector: Inspector) -> None:
    chosen, removed = hear(inspector.relation_chosen), hear(inspector.relation_removed)
    inspector.show_picked(4)
    second = ties(inspector)[1]
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert chosen == [5]
    around = second.parentWidget()
    assert around is not None
    QTest.mouseClick(around.findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    assert removed == [RELATIONS[1]]


def test_a_broken_span_says_so(inspector: Inspector) -> None:
    inspector.show_reading(replace(READING, broken=[span(9, 3, 8, "actor")]), SCHEME)
    inspector.show_picked(9)
    assert inspector.labels.card.warning.isVisible()
    inspector.show_picked(1)
    assert not inspector.labels.card.warning.isVisible()


def test_the_pick_goes_with_its_span(inspector: Inspector) -> None:
    inspector.show_picked(4)
    inspector.show_reading(replace(READING, spans=SPANS[:2]), SCHEME)
    assert inspector.labels.frame.isHidden()
    assert inspector.labels.list.picked is None


def test_a_long_quote_takes_three_lines_and_the_list_keeps_its_room(inspector: Inspector) -> None:
    long = span(7, 0, 4, "claim").model_copy(update={"text": ARABIC * 60})
    inspector.show_reading(replace(READING, spans=[long, *SPANS]), SCHEME)
    inspector.show_picked(7)
    inspector.labels.card.more.click()
    inspector.resize(200, 360)
    QTest.qWait(20)
    assert inspector.labels.card.quote.height() <= 3 * 24
    assert inspector.labels.list.height() >= 90
    assert inspector.width() == 200
    assert inspector.labels.card.width() <= 200


def test_every_field_can_be_reached_by_tab(inspector: Inspector, app: Any) -> None:
    inspector.show_picked(4)
    card = inspector.labels.card
    card.more.click()
    QTest.qWait(1)
    inspector.bar.setFocus()
    order = []
    for _ in range(17):
        QTest.keyClick(app.focusWidget(), Qt.Key.Key_Tab)
        order.append(app.focusWidget())
    first, second = ties(inspector)
    assert order[:5] == [*card.fields.values(), card.note]
    assert (order[5], order[7]) == (first, second)
    narrowing = inspector.labels.filter
    assert order[9:12] == [card.more, card.removing, narrowing.field]
    assert order[12:] == [*narrowing.badges.buttons.values(), inspector.labels.list]


# The other tabs


def test_the_article_note(inspector: Inspector) -> None:
    heard = hear(inspector.article_note_set)
    inspector.focus_tab("notes")
    note = inspector.notes.note
    assert note.hasFocus()
    assert note.toPlainText() == "read twice"
    inspector.notes.list.setFocus()
    assert heard == []
    note.setFocus()
    QTest.keyClicks(note, "To be ")
    inspector.notes.list.setFocus()
    assert heard == [(1, "To be read twice")]
    note.setFocus()
    QTest.keyClicks(note, "x")
    inspector.show_reading(
        replace(READING, article=ARTICLE.model_copy(update={"key": 2, "note": ""})), SCHEME
    )
    assert [key for key, _ in heard] == [1, 1], "what was typed belongs to the article it was typed for"
    assert note.toPlainText() == ""


def test_notes_on_spans_lead_there(inspector: Inspector) -> None:
    heard = hear(inspector.span_chosen)
    inspector.focus_tab("notes")
    assert [row.text for row in inspector.notes.list.rows.rows] == ["Notes on labels · 1", "which one?"]
    click(inspector.notes.list, 1)
    assert heard == [4]


STEPS = [
    Step(5, "Label actor: x", "Anna", "2021-07-11T12:00:00Z", "redo", "live"),
    Step(4, "Label actor: x", "Anna", "2021-07-11T11:00:00Z", "undo", "reverted"),
    Step(3, "Label actor: x", "Anna", "2021-07-11T10:00:00Z", "do", "reverted"),
    Step(2, "New project", "Bert", "not a time", "do", "live"),
]


def test_history(inspector: Inspector) -> None:
    heard = hear(inspector.past.needed)
    inspector.focus_tab("history")
    assert len(heard) == 1
    inspector.past.show_project(STEPS)
    rows = inspector.history.rows.rows
    assert [(row.key, row.muted) for row in rows] == [(5, False), (3, True), (2, False)]
    assert rows[1].below.endswith("undone")
    assert rows[0].below.startswith("2021-07-1") and " · Anna" in rows[0].below
    assert rows[2].below == "not a time · Bert"
    inspector.focus_tab("labels")
    inspector.focus_tab("history")
    assert len(heard) == 1, "what is shown is still true"
    inspector.focus_tab("labels")
    inspector.history_changed()
    assert len(heard) == 1, "nobody looks at it"
    inspector.focus_tab("history")
    assert len(heard) == 2
    inspector.history_changed()
    assert len(heard) == 3


def test_guidelines_are_read_and_lead_nowhere(inspector: Inspector, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    opened: list[Any] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    inspector.show_guidelines(
        "# Guide\n\n[out](https://example.org) ![x](https://example.org/x.png)\n\n| a | b |\n|---|---|\n| c | d |"
    )
    inspector.focus_tab("guidelines")
    QTest.qWait(1)
    assert "Guide" in inspector.guidelines.toPlainText()
    inspector.guidelines.anchorClicked.emit(QUrl("https://example.org"))
    assert "Guide" in inspector.guidelines.toPlainText()
    assert opened == []
    inspector.show_guidelines("")
    QTest.qWait(1)
    assert "no guidelines" in inspector.guidelines.toPlainText()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("tab", TABS)
def test_painting(inspector: Inspector, theme: themes.Theme, tab: str) -> None:
    rtl = span(8, 0, 4, "actor").model_copy(update={"text": ARABIC})
    inspector.show_reading(replace(READING, spans=[*SPANS, rtl], broken=[span(9, 3, 8, "gone")]), SCHEME)
    inspector.show_guidelines(default_guidelines())
    QTest.qWait(1)
    inspector.past.show_project(STEPS)
    inspector.set_theme(theme)
    inspector.show_picked(8)
    inspector.focus_tab(tab)
    assert not inspector.grab().isNull()
    if tab == "labels":
        view = inspector.labels.list
        image = view.viewport().grab().toImage()
        row = view.visualRect(view.rows.index(view.row_of(8)))
        assert image.pixelColor(row.right() - 3, row.top() + 1).name() == theme.current_row
        badge = view.visualRect(view.rows.index(view.row_of(2)))
        claim = SCHEME.label("claim")
        assert claim is not None
        assert image.pixelColor(16, badge.center().y()).name() == themes.line(claim, theme).lower()


def test_all_parts_have_a_name(inspector: Inspector) -> None:
    inspector.show_picked(3)
    card = inspector.labels.card
    for widget in (card.note, *card.fields.values(), card.removing, inspector.labels.list, inspector.notes.note,
                   inspector.notes.list, inspector.guidelines, inspector.history):  # fmt: skip
        assert widget.accessibleName(), widget
    captions = [label for label in card.findChildren(QLabel, "caption") if label.buddy()]
    assert len(captions) == len(card.fields)
