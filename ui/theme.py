"""How the program looks: colour tokens, palette, label colours, tinted icons and fonts."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop.model import Label
from ui.style import MIRRORED, TEMPLATE

RESOURCES = Path(__file__).parents[1] / "resources"
Preference = Literal["system", "light", "dark"]
# Text on a tint must stay readable: the WCAG bar for body text.
CONTRAST = 4.5
# What holds more widgets than this is a page or a dialog.
_PAGE = 20
# Icons that point along the line of reading.
POINTING = frozenset({"previous", "next", "undo", "redo"})


@dataclass(frozen=True)
class Theme:
    """Colour tokens, each named for what it is used for. `tint` is how far a label's tint stands off the page."""

    name: Literal["light", "dark"]
    window: str
    panel: str
    page: str
    field: str
    border: str
    border_strong: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_hover: str
    focus: str
    selection: str
    hover: str
    current_row: str
    ok: str
    warning: str
    danger: str
    tint: int


LIGHT = Theme(
    name="light",
    window="#f3f1ec",
    panel="#ffffff",
    page="#fbfaf7",
    field="#ffffff",
    border="#e2ded5",
    border_strong="#c9c3b6",
    text="#22262b",
    muted="#65655f",
    accent="#3559c7",
    on_accent="#ffffff",
    accent_hover="#2a49ab",
    focus="#1b5fbf",
    selection="#bcd0f7",
    hover="#ebe8e0",
    current_row="#eef3fc",
    ok="#4f7a00",
    warning="#9a5b00",
    danger="#b3261e",
    tint=46,
)
DARK = Theme(
    name="dark",
    window="#222529",
    panel="#25282d",
    page="#1b1d21",
    field="#1f2226",
    border="#34383e",
    border_strong="#4a4f57",
    text="#e4e2dc",
    muted="#a09f9a",
    accent="#6c8cf0",
    on_accent="#0f1320",
    accent_hover="#86a1f5",
    focus="#8fbcff",
    selection="#3b527f",
    hover="#2e3238",
    current_row="#2c3445",
    ok="#b9db74",
    warning="#ffb066",
    danger="#ff8a80",
    tint=58,
)


def current(app: QGuiApplication, preference: Preference = "system") -> Theme:
    """The theme of a preference; the system's own where it says, light where it does not."""
    if preference == "system":
        dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if preference == "dark" else LIGHT


def undress(app: QApplication) -> None:
    """From one sheet to another Qt dresses a widget once for each one that it lies in; to none and from none, once."""
    app.setStyleSheet("")


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the whole program; may be called again at any time."""
    if not app.property("dressed"):  # the same style once more would cost a third of the time
        app.setStyle("Fusion")
        app.setProperty("dressed", True)
    app.setPalette(palette(theme))
    undress(app)
    app.setStyleSheet(stylesheet(theme))


def put_by(app: QApplication) -> None:
    """Take what is out of sight out of the next change of the colours: it is dressed when it is shown."""
    for root in list(_hidden(app)):
        Undressed.of(root)


def _hidden(app: QApplication) -> Iterator[QWidget]:
    """Pages and dialogs out of sight, each without what lies inside it."""
    for widget in app.allWidgets():
        around = widget.parentWidget()
        seen = around is None or around.isVisible() or widget.isWindow()
        if widget.isHidden() and seen and len(widget.findChildren(QWidget)) > _PAGE:
            yield widget


class Undressed(QObject):
    """A page out of sight when the colours change: Qt passes it over, and it is dressed when it is shown again."""

    _POLISHED = Qt.WidgetAttribute.WA_WState_Polished

    @classmethod
    def of(cls, root: QWidget) -> None:
        if root.findChild(cls, "undressed", Qt.FindChildOption.FindDirectChildrenOnly) is None:
            cls(root)

    def __init__(self, root: QWidget) -> None:
        super().__init__(root)
        self.setObjectName("undressed")
        self._root = root
        self._parts = [
            part for part in (root, *root.findChildren(QWidget)) if part.testAttribute(self._POLISHED)
        ]
        for part in self._parts:
            part.setAttribute(self._POLISHED, False)
            part.installEventFilter(self)

    def eventFilter(self, part: QObject, event: QEvent) -> bool:
        """No part hears of the other style sheet before it is dressed."""
        if event.type() == QEvent.Type.Show and part is self._root:
            self._dress()
        return event.type() == QEvent.Type.StyleChange and self.parent() is not None

    def _dress(self) -> None:
        self.setParent(None)
        for part in filter(isValid, self._parts):
            part.removeEventFilter(self)
            part.setAttribute(self._POLISHED)
            part.style().unpolish(part)
            part.style().polish(part)
            QCoreApplication.sendEvent(part, QEvent(QEvent.Type.StyleChange))


def palette(theme: Theme) -> QPalette:
    """The palette for what the style sheet does not reach."""
    result = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.field, role.Text: theme.text,
        role.AlternateBase: theme.panel, role.Button: theme.panel, role.ButtonText: theme.text,
        role.BrightText: theme.danger, role.Highlight: theme.accent, role.HighlightedText: theme.on_accent,
        role.Link: theme.accent, role.LinkVisited: theme.accent, role.ToolTipBase: theme.panel,
        role.ToolTipText: theme.text, role.PlaceholderText: theme.muted, role.Accent: theme.accent,
        role.Light: theme.panel, role.Midlight: theme.hover, role.Mid: theme.border,
        role.Dark: theme.border_strong, role.Shadow: theme.border_strong,
    }  # fmt: skip
    for key, colour in colours.items():
        result.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, QColor(mix(theme.panel, theme.muted, 0.6)))
    return result


def stylesheet(theme: Theme) -> str:
    """The style sheet of the program in the colours of `theme`."""
    colours = vars(theme)
    text = re.sub(r"@image:([\w-]+):(\w+)@", lambda m: _tinted_file(m[1], colours[m[2]]), TEMPLATE)
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        text += MIRRORED
    return re.sub(r"@(\w+)@", lambda m: str(colours[m[1]]), text)


@cache
def _tinted_file(name: str, colour: str) -> str:
    """A file with an icon in one colour: style sheets take pictures from files only. It lasts as long as the program."""
    try:
        path = Path(_scratch().name) / f"{name}-{colour.lstrip('#')}.svg"
        path.write_text(_svg(name, colour), encoding="utf-8")
    except OSError:
        # Without a place for temporary files the tick is black; nothing else suffers.
        path = RESOURCES / "icons" / f"{name}.svg"
    return path.as_posix()


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="tagline-")


def mix(under: str, over: str, share: float) -> str:
    """`over` laid on `under` with an opacity of `share`."""
    a, b = QColor(under), QColor(over)
    channels = zip((a.red(), a.green(), a.blue()), (b.red(), b.green(), b.blue()), strict=True)
    return "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in channels)


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    c = QColor(colour)
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c.redF(), c.greenF(), c.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def line(label: Label, theme: Theme) -> str:
    """The colour of a label's underline, bracket, letter and chip."""
    return (label.colours.dark if theme.name == "dark" else label.colours.light).line


def tint(label: Label, theme: Theme) -> str:
    """The colour behind a label's text: equally far off the page for every label, about 20 % of its own colour.

    The scheme's background gives the hue; its line does where the background is too near the page.
    """
    colour = (label.colours.dark if theme.name == "dark" else label.colours.light).background
    if _distance(theme.page, colour) < theme.tint:
        colour = line(label, theme)
    share = min(1.0, theme.tint / max(1.0, _distance(theme.page, colour)))
    result = mix(theme.page, colour, share)
    while contrast(theme.text, result) < CONTRAST and share > 0.02:
        share *= 0.85
        result = mix(theme.page, colour, share)
    return result


def _distance(one: str, other: str) -> float:
    a, b = QColor(one), QColor(other)
    red, green, blue = a.red() - b.red(), a.green() - b.green(), a.blue() - b.blue()
    return float((red * red + green * green + blue * blue) ** 0.5)


def icon(name: str, colour: str, size: int = 16) -> QIcon:
    """The icon `name` drawn in `colour`, sharp at one, one and a half and two pixels to the point.

    One that points along the line points the other way in a window from right to left. Raises FileNotFoundError where
    the program has no such icon.
    """
    mirrored = name in POINTING and QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    return _icon(name, colour, size, mirrored=mirrored)


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, size: int, *, mirrored: bool) -> QIcon:
    path = RESOURCES / "icons" / f"{name}.svg"
    if not path.is_file():
        raise FileNotFoundError(f"there is no icon {name!r}: {path} is missing")
    drawing = QSvgRenderer(
        QByteArray(path.read_text(encoding="utf-8").replace("currentColor", colour).encode())
    )
    result = QIcon()
    for ratio in (1.0, 1.5, 2.0):
        result.addPixmap(_picture(drawing, round(size * ratio), ratio, mirrored=mirrored))
    return result


def _svg(name: str, colour: str) -> str:
    path = RESOURCES / "icons" / f"{name}.svg"
    if not path.is_file():
        raise FileNotFoundError(f"there is no icon {name!r}: {path} is missing")
    return path.read_text(encoding="utf-8").replace("currentColor", colour)


def _picture(drawing: QSvgRenderer, pixels: int, ratio: float, *, mirrored: bool = False) -> QPixmap:
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        if mirrored:
            painter.translate(pixels, 0)
            painter.scale(-1, 1)
        drawing.render(painter, QRectF(0, 0, pixels, pixels))
    finally:
        painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def load_fonts() -> tuple[str, str]:
    """Register the fonts that come with the program; the families for reading (serif) and for controls (sans)."""
    families: list[str] = []
    for path in sorted((RESOURCES / "fonts").glob("**/*")):
        if path.suffix.lower() in (".ttf", ".otf"):
            number = QFontDatabase.addApplicationFont(str(path))
            families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    serif = next((name for name in families if "serif" in name.lower()), "")
    sans = next((name for name in families if "serif" not in name.lower()), "")
    return serif or _system_serif(), sans or QFontDatabase.systemFont(
        QFontDatabase.SystemFont.GeneralFont
    ).family()


def _system_serif() -> str:
    known = set(QFontDatabase.families())
    wanted = (
        "Charter",
        "Georgia",
        "Source Serif 4",
        "Noto Serif",
        "Liberation Serif",
        "Cambria",
        "DejaVu Serif",
    )
    found = next((name for name in wanted if name in known), "")
    if found:
        return found
    font = QFont()
    font.setStyleHint(QFont.StyleHint.Serif)
    return font.defaultFamily()
