"""How much a process of a benchmark held."""

from __future__ import annotations

from pathlib import Path

KILOBYTES = 1024
"""In a megabyte."""


def peak() -> float:
    """Megabytes that this process ever held: ru_maxrss would count what its parent held, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / KILOBYTES
