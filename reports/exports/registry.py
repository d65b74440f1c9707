"""The kinds of exports."""

from __future__ import annotations

from reports.exports import cards, certificates, marks, official
from reports.exports.spec import ExportSpec

ALL: tuple[ExportSpec, ...] = (*cards.SPECS, *marks.SPECS, certificates.SPEC, *official.SPECS)

SPECS: dict[str, ExportSpec] = {spec.kind: spec for spec in ALL}
