"""Old Word documents, by way of LibreOffice where the machine has it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from orgs.files.formats import Format, identify
from orgs.files.refused import FileRefused

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60


def converter() -> str | None:
    """Path of LibreOffice, if it is installed."""
    return next((found for program in PROGRAMS if (found := shutil.which(program))), None)


def to_docx(file: IO[bytes]) -> IO[bytes]:
    """The .doc as a .docx, which is checked like an uploaded one. Raises FileRefused; leaves nothing behind.

    LibreOffice runs with a profile of its own in a folder that is deleted afterwards, without macros, without a proxy
    to the network, and for a minute at most.
    """
    program = converter()
    if program is None:
        raise FileRefused(
            _("Documents in the old format (.doc) can't be read on this server. Save it as .docx, and upload that.")
        )
    file.seek(0)
    with tempfile.TemporaryDirectory(prefix="kaoping-doc-", ignore_cleanup_errors=True) as folder:
        source = Path(folder) / "in.doc"
        with source.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        if not _convert(program, Path(folder)):
            raise _failed()
        made = Path(folder) / "out" / "in.docx"
        if not made.is_file() or made.stat().st_size > settings.LIST_MAX_BYTES:
            raise _failed()
        result = BytesIO(made.read_bytes())
    identify(result, "in.docx", {Format.DOCX})
    result.seek(0)
    return result


def _convert(program: str, folder: Path) -> bool:
    """Whether it came to an end and well. Its helpers are processes of their own: the whole group ends with it."""
    command = [
        *_without_network(),
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(folder / "in.doc")),
    ]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "C.UTF-8"}
    process = subprocess.Popen(  # noqa: S603  # our own command; the document is an argument only by our own name for it
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(SECONDS) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        _end(process.pid)
        process.wait()


def _end(group: int) -> None:
    """The process and all its helpers, whether it has ended itself or not."""
    with suppress(ProcessLookupError):  # all of them have ended
        os.killpg(group, signal.SIGKILL)


def _without_network() -> list[str]:
    """The prefix that cuts a command off the network, where the machine lets us: documents name remote pictures."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    prefix = [unshare, "--map-root-user", "--net", "--"]
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False, timeout=10)  # noqa: S603
    return prefix if tried.returncode == 0 else []


def _failed() -> FileRefused:
    return FileRefused(_("The old document could not be converted. Save it as .docx in WPS or Word, and upload that."))
