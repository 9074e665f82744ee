"""What a project holds, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop import commands, figures, projects
from desktop.figures import LONGEST_FORM, Figures, form_key, last_days, local_day, spellings
from desktop.session import Session
from desktop.store import queries


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Iraqi army", "the Iraqi Army"), ("Iran", "Iran’s"), ("Iran", "IRAN'S"), ("an  attack\n", "attack"),
        ("United States", "the United States’"), ("the US", "US"), ("café", "CAFE\u0301"), ("cease-fire", "Cease\u2011fire"),
        ("Tel\u00a0Aviv", "Tel Aviv"), ("STRASSE", "straße"), ("محمد", "محمد "), ("A rocket", "rocket"),
    ],
)  # fmt: skip
def test_variants_of_one_form(one: str, other: str) -> None:
    assert form_key(one) == form_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Iraq", "Iran"), ("US", "USA"), ("attack", "attacks"), ("A", "B"), ("the", "a"), ("theatre", "atre"),
        ("James", "Jame"), ("👩‍👩‍👧", "👩"), ("it's on", "it on"),
    ],
)  # fmt: skip
def test_other_forms(one: str, other: str) -> None:
    assert form_key(one) != form_key(other)


@given(text=st.text(max_size=20))
def test_a_form_always_has_a_key_that_is_its_own(text: str) -> None:
    key = form_key(text)
    assert key or not text.strip()
    assert form_key(text.strip()) == form_key(f"  {text.strip()} ")


@given(word=st.text("abcdxyzé", min_size=2, max_size=8))
def test_article_case_and_possessive_never_matter(word: str) -> None:
    assume(word not in ("the", "an"))
    keys = {
        form_key(text)
        for text in (word, word.upper(), f"the {word}", f"The {word}", f"{word}'s", f"{word}’s")
    }
    assert keys == {form_key(word)}


FORMS = st.dictionaries(
    st.sampled_from(("event", "actor")),
    st.dictionaries(
        st.sampled_from(("Iran", "iran", "the Iran", "Iran’s", "Iraq", "👩‍👩‍👧", "a\nb", "a b")), st.integers(1, 9)
    ).map(Counter),
)  # fmt: skip


@given(forms=FORMS)
def test_grouping_loses_nothing(forms: dict[str, Counter[str]]) -> None:
    for label in ("event", "actor"):
        found = spellings(forms, label)
        assert sum(form.count for form in found) == forms.get(label, Counter()).total()
        assert [form.count for form in found] == sorted((form.count for form in found), reverse=True)
        for form in found:
            assert sum(count for _, count in form.variants) == form.count
            assert form.text == form.variants[0][0]
            assert form.variants[0][1] == max(count for _, count in form.variants)


def test_a_form_under_two_labels_is_told_at_both() -> None:
    forms = {
        "actor": Counter({"Iran": 3, "the Iran": 1}),
        "location": Counter({"Iran": 2, "Baghdad": 5}),
        "event": Counter({"iran's": 1}),
    }
    (iran,) = spellings(forms, "actor")
    assert (iran.text, iran.count, iran.variants) == ("Iran", 4, (("Iran", 3), ("the Iran", 1)))
    assert iran.elsewhere == (("location", 2), ("event", 1))
    assert [form.elsewhere for form in spellings(forms, "location")] == [(), (("actor", 4), ("event", 1))]
    assert spellings(forms, "claim") == []
    assert len(spellings(forms, "location", most=1)) == 1


@given(
    rows=st.lists(
        st.tuples(
            st.integers(1, 3),
            st.sampled_from(("event", "actor")),
            st.sampled_from(("Iran", "x" * (LONGEST_FORM + 1), "😀")),
            st.sampled_from(("2021-07-11T10:00:00Z", "2021-07-12T10:00:00Z", "", "long ago")),
        )
    )
)
def test_every_span_is_counted_once_everywhere(rows: list[figures.Row]) -> None:
    found = Figures()
    found.add(rows[: len(rows) // 2])
    found.add(rows[len(rows) // 2 :])
    assert found.read == found.labels.total() == found.days.total() == found.articles.total() == len(rows)
    kept = sum(forms.total() for forms in found.forms.values())
    assert kept + found.long.total() == len(rows)
    assert sum(day.total() for day in found.by_day().values()) == sum(
        1 for row in rows if row[3].startswith("2")
    )
    assert list(found.by_day()) == sorted(found.by_day())


def test_days() -> None:
    assert local_day("no time") == local_day("") == ""
    assert len(local_day("2021-07-11T12:00:00Z")) == 10
    assert last_days({}, 5) == []
    assert last_days({"2021-07-11": 1}, 5) == ["2021-07-11"]
    assert last_days({"2021-02-27": 1, "2021-03-01": 1}, 30) == ["2021-02-27", "2021-02-28", "2021-03-01"]
    assert last_days({"2020-01-01": 1, "2021-03-01": 1}, 2) == ["2021-02-28", "2021-03-01"]


@given(counts=st.lists(st.integers(0, 5000), max_size=50))
def test_every_count_lies_in_one_range(counts: list[int]) -> None:
    found = figures.spread(counts)
    assert sum(how_many for _, _, how_many in found) == len(counts)
    assert len(found) <= 12
    for first, last, how_many in found:
        assert how_many == sum(1 for count in counts if first <= count <= last)


def test_round_ranges() -> None:
    assert figures.spread([0, 3, 3, 11])[-1] == (11, 11, 1)
    assert figures.spread([0, 12])[0] == (0, 1, 1)
    assert figures.spread([130])[-1] == (120, 139, 1)
    assert figures.spread([]) == [(0, 0, 0)]


def test_the_most_labelled_articles() -> None:
    assert figures.most_labelled({1: 5, 2: 9, 3: 5}, 2) == [(2, 9), (1, 5)]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = projects.create(tmp_path / "p.tagline", "ana")
    projects.add_sample(made, labels=True)
    yield made
    made.store.close()


def everything(session: Session, layer: str | None, size: int) -> Figures:
    found, after, gone = Figures(), 0, figures.extent(session.store).gone
    for _ in range(10_000):
        part = figures.part(session.store, layer, after, size)
        assert len(part.rows) <= size
        found.add(part.rows, gone)
        if part.after is None:
            return found
        after = part.after
    raise AssertionError("no end")


@pytest.mark.parametrize("size", [1, 7, 361, 722, 723])
def test_slices_of_any_size_count_the_same(session: Session, size: int) -> None:
    found = everything(session, None, size)
    assert dict(found.labels) == queries.info(session.store)["by_label"]


def test_layers_and_articles_that_are_gone(session: Session) -> None:
    commands.add_span(session, 1, [(0, 4)], "event", "ana")
    assert everything(session, "ana", 100).labels == {"event": 1}
    assert everything(session, "reference", 100).read == 722
    assert everything(session, None, 100).read == 723
    session.undo()
    session.undo()
    assert everything(session, None, 100).read == 0


def test_how_far_everybody_is(session: Session) -> None:
    commands.set_state(session, 1, "ana", "done")
    commands.add_span(session, 2, [(0, 4)], "event", "ana")
    found = figures.extent(session.store)
    assert found.articles == 5
    assert found.characters == sum(
        length for (length,) in session.store.query("SELECT length(text) FROM article_text")
    )
    assert found.progress["reference"] == {"done": 5, "todo": 0}
    assert found.progress["ana"] == {"done": 1, "in_progress": 1, "todo": 3}


def test_the_sample(session: Session) -> None:
    found = everything(session, "reference", 1000)
    first = spellings(found.forms, "actor")[0]
    assert first.count == sum(
        1
        for (text,) in session.store.query("SELECT text FROM span WHERE label = 'actor'")
        if form_key(text) == form_key(first.text)
    )
    assert found.long["claim"] > 10
