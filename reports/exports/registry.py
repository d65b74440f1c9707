"""The kinds of exports."""

from __future__ import annotations

from reports.exports.spec import ExportSpec

ALL: tuple[ExportSpec, ...] = ()

SPECS: dict[str, ExportSpec] = {spec.kind: spec for spec in ALL}
