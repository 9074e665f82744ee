"""The check of pictures tells letters from boxes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.qt
TEXT = (
    "Attacks on US sites have escalated in recent hours harmoniously between pro-Iranian militias in Syria and Iraq. "
    "Thursday, the Iraqi army announced that three rockets were fired at the US embassy in Iraq in Baghdad, hours "
    "after other US bases in western Iraq and Syria were also bombed, “These actions”, the Iraqi army stressed. "
) * 2


@pytest.fixture(scope="module")
def app() -> Any:
    from PySide6.QtWidgets import QApplication

    from ui import theme

    instance = QApplication.instance() or QApplication(["ink"])
    theme.load_fonts()
    return instance


def picture(text: str, path: Path, *, dark: bool = False) -> Path:
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QFont, QImage, QPainter

    from ui import theme

    image = QImage(900, 700, QImage.Format.Format_RGB32)
    image.fill(QColor("#1b1d21" if dark else "#fbfaf7"))
    painter = QPainter(image)
    try:
        font = QFont(theme.load_fonts()[0])
        font.setPixelSize(17)
        painter.setFont(font)
        painter.setPen(QColor("#e4e2dc" if dark else "#22262b"))
        painter.drawText(QRect(40, 30, 800, 640), int(Qt.TextFlag.TextWordWrap), text)
    finally:
        painter.end()
    assert image.save(str(path))
    return path


@pytest.mark.parametrize("dark", [False, True])
def test_letters_are_letters(app: Any, tmp_path: Path, dark: bool) -> None:
    import ink

    assert ink.measure(picture(TEXT, tmp_path / "text.png", dark=dark)).real


def test_boxes_are_not(app: Any, tmp_path: Path) -> None:
    """Characters that no font has: Qt draws the box of the font for each."""
    import ink

    boxes = "".join("\ufdd8" if letter.isalnum() else letter for letter in TEXT)
    found = ink.measure(picture(boxes, tmp_path / "boxes.png"))
    assert found.letters >= ink.LETTERS, "the boxes were seen"
    assert not found.real


def test_neither_is_an_empty_window(app: Any, tmp_path: Path) -> None:
    import ink

    assert not ink.measure(picture("", tmp_path / "empty.png")).real


def test_what_is_no_picture_is_refused(app: Any, tmp_path: Path) -> None:
    import ink

    (tmp_path / "x.png").write_text("no picture", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.png is no picture"):
        ink.measure(tmp_path / "x.png")
