"""How the article's text is set: chosen by key on the article itself, and kept."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.settings import Settings
from ui.blocks import Type, Typeset
from ui.textview import ArticleView
from ui.theme import load_fonts
from ui.typesetting import TypesetPopup, settings_of, typeset_of

TEXT = " ".join(["The army said that three rockets were fired at the base, hours after others."] * 40)


@pytest.fixture
def view(app: Any) -> ArticleView:
    shown = ArticleView()
    shown.resize(1400, 700)
    shown.show()
    shown.show_article(TEXT, "Title", "below")
    return shown


def line_lengths(view: ArticleView) -> list[int]:
    layout = view._flow.layout(0)
    return [layout.lineAt(number).textLength() for number in range(layout.lineCount() - 1)]


@pytest.mark.parametrize("font", ["serif", "sans"])
@pytest.mark.parametrize("characters", [50, 70, 100])
def test_a_full_line_has_about_so_many_characters(view: ArticleView, font: Any, characters: int) -> None:
    view.set_typeset(Typeset(font, 17, characters, 180))
    lengths = line_lengths(view)
    assert abs(sum(lengths) / len(lengths) - characters) < 6


def test_the_usual_line_has_70(view: ArticleView) -> None:
    lengths = line_lengths(view)
    assert 64 <= sum(lengths) / len(lengths) <= 72


def test_the_typeface_is_the_one_chosen_in_text_and_title(view: ArticleView) -> None:
    serif, sans = load_fonts()
    widths = []
    for font, family in (("serif", serif), ("sans", sans)):
        view.set_typeset(Typeset()._replace(font=font))  # type: ignore[arg-type]
        kind = view._flow.kind
        assert kind.font.family() == view._heading.title_font(kind).family() == family
        widths.append(QFontMetricsF(kind.font).horizontalAdvance(TEXT[:80]))
    assert widths[0] != widths[1]


@pytest.mark.parametrize("size", [10, 17, 40])
def test_every_spacing_keeps_the_lines_apart(app: Any, size: int) -> None:
    kinds = [Type.of(load_fonts()[0], size, spacing) for spacing in (150, 180, 220, 260)]
    for kind in kinds:
        # One lane of underlines, whatever is chosen, and above all the letters themselves.
        assert kind.lanes >= 1
        assert kind.pitch >= kind.ascent + kind.descent + kind.lane
        assert kind.line_pitch(kind.more_lanes(9)) >= kind.ascent + kind.descent + 8 * kind.lane
    assert all(tight.pitch < loose.pitch and tight.lanes <= loose.lanes for tight, loose in pairwise(kinds))
    assert Type.of(load_fonts()[0], 17).lanes == 3


def test_what_is_in_view_stays_in_view(view: ArticleView) -> None:
    view.show_article("\n".join([TEXT] * 30), "", "")
    place = len(TEXT) * 14
    view.show_top(place, 0)
    QApplication.processEvents()
    view.set_typeset(Typeset("sans", 25, 50, 240))
    QApplication.processEvents()
    # The line that was the first still is; the character may stand in the next one now.
    assert abs(view.rect_of(place, place + 1)[0].top()) < 2 * view._flow.kind.pitch


def test_settings_and_typeset_are_the_same_thing() -> None:
    chosen = Typeset("sans", 21, 90, 215)
    assert typeset_of(Settings(**settings_of(chosen))) == chosen  # type: ignore[arg-type]
    assert typeset_of(Settings()) == Typeset()


def popup(driver: Any) -> TypesetPopup:
    QTest.keyClick(
        driver.window.view,
        Qt.Key.Key_T,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    found = QApplication.activePopupWidget()
    assert isinstance(found, TypesetPopup)
    return found


def press(panel: QWidget, key: Qt.Key, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(panel.focusWidget(), key)


def test_all_of_it_by_key_tried_at_once_and_kept(sample: Any) -> None:
    window = sample.window
    panel = popup(sample)
    assert panel.focusWidget() is panel.sliders["size"]
    press(panel, Qt.Key.Key_Right, 3)
    assert window.view.typeset.size == 20
    press(panel, Qt.Key.Key_Tab)
    press(panel, Qt.Key.Key_Left)
    press(panel, Qt.Key.Key_Tab)
    press(panel, Qt.Key.Key_Right)
    press(panel, Qt.Key.Key_Backtab, 3)
    press(panel, Qt.Key.Key_Space)
    assert window.view.typeset == Typeset("sans", 20, 68, 185)
    press(panel, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    kept = window.settings
    assert (kept.font, kept.font_size, kept.line_length, kept.line_spacing) == ("sans", 20, 68, 185)


def test_reset_is_a_key_away(sample: Any) -> None:
    window = sample.window
    window.view.set_typeset(Typeset("sans", 25, 50, 240))
    panel = popup(sample)
    assert (panel.sliders["line_length"].value(), panel.fonts["sans"].isChecked()) == (50, True)
    panel.reset.setFocus()
    press(panel, Qt.Key.Key_Space)
    press(panel, Qt.Key.Key_Escape)
    assert window.view.typeset == typeset_of(window.settings) == Typeset()


def test_a_new_window_sets_the_text_as_it_was(app: Any) -> None:
    from ui import theme
    from ui.window import MainWindow

    window = MainWindow(
        Settings(font="sans", line_length=52, line_spacing=230), theme.LIGHT, keep=lambda _: None
    )
    assert window.view.typeset == Typeset("sans", 17, 52, 230)
    window.close()
    window.deleteLater()
