"""The main window: places the panels, tells them what was read, and re-reads after each step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton

from desktop import projects as core
from desktop import settings as preferences
from desktop.errors import UserError
from desktop.model import Scheme
from desktop.session import Changed
from desktop.settings import Settings
from ui import pasting
from ui import theme as themes
from ui.actions import Actions
from ui.articles import ArticlesPanel
from ui.blocks import Typeset
from ui.browsing import Browsing
from ui.first_steps import FirstSteps
from ui.going import Going
from ui.help import Help
from ui.inspector import Inspector
from ui.label_keys import LabelKeys
from ui.labelling import Labelling
from ui.late import LateParts
from ui.longwork import LongWork
from ui.pages import Pages, column
from ui.palette import Palette
from ui.panels import Panels
from ui.parts import leading
from ui.projects import Overview, Projects, overview
from ui.relating import Relating, arcs_of
from ui.repeats import Repeats
from ui.report import MessageBar, sentence
from ui.resume import Resume
from ui.saving import Saving
from ui.statusline import StatusLine
from ui.textview import ArticleView
from ui.toolbar import ToolRow
from ui.typesetting import typeset_of
from ui.undoing import Undoing
from ui.welcome import Welcome
from ui.words import tr
from ui.work import Work


class MainWindow(LateParts, QMainWindow):
    """One project in one window. Holds no data but what it shows."""

    view: ArticleView
    articles: ArticlesPanel
    inspector: Inspector
    labelling: Labelling
    relating: Relating
    browsing: Browsing
    projects: Projects
    saving: Saving
    undoing: Undoing
    help: Help
    long: LongWork
    pages: Pages
    panels: Panels
    going: Going
    repeats: Repeats
    command_palette: Palette
    first_steps: FirstSteps

    def __init__(
        self, settings: Settings, theme: themes.Theme, keep: Callable[[Settings], None] = preferences.save
    ) -> None:
        super().__init__()
        self.settings = settings
        self._keep = keep
        self.theme = theme
        self.work = Work()
        self.project: Overview | None = None
        self._allowed = True
        self._make_panels()
        self.labelling = Labelling(self.view, self.work, settings)
        self.relating = Relating(self.labelling)
        self.browsing = Browsing(self)
        self.resume = Resume(self)
        self.projects = Projects(self)
        self.saving = Saving(self)
        self.undoing = Undoing(self)
        self.help = Help(self)
        self.long = LongWork(self)
        self.going = Going(self)
        self.actions_ = Actions(self)
        self.labelling.key_of = self.actions_.key_of
        self.label_keys = LabelKeys(
            self, self.actions_.menus["labels"], self.labelling.label, self.actions_.used
        )
        self.command_palette = Palette(self)
        self.repeats = Repeats(self)
        self.first_steps = FirstSteps(self)
        self._place_panels()
        self._connect()
        self.setAcceptDrops(True)
        self.setAnimated(False)
        self.resize(1280, 820)
        self.restoreGeometry(QByteArray.fromBase64(settings.window.encode()))
        self.show_welcome()

    def _make_panels(self) -> None:
        self.view = ArticleView()
        self.view.set_theme(self.theme)
        self.view.set_typeset(typeset_of(self.settings))
        self.articles = ArticlesPanel(self.theme)
        self.inspector = Inspector(self.theme)
        self.welcome = Welcome(self.theme, self.settings.name)
        self.messages = MessageBar(self.theme)
        self.status = StatusLine(self.theme)
        self.setStatusBar(self.status)

    def _place_panels(self) -> None:
        action = self.actions_.by_id
        self.tools = ToolRow(
            self.theme,
            (action["undo"], action["redo"]),
            (action["previous"], action["next"]),
            action["done_next"],
        )
        self._file_name = QLabel(alignment=Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        self._file_name.setProperty("muted", True)
        self._file_name.setContentsMargins(leading(self, 0, 6, 14, 0))
        self.panels = Panels(self.articles, self.view, self.inspector, self.settings)
        self.panels.changed.connect(self._panels_changed)
        self.tools.add_tool(self.repeats.button)
        desk = column(self.tools, self.repeats.bar, self.panels, self.first_steps.bar)
        self.pages = Pages(self.welcome, desk)
        self.pages.turned.connect(self.enable)
        self.setCentralWidget(column(self.pages, self.messages))  # below, or it would push the text about

    def _connect(self) -> None:
        work, view, inspector = self.work, self.view, self.inspector
        work.step_done.connect(self._refresh)
        self.labelling.said.connect(self.messages.info)
        self.relating.asks.connect(self.messages.ask)
        self.tools.labelled.connect(self._label_pressed)
        self.tools.stuck.connect(self.labelling.stick)
        self.tools.sought.connect(self.command_palette.open)
        self.labelling.sticky_changed.connect(self.tools.show_sticky)
        self.articles.chosen.connect(self.browsing.open)
        self.status.palette_asked.connect(self.command_palette.open)
        view.picked_changed.connect(self._picked)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(
            lambda place: self.actions_.menus["labels"].popup(view.mapToGlobal(place))
        )
        view.font_size_changed.connect(self._font_size_changed)
        inspector.span_chosen.connect(self._span_chosen)
        inspector.relation_chosen.connect(self._span_chosen)
        self.labelling.serve(inspector)
        inspector.left.connect(view.setFocus)
        inspector.past.needed.connect(lambda _: self.past.ask())

    # Projects

    def show_welcome(self) -> None:
        self.project = None
        self.repeats.leave()
        self.browsing.leave()
        for figures in self.made("figures"):
            figures.leave()
        self.welcome.set_recent(self.settings.recent, steps=self.settings.first_steps)
        self.pages.welcome()
        self.status.clear_counts()
        self.status.hide()
        self._name_window("")
        self.help.show_keys()

    def show_project(self, found: Overview) -> None:
        """Show a project that the store thread has just opened."""
        self.project = found
        self.browsing.leave()
        for figures in self.made("figures"):
            figures.leave()
        self.messages.hide()
        self._name_window(found.shown.name, private=found.private)
        self.tools.show_labels(found.scheme)
        self.help.show_keys()
        self.inspector.show_guidelines(found.guidelines, found.scheme)
        self.undoing.reread()
        self.set_layer(self.resume.open(found) or self._first_layer(found))
        self.status.show()
        self.pages.desk()
        self.actions_.fill_recent(self.settings.recent)
        self.view.setFocus()

    def _first_layer(self, found: Overview) -> str:
        """The person's own layer, unless only others have labelled here so far."""
        mine = self.settings.name
        return mine if mine in found.layers or not found.layers else next(iter(found.layers))

    def set_layer(self, layer: str) -> None:
        """Show and change the labels of this annotator."""
        self.repeats.leave()
        names = dict.fromkeys([*self.project.layers, self.settings.name]) if self.project else ()
        self.actions_.fill_layers(names, layer)
        self.status.show_layer(tr("Labels by {name}", name=layer))
        self.browsing.show_layer(layer)

    def _name_window(self, name: str, *, private: bool = False) -> None:
        self._file_name.setText(tr("{name} · private", name=name) if private else name)
        self.menuBar().setCornerWidget(self._file_name)  # again, or the menu bar keeps the old width
        self._file_name.show()
        self.setWindowTitle(tr("{name} – Tagline", name=name) if name else "Tagline")

    # After each step

    def _refresh(self, changed: Changed) -> None:
        if self.project:
            if "property" in changed.kinds:
                self.work.read(overview, then=self._project_changed)
            with self.work.together():
                self.browsing.refresh(changed)
                self.undoing.reread()
            self.repeats.changed(changed)
            self.inspector.history_changed()
            for flow in self.made("scheming", "figures"):
                flow.changed(changed)

    def _project_changed(self, found: Overview) -> None:
        self.project = found
        self.projects.note_recent(found)
        self._name_window(found.shown.name, private=found.private)
        self.tools.show_labels(found.scheme)
        self.help.show_keys()
        self.inspector.show_guidelines(found.guidelines, found.scheme)
        for scheming in self.made("scheming"):
            scheming.scheme_changed(found.scheme)
        self.browsing.reread()

    def show_labelled_layer(self) -> None:
        """After an import: show somebody's labels where the layer in view has none."""
        self.work.read(overview, then=self._show_labelled_layer)

    def _show_labelled_layer(self, found: Overview) -> None:
        if self.project:
            self.project = found
            layer = self.browsing.layer
            self.set_layer(layer if found.layers.get(layer) else self._first_layer(found))

    def reading_shown(self) -> None:
        """The page shows another article, or the same one read again."""
        self._picked(self.view.picked)
        self.going.look()
        self.show_counts()

    # Labels

    def _label_pressed(self, name: str) -> None:
        if not self.repeats.take(name):
            self.labelling.label(name)
            self.view.setFocus()

    def _picked(self, key: int | None) -> None:
        self.inspector.show_picked(key)
        span = self.labelling.span(key)
        self.tools.mark(span.label if span else None)
        if not self.relating.look():
            self.view.show_arcs(arcs_of(self.labelling, key))
        self.repeats.look()
        self.enable()

    def _span_chosen(self, key: int) -> None:
        span = self.labelling.span(key)
        if span:
            self.labelling.go_to(span)

    # State of the window

    @property
    def scheme(self) -> Scheme:
        return self.project.scheme if self.project else core.default_scheme()

    def enable(self) -> None:
        met: set[str] = set()
        if self.project:
            met.add("project")
        if self.labelling.reading and self.pages.at_desk:
            met.add("article")
            if self.view.picked is not None:
                met.add("picked")
        if self.project:
            met |= self.undoing.possible
        busy = self.busy
        locked = self.project.locked if self.project else ""
        self.actions_.enable(frozenset(met), busy=busy, locked=locked)
        self.label_keys.enable("article" in met and not busy and not locked)
        self._allow(not busy and not locked)

    def _allow(self, on: bool) -> None:
        """Let things be changed, or not: fields that no action stands for."""
        if on != self._allowed:
            self._allowed = on
            for part in (self.inspector, self.tools):
                part.allow(on)
            self.repeats.button.setEnabled(on)

    @property
    def busy(self) -> bool:
        """Whether something long runs that changes the project, or must not see it change."""
        return self.long.busy or any(transfer.busy for transfer in self.made("transfer"))

    def show_counts(self) -> None:
        reading = self.labelling.reading
        totals = self.browsing.totals
        self.status.show_counts(
            len(reading.spans) if reading else 0, totals["labels"], totals["done"], len(self.browsing.lines)
        )

    def busy_changed(self, busy: bool) -> None:
        """While something long runs nothing can be changed; reading goes on."""
        self.enable()
        if not busy:
            self.show_counts()

    def say_error(self, error: UserError) -> None:
        self.messages.error(sentence(error))

    def change_settings(self, values: dict[str, object]) -> None:
        """Take over what is new and keep it."""
        for name, value in values.items():
            setattr(self.settings, name, value)
        self._keep(self.settings)

    def set_theme(self, theme: themes.Theme) -> None:
        self.theme = theme
        panels = (
            self.view,
            self.articles,
            self.inspector,
            self.welcome,
            self.messages,
            self.status,
            self.tools,
        )
        for widget in (*panels, self.first_steps, self.repeats, *self.made("scheming", "figures", "care")):
            widget.set_theme(theme)

    def zoom(self, step: int) -> None:
        self.view.set_font_size(max(10, min(40, self.view.font_size + step)) if step else Typeset().size)

    def _font_size_changed(self, pixels: int) -> None:
        self.change_settings({"font_size": pixels})

    def _panels_changed(self) -> None:
        self.change_settings({"hidden_panels": self.panels.hidden, "panel_widths": self.panels.widths})
        self.enable()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What nothing else takes: Esc stops what runs, or ends the sticky label; Enter presses the button with the focus."""
        focus = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QPushButton):
            focus.click()
        elif event.key() != Qt.Key.Key_Escape:
            self.actions_.say_why_not(QKeySequence(event.keyCombination()))
            super().keyPressEvent(event)
        elif self.busy or any(care.recovery.busy for care in self.made("care")):
            self.work.cancel()
        elif not self.pages.leave() and not self.repeats.concordance.back() and self.labelling.sticky:
            self.labelling.stick(None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if pasting.readable(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.transfer.take(event.mimeData())
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.saving.may_leave():
            event.ignore()
            return
        self.repeats.finish()
        self.inspector.commit()
        for scheming in self.made("scheming"):
            scheming.leave()
        for figures in self.made("figures"):
            figures.close()
        self.resume.leave()
        self.work.cancel()
        geometry, widths = self.saveGeometry().toBase64().toStdString(), self.panels.widths
        self.hide()  # what is still to be done, the last backup above all, keeps nobody waiting
        self.work.close()
        self.change_settings({"window": geometry, "panel_widths": widths})
        event.accept()
