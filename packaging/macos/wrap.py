"""macOS: the .app in a .dmg, signed and notarised where there is something to sign with.

    python macos/wrap.py WORK OUT

PyInstaller signs the .app with MACOS_IDENTITY (a Developer ID in the keychain), under the hardened runtime and with
entitlements.plist. Notarises if MACOS_NOTARY names a profile that `notarytool store-credentials` made; the ticket is stapled to
both, so that the program also opens where there is no network.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import identity


def main() -> None:
    work, out = map(Path, sys.argv[1:])
    app = work / "dist" / f"{identity.TITLE}.app"
    person, profile = os.environ.get("MACOS_IDENTITY"), os.environ.get("MACOS_NOTARY")
    if person:
        run("codesign", "--verify", "--deep", "--strict", str(app))
    if person and profile:
        packed = work / "app.zip"
        run("ditto", "-c", "-k", "--keepParent", str(app), str(packed))
        notarise(packed, profile)
        run("xcrun", "stapler", "staple", str(app))
    dmg = out / f"{identity.NAME}-{identity.version()}-macos-{platform.machine()}.dmg"
    make_dmg(app, work / "dmg", dmg)
    if person:
        run("codesign", "--sign", person, "--timestamp", str(dmg))
    if person and profile:
        notarise(dmg, profile)
        run("xcrun", "stapler", "staple", str(dmg))


def make_dmg(app: Path, folder: Path, dmg: Path) -> None:
    """The program and a link to where it is dragged."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copytree(app, folder / app.name, symlinks=True)
    (folder / "Applications").symlink_to("/Applications")
    run(
        "hdiutil",
        "create",
        "-volname",
        identity.TITLE,
        "-srcfolder",
        str(folder),
        "-format",
        "UDZO",
        "-ov",
        str(dmg),
    )


def notarise(path: Path, profile: str) -> None:
    run("xcrun", "notarytool", "submit", str(path), "--keychain-profile", profile, "--wait")


def run(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
