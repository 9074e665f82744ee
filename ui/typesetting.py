"""How the article's text is set: typeface, size, length and spacing of lines, tried on the article while it is chosen."""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFont
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QLabel, QPushButton, QSlider, QWidget

from desktop.settings import Settings
from ui.blocks import Typeset
from ui.textview import ArticleView
from ui.theme import load_fonts
from ui.words import later, tr

Font = Literal["serif", "sans"]
# The settings behind the fields of Typeset.
_SETTINGS = {
    "font": "font",
    "size": "font_size",
    "line_length": "line_length",
    "line_spacing": "line_spacing",
}
# Field, caption, step, and how the value is said.
_SLIDERS = (
    ("size", later("Size"), 1, later("{value} pixels")),
    ("line_length", later("Line length"), 2, later("{value} characters")),
    ("line_spacing", later("Line spacing"), 5, later("{value} %")),
)
_WIDTH = 340


def typeset_of(settings: Settings) -> Typeset:
    """How a person wants the text set."""
    return Typeset(**{field: getattr(settings, name) for field, name in _SETTINGS.items()})


def settings_of(typeset: Typeset) -> dict[str, object]:
    """What the settings keep of it."""
    return {_SETTINGS[field]: value for field, value in typeset._asdict().items()}


class TypesetPopup(QFrame):
    """A small panel over the article. Every change is shown at once; Esc or a click beside it closes and keeps it.

    `closed` carries the typeset as it was left.
    """

    closed = Signal(object)

    def __init__(self, view: ArticleView, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(tr("Text and lines"))
        self._view = view
        self._filling = False
        self.fonts: dict[Font, QPushButton] = {}
        self.sliders: dict[str, QSlider] = {}
        self._values: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(18, 16, 18, 14)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(12)
        self._add_fonts(grid)
        for row, (field, caption, step, _) in enumerate(_SLIDERS, 1):
            self._add_slider(grid, row, field, tr(caption), step)
        self.reset = QPushButton(tr("Reset"))
        self.reset.clicked.connect(lambda: self._show(Typeset()))
        grid.addWidget(self.reset, len(_SLIDERS) + 1, 1, 1, 2, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(_WIDTH)
        self._show(view.typeset)

    def open_over(self, view: ArticleView) -> None:
        """Show it in the upper corner of the article, the keyboard on its first slider."""
        self.adjustSize()
        left = view.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = 12 if left else view.viewport().width() - self.width() - 12
        self.move(view.viewport().mapToGlobal(QPoint(max(0, x), 12)))
        self.show()
        self.sliders["size"].setFocus(Qt.FocusReason.TabFocusReason)

    def _add_fonts(self, grid: QGridLayout) -> None:
        group = QButtonGroup(self)
        serif, sans = load_fonts()
        names: tuple[tuple[Font, str, str], ...] = (("serif", tr("Serif"), serif), ("sans", tr("Sans"), sans))
        grid.addWidget(QLabel(tr("Typeface")), 0, 0)
        for column, (name, text, family) in enumerate(names, 1):
            button = QPushButton(text)
            button.setCheckable(True)
            font = QFont(button.font())
            font.setFamily(family)
            button.setFont(font)
            button.setStyleSheet(f"font-family: '{family}';")
            button.setAccessibleName(tr("Typeface: {name}", name=text))
            button.clicked.connect(self._changed)
            group.addButton(button)
            grid.addWidget(button, 0, column)
            self.fonts[name] = button

    def _add_slider(self, grid: QGridLayout, row: int, field: str, caption: str, step: int) -> None:
        bounds = {
            name: getattr(item, name)
            for item in Settings.model_fields[_SETTINGS[field]].metadata
            for name in ("ge", "le")
            if hasattr(item, name)
        }
        slider, value = QSlider(Qt.Orientation.Horizontal), QLabel()
        slider.setRange(bounds["ge"], bounds["le"])
        slider.setSingleStep(step)
        slider.setPageStep(2 * step)
        slider.setAccessibleName(caption)
        slider.valueChanged.connect(self._changed)
        value.setProperty("muted", True)
        label = QLabel(caption)
        label.setBuddy(slider)
        for column, widget in enumerate((label, slider, value)):
            grid.addWidget(widget, row, column)
        self.sliders[field], self._values[field] = slider, value

    def _show(self, typeset: Typeset) -> None:
        """Put the controls where they belong."""
        self._filling = True
        self.fonts[typeset.font].setChecked(True)
        for field, slider in self.sliders.items():
            slider.setValue(getattr(typeset, field))
        self._filling = False
        self._changed()

    @property
    def typeset(self) -> Typeset:
        """What is chosen now."""
        font: Font = "serif" if self.fonts["serif"].isChecked() else "sans"
        values: dict[str, Any] = {field: slider.value() for field, slider in self.sliders.items()}
        return Typeset(font, **values)

    def _changed(self) -> None:
        if self._filling:
            return
        chosen = self.typeset
        for field, _, _, said in _SLIDERS:
            self._values[field].setText(tr(said, value=getattr(chosen, field)))
        if chosen != self._view.typeset:
            self._view.set_typeset(chosen)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit(self._view.typeset)
        super().closeEvent(event)
