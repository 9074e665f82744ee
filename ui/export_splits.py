"""How the articles are shared out: not at all, by share, by date or by source; and how a split is kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.errors import UsageError
from desktop.formats.base import SPLITS
from ui.export_picks import is_day
from ui.fields import Problem, QuietCombo, QuietSpin, muted
from ui.parts import FlowLayout
from ui.words import later, plural, tr

if TYPE_CHECKING:
    from desktop.datasets.options import ExportOptions

DEFAULT_SHARES = (80, 10, 10)
NONE, SHARE, DATE, DAYS, SOURCE = "", "share", "date", "days", "source"
_MODES = (
    (NONE, later("None: all articles are train")),
    (SHARE, later("By share, labels spread evenly")),
    (DATE, later("By date: the oldest train, the latest test")),
    (DAYS, later("By date, up to days of your own")),
    (SOURCE, later("By source: all of one source in one split")),
)
_SAID = {
    SHARE: later("Articles of one story, and copies, are never parted."),
    DATE: later("Whole days stay together. An article without a date has no place and is listed."),
    DAYS: later(
        "What came out later is the last split. An article without a date has no place and is listed."
    ),
    SOURCE: later("The shares are met as nearly as whole sources allow."),
}


class SplitsBox(QWidget):
    """The choices. `kept_asked` wants to see the splits that the project keeps."""

    changed = Signal()
    kept_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: Mapping[str, int] = {}
        self.mode = QuietCombo()
        self.mode.setAccessibleName(tr("Splits"))
        for value, text in _MODES:
            self.mode.addItem(tr(text), value)
        self.shares = {
            name: _spin(tr("Share of {split}", split=name), share)
            for name, share in zip(SPLITS, DEFAULT_SHARES, strict=True)
        }
        self.days = {name: _day(tr("Last day of {split}", split=name)) for name in SPLITS[:-1]}
        self.seed = _spin(tr("Seed"), 0, 2**31 - 1)
        self.seed.setToolTip(tr("Another number deals the articles anew; the same one always the same way"))
        self.said, self.problem, self.kept = muted(""), Problem(), muted("")
        self.look = QPushButton(tr("Show…"))
        self.look.setAutoDefault(False)
        self._place()
        self.mode.currentIndexChanged.connect(self._check)
        for spin in (*self.shares.values(), self.seed):
            spin.valueChanged.connect(self._check)
        for field in self.days.values():
            field.textChanged.connect(self._check)
        self.look.clicked.connect(self.kept_asked)
        self._check()

    def _place(self) -> None:
        self._share_row, self._day_row, self._kept_row = QWidget(), QWidget(), QWidget()
        self._seed = captioned(tr("seed"), self.seed)
        shares = FlowLayout(self._share_row, gap=12)
        for name, spin in self.shares.items():
            shares.addWidget(captioned(name, spin))
        shares.addWidget(self._seed)
        days = FlowLayout(self._day_row, gap=12)
        for name, field in self.days.items():
            days.addWidget(captioned(tr("{split} up to", split=name), field))
        kept = QHBoxLayout(self._kept_row)
        kept.setContentsMargins(0, 0, 0, 0)
        kept.addWidget(self.kept, 1)
        kept.addWidget(self.look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        rows = (
            self.mode,
            self._share_row,
            self._day_row,
            self.said,
            self.problem,
            self._kept_row,
        )
        for widget in rows:
            column.addWidget(widget)

    @property
    def way(self) -> str:
        return str(self.mode.currentData())

    def show_kept(self, kept: Mapping[str, int]) -> None:
        """How many articles have a split already, by deal."""
        self._kept = kept
        self._check()

    def _check(self, *_: object) -> None:
        way = self.way
        self._share_row.setVisible(way in (SHARE, DATE, SOURCE))
        self._day_row.setVisible(way == DAYS)
        self._seed.setVisible(way in (SHARE, SOURCE))
        self.said.setVisible(way != NONE)
        self.said.setText(tr(_SAID[way]) if way else "")
        self.problem.say(self._trouble())
        count = self._kept.get(self._deal, 0) if way else 0
        self._kept_row.setVisible(count > 0)
        self.kept.setText(
            plural(
                "{n} article has its split from an earlier export and keeps it.",
                "{n} articles have their split from an earlier export and keep it.",
                count,
            )
        )
        self.changed.emit()

    @property
    def _deal(self) -> str:
        return "date" if self.way in (DATE, DAYS) else f"{self.way}:{self.seed.value()}"

    def _trouble(self) -> str:
        if self.way in (SHARE, DATE, SOURCE) and not any(spin.value() for spin in self.shares.values()):
            return tr("Give at least one split a share above 0.")
        if self.way == DAYS:
            days = [field.text().strip() for field in self.days.values()]
            wrong = next((day for day in days if day and not is_day(day)), "")
            if wrong:
                return tr("“{day}” is no day: write it as 2021-06-30.", day=wrong)
            if not any(days):
                return tr("Say up to which day the articles are train.")
            if all(days) and days[0] >= days[1]:
                return tr("Each split must end later than the one before it.")
        return ""

    @property
    def good(self) -> bool:
        return not self.problem.text()

    def values(self) -> dict[str, Any]:
        """As ExportOptions takes them."""
        way = self.way
        if way == NONE:
            return {"split": None}
        if way == DAYS:
            given = {name: field.text().strip() for name, field in self.days.items()}
            parts = [f"{name}={day}" for name, day in given.items() if day]
            return {"split": ",".join([*parts, SPLITS[-1]]), "by": DATE}
        shares = ",".join(f"{name}={spin.value()}" for name, spin in self.shares.items() if spin.value())
        return {"split": shares, "by": way, "seed": 0 if way == DATE else self.seed.value()}

    def show_values(self, given: ExportOptions) -> None:
        """The choices of a template."""
        from desktop.datasets.splits import sharing  # noqa: PLC0415

        self.seed.setValue(given.seed)
        try:
            shared = sharing(given.split, given.by, given.seed) if given.split else None
        except UsageError:
            shared = None
        if not shared:
            self.mode.setCurrentIndex(self.mode.findData(NONE))
            return
        if shared.until is not None:
            for name, field in self.days.items():
                field.setText(shared.until.get(name, ""))
            self.mode.setCurrentIndex(self.mode.findData(DAYS))
            return
        for name, share in _whole(shared.shares).items():
            self.shares[name].setValue(share)
        self.mode.setCurrentIndex(self.mode.findData(given.by))

    @property
    def summary(self) -> str:
        way = self.way
        if way == NONE:
            return tr("None: all articles are train")
        if way == DAYS:
            given = {name: field.text().strip() for name, field in self.days.items()}
            return " · ".join(
                tr("{split} up to {day}", split=name, day=day) for name, day in given.items() if day
            )
        numbers = {name: spin.value() for name, spin in self.shares.items() if spin.value()}
        whole = sum(numbers.values()) or 1
        shares = " · ".join(f"{name} {100 * share / whole:.3g}\u00a0%" for name, share in numbers.items())
        by = {SHARE: "", DATE: tr("by date"), SOURCE: tr("by source")}[way]
        seed = tr("seed {number}", number=self.seed.value()) if way != DATE and self.seed.value() else ""
        return " · ".join(part for part in (shares, by, seed) if part)


def _whole(shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Shares as whole numbers in the same proportion, each split named."""
    times = math.lcm(*(share.denominator for share in shares.values()))
    return {name: int(shares.get(name, Fraction(0)) * times) for name in SPLITS}


def _spin(name: str, value: int, most: int = 10**9) -> QuietSpin:
    spin = QuietSpin(0, most, value)
    spin.setAccessibleName(name)
    spin.setFixedWidth(76)
    return spin


def _day(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText("2021-06-30")
    field.setFixedWidth(120)
    return field


def captioned(name: str, field: QWidget) -> QWidget:
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    caption = muted(name)
    caption.setWordWrap(False)
    caption.setBuddy(field)
    row.addWidget(caption)
    row.addWidget(field)
    return both
