"""Code of pages and dialogs, loaded while nobody waits: who opens one for the first time waits for its making alone."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_REST = 1_500  # ms from the start of the window until it begins
_PAUSE = 60  # ms between two modules: each takes a few
# What a module needs stands before it, so that no turn loads two. Heavy libraries are in none of them.
MODULES = (
    "desktop.growth", "desktop.scheme_edits", "desktop.scheme_steps", "ui.scheme_questions", "ui.attribute_form",
    "ui.colour_field", "ui.label_form", "ui.relation_form", "ui.scheme_page", "ui.scheme_flow",
    "desktop.languages", "desktop.decoding", "desktop.preview", "desktop.columns", "desktop.furniture", "desktop.sites",
    "desktop.exported", "desktop.archives", "desktop.sources", "desktop.shelf", "desktop.intake",
    "ui.dialogs", "ui.export_flow", "ui.import_pages", "ui.import_article", "ui.import_names", "ui.import_preview", "ui.transfer",
    "desktop.figures", "ui.charts", "ui.statistics_page", "ui.statistics_flow",
    "ui.hits", "ui.hit_bar", "ui.hits_table", "ui.query_bar", "ui.concordance",
    "desktop.datasets.origin", "desktop.datasets.groups", "desktop.datasets.likeness", "desktop.datasets.splits",
    "desktop.datasets.allot", "desktop.datasets.stories", "desktop.datasets.findings", "desktop.datasets.corpus_checks",
    "desktop.datasets.span_checks", "desktop.datasets.split_checks", "desktop.datasets.checks", "desktop.datasets.options",
    "ui.list_page", "ui.splits_page", "ui.check_page", "ui.receipt_page", "ui.past",
    "ui.keys_dialog", "ui.details_dialog", "ui.reading", "ui.new_dialog", "ui.about",
    "ui.fold", "ui.export_formats", "ui.export_picks", "ui.export_splits", "ui.export_templates", "ui.export_form", "ui.export_dialog",
)  # fmt: skip


class Ahead(QObject):
    """Loads them one at a time, and not while there is work."""

    def __init__(self, parent: QObject, busy: Callable[[], object]) -> None:
        super().__init__(parent)
        self.left = list(reversed(MODULES))
        self._busy = busy
        self._timer = QTimer(self, interval=_PAUSE)
        self._timer.timeout.connect(self._load)
        QTimer.singleShot(_REST, self, self._timer.start)

    def _load(self) -> None:
        if not self._busy():
            importlib.import_module(self.left.pop())
        if not self.left:
            self._timer.stop()
