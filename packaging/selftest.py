"""Tries the built program where nothing else is installed: an empty Debian with only what the .deb declares, no network.

    sudo build/env/bin/python packaging/selftest.py dist [--base FOLDER] [--only NAME]

Every check is a function below; its sentence is printed with the outcome. Needs root, debootstrap, Xvfb and dpkg-dev; the
environment of the build has the libraries that make the sample files and look at the pictures.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import identity
import ink
import samples
from bareroot import HOME, BareRoot, Screen, default_env

GOLDEN = identity.ROOT / "tests" / "data" / "formats"
ODD = f"{HOME}/Projekte – проекты 新聞/a b"
CLI = "tagline-cli"


@dataclass
class Trial:
    """What the checks share."""

    root: BareRoot
    deb: Path
    tar: Path
    pictures: Path

    def inside(self, path: str) -> Path:
        return self.root.path / path.lstrip("/")

    def tour(self, name: str, program: str = "tagline", **given: object) -> None:
        """The tour, from the built program; every picture must show letters."""
        folder = f"/tmp/tour-{name}"
        said = self.root.run(program, "tour", folder, timeout=400, **given)  # type: ignore[arg-type]
        assert "Every step held" in said.stdout, said.stdout
        for quiet in ("Traceback", "could not", "qt.qpa"):
            assert quiet not in said.stderr, said.stderr
        taken = sorted(self.inside(folder).glob("*.png"))
        assert len(taken) >= 10, f"only {len(taken)} pictures"
        for picture in taken:
            shutil.copyfile(picture, self.pictures / f"{name}-{picture.name}")
            measured = ink.measure(picture)
            assert measured.real, f"{picture.name} shows boxes instead of letters: {measured}"

    def json(self, *arguments: str, expect: int = 0) -> dict[str, object]:
        said = self.root.run(CLI, *arguments, "--json", folder=HOME, expect=expect)
        return dict(json.loads(said.stdout))

    def formats(self, command: str) -> list[str]:
        """The ids that the built program itself offers."""
        said = self.root.run(CLI, command, "--help", env={**default_env(), "COLUMNS": "1000"}).stdout
        found = re.search(r"--format \{([\w,]+)\}" if command == "import" else r"one of ([\w, ]+);", said)
        assert found, said
        return re.split(r",\s*", found[1])


def offscreen(trial: Trial) -> None:
    """the tour, without a screen"""
    trial.tour("offscreen")


def on_a_screen(trial: Trial) -> None:
    """the tour, on an X screen"""
    screen = Screen()
    try:
        trial.tour("xcb", env={"HOME": HOME, "LANG": "C.UTF-8", "DISPLAY": screen.name})
    finally:
        screen.end()


def exports(trial: Trial) -> None:
    """every export format, read back by the program"""
    trial.json("new", f"{HOME}/sample.tagline", "--sample")
    names = trial.formats("export")
    wanted = [part for name in names for part in ("--format", name)]
    receipts = trial.json("export", f"{HOME}/sample.tagline", f"{HOME}/dataset", *wanted)["formats"]
    assert isinstance(receipts, list)
    assert [receipt["format"] for receipt in receipts] == names, receipts
    for receipt in receipts:
        assert receipt["verified"], receipt
        assert receipt["articles"] == 5, receipt
        left = sum(row["count"] for row in receipt["left_out"])
        assert receipt["spans_out"] > 0, receipt
        assert receipt["spans_in"] == receipt["spans_out"] + left, receipt


# Of these the articles alone: beside them lie the same labels in another form, or settings for the program they are for.
_ONCE = {"spacy": "spacy/spans/train", "labelstudio": "labelstudio/train.json"}
_CUT = ("gliner",)


def imports(trial: Trial) -> None:
    """every import format: articles made with other programs' libraries, labelled files as exported"""
    files = trial.inside(f"{HOME}/samples")
    made = samples.make(files)
    trial.root.own(files)
    problems = []
    for name in trial.formats("import"):
        source = f"samples/{made[name].name}" if name in made else f"dataset/{_ONCE.get(name, name)}"
        if not trial.inside(f"{HOME}/{source}").exists():
            problems.append(f"no sample for {name}")
            continue
        trial.json("new", f"{HOME}/in-{name}.tagline")
        said = trial.root.run(
            CLI, "import", f"{HOME}/in-{name}.tagline", source, "--format", name, "--unknown", "add", "--json",
            folder=HOME, expect=None,
        )  # fmt: skip
        found = json.loads(said.stdout or "{}")
        articles = found.get("articles", 0)
        # What is cut into examples for a model comes back as so many more articles.
        whole = articles == 1 if name in made else articles >= 5 if name in _CUT else articles == 5
        whole = whole and (name in made or found["spans"] > 0)
        if said.returncode or not whole:
            problems.append(f"{name}: {said.stdout[:300]} {said.stderr[:600]}")
    assert not problems, "\n   ".join(problems)


def without_home(trial: Trial) -> None:
    """no HOME at all"""
    trial.tour("no-home", env={"QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"})


def read_only_home(trial: Trial) -> None:
    """a HOME that cannot be written"""
    home = trial.inside("/home/locked")
    home.mkdir(mode=0o555)
    trial.tour("read-only-home", env={**default_env(), "HOME": "/home/locked"})
    assert not list(home.iterdir())


def locale_c(trial: Trial) -> None:
    """the locale C, in a folder with blanks and letters that are not Latin"""
    env = {"HOME": HOME, "LC_ALL": "C", "LANG": "C", "QT_QPA_PLATFORM": "offscreen"}
    project = f"{ODD}/Артикль 新.tagline"
    said = trial.root.run(CLI, "new", project, "--sample", env=env)
    assert project in said.stdout, said.stdout
    trial.root.run(CLI, "export", project, f"{ODD}/d", "--format", "jsonl", "--format", "conll", env=env)
    assert list(trial.inside(f"{ODD}/d").rglob("*.jsonl"))
    trial.tour("locale-c", env=env, folder=ODD)


def nothing_installed(trial: Trial) -> None:
    """the archive where not even the libraries of the screen are: the command line works, the window says what is missing"""
    place = trial.inside(f"{ODD}/Programme")
    place.mkdir(parents=True)
    subprocess.run(["tar", "-xf", str(trial.tar), "-C", str(place), "--strip-components=1"], check=True)
    trial.root.own(trial.inside(ODD).parent)
    program = f"{ODD}/Programme/tagline"
    trial.root.run(f"{program}-cli", "new", "bare.tagline", "--sample", folder=ODD)
    trial.root.run(
        f"{program}-cli",
        "export",
        "bare.tagline",
        "d0",
        "--format",
        "conll",
        "--format",
        "parquet",
        folder=ODD,
    )
    said = trial.root.run(program, "tour", "/tmp/none", expect=1)
    assert "sudo apt install libgl1" in said.stderr, said.stderr
    assert len(said.stderr.splitlines()) == 1, said.stderr


def from_the_archive(trial: Trial) -> None:
    """the archive, unpacked by another person in a folder with blanks and letters that are not Latin"""
    hidden = trial.inside("/opt/tagline-away")
    trial.inside("/opt/tagline").rename(hidden)  # or it might be found there
    try:
        trial.tour("archive", program=f"{ODD}/Programme/tagline")
    finally:
        hidden.rename(trial.inside("/opt/tagline"))


def read_only_folder(trial: Trial) -> None:
    """the archive, started from a read-only mount"""
    trial.tour("read-only", program=f"{ODD}/Programme/tagline", read_only=f"{ODD}/Programme")


def second_start(trial: Trial) -> None:
    """a second start while one is open: the same project is refused in words, another one opens beside it"""
    for name in ("one", "two"):
        trial.root.run(CLI, "new", f"{HOME}/{name}.tagline", "--sample")
    first = trial.root.start("tagline", f"{HOME}/one.tagline")
    second = None
    try:
        _wait(lambda: _locked(trial, "one"), "the first window has its project open")
        said = trial.root.run(CLI, "import", f"{HOME}/one.tagline", f"{HOME}/samples", expect=1)
        assert "open" in said.stderr, said.stderr
        assert "Traceback" not in said.stderr, said.stderr
        same = trial.root.start("tagline", f"{HOME}/one.tagline")
        second = trial.root.start("tagline", f"{HOME}/two.tagline")
        _wait(lambda: _locked(trial, "two"), "the second window has its project open")
        assert first.alive, "the first window is gone"
        assert same.alive, "the window that was refused its project is gone"
        assert "Traceback" not in same.end()
    finally:
        ended = [running.end() for running in (first, second) if running]
    assert not any("Traceback" in text for text in ended), ended
    trial.root.run(CLI, "check", f"{HOME}/one.tagline")


def _locked(trial: Trial, name: str) -> bool:
    """Whether the project is open somewhere: the command line is refused then."""
    command = trial.root.command(
        CLI, "import", f"{HOME}/{name}.tagline", "/usr/share/doc/tagline/copyright", "--dry-run"
    )
    return subprocess.run(command, capture_output=True, check=False).returncode == 1


def in_a_pipe(trial: Trial) -> None:
    """the command line in pipes: JSON into another program, a reader that goes away"""
    project = f"{HOME}/sample.tagline"
    said = trial.root.run("sh", "-c", f"{CLI} info {project} --json | cat")
    assert json.loads(said.stdout)["articles"] == 5
    assert not said.stderr
    closed = trial.root.run("sh", "-c", f"{CLI} import --help | head -c 1")
    assert "Traceback" not in closed.stderr, closed.stderr
    assert not trial.root.run(CLI, "--version").stderr
    assert "usage" in trial.root.run(CLI).stdout
    refused = trial.root.run(CLI, "info", f"{HOME}/none.tagline", "--json", expect=1)
    assert "message" in json.loads(refused.stdout)["error"]


def upgrade(trial: Trial) -> None:
    """over an older version, then removed: projects and settings stay as they are"""
    settings = trial.inside(f"{HOME}/.config/Tagline/settings.json")
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('{"theme": "dark", "annotator": "Anna"}', encoding="utf-8")
    trial.root.own(trial.inside(f"{HOME}/.config"))
    with tempfile.TemporaryDirectory() as scratch:
        trial.root.install(_older(trial.deb, Path(scratch)))
    assert "0.0.1" in trial.root.run("dpkg-query", "-W", "tagline").stdout
    trial.json("new", f"{HOME}/kept.tagline", "--sample")
    before = trial.inside(f"{HOME}/kept.tagline").read_bytes()
    trial.root.install(trial.deb)
    assert identity.version() in trial.root.run("dpkg-query", "-W", "tagline").stdout
    assert not trial.inside("/opt/tagline/of-the-older-version").exists(), "the older version left a file"
    assert trial.json("info", f"{HOME}/kept.tagline")["articles"] == 5
    trial.root.run("apt-get", "purge", "-q", "-y", "tagline", who="root")
    assert trial.inside(f"{HOME}/kept.tagline").read_bytes() == before
    assert json.loads(settings.read_text(encoding="utf-8"))["annotator"] == "Anna"
    left = [path for name in ("opt", "usr") for path in trial.inside(name).rglob("*tagline*")]
    assert not left, f"removal leaves {left}"
    trial.root.install(trial.deb)


def _older(deb: Path, folder: Path) -> Path:
    """The same package as an older version, with a file that the newer one does not have."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "-R", str(deb), str(tree)], check=True)
    control = tree / "DEBIAN" / "control"
    text = re.sub(r"^Version: .*$", "Version: 0.0.1", control.read_text(encoding="utf-8"), flags=re.MULTILINE)
    control.write_text(text, encoding="utf-8")
    (tree / "opt" / "tagline" / "of-the-older-version").touch()
    older = folder / "older.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Znone", "-b", str(tree), str(older)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return older


def no_tls(trial: Trial) -> None:
    """nothing in it could speak TLS, and the licences of Qt are there"""
    names = [path.name for path in trial.inside("/opt/tagline").rglob("*")]
    assert not [name for name in names if re.match(r"(lib(ssl|crypto)|_ssl|_hashlib|libQt6Network)", name)]
    licences = trial.inside("/opt/tagline/_internal/licences")
    for name in ("LGPL-3.0.txt", "GPL-3.0.txt", "Qt.txt", "parts.txt"):
        assert (licences / name).stat().st_size > 1000, name
    assert trial.inside("/usr/share/doc/tagline/copyright").is_file()
    assert (trial.inside("/opt/tagline/_internal/resources/guide/pictures/project.png")).is_file()


def installed(trial: Trial) -> None:
    """the .deb, with what it declares and nothing that it recommends"""
    said = trial.root.install(trial.deb)
    print(f"       with {len(re.findall(r'^Setting up', said, re.MULTILINE)) - 1} other packages")


CHECKS: tuple[Callable[[Trial], None], ...] = (
    nothing_installed, installed, no_tls, offscreen, on_a_screen, exports, imports, in_a_pipe, second_start, without_home, read_only_home,
    locale_c, from_the_archive, read_only_folder, upgrade,
)  # fmt: skip


def _wait(met: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.3)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("artefacts", type=Path, help="the folder with the .deb and the .tar.xz")
    parser.add_argument(
        "--base", type=Path, help="an unpacked minimal Debian to copy instead of fetching one"
    )
    parser.add_argument("--pictures", type=Path, default=Path("selftest"), help="where all pictures go")
    parser.add_argument("--only", action="append", choices=[check.__name__ for check in CHECKS])
    asked = parser.parse_args()
    asked.pictures.mkdir(parents=True, exist_ok=True)
    failed = []
    with tempfile.TemporaryDirectory(prefix="tagline-selftest-") as scratch:
        root = BareRoot(Path(scratch) / "root", asked.base)
        trial = Trial(
            root, *(next(asked.artefacts.glob(f"*{end}")) for end in (".deb", ".tar.xz")), asked.pictures
        )
        for check in CHECKS:
            if (
                asked.only
                and check not in (nothing_installed, installed)
                and check.__name__ not in asked.only
            ):
                continue
            started, problem = time.monotonic(), ""
            try:
                check(trial)
            except (AssertionError, OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
                problem = f"\n   {type(error).__name__}: {error}"
                failed.append(check.__name__)
            seconds = time.monotonic() - started
            print(
                f"{'FAILED' if problem else 'ok    '} {seconds:4.0f} s  {check.__doc__}{problem}", flush=True
            )
    print(f"{'Everything held' if not failed else 'Failed: ' + ', '.join(failed)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
