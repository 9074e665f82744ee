"""Checks that know of all articles, and of splits."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from desktop.bundle import Record
from desktop.datasets.checks import LINES, check, line
from desktop.datasets.findings import Fix, Problem
from desktop.datasets.groups import NONE
from desktop.errors import Cancelled
from desktop.model import Scheme

QUIET = ("article.unread", "split.same_story")


@pytest.fixture
def checked(strategies: ModuleType, scheme: Scheme) -> Any:
    """Checks articles given as (text, *(label, quotes…)); problems of the kinds in QUIET are left out unless asked for."""

    def run(*articles: Any, deals: Any = None, keep: tuple[str, ...] = (), **values: Any) -> list[Problem]:
        made: list[Record] = []
        for number, (text, *spans) in enumerate(articles):
            marked = [strategies.span(text, label, *quotes) for label, *quotes in spans]
            given = {"status": {"reference": "done"}, "language": "en", **values}
            made.append(strategies.article(text, *marked, id=f"a{number}", **given))
        found = check(strategies.bundle(made, scheme), scheme, deals)
        return [problem for problem in found if problem.kind in keep or problem.kind not in QUIET]

    return run


def told(problems: list[Problem]) -> list[tuple[str, str, str, Fix | None]]:
    return [(problem.kind, problem.article, problem.span, problem.fix) for problem in problems]


def test_the_same_words_under_another_label(checked: Any) -> None:
    often = [("Iraq fell", ("location", "Iraq"))] * 3
    assert told(checked(*often, ("iraq said", ("actor", "iraq")))) == [
        *[("split.same_text", f"a{n}", "", Fix("group", articles=("a0", "a1", "a2"))) for n in ()],
        ("form.other_label", "a3", "s1", Fix("relabel", "location")),
        ("split.same_text", "a1", "", Fix("group", articles=("a0", "a1", "a2"))),
        ("split.same_text", "a2", "", Fix("group", articles=("a0", "a1", "a2"))),
    ]


def test_where_no_label_is_the_usual_one_all_are_shown_without_a_fix(checked: Any) -> None:
    found = checked(("Iraq fell", ("location", "Iraq")), ("Iraq said", ("actor", "Iraq")))
    assert told(found) == [("form.other_label", "a0", "s1", None), ("form.other_label", "a1", "s1", None)]
    assert found[0].message == "'Iraq' is location here, elsewhere actor (1); see whether all are meant"


def test_labelled_elsewhere_and_bare_here(checked: Any) -> None:
    found = checked(
        ("Iraq fell to the army", ("location", "Iraq")), ("In Iraq now", ("location", "Iraq")), ("Of Iraq, but no Iraqis", ),
    )  # fmt: skip
    [missed] = [problem for problem in found if problem.kind == "form.missed"]
    assert (missed.article, missed.start, missed.end, missed.annotator) == ("a2", 3, 7, "reference")
    assert missed.fix == Fix("add", "location", fragments=((3, 7),))


def test_a_longer_form_labelled_once_does_not_hide_a_usual_one(checked: Any) -> None:
    found = checked(
        ("Iraqi army fell", ("actor", "Iraqi army")), ("Of Iraqi army men", ("actor", "Iraqi army")),
        ("So the Iraqi army left", ("actor", "the Iraqi army")), ("Then came the Iraqi army",),
    )  # fmt: skip
    [missed] = [problem for problem in found if problem.kind == "form.missed"]
    assert (missed.article, missed.start, missed.end) == ("a3", 14, 24)
    assert "actor 2 times elsewhere" in missed.message


def test_one_mention_is_not_enough_nor_an_article_not_begun(checked: Any) -> None:
    assert checked(("Iraq fell", ("location", "Iraq")), ("In Iraq",), status={"reference": "todo"}) == []
    begun = checked(("Iraq fell", ("location", "Iraq")), ("In Iraq",))
    assert [problem.kind for problem in begun] == ["article.empty"]


def test_the_same_mention_with_other_edges(checked: Any) -> None:
    found = checked(
        ("the army left", ("actor", "army")), ("an army came", ("actor", "army")), ("The army’s end", ("actor", "The army’s")),
    )  # fmt: skip
    assert told(found) == [("form.variant", "a2", "s1", Fix("move", fragments=((4, 8),)))]
    assert (
        found[0].message == "'The army’s' is otherwise marked as 'army' (2 times); move its edges if so meant"
    )


def test_of_two_ways_that_are_as_usual_both_are_named(checked: Any) -> None:
    found = checked(("the army left", ("actor", "the army")), ("an army came", ("actor", "army")))
    assert told(found) == [("form.variant", "a0", "s1", None), ("form.variant", "a1", "s1", None)]
    assert found[1].message == "'army' is as often marked as 'the army' (1 each); choose one of the two ways"


def test_edges_can_grow_too(checked: Any) -> None:
    found = checked(
        ("see the US now", ("actor", "the US")),
        ("in the US.", ("actor", "the US")),
        ("of the US,", ("actor", "US")),
    )
    assert told(found) == [("form.variant", "a2", "s1", Fix("move", fragments=((3, 9),)))]


def test_lengths_far_out_of_the_ordinary(checked: Any) -> None:
    names = [f"Name{n:02}" for n in range(30)]
    text = " and ".join(names) + " and one very long stretch of words that nobody would ever call an actor"
    found = checked((text, *(("actor", name) for name in names), ("actor", text[text.index("one very") :])))
    assert {problem.kind for problem in found} == {"span.far_out", "span.wide"}
    [wide] = [problem for problem in found if problem.kind == "span.wide"]
    assert "1 of 31 spans of actor have more than 12 words (most: 13)" in wide.message
    assert checked(("a bb", ("actor", "a"), ("actor", "bb"))) == []


def test_attributes_that_should_be_there(checked: Any, strategies: ModuleType, scheme: Scheme) -> None:
    label = scheme.label("actor")
    assert label
    kind = label.attributes[0].model_copy(update={"on_by_default": True, "default": "state"})
    other = kind.model_copy(update={"name": "other", "default": None})
    asked = label.model_copy(update={"attributes": (kind, other)})
    scheme = scheme.model_copy(update={"labels": (asked,), "relations": ()})
    record = strategies.article("Ana", strategies.span("Ana", "actor", "Ana"))
    found = list(check(strategies.bundle([record], scheme), scheme))
    assert [(p.kind, p.fix) for p in found] == [
        ("span.missing_attribute", Fix("set", "state", kind.name)), ("span.missing_attribute", None),
    ]  # fmt: skip


def test_unread_and_empty(checked: Any) -> None:
    assert told(checked(("Nothing",), status={}, keep=QUIET)) == [("article.unread", "a0", "", None)]
    assert told(checked(("Nothing",), status={"A": "done", "B": "in_progress"})) == [
        ("article.empty", "a0", "", Fix("reopen"))
    ]


def test_copies_and_stories(checked: Any) -> None:
    text = " ".join(f"word{n}" for n in range(60))
    others = [(f"quite another matter {n} {n}{n}",) for n in range(6)]
    story = "governor Salim resigned over floods in Basra"
    found = checked(
        (text, ), (f"Update: {text}", ), (f"{story} today", ), (f"Basra floods: Salim, governor, resigned as {others}", ), *others, keep=QUIET, status={}
    )  # fmt: skip
    [copies] = [problem for problem in found if problem.kind == "split.copies"]
    assert (copies.article, copies.fix) == ("a1", None)
    assert (
        "has 98 % of the runs of three words, of both or of the shorter one, in common with article 'a0'"
        in copies.message
    )
    [told_] = [problem for problem in found if problem.kind == "split.same_story" and problem.article == "a2"]
    assert told_.fix
    assert "a3" in told_.fix.articles


def test_conflicts_and_missing_labels_of_kept_splits(checked: Any) -> None:
    text = " ".join(f"word{n}" for n in range(60))
    given = ((text, ("event", "word1")), ("Nothing else here", ("actor", "Nothing")), (f"{text} more",))
    deals = {"share:0": {"a0": "train", "a1": "test", "a2": "test"}}
    found = [p for p in checked(*given, deals=deals) if p.kind.startswith("split.")]
    assert [(p.kind, p.article, p.fix) for p in found] == [
        ("split.copies", "a2", None),
        ("split.conflict", "a0", Fix("place", NONE, name="share:0")),
        ("split.label_missing", "", Fix("forget", name="share:0")),
        ("split.label_missing", "", Fix("forget", name="share:0")),
    ]
    assert [p.message.split(";")[0] for p in found[2:]] == [
        "no span of event is in test of the split share:0", "no span of actor is in train of the split share:0",
    ]  # fmt: skip


def test_every_kind_has_a_name_and_a_fix_only_if_it_says_so(checked: Any) -> None:
    assert all(row.title for row in LINES.values())
    assert line(Problem("integrity.row", "error", "", "", "")).title == "integrity.row"


def test_it_can_be_stopped(strategies: ModuleType, scheme: Scheme) -> None:
    calls = iter(range(3))

    def stop() -> None:
        if next(calls) == 2:
            raise Cancelled

    made = strategies.bundle([strategies.article("One."), strategies.article("Two.")], scheme)
    with pytest.raises(Cancelled):
        list(check(made, scheme, tick=stop))
