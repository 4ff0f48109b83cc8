"""The demonstration city, served by the real command on a free port of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0
"""Seconds within which the city must be loaded and the site must answer."""

ACCOUNTS = {
    "office": "zhongdianban",
    "county": "yunxixian",
    "department": "jiaotongju",
    "reporter": "yunxifagai",
    "signer": "yunxiqianfa",
    "reader": "yanzijin",
    "system": "xitong",
    "security": "anquan",
    "audit": "shenji",
}
"""Role → user name of its account in the demonstration."""

PASSWORD = "guatu-2023-shifan"


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: its origin, and the process that serves it."""

    origin: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End the server and its workers."""
        for step in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is not None:
                break
            os.killpg(self.process.pid, step)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                continue


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_site(home: Path) -> Site:
    """Load the demonstration city into `home` and serve it. Raises RuntimeError with what the command said."""
    port = free_port()
    said = home / "said.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "guatu.cli", "demo", "--port", str(port)],
            cwd=ROOT,
            env=_own_environment(home),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    site = Site(f"http://127.0.0.1:{port}", process)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if _answers(site.origin):
            return site
        time.sleep(0.2)
    site.stop()
    raise RuntimeError(f"the site did not come up:\n{said.read_text(encoding='utf-8', errors='replace')}")


def _own_environment(home: Path) -> dict[str, str]:
    """The environment without what the other tests have set for themselves."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GUATU_") and name != "DJANGO_SETTINGS_MODULE"
    }
    return kept | {"GUATU_HOME": str(home), "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def _answers(origin: str) -> bool:
    try:
        with urllib.request.urlopen(f"{origin}/sign-in/", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
