"""The row above the article, with more labels than the window is wide."""

from __future__ import annotations

from pathlib import Path

from desktop import projects as core
from ui.driver import Driver
from ui.toolbar import LabelButton, LabelRow


def long_scheme(count: int = 9) -> object:
    scheme = core.default_scheme()
    labels = [
        scheme.labels[0].model_copy(update={"name": f"a_label_with_a_very_long_name_{key}", "key": key})
        for key in "bdfgijkmn"[:count]
    ]
    return scheme.model_copy(update={"labels": tuple(labels)})


def test_many_long_labels_do_not_widen_the_window(sample: Driver, tmp_path: Path) -> None:
    window = sample.window
    tools = window.tools
    one_line = tools.height()
    tools.show_labels(long_scheme())  # type: ignore[arg-type]
    for width, height in ((1280, 860), (700, 500)):
        window.resize(width, height)
        sample.settle()
        assert window.width() == width
        buttons = tools.findChildren(LabelButton)
        places = [
            button.geometry().translated(button.parentWidget().pos())
            for button in buttons
            if button.isVisible()
        ]
        assert len(places) == 9
        assert all(tools.rect().contains(place) for place in places)
        assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])
        assert tools.height() < 3 * one_line
    window.resize(1280, 860)
    tools.show_labels(core.default_scheme())
    sample.settle()
    assert tools.height() == one_line


def test_of_hundreds_of_labels_the_first_are_shown_and_the_palette_leads_to_all(sample: Driver) -> None:
    window, tools = sample.window, sample.window.tools
    one_line, size = tools.height(), window.size()
    scheme = core.default_scheme()
    labels = [scheme.labels[0].model_copy(update={"name": f"kind_{n}", "key": ""}) for n in range(248)]
    tools.show_labels(scheme.model_copy(update={"labels": (*scheme.labels, *labels)}))
    sample.settle()
    shown = [button for button in tools.findChildren(LabelButton) if button.isVisible()]
    more = tools.findChild(LabelRow).more  # type: ignore[union-attr]
    assert [button.label.name for button in shown[:4]] == [label.name for label in scheme.labels]
    assert 6 < len(shown) < 252 and more.text().startswith(f"{252 - len(shown)} ")
    assert all(tools.rect().contains(b.geometry().translated(b.parentWidget().pos())) for b in [*shown, more])
    assert window.size() == size and tools.height() < 3 * one_line
    sample.click(more)
    assert window.command_palette.isVisible()
