"""What is looked for in articles: a phrase, words or a pattern, and which labels the places have. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import regex

from desktop.errors import UserError
from desktop.occurrences import Form, cuts_letter, is_whole, signature
from desktop.text import Bounds, graphemes

Way = Literal["phrase", "words", "pattern"]
# Seconds that a pattern may take over one article; a good one takes milliseconds for a megabyte.
PATIENCE = 1.0
# Characters of a pattern; a longer one was pasted by mistake, and may take long to be understood.
LONGEST = 2000
_CALL = regex.compile(r"(?<!\\)\(\?(?:R|[+-]?\d|&|P>)")
# How what the library says begins, and the same for people: what is wrong, and what helps.
_PLAINLY: tuple[tuple[str, str, str], ...] = (
    (r"missing\s\)", "a parenthesis is opened and never closed", "close it, or write a backslash before it for the sign itself"),
    (r"unbalanced\sparen", "a parenthesis is closed and was never opened",
     "take it out, or write a backslash before it for the sign itself"),
    (r"unterminated\sc|missing\s]|expected\sc", "a set in square brackets is opened and never closed",
     "close it, or write a backslash before it for the sign itself"),
    (r"nothing\sto\srep", "there is nothing before this sign that it could repeat", "write a backslash before it for the sign itself"),
    (r"multiple\srep", "one repeat stands right behind another", "take one of them out"),
    (r"min\srepeat|repeat\scount", "these numbers of repeats cannot be", "write the lower one first, and none above a few thousand"),
    (r"bad\scharacter\srange", "this range of characters runs backwards", "write the one that comes first in the alphabet first"),
    (r"(bad|incomplete)\s(hex\s)?escape", "the backslash and what follows it mean nothing together",
     "write two backslashes for a backslash itself"),
    (r"unknown\sprop|undefined\schar", "there is no kind of characters of this name", r"for letters write \pL, for digits \pN"),
    (r"\w+\s(\w+\s)?group|bad\scharacter\sin|missing\s[<>]|group\sref|cannot\sref",
     "this refers to a group that is not there, or has no name as it should", "count the groups, or write the name in angle brackets"),
    (r"(bad|repeated)\sfuzzy|more\sthan|nothing\sfor|expected\s}", "what stands in these braces means nothing",
     "write a number of repeats, or a backslash before the brace for the sign itself"),
)  # fmt: skip
_ANYTHING_ELSE = ("this means nothing in a regular expression", "write a backslash before a sign that is meant as it is")  # fmt: skip


@dataclass(frozen=True)
class Query:
    """`words` are found in articles that have all of them; a `pattern` is a regular expression of the library regex.

    With a `label` the places are its spans in whose text that is found; without a text, all of them. Of these, with an
    `attribute`, those that have a value for it, or this `value` ("": none). `bare` leaves only places that no span
    covers exactly.
    """

    text: str = ""
    way: Way = "phrase"
    case: bool = False
    whole: bool = True
    label: str = ""
    attribute: str = ""
    value: str | None = None
    bare: bool = False

    @property
    def blank(self) -> bool:
        return not self.text.strip() and not self.label

    @property
    def name(self) -> str:
        """Two queries of one name find the same."""
        same = self.text if self.way == "pattern" else signature(self.text, case=self.case)
        # Which of the places are shown makes no other search of it.
        return json.dumps(list(vars(replace(self, text=same, bare=False)).values()), ensure_ascii=False)


class Matcher(Protocol):
    """Finds stretches of a text, from the first to the last, none overlapping, no grapheme cluster cut."""

    def find(self, text: str) -> Iterator[Bounds]: ...


class PatternError(UserError):
    """A pattern that is none, or too slow; `at` is the place in it, None where there is no telling."""

    def __init__(self, message: str, hint: str, at: int | None = None) -> None:
        super().__init__(message, hint, position="" if at is None else f"character {at + 1}")
        self.at = at


def matcher(query: Query) -> Matcher | None:
    """What finds the text of a query, None where it has no text. Raises PatternError."""
    if not query.text.strip():
        return None
    if query.way == "pattern":
        return Pattern(query.text, case=query.case, whole=query.whole)
    if query.way == "words":
        return Words(query.text, case=query.case, whole=query.whole)
    return Form(query.text, case=query.case, whole=query.whole)


class Words:
    """Every place of every word, in texts that have all of them."""

    def __init__(self, text: str, *, case: bool, whole: bool) -> None:
        different = {signature(word, case=case): word for word in text.split()}
        self._forms = [Form(word, case=case, whole=whole) for word in different.values()]

    def find(self, text: str) -> Iterator[Bounds]:
        found: list[Bounds] = []
        for form in self._forms:
            places = list(form.find(text))
            if not places:
                return
            found += places
        done = 0
        for start, end in sorted(found, key=lambda place: (place[0], -place[1])):
            if start >= done:
                yield start, end
                done = end


class Pattern:
    """A regular expression; ^ and $ mean lines. Blanks at the edges of what it finds are no part of the place."""

    def __init__(self, text: str, *, case: bool, whole: bool) -> None:
        if len(text) > LONGEST:
            raise PatternError(f"the pattern is longer than {LONGEST} characters", "look for a part of it")
        if call := _CALL.search(text):
            # The library's memory for these has no bound.
            raise PatternError("a pattern cannot call itself", "write out what is repeated", call.start())
        flags = regex.MULTILINE | (0 if case else regex.IGNORECASE)
        try:
            self._pattern = regex.compile(text, flags)
        except regex.error as error:
            raise PatternError(
                *_plainly(str(getattr(error, "msg", error))), getattr(error, "pos", None)
            ) from None
        except (ValueError, OverflowError, RecursionError, MemoryError, IndexError, KeyError) as error:
            # What the library itself trips over.
            raise PatternError(
                "this regular expression is too much for the program", "make it simpler"
            ) from error
        self._whole = whole

    def find(self, text: str) -> Iterator[Bounds]:
        done = 0
        try:
            # The interpreter is let go meanwhile, so that the window lives however long it takes.
            for match in self._pattern.finditer(text, timeout=PATIENCE, concurrent=True):
                start, end = _inked(text, *match.span())
                if start < end and cuts_letter(text, start, end):
                    start, end = graphemes(text, (start, end))
                if done <= start < end and (not self._whole or is_whole(text, start, end)):
                    yield start, end
                    done = end
        except (TimeoutError, MemoryError):
            raise PatternError(f"the pattern takes longer than {PATIENCE:g} s for one article",
                             "make it simpler: no repeat inside a repeat") from None  # fmt: skip


def _plainly(said: str) -> tuple[str, str]:
    """What the library says of a pattern that is none, as a sentence and a remedy."""
    return next(
        ((what, hint) for begins, what, hint in _PLAINLY if regex.match(begins, said)), _ANYTHING_ELSE
    )


def _inked(text: str, start: int, end: int) -> Bounds:
    """The stretch without the blanks at its edges; of no length where there is nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
