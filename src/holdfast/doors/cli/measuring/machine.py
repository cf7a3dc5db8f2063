"""What a run was measured on, what it used, and how to make a disk cold."""

from __future__ import annotations

import contextlib
import os
import platform
from pathlib import Path


def machine() -> dict[str, object]:
    """Processor, cores, memory, system and load, as the figures' header."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            row.split(":", 1)[1].strip() for row in info.read_text().splitlines() if "name" in row
        ]
        cpu = names[0] if names else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": cpu,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def size_mb(folder: Path) -> float:
    """Megabytes on disk of all files of a folder."""
    blocks = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            blocks += path.lstat().st_blocks if path.is_file() else 0
    return round(blocks * 512 / 1e6, 1)


def read_from_disk() -> int | None:
    """Bytes this process has had to fetch from the disk; None where the system does not say."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        said = Path("/proc/self/io").read_text().splitlines()
        return int(next(row for row in said if row.startswith("read_bytes")).split()[1])
    return None


def forget(folder: Path) -> bool:
    """Ask the system to drop its memory of a folder's files; False where it cannot be asked.

    Only these files: other programs on the machine keep their caches.
    """
    if not hasattr(os, "posix_fadvise"):
        return False
    os.sync()
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        try:
            handle = os.open(path, os.O_RDONLY)
        except OSError:
            return False
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)
    return True
