"""The kinds of exports."""

from __future__ import annotations

from reports.exports import cards
from reports.exports.spec import ExportSpec

ALL: tuple[ExportSpec, ...] = (*cards.SPECS,)

SPECS: dict[str, ExportSpec] = {spec.kind: spec for spec in ALL}
