"""Parts of the window that are made when they are first asked for: nobody waits at the start for what most days do not need."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from ui.article_flow import ArticleFlow
    from ui.care import Care
    from ui.past import Past
    from ui.scheme_flow import SchemeFlow
    from ui.statistics_flow import StatisticsFlow
    from ui.transfer import Transfer
    from ui.window import MainWindow


class LateParts:
    """What the main window is made of besides what it shows at once. Their code, too, is loaded when they are made."""

    def made(self, *names: str) -> Iterator[Any]:
        """Those of these parts that are there already."""
        return (vars(self)[name] for name in names if name in vars(self))

    @property
    def _window(self) -> MainWindow:
        return cast("MainWindow", self)

    @cached_property
    def article_flow(self) -> ArticleFlow:
        from ui.article_flow import ArticleFlow  # noqa: PLC0415

        return ArticleFlow(self._window)

    @cached_property
    def care(self) -> Care:
        from ui.care import Care  # noqa: PLC0415

        return Care(self._window)

    @cached_property
    def figures(self) -> StatisticsFlow:
        from ui.statistics_flow import StatisticsFlow  # noqa: PLC0415

        return StatisticsFlow(self._window)

    @cached_property
    def past(self) -> Past:
        from ui.past import Past  # noqa: PLC0415

        return Past(self._window)

    @cached_property
    def scheming(self) -> SchemeFlow:
        from ui.scheme_flow import SchemeFlow  # noqa: PLC0415

        return SchemeFlow(self._window)

    @cached_property
    def transfer(self) -> Transfer:
        from ui.transfer import Transfer  # noqa: PLC0415

        return Transfer(self._window)
