"""A real server of one process, asked over HTTP, with its CPU time read from the kernel."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """gunicorn with one synchronous worker on a free port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = ["-m", "gunicorn", "config.wsgi", "-w", "1", "-b", f"127.0.0.1:{self.port}", "--log-level", "warning"]
        self.process = subprocess.Popen([sys.executable, *command], env=os.environ)
        self.cookies: dict[str, str] = {}
        self._await()

    def _await(self) -> None:
        for _attempt in range(100):
            try:
                self.get("/healthz")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit("the server did not start")

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.process.terminate()
        self.process.wait()

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, None)

    def post(self, path: str, data: dict[str, str]) -> bytes:
        return self._ask("POST", path, urlencode(data))

    def _ask(self, method: str, path: str, body: str | None) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self.cookies["csrftoken"],
            }
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{method} {path} answered {answer.status}: {content[:300]!r}")
        return content

    def cpu(self) -> float:
        """Seconds of CPU that the server's processes have used."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        total = 0.0
        for pid in [str(self.process.pid), *children]:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / TICK
        return total

    def cost(self, request: Callable[[], object], times: int) -> float:
        """Milliseconds of server CPU per request."""
        before = self.cpu()
        for _ in range(times):
            request()
        return (self.cpu() - before) * 1000 / times


def compare(
    server: Server, ours: Callable[[], object], bare: Callable[[], object], *, times: int = 100, rounds: int = 7
) -> tuple[float, float, float]:
    """Milliseconds of ours and of the bare one (medians), and the median of the rounds' ratios. The two take turns."""
    ours(), bare()  # warm
    pairs = [(server.cost(ours, times), server.cost(bare, times)) for _ in range(rounds)]
    return median(a for a, _b in pairs), median(b for _a, b in pairs), median(a / b for a, b in pairs)
