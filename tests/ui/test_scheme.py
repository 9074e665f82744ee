"""The scheme edited in the window, with keys and clicks; every change is a step that undo takes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop import projects
from desktop.formats import scheme as schemes
from desktop.model import Attribute, Choice, Label, Scheme
from desktop.store import queries
from ui import theme as themes
from ui.attribute_form import AttributeForm, shared_by
from ui.colour_field import THEMES, grounds
from ui.driver import Driver
from ui.scheme_page import SchemePage

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip


@pytest.fixture
def edited(sample: Driver) -> Driver:
    """The scheme page, opened with its key over an article with an event and an actor."""
    view = sample.window.view
    for word, key in (("attacks", Qt.Key.Key_E), ("Iran", Qt.Key.Key_A)):
        view.setFocus()
        view.set_caret(view.text.index(word) + 1)
        sample.key(key)
    sample.key(Qt.Key.Key_S, CTRL | ALT)
    assert sample.window.pages.shows(sample.window.scheming.page)
    return sample


def page(driver: Driver) -> SchemePage:
    return driver.window.scheming.page


def scheme(driver: Driver) -> Scheme:
    """The scheme as it is in the file."""
    found: list[Scheme] = []
    driver.window.work.read(queries.scheme, then=found.append)
    driver.settle()
    return found[0]


def label(driver: Driver, name: str) -> Label:
    found = scheme(driver).label(name)
    assert found, f"no label {name}"
    return found


def spans(driver: Driver) -> list[tuple[str, str]]:
    reading = driver.window.labelling.reading
    assert reading
    return [(span.label, span.text) for span in reading.spans]


def choose(driver: Driver, kind: str, name: str) -> None:
    view = page(driver).list
    driver.row(view, view.row_of((kind, name)))


def fill(driver: Driver, field: QLineEdit, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    driver.click(field)
    field.selectAll()
    if text.isascii() and text:
        QTest.keyClicks(field, text)
    elif text:
        field.insert(text)  # no keyboard of the tests has these
    else:
        QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClick(field, end)
    driver.settle()


def said(driver: Driver) -> str:
    question = page(driver).question
    return question.said.text().replace("\u00a0", " ") if question.asking else ""


def answer(driver: Driver, choice: str = "") -> None:
    question = page(driver).question
    if choice:
        texts = [question.choice.itemText(at).replace("\u00a0", " ") for at in range(question.choice.count())]
        question.choice.setCurrentIndex(texts.index(choice))
    driver.click(question.yes)


def undo(driver: Driver) -> None:
    page(driver).list.setFocus()
    driver.key(Qt.Key.Key_Z, CTRL)


def test_the_page_opens_at_the_label_picked_and_closes_with_esc(sample: Driver) -> None:
    view = sample.window.view
    view.set_caret(view.text.index("Iran") + 1)
    sample.key(Qt.Key.Key_L)
    sample.key(Qt.Key.Key_Comma)
    sample.key(Qt.Key.Key_S, CTRL | ALT)
    assert page(sample).chosen == ("label", "location")
    assert page(sample).label.name.text() == "location"
    sample.key(Qt.Key.Key_Escape)
    assert sample.window.pages.at_desk


def test_keys_of_labels_mean_nothing_while_the_article_is_out_of_sight(edited: Driver) -> None:
    before = spans(edited)
    page(edited).list.setFocus()
    for key in (Qt.Key.Key_C, Qt.Key.Key_Backspace, Qt.Key.Key_T):
        edited.key(key)
    assert spans(edited) == before
    edited.key(Qt.Key.Key_G, CTRL | SHIFT)
    assert edited.window.pages.at_desk, "what belongs to the article leads back to it"


def test_rename(edited: Driver) -> None:
    choose(edited, "label", "event")
    fill(edited, page(edited).label.name, "happening 🚀")
    assert ("happening 🚀", "attacks") in spans(edited)
    assert page(edited).chosen == ("label", "happening 🚀")
    assert next(iter(edited.window.label_keys.by_label)) == "happening 🚀"
    undo(edited)
    assert ("event", "attacks") in spans(edited)
    assert page(edited).label.name.text() == "event"


@pytest.mark.parametrize("bad", ["actor", ""])
def test_a_name_that_cannot_be_is_refused_in_place(edited: Driver, bad: str) -> None:
    choose(edited, "label", "event")
    fill(edited, page(edited).label.name, bad)
    assert page(edited).label.name.text() == "event"
    assert label(edited, "event")
    assert ("a label 'actor' already" in said(edited)) == bool(bad)


def test_what_was_refused_is_over_with_the_next_change(edited: Driver) -> None:
    choose(edited, "label", "event")
    fill(edited, page(edited).label.key, "a")
    assert "Choose another key" in said(edited)
    fill(edited, page(edited).label.key, "y")
    assert not page(edited).question.asking


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("r", "R is the key of “Relate to another label”"),
        ("a", "A is the key of the label actor"),
        ("+", "not one letter"),
    ],
)
def test_a_key_that_means_something_is_refused_by_name(edited: Driver, key: str, says: str) -> None:
    choose(edited, "label", "event")
    fill(edited, page(edited).label.key, key)
    assert says in said(edited)
    assert page(edited).label.key.text() == "E"
    assert label(edited, "event").key == "e"


def test_a_free_key_labels_from_then_on(edited: Driver) -> None:
    choose(edited, "label", "event")
    fill(edited, page(edited).label.key, "x")
    assert label(edited, "event").key == "x"
    edited.key(Qt.Key.Key_Escape)
    view = edited.window.view
    view.setFocus()
    view.set_caret(view.text.index("Iraq") + 1)
    edited.key(Qt.Key.Key_X)
    assert ("event", "Iraq") in spans(edited)
    edited.key(Qt.Key.Key_S, CTRL | ALT)
    choose(edited, "label", "event")
    fill(edited, page(edited).label.key, "")
    assert label(edited, "event").key == "", "a label needs no key"


def test_colours(edited: Driver) -> None:
    choose(edited, "label", "event")
    colours = page(edited).label.colours
    edited.click(colours.swatches[4])
    made = label(edited, "event").colours
    assert (made.light.line, made.dark.line) == colours.swatches[4].pair
    assert colours.swatches[4].isChecked()
    fill(edited, colours.lines["light"], "#123456")
    assert label(edited, "event").colours.light.line == "#123456"
    assert label(edited, "event").colours.dark == made.dark
    fill(edited, colours.lines["light"], "#ffcc00")
    assert "letters need 4.5" in said(edited)
    assert label(edited, "event").colours.light.line == "#123456"
    offer = page(edited).question.yes.text().split()[-1]
    answer(edited)
    assert label(edited, "event").colours.light.line == offer
    assert all(themes.contrast(offer, ground) >= 4.5 for ground in grounds(THEMES["light"]))
    fill(edited, colours.lines["dark"], "blue")
    assert "no colour" in said(edited)
    for _ in range(3):
        undo(edited)
    assert label(edited, "event") == projects.default_scheme().label("event")


def test_a_new_label_works_at_once(edited: Driver) -> None:
    fill(edited, page(edited).add_label, "time")
    made = label(edited, "time")
    assert page(edited).chosen == ("label", "time")
    assert made.key == "i", "T, the first letter, sets attributes"
    assert "time" in edited.window.label_keys.by_label
    fill(edited, page(edited).add_label, "time")
    assert "already" in said(edited)


def test_order(edited: Driver) -> None:
    choose(edited, "label", "actor")
    edited.click(page(edited).label.up)
    assert [each.name for each in scheme(edited).labels] == ["actor", "event", "location", "claim"]
    assert not page(edited).label.up.isEnabled()
    edited.click(page(edited).label.down)
    assert scheme(edited) == projects.default_scheme()


def test_merge_says_first_and_takes_the_spans_along(edited: Driver) -> None:
    choose(edited, "label", "actor")
    edited.click(page(edited).label.merge)
    assert said(edited).startswith("1 label is “actor”, in 1 article, over all annotators.")
    assert label(edited, "actor"), "nothing is done by asking"
    answer(edited, "claim")
    assert scheme(edited).label("actor") is None
    assert ("claim", "Iran") in spans(edited)
    assert "actor" not in edited.window.label_keys.by_label
    undo(edited)
    assert ("actor", "Iran") in spans(edited)
    assert scheme(edited) == projects.default_scheme()


def test_esc_says_no_to_the_question_before_it_leaves(edited: Driver) -> None:
    choose(edited, "label", "actor")
    edited.click(page(edited).label.remove)
    edited.key(Qt.Key.Key_Escape)
    assert said(edited) == ""
    assert label(edited, "actor")
    assert not edited.window.pages.at_desk
    edited.key(Qt.Key.Key_Escape)
    assert edited.window.pages.at_desk


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("remove the 1 label too", [("event", "attacks")]),
        ("make them location", [("location", "Iran"), ("event", "attacks")]),
    ],
)
def test_remove_says_what_becomes_of_the_labels(
    edited: Driver, choice: str, left: list[tuple[str, str]]
) -> None:
    choose(edited, "label", "actor")
    edited.click(page(edited).label.remove)
    answer(edited, choice)
    assert sorted(spans(edited)) == sorted(left)
    assert scheme(edited).label("actor") is None
    undo(edited)
    assert ("actor", "Iran") in spans(edited)


def test_an_unused_label_goes_without_a_choice(edited: Driver) -> None:
    choose(edited, "label", "location")
    edited.click(page(edited).label.remove)
    assert said(edited) == "Nothing is labelled “location”."
    assert not page(edited).question.choice.isVisible()
    answer(edited)
    assert scheme(edited).label("location") is None


def form(driver: Driver) -> AttributeForm:
    return page(driver).label.form


def attribute(driver: Driver, of: str, name: str) -> Attribute:
    return next(a for a in label(driver, of).attributes if a.name == name)


def test_an_attribute_from_nothing(edited: Driver) -> None:
    choose(edited, "label", "actor")
    fill(edited, page(edited).label.more, "side")
    assert form(edited).isVisible(), "what was added is open"
    for value in ("ours", "theirs", "مدني"):
        fill(edited, form(edited).more, value)
    fill(edited, form(edited).rows[0].description, "who is with us")
    form(edited).default.setCurrentIndex(2)
    form(edited).default.activated.emit(2)
    edited.settle()
    made = attribute(edited, "actor", "side")
    assert [choice.name for choice in made.values] == ["ours", "theirs", "مدني"]
    assert made.values[0].description == "who is with us"
    assert (made.default, made.on_by_default, made.type) == ("theirs", True, "choice")
    edited.key(Qt.Key.Key_Escape)
    view = edited.window.view
    view.setFocus()
    edited.key(Qt.Key.Key_Comma)
    assert "side" in edited.window.inspector.labels.card.fields


def set_type(driver: Driver, value: str) -> None:
    """Give the event its type, as the card would."""
    reading = driver.window.labelling.reading
    assert reading
    key = next(span.key for span in reading.spans if span.label == "event")
    driver.window.labelling.set_attribute(key, "type", value)
    driver.settle()


def event_attributes(driver: Driver) -> dict[str, Any]:
    reading = driver.window.labelling.reading
    assert reading
    return dict(next(span for span in reading.spans if span.label == "event").attributes)


def test_values_renamed_and_removed_reach_the_spans(edited: Driver) -> None:
    set_type(edited, "attack")
    choose(edited, "label", "event")
    edited.row(page(edited).label.attributes, 0)
    fill(edited, form(edited).rows[0].name, "strike")
    assert event_attributes(edited) == {"type": "strike"}
    edited.click(form(edited).rows[0].away)
    assert said(edited) == "1 label has the value strike."
    answer(edited, "make it threat")
    assert event_attributes(edited) == {"type": "threat"}
    assert "strike" not in [choice.name for choice in attribute(edited, "event", "type").values]
    edited.click(form(edited).rows[0].away)
    assert said(edited) == "", "what nobody uses goes at once"
    undo(edited)
    undo(edited)
    undo(edited)
    assert event_attributes(edited) == {"type": "attack"}
    assert scheme(edited) == projects.default_scheme()


def test_an_attribute_renamed_and_removed(edited: Driver) -> None:
    set_type(edited, "attack")
    choose(edited, "label", "event")
    edited.row(page(edited).label.attributes, 0)
    fill(edited, form(edited).name, "sort")
    assert event_attributes(edited) == {"sort": "attack"}
    assert form(edited).isVisible(), "the open attribute stays open under its new name"
    edited.click(form(edited).away)
    assert said(edited) == "1 label of event has a value for sort; it loses it."
    answer(edited)
    assert event_attributes(edited) == {}
    undo(edited)
    assert event_attributes(edited) == {"sort": "attack"}


def test_one_attribute_of_several_labels(edited: Driver) -> None:
    choose(edited, "label", "event")
    edited.row(page(edited).label.attributes, 1)
    assert not form(edited).labels.checked() - {"event"}
    edited.click(form(edited).labels.buttons["claim"])
    assert attribute(edited, "claim", "modality") == attribute(edited, "event", "modality")
    assert shared_by(attribute(edited, "event", "modality"), scheme(edited)) == ["event", "claim"]
    fill(edited, form(edited).rows[0].name, "real")
    assert attribute(edited, "claim", "modality").values[0].name == "real", (
        "a change is one of all that share it"
    )
    edited.click(form(edited).labels.buttons["claim"])
    assert said(edited) == "No label of claim has a value for modality."
    answer(edited)
    assert "modality" not in [a.name for a in label(edited, "claim").attributes]
    assert attribute(edited, "event", "modality").values[0].name == "real"


def test_a_label_with_its_own_attribute_of_that_name_is_left_alone(edited: Driver) -> None:
    choose(edited, "label", "actor")
    edited.row(page(edited).label.attributes, 0)
    assert not form(edited).labels.buttons["location"].isEnabled()
    assert form(edited).labels.buttons["event"].isEnabled()


def test_relations(edited: Driver) -> None:
    fill(edited, page(edited).add_relation, "led by")
    assert page(edited).chosen == ("relation", "led by")
    relation = page(edited).relation
    assert relation.any.isVisible()
    edited.click(relation.ticks["actor", "location"])
    edited.click(relation.symmetric)
    made = scheme(edited).relation("led by")
    assert made
    assert made.endpoints == (("actor", "location"),)
    assert made.symmetric
    assert not relation.any.isVisible()
    fill(edited, relation.name, "led from")
    assert scheme(edited).relation("led from")
    edited.click(relation.remove)
    assert said(edited) == "No label has it."
    answer(edited)
    assert scheme(edited) == projects.default_scheme()


def test_save_and_load(edited: Driver, tmp_path: Path) -> None:
    flow = edited.window.scheming
    path = tmp_path / "mine.json"
    flow.ask_save_path = lambda offered: str(path.with_suffix(""))
    fill(edited, page(edited).name, "mine")
    edited.click(page(edited).save)
    assert schemes.read(path) == scheme(edited)
    assert schemes.read(path).scheme == "mine"
    other = Scheme(scheme="other", labels=(schemes.new_label("weapon", schemes.read(path)),))
    schemes.write(path, other)
    flow.ask_open_path = lambda: str(path)
    edited.click(page(edited).load)
    assert [each.name for each in scheme(edited).labels] == ["weapon", "event", "actor"]
    assert "in use and stay: event, actor" in edited.window.messages.text
    undo(edited)
    assert [each.name for each in scheme(edited).labels] == ["event", "actor", "location", "claim"]
    path.write_text("{", encoding="utf-8")
    edited.click(page(edited).load)
    assert "not valid JSON" in said(edited)
    assert len(scheme(edited).labels) == 4


def test_what_is_typed_is_not_lost_when_the_page_is_left(edited: Driver) -> None:
    choose(edited, "label", "event")
    description = page(edited).label.description
    edited.click(description)
    QTest.keyClick(description, Qt.Key.Key_End, CTRL)
    QTest.keyClicks(description, " And so on.")
    choose(edited, "label", "actor")
    assert label(edited, "event").description.endswith("And so on.")
    edited.click(page(edited).label.name)
    QTest.keyClicks(page(edited).label.name, "s")
    edited.key(Qt.Key.Key_Escape)
    assert scheme(edited).label("sactor") or scheme(edited).label("actors")


@pytest.mark.parametrize("theme", [themes.LIGHT, themes.DARK], ids=lambda theme: theme.name)
def test_it_is_painted_in_both_themes(edited: Driver, theme: themes.Theme) -> None:
    edited.window.help.prefer(theme.name)
    edited.settle()
    for kind, name in (("label", "claim"), ("relation", "target")):
        choose(edited, kind, name)
        image = edited.window.grab().toImage()
        assert image.pixelColor(image.width() - 40, image.height() - 60).name() == theme.page


def test_all_parts_have_a_name(edited: Driver) -> None:
    choose(edited, "label", "event")
    edited.row(page(edited).label.attributes, 0)
    fields = [field for field in page(edited).findChildren(QLineEdit) if field.isVisible()]
    swatches: list[QWidget] = [*page(edited).label.colours.swatches]
    for widget in (*fields, *swatches, page(edited).list, page(edited).label.description):
        if widget.objectName() != "qt_spinbox_lineedit":
            assert widget.accessibleName(), widget


def test_shared_means_equal() -> None:
    one = Attribute(name="a", type="choice", values=(Choice(name="x"),))
    labels = [schemes.new_label(name, projects.default_scheme()) for name in ("p", "q", "r")]
    given = [one, one, one.model_copy(update={"values": ()})]
    made = tuple(each.model_copy(update={"attributes": (a,)}) for each, a in zip(labels, given, strict=True))
    assert shared_by(one, Scheme(scheme="s", labels=made)) == ["p", "q"]
