"""Texts and labels that make trouble: one fixed sample, and strategies for hypothesis. Loaded by desktop/conftest.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from desktop.bundle import Bundle, RawArticle, RawRelation, RawSpan, Record, Report, build
from desktop.model import Scheme
from desktop.text import clean

# Pieces rather than characters, so that short texts already hold sequences that only work whole.
PIECES = (
    "a", "Ba", "é", "e\u0301", "😀", "👩‍👩‍👧", "\u00a0", " ", "  ", "\n", "\n\n", ". ", "!", "-", "’s", "“", "م", "حمد", "\u064b",
    "Jan.", "U.S.", "-DOCSTART-", "-X-", "\t", "\u200b", "\u0085", "中文", "2021-07-11", "#", "O", "\u2060", "ﷺ",
)  # fmt: skip
LABELS = ("event", "actor", "location", "claim")
ANNOTATOR = "reference"

TRICKY = (
    "Ana 🚀 said: “cafe\u0301 in Tel\u00a0Aviv”.\n"
    "قال محمد: وقع الهجوم أمس.\n"
    "\n"
    "U.S. troops marched on Jan. 5 and left the base\nin the north. Nobody non-combatant stayed 👩‍👩‍👧."
)


def texts() -> st.SearchStrategy[str]:
    """Article texts, cleaned and never blank."""
    joined = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join)
    return joined.map(lambda text: clean(text).text).filter(lambda text: bool(text.strip()))


@st.composite
def raw_spans(draw: st.DrawFn, text: str) -> RawSpan:
    """A span of one to three fragments anywhere in `text`."""
    most = min(6, len(text) // 2 * 2)
    places = st.integers(0, len(text))
    cuts = sorted(draw(st.lists(places, min_size=2, max_size=max(2, most), unique=True)))
    cuts = cuts[: len(cuts) // 2 * 2]
    attributes = st.dictionaries(
        st.sampled_from(("type", "kind", "entity", "two words")),
        st.sampled_from(("attack", "state", "line\nbreak", "2021-07-11", "", 3, None)),
        max_size=2,
    )
    return RawSpan(
        label=draw(st.sampled_from(LABELS)), fragments=tuple(zip(cuts[::2], cuts[1::2], strict=True)), position="",
        attributes=draw(attributes), note=draw(st.sampled_from(("", "a\tnote\nof two lines"))),
    )  # fmt: skip


@st.composite
def records(draw: st.DrawFn, name: str | None = None) -> Record:
    """An article with spans that nest, cross, repeat and break, and with relations between them."""
    text = draw(texts())
    spans = draw(st.lists(raw_spans(text), max_size=8)) if len(text) > 1 else []
    spans = [RawSpan(**{**vars(span), "id": f"x{number}"}) for number, span in enumerate(spans)]
    relations: list[RawRelation] = []
    if spans:
        ids = st.sampled_from([str(span.id) for span in spans])
        pairs = draw(st.lists(st.tuples(ids, ids), max_size=3))
        relations = [RawRelation("agent", head, tail, "") for head, tail in pairs]
    raw = RawArticle(
        text, "", "", id=name, title="T", language=draw(st.sampled_from((None, "en", "ar", "ja", "nonsense"))),
        group=draw(st.sampled_from((None, "g"))), spans=spans, relations=relations, status={ANNOTATOR: "done"},
    )  # fmt: skip
    return build(raw, ANNOTATOR, Report())


@st.composite
def bundles(draw: st.DrawFn, scheme: Scheme) -> Bundle:
    """One to four articles under names that are no good as file names."""
    names = draw(
        st.lists(st.sampled_from(("a", "A", "con", "a/b", "ä", "x" * 300, "2021-07-11")), min_size=1, max_size=4, unique=True)
    )  # fmt: skip
    return bundle([draw(records(name)) for name in names], scheme)


def bundle(made: Sequence[Record], scheme: Scheme, guidelines: str = "") -> Bundle:
    return Bundle(lambda: iter(made), scheme, guidelines)


def span(text: str, label: str, *quotes: str, **values: Any) -> RawSpan:
    """A span over quotes that stand one after the other in `text`, each a fragment."""
    fragments, place = [], 0
    for quote in quotes:
        start = text.index(quote, place)
        place = start + len(quote)
        fragments.append((start, place))
    return RawSpan(label, tuple(fragments), "", **values)


def article(text: str, *spans: RawSpan, **values: Any) -> Record:
    """A record built as an import builds it."""
    return build(RawArticle(text, "", "", spans=spans, **values), ANNOTATOR, Report())


def tricky(scheme: Scheme) -> Bundle:
    """The sample of the golden files: each span is a case that some format cannot hold as it is."""
    text = TRICKY
    spans = [
        span(text, "actor", "Ana", id="first", attributes={"kind": "civilian", "entity": "ana"}, note="who\nis it?"),
        span(text, "claim", "cafe\u0301 in Tel\u00a0Aviv", attributes={"stance": "affirms", "checkworthy": "no"}),
        span(text, "location", "Tel\u00a0Aviv", attributes={"kind": "city", "size": 4}),
        span(text, "location", "Aviv"),
        span(text, "actor", "محمد"),
        span(text, "event", "الهجوم"),
        span(text, "actor", "U.S. troops"),
        span(text, "location", "U.S"),
        span(text, "event", "troops marched on Jan"),
        span(text, "event", "marched", "left"),
        span(text, "claim", "troops marched on Jan. 5 and left the base\nin the north"),
        span(text, "location", "base\nin the north"),
        span(text, "actor", "combatant"),
        span(text, "actor", "👩‍👩‍👧"),
        span(text, "claim", ".\n", note="only a stop"),
        span(text, "event", "\n\n", note="only line ends"),
    ]  # fmt: skip
    relations = (RawRelation("agent", "s2", "first", "", note="unsure"), RawRelation("agent", "s6", "s5", ""))
    meta = {"published": "2021-07-11", "source": "wire", "pages": [1, 2]}
    first = article(
        text, *spans, relations=relations, id="news/2021:07", title="Ana’s café", language="en", meta=meta,
        status={ANNOTATOR: "done"}, outside=((0, 3),), group="july",
    )  # fmt: skip
    return bundle([first, article("Nothing to see.", id="Con", status={ANNOTATOR: "todo"})], scheme)
