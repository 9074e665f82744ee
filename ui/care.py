"""The pages that look after a project: repairs, backups, recovery, the bin, the checks of the dataset, its splits and receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.backup_flow import BackupFlow
from ui.bin_flow import BinFlow
from ui.check_flow import CheckFlow
from ui.purge_flow import PurgeFlow
from ui.receipt_flow import ReceiptFlow
from ui.recovery_flow import RecoveryFlow
from ui.repair_flow import RepairFlow
from ui.splits_flow import SplitsFlow
from ui.theme import Theme
from ui.upkeep import Upkeep

if TYPE_CHECKING:
    from ui.window import MainWindow


class Care:
    """The flows behind these pages, and what begins when a project is opened."""

    def __init__(self, window: MainWindow) -> None:
        self.repair: RepairFlow = RepairFlow(window)
        self.backups: BackupFlow = BackupFlow(window)
        self.check: CheckFlow = CheckFlow(window)
        self.bin: BinFlow = BinFlow(window)
        self.purge: PurgeFlow = PurgeFlow(window)
        self.receipt: ReceiptFlow = ReceiptFlow(window)
        self.splits: SplitsFlow = SplitsFlow(window)
        self.recovery = RecoveryFlow(window)
        self.upkeep = Upkeep(window)

    def opened(self) -> None:
        """A project was opened and is shown."""
        self.repair.start()
        self.backups.opened()
        self.check.opened()
        self.upkeep.start()
        self.receipt.opened()
        self.splits.opened()

    def set_theme(self, theme: Theme) -> None:
        for flow in (self.repair, self.backups, self.check, self.bin, self.purge, self.receipt, self.splits):
            flow.set_theme(theme)
