from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QTabWidget, QVBoxLayout, QWidget

from desktop.model import Colour, Colours, Label
from ui import theme as themes
from ui.theme import CONTRAST, DARK, LIGHT, Theme, contrast, line, stylesheet, tint

# The four labels of the scheme that comes with the program, then some that a person might choose badly.
COLOURS = {
    "event": ("#F5A04A", "#A85400", "#A3540B", "#FFB066"),
    "actor": ("#7FB0F5", "#1B5FBF", "#1F5FCF", "#8FBCFF"),
    "location": ("#DFF59B", "#5A7300", "#263D22", "#B9DB74"),
    "claim": ("#F0D9F7", "#8A3FA8", "#5A2A5A", "#E5B2F2"),
    "black": ("#000000", "#000000", "#000000", "#000000"),
    "white": ("#FFFFFF", "#FFFFFF", "#FFFFFF", "#FFFFFF"),
    "grey": ("#808080", "#808080", "#808080", "#808080"),
}


def label(name: str) -> Label:
    light, light_line, dark, dark_line = COLOURS[name]
    return Label(
        name=name, key=name[0],
        colours=Colours(light=Colour(background=light, text="#000000", line=light_line),
                        dark=Colour(background=dark, text="#ffffff", line=dark_line)),
    )  # fmt: skip


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", COLOURS)
def test_text_stays_readable_on_every_tint(theme: Theme, name: str) -> None:
    assert contrast(theme.text, tint(label(name), theme)) >= CONTRAST


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", ["event", "actor", "location", "claim"])
def test_tints_can_be_told_from_the_page_and_lines_seen(theme: Theme, name: str) -> None:
    assert themes._distance(theme.page, tint(label(name), theme)) > 30
    assert contrast(line(label(name), theme), theme.page) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_words_of_the_program_are_readable(theme: Theme) -> None:
    for ground in (theme.window, theme.panel, theme.page, theme.field, theme.hover, theme.current_row):
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.muted, ground) >= CONTRAST
        assert contrast(theme.focus, ground) >= 3
    assert contrast(theme.text, theme.selection) >= CONTRAST
    assert contrast(theme.on_accent, theme.accent) >= CONTRAST
    for sign in (theme.ok, theme.warning, theme.danger):
        assert contrast(sign, theme.window) >= CONTRAST


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_no_token_is_left_in_the_style_sheet(theme: Theme) -> None:
    assert not re.search(r"@\w+@", stylesheet(theme))
    assert theme.accent in stylesheet(theme)


def test_preference(app: Any) -> None:
    assert themes.current(app, "dark") is DARK
    assert themes.current(app, "light") is LIGHT
    # Without a screen Qt answers Unknown.
    assert themes.current(app, "system") is LIGHT


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_apply_dresses_real_controls(app: Any, theme: Theme) -> None:
    before = app.palette(), app.styleSheet()
    try:
        themes.apply(app, theme)
        assert app.style().objectName() == "fusion" or app.styleSheet()
        window = QWidget()
        column = QVBoxLayout(window)
        for control in (QPushButton("x"), QLineEdit("x"), QComboBox(), QCheckBox("x"), QTabWidget()):
            column.addWidget(control)
        window.show()
        assert window.palette().color(QPalette.ColorRole.Window) == QColor(theme.window)
        assert not window.grab().isNull()
        window.close()
    finally:
        app.setPalette(before[0])
        app.setStyleSheet(before[1])


def test_icons_are_tinted(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "dot.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" fill="currentColor"/></svg>'
    )
    monkeypatch.setattr(themes, "RESOURCES", tmp_path)
    image = themes.icon("dot", "#a85400", 16).pixmap(16, 16).toImage()
    assert image.pixelColor(8, 8) == QColor("#a85400")
    with pytest.raises(FileNotFoundError, match="nothing-such"):
        themes.icon("nothing-such", "#000000", 16)
    themes._icon.cache_clear()


def test_fonts_always_have_a_name(app: Any) -> None:
    serif, sans = themes.load_fonts()
    assert serif
    assert sans


def test_there_is_one_style_sheet() -> None:
    """A part with a sheet of its own makes a change of the colours many times as long; its rules stand in style.py."""
    own = {
        path.name: re.findall(r"\.setStyleSheet\((.*)\)", path.read_text(encoding="utf-8"))
        for path in Path(themes.__file__).parent.glob("*.py")
    }
    assert {name for name, found in own.items() if found} == {"theme.py", "typesetting.py"}  # a popup's fonts
    assert own["theme.py"] == ['""', "stylesheet(theme)"]


def test_other_colours_dress_what_is_there_already(app: Any) -> None:
    """Every widget gets the colours of the new sheet, at once, and keeps nothing of the old one."""
    themes.apply(app, LIGHT)
    window, card, field = QWidget(), QWidget(), QLineEdit("x")
    window.setObjectName("schemePage")
    window.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(window)
    column.addWidget(card)
    QVBoxLayout(card).addWidget(field)
    window.resize(200, 100)
    window.show()
    for theme in (LIGHT, DARK, LIGHT):
        themes.apply(app, theme)
        image = window.grab().toImage()
        assert image.pixelColor(1, 1).name() == theme.page
        assert (
            image.pixelColor(field.mapTo(window, field.rect().center()) + QPoint(40, 0)).name() == theme.field
        )
    window.close()
