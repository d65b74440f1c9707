"""An app that adds the tests' own kind of export to those that a worker knows."""

from django.apps import AppConfig


class KindConfig(AppConfig):
    name = "tests.reports.exports.kind"

    def ready(self):
        from reports.exports.registry import SPECS
        from tests.reports.exports import lines

        SPECS[lines.SPEC.kind] = lines.SPEC
