"""What the README tells people to run is run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desktop.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the README's two `tagline` lines were run."""
    folder = tmp_path_factory.mktemp("readme")
    lines = [
        line.split()[1:]
        for line in "".join(blocks("")).splitlines()
        if line.startswith(("tagline new ", "tagline export "))
    ]
    assert [line[0] for line in lines] == ["new", "export"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for line in lines:
            assert main(line) == 0
    return folder


@pytest.mark.filterwarnings("ignore")  # those of other people's libraries
@pytest.mark.parametrize("code", blocks("python"))
def test_the_code_runs(
    code: str, dataset: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(dataset)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(dataset / "cache"))
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    if "doc" in names:
        assert len(names["doc"].spans["sc"]) == 105  # type: ignore[attr-defined]
    else:
        assert capsys.readouterr().out.startswith("0 4 location Iraq\n")


def test_ci_runs_the_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    command = next(block for block in blocks("") if "pytest" in block).strip()
    for part in command.split(" && "):
        assert part in script


def test_what_the_readme_shows_is_there() -> None:
    for path in re.findall(r"\]\(([^:)]+)\)", README):
        assert (ROOT / path).exists(), path
