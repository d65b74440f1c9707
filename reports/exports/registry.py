"""The kinds of exports."""

from __future__ import annotations

from reports.exports import certificates
from reports.exports.spec import ExportSpec

ALL: tuple[ExportSpec, ...] = (certificates.SPEC,)

SPECS: dict[str, ExportSpec] = {spec.kind: spec for spec in ALL}
