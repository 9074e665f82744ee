"""Builds the program and its installers for the system it runs on: python3 packaging/build.py

In a new virtual environment with exactly the packages of requirements/*.txt, each checked by its hash, it draws the icons,
takes the pictures of the guide, runs PyInstaller, adds licences and the list of parts, and wraps the folder. Needs nothing but
Python's standard library to start; on Linux also binutils and dpkg-dev. Built twice from the same commit on the same system,
every file is the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import identity
from identity import ROOT

HERE = Path(__file__).parent
REQUIREMENTS = (HERE / "requirements" / "run.txt", HERE / "requirements" / "build.txt")


class Build:
    """One build: `work` is emptied and filled on the way, `out` gets what is published."""

    def __init__(self, work: Path, out: Path, environment: Path | None) -> None:
        self.work, self.out = work.absolute(), out.absolute()
        self._given = environment
        self.environment = environment.absolute() if environment else self.work / "env"
        self.bundle = self.work / "dist" / identity.NAME
        self.figures: dict[str, object] = {"version": identity.version()}

    @property
    def python(self) -> str:
        inside = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
        return str(self.environment / inside)

    def run(self) -> None:
        begun = time.monotonic()
        for folder in (self.work, self.out):
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir(parents=True)
        for title, step in self._steps():
            started = time.monotonic()
            print(f"== {title}", flush=True)
            step()
            print(f"   {time.monotonic() - started:.0f} s", flush=True)
        self.figures["seconds"] = round(time.monotonic() - begun)
        self._sums()
        (self.work / "figures.json").write_text(json.dumps(self.figures, indent=1), encoding="utf-8")
        print(json.dumps(self.figures, indent=1))

    def _steps(self) -> list[tuple[str, Callable[[], None]]]:
        steps = [
            ("the environment", self.make_environment),
            ("icons", lambda: self._with_python("icons.py", self.work / "icons")),
            ("the guide and its pictures", self.make_guide),
            ("the program", self.freeze),
            ("the list of parts", lambda: self._with_python("sbom.py", self.work, self.out)),
        ]
        if sys.platform == "linux":
            steps += [("Linux", self.wrap_linux)]
        elif sys.platform == "win32":
            steps += [("Windows", lambda: self._with_python("windows/wrap.py", self.work, self.out))]
        elif sys.platform == "darwin":
            steps += [("macOS", lambda: self._with_python("macos/wrap.py", self.work, self.out))]
        return steps

    def make_environment(self) -> None:
        if not self._given:
            _call(sys.executable, "-m", "venv", str(self.environment))
            wanted = [part for path in REQUIREMENTS for part in ("-r", str(path))]
            _call(
                self.python,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--require-hashes",
                "--only-binary",
                ":all:",
                *wanted,
            )

    def make_guide(self) -> None:
        """For the program's Help, and as a web page for who has not installed it yet."""
        guide = self.work / "resources" / "guide"
        self._with_python("guide.py", guide)
        shutil.copytree(guide, self.out / "docs")
        self._with_python("guide_page.py", self.out / "docs")

    def freeze(self) -> None:
        if sys.platform == "win32":
            self._with_python("windows/version.py", self.work / "version.txt")
        _call(
            self.python, "-m", "PyInstaller", "--clean", "--noconfirm", "--log-level", "ERROR",
            "--distpath", str(self.work / "dist"), "--workpath", str(self.work / "pyinstaller"),
            str(HERE / "tagline.spec"), env=self._environ(),
        )  # fmt: skip
        if sys.platform != "win32":
            (self.bundle / f"{identity.NAME}-cli").symlink_to(identity.NAME)

    def wrap_linux(self) -> None:
        sys.path.insert(0, str(HERE / "linux"))
        import wrap  # noqa: PLC0415  (its tools are Linux's)

        self.figures |= wrap.wrap(self.work, self.bundle, self.out)

    def _sums(self) -> None:
        lines = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(self.out).as_posix()}"
            for path in sorted(self.out.rglob("*"))
            if path.is_file()
        ]
        (self.out / "SHA256SUMS").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")

    def _with_python(self, script: str, *arguments: Path) -> None:
        _call(self.python, str(HERE / script), *map(str, arguments), env=self._environ())

    def _environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONHASHSEED": "1",
            "PYTHONPATH": os.pathsep.join((str(HERE), str(ROOT))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "SOURCE_DATE_EPOCH": str(identity.epoch()),
            "TAGLINE_BUILD": str(self.work),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }


def _call(*command: str, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, env=env, cwd=ROOT)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, default=ROOT / "build", help="where it is built (emptied first)")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="what is published (emptied first)")
    parser.add_argument("--environment", type=Path, help="a virtual environment to use instead of a new one")
    asked = parser.parse_args()
    try:
        Build(asked.work, asked.out, asked.environment).run()
    except subprocess.CalledProcessError as error:
        print(f"build.py: this step failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
