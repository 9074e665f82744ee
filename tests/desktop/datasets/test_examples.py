"""Articles cut into examples: every offset in one is an offset in the other, and no span is lost unsaid."""

from __future__ import annotations

from types import ModuleType

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.bundle import Bundle, Record
from desktop.datasets.examples import ACROSS, AT, BLANK, FURNITURE, OF, UNITS, Unit, cut


def in_article(example: Record, offset: int, *, end: bool = False) -> int:
    """Where an offset of an example is in its article, as a reader of the dataset works it out."""
    if AT not in example.article.meta:
        return offset
    places = [p for p in example.article.meta[AT] if p[0] < offset or (p[0] == offset and not end)]
    here, there, _ = places[-1]
    return offset - here + there  # type: ignore[no-any-return]


@settings(max_examples=50)
@given(data=st.data(), unit=st.sampled_from(UNITS), furniture=st.booleans())
def test_spans_stay_where_they_are(
    strategies: ModuleType, data: st.DataObject, unit: Unit, furniture: bool
) -> None:
    record: Record = data.draw(strategies.records("a"))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(record.text)), max_size=4)))
    outside = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    record = Record(
        record.article.model_copy(update={"outside": outside}),
        record.text,
        record.spans,
        record.relations,
        record.status,
    )
    made = cut(record, unit, furniture=furniture)
    found = {span.id: (example, span) for example in made.examples for span in example.spans}
    assert found.keys() | {span.id for span, _ in made.left_out} == {span.id for span in record.spans}
    assert len(found) + len(made.left_out) == len(record.spans)
    for span in record.spans:
        if span.id in found:
            example, moved = found[span.id]
            back = tuple(
                (in_article(example, s), in_article(example, e, end=True)) for s, e in moved.fragments
            )
            assert back == span.fragments
            assert moved.text == example.text[moved.start : moved.end]
            assert [example.text[s:e] for s, e in moved.fragments] == [
                record.text[s:e] for s, e in span.fragments
            ]
    for example in made.examples:
        assert example.text.strip()
        assert example.article.length == len(example.text)
        ids = {span.id for span in example.spans}
        assert all({relation.head, relation.tail} <= ids for relation in example.relations)
        for here, there, length in example.article.meta.get(AT, ()):
            assert example.text[here : here + length] == record.text[there : there + length]
            if not furniture:
                assert not any(start < there + length and there < end for start, end in outside)
    relations = sum(len(example.relations) for example in made.examples)
    assert relations + made.relations == len(record.relations)
    names = [example.article.id for example in made.examples]
    assert len(set(names)) == len(names)


@settings(max_examples=50)
@given(data=st.data(), unit=st.sampled_from(UNITS))
def test_nothing_is_lost_but_furniture(strategies: ModuleType, data: st.DataObject, unit: Unit) -> None:
    record: Record = data.draw(strategies.records("a"))
    made = cut(record, unit, furniture=True)
    assert made.left_out == []
    words = [word for example in made.examples for word in example.text.split()]
    assert words == record.text.split()


def article(strategies: ModuleType) -> Record:
    text = "Menu Home\nAna said: “It fell.\nNo one came.” Raid in Iraq.\nSubscribe to Iraq"
    spans = [
        strategies.span(text, "location", "Home"), strategies.span(text, "actor", "Ana"),
        strategies.span(text, "claim", "It fell.\nNo one came."), strategies.span(text, "event", "Raid"),
        strategies.span(text, "location", "Iraq"), strategies.span(text, "claim", "Iraq.\nSubscribe"),
    ]  # fmt: skip
    ties = (strategies.RawRelation("agent", "s4", "s2", ""), strategies.RawRelation("place", "s4", "s6", ""))
    made: Record = strategies.article(text, *spans, relations=ties, id="a", outside=((0, 9), (58, 75)))
    return made


def test_sentences_that_a_span_runs_through_stay_together(strategies: ModuleType) -> None:
    made = cut(article(strategies), "sentence", furniture=False)
    assert [example.text for example in made.examples] == [
        "Ana said: “It fell.\nNo one came.”",
        "Raid in Iraq.",
    ]
    assert [example.article.id for example in made.examples] == ["a:s1", "a:s2"]
    assert made.examples[1].article.meta == {OF: "a", AT: [[0, 44, 13]]}
    assert {example.article.group for example in made.examples} == {"a"}
    assert [(span.text, reason) for span, reason in made.left_out] == [
        ("Home", FURNITURE),
        ("Iraq.\nSubscribe", ACROSS),
    ]
    assert [len(example.relations) for example in made.examples] == [0, 1]
    assert made.relations == 1


def test_paragraphs_with_furniture(strategies: ModuleType) -> None:
    made = cut(article(strategies), "paragraph", furniture=True)
    assert [example.article.id for example in made.examples] == ["a:p1", "a:p2"]
    assert made.examples[0].text == "Menu Home"
    assert made.examples[0].article.outside == ((0, 9),)
    assert made.examples[1].article.outside == ((48, 65),)


def test_whole_articles_without_furniture(strategies: ModuleType) -> None:
    text = "Skip to content\nA raid.\nShare this\nMore there."
    record = strategies.article(
        text, strategies.span(text, "event", "raid", "More"), id="a", outside=((0, 15), (24, 34))
    )
    [example] = cut(record, "article", furniture=False).examples
    assert (example.article.id, example.text) == ("a", "A raid.\n\n\nMore there.")
    assert example.article.meta[AT] == [[0, 16, 8], [9, 34, 12]]
    assert example.spans[0].text == "raid.\n\n\nMore"


def test_the_article_itself_where_nothing_is_to_be_cut(tricky: Bundle, strategies: ModuleType) -> None:
    first = next(iter(tricky))
    assert cut(first, "article", furniture=True).examples == [first]
    plain = strategies.article("No furniture here.")
    assert cut(plain, "article", furniture=False).examples[0] is plain


def test_an_article_of_furniture_alone_gives_nothing(strategies: ModuleType) -> None:
    record = strategies.article("Menu Home", outside=((0, 9),))
    assert cut(record, "article", furniture=False).examples == []
    assert cut(record, "sentence", furniture=False).examples == []


def test_labels_on_blanks_alone_are_named_where_there_is_no_example(strategies: ModuleType) -> None:
    text = " \n\u00a0"
    record = strategies.article(text, strategies.span(text, "claim", "\u00a0"))
    for unit in ("sentence", "paragraph"):
        made = cut(record, unit, furniture=True)
        assert (made.examples, [reason for _, reason in made.left_out]) == ([], [BLANK])
