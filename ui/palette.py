"""The palette (Ctrl+K): one field that finds every action, every label and every article."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from desktop.store.lines import ArticleLine
from ui import matching
from ui.actions import plain
from ui.article_card import STATES
from ui.fields import SearchField
from ui.keymap import native
from ui.label_keys import WAYS, Way
from ui.parts import capital, number, one_line, restyle, words
from ui.rows import ListRow, RowsView
from ui.words import later, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

MOST = 50
WIDTH, SIDE, TOP, ROWS = 620, 16, 84, 13
RECENT = 5
# What is offered before anything is typed, as far as it can be used just now.
USEFUL = (
    "done_next", "undo", "next_label", "find", "flag", "guidelines", "import_files", "export", "open", "new", "sample",
    "settings", "keys",
)  # fmt: skip
USEFUL_COUNT = 8
# Other words for the same thing.
ALSO = {
    "settings": later("preferences options"), "keys": later("shortcuts keyboard hotkeys"), "remove": later("delete"), "find": later("search filter"),
    "larger": later("zoom in font"), "smaller": later("zoom out font"), "normal_size": later("zoom reset font"), "theme_dark": later("theme mode night"),
    "theme_light": later("theme mode day"), "theme_system": later("theme mode"), "history": later("changes log"), "quit": later("exit"),
    "done_next": later("finish"), "close": later("leave"), "about": later("version licence"),
}  # fmt: skip


class Found(NamedTuple):
    """One find; `usable` is False for what is shown with the reason why it cannot be done now."""

    rank: int
    section: str
    row: ListRow
    usable: bool = True


class PaletteField(SearchField):
    """Keeps every key to itself while it has the focus, but for the one that leads here."""

    moved = Signal(int)
    left = Signal()

    def __init__(self, opener: QAction, parent: QWidget) -> None:
        super().__init__(tr("Find a command, a label or an article…"), parent=parent)
        self._opener = opener

    def event(self, event: QEvent) -> bool:
        # The shortcuts of the window must not work through the palette.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if QKeySequence(event.keyCombination()) not in self._opener.shortcuts():
                event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif held and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # the key of another action, meant for the window
        elif step is not None:
            self.moved.emit(step)
        elif event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        self.moved.emit(1 if forward else -1)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        staying = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if event.reason() not in staying:
            self.left.emit()


_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class Palette(QWidget):
    """Lies over the window while it is open; a click beside it, Esc or its key closes it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._articles = _Articles()
        self._folding = QTimer(self, interval=0)
        self._folding.timeout.connect(self._fold)
        self._back: QWidget | None = None
        self._refused: dict[object, str] = {}
        self.panel = QFrame(self)
        self.panel.setObjectName("palette_panel")
        self.panel.setAccessibleName(tr("Commands"))
        self.search = PaletteField(window.actions_.by_id["palette"], self.panel)
        self.list = RowsView(tr("Commands and articles"), self.panel)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.foot = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.foot.setObjectName("palette_foot")
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(1, 10, 1, 9)
        column.setSpacing(8)
        field = QVBoxLayout()
        field.setContentsMargins(10, 0, 10, 0)
        field.addWidget(self.search)
        column.addLayout(field)
        column.addWidget(self.list)
        column.addWidget(self.foot)
        self.search.textChanged.connect(self._show)
        self.search.moved.connect(self._move)
        self.search.entered.connect(lambda: self._run(self.list.picked))
        self.search.left.connect(self.leave)
        self.list.chosen.connect(self._run)
        self.hide()

    def open(self) -> None:
        """Show it, or close it where it is open."""
        if self.isVisible():
            self.leave()
            return
        window = self._window
        self._back = window.focusWidget()
        if self._articles.read(window.browsing.lines):
            self._folding.start()
        self._dress()
        self.search.clear()
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self._show("")
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Close it; the focus goes back to where it was."""
        if not self.isVisible():
            return
        had_focus = self.search.hasFocus()
        self._folding.stop()
        self._window.removeEventFilter(self)
        self.hide()
        if had_focus and self._back is not None and self._back.isVisible():
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._back = None

    # What is found

    def _show(self, typed: str) -> None:
        finds = self._found(typed) if typed.strip() else self._offered()
        rows: list[ListRow] = []
        for section, group in groupby(finds, key=lambda find: find.section):
            rows += [ListRow(section), *(find.row for find in group)]
        self._refused = {find.row.key: find.row.after for find in finds if not find.usable}
        self.list.show_rows(rows)
        self.list.pick(next((find.row.key for find in finds), None))
        self.list.scrollToTop()
        self.list.setVisible(bool(rows))
        self._say("" if rows else tr("Nothing found for “{typed}”.", typed=one_line(typed, 60).strip()))
        self._place()

    def _offered(self) -> list[Found]:
        """Before anything is typed: where the person was last, and what they most likely want."""
        browsing, actions = self._window.browsing, self._window.actions_
        usable = [name for name in USEFUL if actions.by_id[name].isEnabled()][:USEFUL_COUNT]
        recent = [key for key in browsing.opened if key != browsing.article and key in browsing.lines][
            :RECENT
        ]
        return [
            *(self._action(name, 0, tr("Often used")) for name in usable),
            *(_article(browsing.lines[key], 0, tr("Opened last")) for key in recent),
        ]

    def _found(self, typed: str) -> list[Found]:
        """Every section as a whole, the one with the best find first; within it the best finds first."""
        best, total = self._articles.find(typed)
        title = (
            tr("Articles")
            if total <= len(best)
            else tr("Articles · {best} of {total}", best=len(best), total=number(total))
        )
        sections = [
            list(self._labels(typed, WAYS[0])),
            sorted(self._actions(typed), key=lambda find: (find.rank, not find.usable)),
            [_article(line, level, title) for level, line in best],
            [find for way in WAYS[1:] for find in self._labels(typed, way)],
        ]
        sections = sorted(
            (finds for finds in sections if finds), key=lambda finds: min(f.rank for f in finds)
        )
        return [find for finds in sections for find in finds]

    def _labels(self, typed: str, way: Way) -> Iterable[Found]:
        window = self._window
        for label in window.project.scheme.labels if window.project else ():
            made = window.label_keys.actions[way.id].get(label.name)
            said = tr(way.said, name=words(label.name))
            names = [tr("{name} label", name=label.name)] if way is WAYS[0] else []
            keys = [key.toString() for key in made.shortcuts()] if made else []
            level = _level(typed, (said, *names), keys)
            if made and level is not None:
                reason = (
                    "" if made.isEnabled() else window.actions_.reason("done_next") or tr("not possible now")
                )
                row = ListRow(
                    said, (way.id, label.name), label=label, right="  ".join(map(native, keys)),
                    boxed=bool(keys), after=reason, muted=bool(reason),
                )  # fmt: skip
                section = tr("Labels") if way is WAYS[0] else tr("Labels, in another way")
                yield Found(level, section, row, not reason)

    def _actions(self, typed: str) -> Iterable[Found]:
        keymap = self._window.actions_.keymap
        for action in keymap.table:
            made = plain(self._window.actions_.by_id[action.id].text())
            level = _level(typed, (made, action.text), keymap.keys(action.id))
            if (
                level is None
                and _level(typed, (f"{made} {action.group} {tr(ALSO.get(action.id, ''))}",), ()) is not None
            ):
                level = matching.ANYWHERE
            if level is not None:
                yield self._action(action.id, level, tr("Commands"))

    def _action(self, name: str, level: int, section: str) -> Found:
        actions = self._window.actions_
        reason = actions.reason(name)
        keys = "  ".join(map(native, actions.keymap.keys(name)))
        row = ListRow(
            plain(actions.by_id[name].text()),
            ("action", name),
            right=keys,
            boxed=True,
            after=reason,
            muted=bool(reason),
        )
        return Found(level, section, row, not reason)

    def _fold(self) -> None:
        """The next titles are made ready; the finds are shown again at the end."""
        if not self._articles.fold_more():
            self._folding.stop()
            if self.search.text().strip():
                self._show(self.search.text())

    # What is done

    def _run(self, key: tuple[str, object] | None) -> None:
        if key is None:
            return
        if key in self._refused:
            self._say(f"{capital(self._refused[key])}.", refused=True)
            return
        kind, name = key
        window = self._window
        self.leave()
        if kind == "article" and isinstance(name, int):
            window.browsing.open(name)
            window.view.setFocus()
        elif kind in window.label_keys.actions:
            window.label_keys.actions[kind][str(name)].trigger()
        else:
            # A dialog must not open in the middle of the key that asked for it.
            QTimer.singleShot(0, window, window.actions_.by_id[str(name)].trigger)

    def _move(self, step: int) -> None:
        keys = [row.key for row in self.list.rows.rows if not row.heading]
        if not keys:
            return
        here = keys.index(self.list.picked) if self.list.picked in keys else -1
        there = (here + step) % len(keys) if abs(step) == 1 else max(0, min(len(keys) - 1, here + step))
        self.list.pick(keys[there])
        if there == 0:
            self.list.scrollToTop()  # its heading too
        self._say("")

    # How it looks

    def _say(self, text: str, *, refused: bool = False) -> None:
        self.foot.setText(text or tr("↑ ↓ choose   ·   Enter runs   ·   Esc closes"))
        restyle(self.foot, warning=refused, muted=not refused)

    def _dress(self) -> None:
        theme = self._window.theme
        self.search.set_theme(theme)
        self.list.set_theme(theme)

    def _place(self) -> None:
        """In the middle, below the tools, as high as what it shows."""
        width = min(WIDTH, self.width() - 2 * SIDE)
        row = self.list.sizeHintForRow(0) if self.list.rows.rows else 0
        around = self.search.sizeHint().height() + self.foot.sizeHint().height() + 36
        room = max(3, (self.height() - TOP - SIDE - around) // max(1, row))
        self.list.setFixedHeight(min(len(self.list.rows.rows), ROWS, room) * row + 4)
        top = min(TOP, self.height() // 8)
        height = around + (self.list.height() + 8 if self.list.rows.rows else 0)
        self.panel.setGeometry((self.width() - width) // 2, top, width, height)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What lies below steps back, and the panel throws a shadow."""
        dark = self._window.theme.name == "dark"
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(0, 0, 0, 90 if dark else 28))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 16 if dark else 7))
            for grown in range(1, 13, 2):
                box = QRectF(self.panel.geometry()).adjusted(-grown, -grown + 4, grown, grown + 5)
                painter.drawRoundedRect(box, 10 + grown, 10 + grown)
        finally:
            painter.end()


class _Articles:
    """The articles of the window's list as the palette searches them."""

    def __init__(self) -> None:
        self._lines: dict[int, ArticleLine] = {}
        self._keys: list[int] = []
        self._titles = matching.Lines([])

    def read(self, lines: dict[int, ArticleLine]) -> bool:
        """Take these lines; whether there are titles left to get ready."""
        if lines is not self._lines or len(lines) != len(self._keys):
            self._lines, self._keys = lines, list(lines)
            self._titles = matching.Lines([line.title for line in lines.values()])
        return self.fold_more()

    def fold_more(self) -> bool:
        return self._titles.fold_more()

    def find(self, typed: str) -> tuple[list[tuple[int, ArticleLine]], int]:
        best, total = self._titles.find(typed, MOST)
        return [(level, self._lines[self._keys[place]]) for level, place in best], total


def _level(typed: str, texts: Iterable[str], keys: Iterable[str]) -> int | None:
    """The rank of the best of some texts for one thing; its key typed out is as good as its name."""
    wanted = typed.strip().casefold()
    if any(key.casefold() in (wanted, "+".join(wanted.split())) for key in keys):
        return matching.WHOLE
    return min((level for text in texts if (level := matching.rank(typed, text)) is not None), default=None)


def _article(line: ArticleLine, level: int, section: str) -> Found:
    row = ListRow(
        line.title, ("article", line.key), icon=line.state, right=tr(STATES[line.state]), tip=line.title
    )
    return Found(level, section, row)
