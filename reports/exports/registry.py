"""The kinds of exports."""

from __future__ import annotations

from reports.exports import cards, certificates, logs, marks, official
from reports.exports.spec import ExportSpec

ALL: tuple[ExportSpec, ...] = (*cards.SPECS, *marks.SPECS, *certificates.SPECS, logs.SPEC, *official.SPECS)

SPECS: dict[str, ExportSpec] = {spec.kind: spec for spec in ALL}
