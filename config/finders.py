from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Warning  # noqa: A004  # Django's name for it
from django.core.files.storage import FileSystemStorage

MODULES = Path(settings.BASE_DIR) / "node_modules"


class PackageStorage(FileSystemStorage):
    """Presents the whitelisted files of node_modules/ under the names that they are served by."""

    def path(self, name: str) -> str:
        return str(MODULES / settings.STATICFILES_PACKAGES[name.replace("\\", "/")])


class PackageFinder(BaseFinder):
    """Finds what STATICFILES_PACKAGES names, and nothing else."""

    storage = PackageStorage(location=MODULES)

    def check(self, **_: Any) -> list[CheckMessage]:
        return [
            Warning(f"{source} is missing from node_modules/.", hint="Run bin/setup.", id="kaoping.W002")
            for source in settings.STATICFILES_PACKAGES.values()
            if not (MODULES / source).is_file()
        ]

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        if path not in settings.STATICFILES_PACKAGES or not Path(self.storage.path(path)).is_file():
            return []
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in settings.STATICFILES_PACKAGES:
            yield name, self.storage
