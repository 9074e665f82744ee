"""Editing a scheme: whatever is done, it stays one that can be used, and names stay true wherever they stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from desktop import projects
from desktop import scheme_edits as edits
from desktop.colours import CONTRAST, contrast
from desktop.errors import UserError
from desktop.formats import scheme as schemes
from desktop.model import Attribute, Choice, RelationType, Scheme
from desktop.projects import default_scheme
from desktop.store import queries

SCHEME: Scheme = default_scheme()
GROUNDS = {"light": ("#fbfaf7", "#ffffff"), "dark": ("#1b1d21", "#25282d")}
# Such as people type, and such as they should not.
NAMES = st.sampled_from(
    ("event", "actor", "armed group", "حدث", "👩‍👩‍👧", "e\u0301", "", " x", "a\nb", "weapon", "claim")
)
TEXTS = st.text(max_size=4)


def names(scheme: Scheme) -> list[str]:
    return [label.name for label in scheme.labels]


def ends(scheme: Scheme) -> set[str]:
    """Every label that the scheme names anywhere beside its labels."""
    pairs = [pair for relation in scheme.relations for pair in relation.endpoints]
    pairs += scheme.nesting.allowed if scheme.nesting else ()
    return {name for pair in pairs for name in pair}


class Editing(RuleBasedStateMachine):
    """Random edits. A refused one changes nothing, as all of it are values."""

    def __init__(self) -> None:
        super().__init__()
        self.scheme = SCHEME

    def _edit(self, change: Any, *args: Any, **values: Any) -> None:
        before = self.scheme.model_dump()
        try:
            self.scheme = change(self.scheme, *args, **values)
        except UserError as error:
            assert error.message
            assert self.scheme.model_dump() == before

    @rule(name=NAMES)
    def add(self, name: str) -> None:
        self._edit(edits.with_label, name, avoid=("r",))

    @rule(old=NAMES, new=NAMES)
    def rename(self, old: str, new: str) -> None:
        self._edit(edits.renamed_label, old, new)

    @rule(name=NAMES, into=NAMES)
    def merge(self, name: str, into: str) -> None:
        self._edit(edits.merged_label, name, into)

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        self._edit(edits.without_label, name)

    @rule(name=NAMES, place=st.integers(-2, 9))
    def move(self, name: str, place: int) -> None:
        self._edit(edits.moved_label, name, place)

    @rule(name=NAMES, key=st.sampled_from(("e", "X", "", "7", "xy", "?", " q ")))
    def key(self, name: str, key: str) -> None:
        self._edit(edits.with_key, name, key)

    @rule(name=NAMES, line=st.integers(0, 0xFFFFFF), theme=st.sampled_from(("light", "dark")))
    def colour(self, name: str, line: int, theme: Any) -> None:
        self._edit(edits.with_line, name, theme, f"#{line:06x}", GROUNDS[theme])

    @rule(
        label=NAMES,
        old=st.none() | NAMES,
        new=NAMES,
        values=st.lists(NAMES, max_size=3),
        default=st.none() | NAMES,
    )
    def attribute(
        self, label: str, old: str | None, new: str, values: list[str], default: str | None
    ) -> None:
        made = Attribute(
            name=new, type="choice", values=tuple(Choice(name=v) for v in values), default=default
        )
        self._edit(edits.with_attribute, label, made, old)

    @rule(label=NAMES, name=NAMES)
    def no_attribute(self, label: str, name: str) -> None:
        self._edit(edits.without_attribute, label, name)

    @rule(
        old=st.none() | st.sampled_from(("agent", "place", "new")),
        new=NAMES,
        pairs=st.lists(st.tuples(NAMES, NAMES), max_size=2),
    )
    def relation(self, old: str | None, new: str, pairs: list[tuple[str, str]]) -> None:
        there = [pair for pair in pairs if set(pair) <= set(names(self.scheme))]
        self._edit(edits.with_relation, RelationType(name=new, endpoints=tuple(there)), old)

    @rule(name=st.sampled_from(("agent", "place", "new")))
    def no_relation(self, name: str) -> None:
        self._edit(edits.without_relation, name)

    @invariant()
    def it_can_be_used_and_written(self) -> None:
        assert schemes.problems(self.scheme) is None
        assert schemes.loads(json.loads(schemes.dumps(self.scheme))) == self.scheme
        assert ends(self.scheme) <= set(names(self.scheme))


Editing.TestCase.settings = settings(max_examples=25, stateful_step_count=20)
test_editing = Editing.TestCase


def test_a_new_label_has_a_key_and_colours_of_its_own() -> None:
    scheme = SCHEME
    for name in ("weapon", "event 2", "روز", "reason"):
        scheme = edits.with_label(scheme, name, avoid=("w", "r"))
    keys = [label.key for label in scheme.labels]
    assert len(set(keys)) == len(keys) == 8
    assert not {"w", "r"} & set(keys)
    lines = [label.colours.light.line for label in scheme.labels[:7]]
    assert len(set(lines)) == 7
    for label in scheme.labels:
        for shade in (label.colours.light, label.colours.dark):
            assert contrast(shade.text, shade.background) >= CONTRAST


def test_colours_of_removed_labels_are_given_again() -> None:
    scheme = edits.without_label(SCHEME, "event")
    scheme = edits.with_label(edits.with_label(scheme, "one"), "two")
    lines = [label.colours.light.line for label in scheme.labels]
    assert len(set(lines)) == len(lines)


def test_renaming_reaches_ends_and_nesting() -> None:
    scheme = edits.renamed_label(SCHEME, "actor", "agent of change")
    assert ends(scheme) == {"agent of change", "event", "claim", "location"}
    assert names(scheme) == ["event", "agent of change", "location", "claim"]
    assert edits.renamed_label(scheme, "agent of change", "actor") == SCHEME


def test_merging_takes_the_attributes_along() -> None:
    scheme = edits.merged_label(SCHEME, "location", "actor")
    actor, old, gone = scheme.label("actor"), SCHEME.label("actor"), SCHEME.label("location")
    assert actor
    assert old
    assert gone
    assert [a.name for a in actor.attributes] == ["kind", "entity", "name"]
    there = [choice.name for choice in actor.attributes[0].values]
    assert there == [
        *(c.name for c in old.attributes[0].values),
        *(c.name for c in gone.attributes[0].values),
    ]
    assert len(set(there)) == len(there)
    target = scheme.relation("target")
    assert target
    assert target.endpoints == (("event", "actor"),)


def test_values_and_free_text_make_free_text() -> None:
    event = edits.with_attribute(SCHEME, "event", Attribute(name="kind", type="text"))
    merged = edits.merged_label(event, "event", "actor").label("actor")
    assert merged
    assert merged.attributes[0] == Attribute(
        name="kind", type="text", description=merged.attributes[0].description
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: edits.with_label(s, "event"), "there is a label 'event' already"),
        (lambda s: edits.with_label(s, "Event"), "there is a label 'event' already"),
        (lambda s: edits.renamed_label(s, "actor", "EVENT"), "there is a label 'event' already"),
        (lambda s: edits.with_label(s, " "), "a label needs a name"),
        (lambda s: edits.renamed_label(s, "gone", "x"), "no label 'gone'"),
        (lambda s: edits.merged_label(s, "event", "event"), "into itself"),
        (lambda s: edits.with_key(s, "event", "a"), "A is the key of the label actor"),
        (lambda s: edits.with_key(s, "event", "ab"), "'ab' is not one letter or digit"),
        (lambda s: edits.with_line(s, "event", "light", "yellow", GROUNDS["light"]), "no colour"),
        (lambda s: edits.with_line(s, "event", "light", "#ffee00", GROUNDS["light"]), "letters need 4.5"),
        (lambda s: edits.with_attribute(s, "event", Attribute(name="type")), "an attribute 'type' already"),
        (lambda s: edits.with_attribute(s, "event", Attribute(name="x"), "gone"), "no attribute 'gone'"),
        (
            lambda s: edits.with_attribute(s, "event", Attribute(name="x", type="choice", default="y")),
            "default 'y' of event.x is none of its values",
        ),
        (lambda s: edits.with_relation(s, RelationType(name="agent")), "a relation 'agent' already"),
        (lambda s: edits.without_relation(s, "gone"), "no relation 'gone'"),
    ],
)
def test_what_cannot_be_is_said(change: Any, said: str) -> None:
    with pytest.raises(UserError) as caught:
        change(SCHEME)
    assert said in caught.value.message
    assert caught.value.hint


def test_the_last_label_stays() -> None:
    scheme = SCHEME
    for name in ("event", "actor", "location"):
        scheme = edits.without_label(scheme, name)
    with pytest.raises(UserError, match="needs a label"):
        edits.without_label(scheme, "claim")


def test_a_colour_that_cannot_be_read_comes_with_one_that_can() -> None:
    with pytest.raises(UserError) as caught:
        edits.with_line(SCHEME, "event", "dark", "#332211", GROUNDS["dark"])
    nearest = caught.value.hint.split()[-1]
    event = edits.with_line(SCHEME, "event", "dark", nearest, GROUNDS["dark"]).label("event")
    assert event
    assert event.colours.dark.line == nearest
    assert event.colours.light == SCHEME.labels[0].colours.light


@given(
    used=st.sets(st.sampled_from(("event", "actor", "location", "claim"))),
    types=st.sets(st.sampled_from(("agent", "about"))),
)
def test_loading_keeps_what_is_in_use(used: set[str], types: set[str]) -> None:
    new = Scheme(
        scheme="other", labels=(schemes.new_label("event", SCHEME), schemes.new_label("age", SCHEME))
    )
    made, kept = edits.keeping(new, SCHEME, used, types)
    assert set(kept) == (used - {"event"}) | types
    assert set(names(made)) == {"event", "age"} | used
    assert {relation.name for relation in made.relations} == types
    assert ends(made) <= set(names(made))
    assert schemes.problems(made) is None


def test_everything_on() -> None:
    on = edits.with_everything_on(SCHEME)
    assert all(a.on_by_default for label in on.labels for a in label.attributes)
    assert all(relation.on_by_default for relation in on.relations)
    assert names(on) == names(SCHEME)


def test_a_scheme_goes_to_a_file_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "mine ü.json"
    scheme = edits.described(edits.with_label(SCHEME, "سلاح 🚀"), scheme="mine", summary="two\nlines")
    schemes.write(path, scheme)
    schemes.write(path, scheme)
    assert schemes.read(path) == scheme
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(UserError, match="cannot be written"):
        schemes.write(tmp_path / "no" / "such.json", scheme)


@pytest.mark.parametrize("start", projects.STARTS, ids=lambda start: start.id)
def test_what_a_project_can_begin_with(tmp_path: Path, start: projects.Start) -> None:
    session = projects.create(tmp_path / "p.tagline", "A", start)
    scheme = queries.scheme(session.store)
    assert scheme == start.scheme()
    assert names(scheme) == ["event", "actor", "location", "claim"]
    assert queries.guidelines(session.store)
    session.store.close()


def test_the_two_starts_differ_in_what_they_show() -> None:
    shown = [
        [a.on_by_default for label in start.scheme().labels for a in label.attributes]
        for start in projects.STARTS
    ]
    assert not any(shown[0])
    assert all(shown[1])


def test_a_saved_scheme_begins_a_project_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from desktop.cli import main

    scheme = edits.with_label(SCHEME, "سلاح 🚀")
    schemes.write(tmp_path / "mine.json", scheme)
    assert main(["new", str(tmp_path / "p.tagline"), "--scheme", str(tmp_path / "mine.json"), "--json"]) == 0
    capsys.readouterr()
    session = projects.open_project(tmp_path / "p.tagline", "A")
    assert queries.scheme(session.store) == scheme
    session.store.close()


def test_a_name_may_change_its_capitals() -> None:
    assert edits.renamed_label(SCHEME, "event", "Event").labels[0].name == "Event"
