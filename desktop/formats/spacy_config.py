"""Training configs for spaCy (https://spacy.io/usage/training#config) with numbers taken from the data.

Spans of a few tokens go to a span categorizer, which holds nested ones; its suggester offers every stretch of up to as many
tokens as the longest span has. Labels of long spans (claims) are left to the entity recogniser: with suggestions of 1 to 40
tokens the categorizer learnt nothing (60 steps took 156 s, F1 0), the recogniser on that label alone reached .97 in 50 steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from desktop.formats.base import SPLITS
from desktop.model import Span

# The most tokens a suggester offers, and the words from which a span is long.
WIDEST = 12
# A label is long when more than this share of its spans is: an odd one in a thousand does not make it so.
_SHARE = 0.05


def short_labels(spans: Iterable[Span]) -> dict[str, bool]:
    """For each label in use whether a suggester can offer its spans."""
    of_label: Counter[str] = Counter()
    long: Counter[str] = Counter()
    for span in spans:
        of_label[span.label] += 1
        long[span.label] += len(span.text.split()) > WIDEST
    return {label: long[label] <= _SHARE * count for label, count in of_label.items()}


def recogniser(language: str, splits: Iterable[str], label: str) -> str:
    """The config that trains an entity recogniser on the flat layer in `doc.ents`."""
    return _config(language, splits, "ner", f"an entity recogniser for the label {label!r}")


def categorizer(language: str, splits: Iterable[str], key: str, longest: int) -> str:
    """The config that trains a span categorizer on `doc.spans[key]`; `longest` is in tokens."""
    what = f"a span categorizer on doc.spans[{key!r}], whose longest span has {longest} tokens"
    return _config(language, splits, "spancat", what, key, longest)


def _config(
    language: str, splits: Iterable[str], pipe: str, what: str, key: str = "", longest: int = 0
) -> str:
    there = set(splits)
    dev = next(name for name in (*SPLITS[1:], SPLITS[0]) if name in there)
    head = [f"Trains {what}. In this folder:", "python -m spacy train config.cfg --output model"]
    if dev == SPLITS[0]:
        head.append("There is no other split: the scores are those on the training data itself.")
    return "".join(f"# {line}\n" for line in head) + _filled(language, pipe, dev, key, longest)


@lru_cache(maxsize=16)
def _filled(language: str, pipe: str, dev: str, key: str, longest: int) -> str:
    """A config without gaps, as spaCy writes it for a pipeline."""
    import spacy  # 0.7 s, paid only by an export that needs it  # noqa: PLC0415

    suggester = {"@misc": "spacy.ngram_range_suggester.v1", "min_size": 1, "max_size": longest}
    nlp = spacy.blank(language)
    nlp.add_pipe(pipe, config={"spans_key": key, "suggester": suggester} if longest else {})
    config = nlp.config
    config["paths"].update({"train": SPLITS[0], "dev": dev})
    if key:
        # spaCy names scores after the key of the spans, but weighs those of "sc": with another key no model would score.
        weights = config["training"]["score_weights"]
        named = {f"spans_{key}_{name[-1]}": weight for name, weight in weights.items()}
        config["training"]["score_weights"] = {**dict.fromkeys(weights), **named}
    return f"\n{config.to_str().strip()}\n"
