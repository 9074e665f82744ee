"""How long the built program takes to its first painted frame, and what memory it holds at rest: on a virtual screen that is watched
pixel by pixel, warm and, as root, with nothing of it in the disk cache.

    build/env/bin/python packaging/measure.py build/dist/tagline [PROJECT]
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from bareroot import Screen

RUNS = 5
_SETTLE = 6.0  # seconds until a started program counts as being at rest
_CACHES = Path("/proc/sys/vm/drop_caches")
# Watches the screen from a process of its own, which is connected before the clock starts.
_WATCH = """
import sys, time
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
screen = app.primaryScreen()
def seen():
    return screen.grabWindow(0, 200, 8, 1, 1).toImage().pixel(0, 0) & 0xFFFFFF
ground = seen()
print("ready", flush=True)
while seen() == ground:
    time.sleep(0.005)
print(time.monotonic(), flush=True)
"""


def first_frame(program: Path, arguments: list[str], screen: Screen, home: str) -> tuple[float, float, int]:
    """Seconds from the start to the first pixel that is not the empty screen's, those of processor time, and the kB at rest."""
    env = {**os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "HOME": home}
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "WAYLAND_DISPLAY"):
        env.pop(name, None)
    watcher = subprocess.Popen([sys.executable, "-c", _WATCH], env=env, stdout=subprocess.PIPE, text=True)
    assert watcher.stdout
    watcher.stdout.readline()
    started = time.monotonic()
    running = subprocess.Popen([str(program), *arguments], env=env, start_new_session=True)
    try:
        painted = float(watcher.stdout.readline())
        worked = _worked(running.pid)
        time.sleep(_SETTLE)
        status = Path(f"/proc/{running.pid}/status").read_text(encoding="ascii")
        resident = int(re.findall(r"VmRSS:\s+(\d+)", status)[0])
    finally:
        for process in (running, watcher):
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
        time.sleep(0.5)
    return painted - started, worked, resident


def _worked(process: int) -> float:
    """Seconds of processor time it has used: what does not depend on what else the machine does."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def forget() -> bool:
    """Empty the disk cache; False where that is not allowed."""
    subprocess.run(["sync"], check=True)
    try:
        _CACHES.write_text("3", encoding="ascii")
    except OSError:
        return False
    return True


def main() -> None:
    folder, arguments = Path(sys.argv[1]), sys.argv[2:]
    screen = Screen()
    try:
        with tempfile.TemporaryDirectory() as home:
            for name, cold in (("warm", False), ("cold", True)):
                taken = []
                first_frame(folder / "tagline", arguments, screen, home)
                for _ in range(RUNS):
                    if cold and not forget():
                        print("cold: only root can empty the disk cache")
                        break
                    taken.append(first_frame(folder / "tagline", arguments, screen, home))
                if taken:
                    seconds, worked, resident = map(statistics.median, zip(*taken, strict=True))
                    print(
                        f"{name}: first painted frame after {seconds:.2f} s (best {min(taken)[0]:.2f}), {worked:.2f} s of it "
                        f"processor time; {resident / 1024:.0f} MB resident at rest; median of {len(taken)}"
                    )
    finally:
        screen.end()


if __name__ == "__main__":
    main()
