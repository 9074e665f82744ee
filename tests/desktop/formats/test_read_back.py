"""Whatever the texts and spans: what a format writes reads back as its receipt says."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.bundle import Bundle
from desktop.datasets.verify import verify
from desktop.formats import FORMATS, find, writable
from desktop.formats.base import SPLITS, Plan
from desktop.formats.receipt import Receipt
from desktop.model import Scheme


def write_and_verify(name: str, bundle: Bundle, plan: Plan, folder: Path) -> Receipt:
    format = find(name)
    assert format.write
    receipt = format.write(folder, bundle, plan)
    verify(format, folder, bundle, plan, receipt, lambda: None)
    return receipt


@pytest.mark.parametrize("name", [format.id for format in writable()])
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_spans_read_back(name: str, strategies: ModuleType, scheme: Scheme, data: st.DataObject) -> None:
    bundle: Bundle = data.draw(strategies.bundles(scheme))
    ids = [record.article.id for record in bundle]
    splits = data.draw(st.just({}) | st.fixed_dictionaries({i: st.sampled_from(SPLITS) for i in ids}))
    with tempfile.TemporaryDirectory() as folder:
        receipt = write_and_verify(name, bundle, Plan(scheme, splits), Path(folder))
    spans = [(record.article.id, span.id) for record in bundle for span in record.spans]
    assert receipt.articles == len(ids)
    assert receipt.spans_in == len(spans) == receipt.spans_out + len(receipt.left_out)
    out = {(entry.article, entry.span) for entry in receipt.left_out}
    assert {(entry.article, entry.span) for entry in receipt.changed} <= set(spans) - out
    if name in ("jsonl", "huggingface", "parquet", "cas"):
        assert not receipt.left_out
        assert not receipt.changed


KEPT = {
    "jsonl": 722,
    "huggingface": 722,
    "parquet": 722,
    "spacy": 722,
    "conll": 712,
    "brat": 722,
    "cas": 722,
    "gliner": 722,
    "csv": 722,
    "labelstudio": 722,
    "prodigy": 722,
    "doccano": 722,
}


@pytest.mark.parametrize(("name", "kept"), KEPT.items())
def test_reference_spans(name: str, kept: int, reference: Bundle, scheme: Scheme, tmp_path: Path) -> None:
    receipt = write_and_verify(name, reference, Plan(scheme), tmp_path)
    assert (receipt.spans_in, receipt.spans_out, receipt.verified) == (722, kept, True)
    assert {entry.reason for entry in receipt.left_out} <= {"nested in the same label"}
    # GLiNER's words reach over hyphens: "Iraqi-led".
    assert len(receipt.changed) == (4 if name == "gliner" else 0)


def test_every_format_to_write_can_be_read_back_and_says_what_it_keeps() -> None:
    assert {format.id for format in writable()} == set(KEPT)
    for format in FORMATS:
        assert bool(format.write) == bool(format.read_back)
        assert format.about.endswith(".")
