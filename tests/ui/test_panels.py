"""The panels beside the article: hidden by key, wanted back by what happens in them, as wide as they were left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.settings import Settings
from desktop.settings import load as load_settings
from ui import theme
from ui.driver import Driver
from ui.window import MainWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def shown(window: MainWindow) -> tuple[bool, bool]:
    return window.articles.isVisible(), window.inspector.isVisible()


def test_each_panel_has_a_key_and_the_menu_tells(sample: Driver) -> None:
    window = sample.window
    wide = window.view.width()
    sample.key(Qt.Key.Key_F9)
    assert shown(window) == (False, True)
    assert window.view.width() > wide + 250
    assert not window.actions_.by_id["show_list"].isChecked()
    sample.key(Qt.Key.Key_F9, SHIFT)
    assert shown(window) == (False, False)
    assert window.actions_.by_id["only_article"].isChecked()
    sample.key(Qt.Key.Key_F9)
    sample.key(Qt.Key.Key_F9, SHIFT)
    assert shown(window) == (True, True)
    assert window.view.width() == wide
    assert [
        window.actions_.by_id[name].isChecked() for name in ("show_list", "show_inspector", "only_article")
    ] == [True, True, False]


def test_nothing_but_the_article_and_back_to_what_was_there(sample: Driver) -> None:
    window = sample.window
    for hidden in ([], ["articles"], ["inspector"]):
        for name in ("articles", "inspector"):
            if (name in hidden) != (name in window.panels.hidden):
                window.panels.toggle(name)
        sample.key(Qt.Key.Key_F11)
        assert shown(window) == (False, False)
        sample.key(Qt.Key.Key_F11)
        assert window.panels.hidden == hidden


def test_what_is_asked_for_in_a_hidden_panel_brings_it_back(sample: Driver) -> None:
    window = sample.window
    sample.key(Qt.Key.Key_F11)
    sample.key(Qt.Key.Key_F, CTRL)
    assert shown(window) == (True, False)
    assert window.articles.search.hasFocus()
    sample.key(Qt.Key.Key_F11)
    window.view.setFocus()
    sample.key(Qt.Key.Key_H, CTRL)
    assert shown(window)[1]
    assert window.inspector.history.hasFocus()


def test_the_note_of_a_label_can_be_written_where_the_inspector_was_hidden(sample: Driver) -> None:
    window = sample.window
    sample.key(Qt.Key.Key_F11)
    sample.key(Qt.Key.Key_A)
    sample.wait(lambda: window.labelling.reading and window.labelling.reading.spans, "the word is labelled")
    sample.key(Qt.Key.Key_Comma)
    sample.key(Qt.Key.Key_N)
    assert window.inspector.labels.card.note.hasFocus()


def test_hiding_the_panel_that_has_the_keyboard_gives_it_to_the_article(sample: Driver) -> None:
    window = sample.window
    sample.key(Qt.Key.Key_F, CTRL)
    sample.key(Qt.Key.Key_F9)
    assert window.view.hasFocus()


def test_the_next_panel_is_one_that_is_shown(sample: Driver) -> None:
    window = sample.window
    sample.key(Qt.Key.Key_F9)
    sample.key(Qt.Key.Key_F6)
    assert window.inspector.bar.hasFocus(), "there is no label to go to yet"
    sample.key(Qt.Key.Key_F6)
    assert window.view.hasFocus()
    sample.key(Qt.Key.Key_F6, SHIFT)
    assert window.inspector.bar.hasFocus()
    window.view.setFocus()
    sample.key(Qt.Key.Key_A)
    sample.key(Qt.Key.Key_F6)
    assert window.inspector.labels.list.hasFocus()
    sample.key(Qt.Key.Key_F9)
    sample.key(Qt.Key.Key_F6)
    assert window.articles.view.hasFocus()


@pytest.mark.parametrize("hidden", [[], ["inspector"], ["articles", "inspector"]])
def test_widths_and_hidden_panels_outlast_a_restart(app: Any, tmp_path: Path, hidden: list[str]) -> None:
    kept = Settings(annotator="ana", theme="light")
    for start in range(2):
        window = MainWindow(kept, theme.LIGHT, keep=lambda settings: None)
        window.resize(1500, 800)  # the screen of a test is narrow
        window.show()
        hands = Driver(window, tmp_path)
        window.projects.make_sample(tmp_path / f"{start}.tagline", labels=False)
        hands.wait(lambda: len(window.browsing.lines) == 5, "the sample is open")  # noqa: B023
        if not start:
            window.panels.setSizes([380, 700, 420])
            QTest.qWait(20)
            for name in hidden:
                window.panels.toggle(name)  # type: ignore[arg-type]
        assert window.panels.widths == (380, 420)
        assert window.panels.hidden == hidden
        for name, panel, width in (("articles", window.articles, 380), ("inspector", window.inspector, 420)):
            assert panel.isVisible() == (name not in hidden)
            assert name in hidden or panel.width() == width
        window.close()
        window.deleteLater()
        kept = Settings.model_validate_json(kept.model_dump_json())


def test_damaged_widths_cost_only_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    from desktop.paths import settings_file

    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(
        '{"panel_widths": [3, 1e99], "hidden_panels": ["menu"], "font_size": 20}', "utf-8"
    )
    assert load_settings() == Settings(font_size=20)


def test_a_small_window_keeps_the_article_readable(sample: Driver) -> None:
    window = sample.window
    for width, height in ((1024, 700), (760, 480)):
        window.resize(width, height)
        sample.settle()
        assert window.width() == width
        assert window.view.width() >= 300
        assert window.view.viewport().width() - 2 * window.view._left <= window.view._flow.width + 1
        sample.key(Qt.Key.Key_F11)
        assert window.view.width() == width
        sample.key(Qt.Key.Key_F11)
