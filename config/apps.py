from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Registers the checks of the project as a whole."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  # importing registers
