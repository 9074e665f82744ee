"""One key grows a selection from the word to the article."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.growth import grow

TEXT = (
    "👍🏽 Zoe\u0308\u00a0Kowalski met 👩‍👩‍👧 in Rome, hours later, in the rain. She left.\n"
    "قال الجيش العراقي، إن صاروخا سقط.\nThe end."
)


def sizes(text: str, at: int) -> list[str]:
    bounds, found = (at, at), []
    while True:
        larger = grow(text, bounds)
        if larger == bounds:
            return found
        bounds = larger
        found.append(text[slice(*bounds)])


def test_word_phrase_sentence_paragraph_article() -> None:
    assert sizes(TEXT, TEXT.index("later")) == [
        "later",
        "hours later",
        TEXT[: TEXT.index(" She")],
        TEXT[: TEXT.index("\n")],
        TEXT,
    ]


def test_arabic_phrases_end_at_their_own_comma() -> None:
    assert sizes(TEXT, TEXT.index("العراقي"))[:2] == ["العراقي", "قال الجيش العراقي"]


@given(st.text(alphabet="a e\u0301👍🏽\u200d\u00a0.,;\n“”العراق", max_size=60), st.data())
def test_it_only_grows_and_ends_at_the_article(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    bounds = (start, data.draw(st.integers(start, len(text))))
    for _ in range(len(text) + 2):
        larger = grow(text, bounds)
        assert larger[0] <= bounds[0] <= bounds[1] <= larger[1]
        if larger == bounds:
            break
        bounds = larger
    assert bounds == (0, len(text))


def test_where_no_blank_parts_the_words_the_phrase_comes_after_the_first_sign() -> None:
    text = "伊拉克军方说，两架无人机袭击了基地。无人受伤。\n完"
    assert sizes(text, text.index("无人机")) == [
        "无",
        "两架无人机袭击了基地",
        "伊拉克军方说，两架无人机袭击了基地。",
        "伊拉克军方说，两架无人机袭击了基地。无人受伤。",
        text,
    ]
