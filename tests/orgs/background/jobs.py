"""Jobs for the tests, and what they leave to be seen."""

import os
import time
from pathlib import Path

from django.db import transaction
from django.utils.translation import get_language

from orgs.background import Progress
from orgs.models import KnownHeader, Upload
from orgs.models.upload import UploadState

SEEN = []
LOST = []
"""What the next runs of `lose` raise."""


def remember(*args):
    SEEN.append((*args, get_language()))


def fail(*args):
    raise ValueError(*args)


def lose(*args):
    if LOST:
        raise LOST.pop()
    remember(*args)


def die(*args):
    """Ends as a killed process does: nobody's exception handler sees it."""
    raise KeyboardInterrupt


def sleep(folder):
    (Path(folder) / "asleep").touch()
    time.sleep(60)


def write_down(folder):
    (Path(folder) / "failed").touch()


def work(key, folder):
    """Writes one row and the state DONE in one transaction; the first time it waits inside it, to be killed there."""
    folder = Path(folder)
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=key)
        if upload.state == UploadState.DONE:
            return
        KnownHeader.objects.create(user_id=upload.by_id, kind=upload.kind, heading=f"by {os.getpid()}")
        Progress(f"upload-{key}").report(1, 2)
        first = not list(folder.glob("begun-*"))
        (folder / f"begun-{os.getpid()}").touch()
        if first:
            time.sleep(60)
        upload.state = UploadState.DONE
        upload.save()
