"""What batches and single cards share: the lean sheet of styles, and what a batch leaves behind."""

import gc
from unittest.mock import patch

import pytest
from weasyprint.html import UA_STYLESHEET

from assessments.workflow import stages_of
from reports import batch, paper, pdf
from reports.tables import form, scorecard

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_pages_are_those_of_the_full_sheet_of_styles(rubric_of, assessed):
    """paper.css leaves nothing out that a card needs: byte by byte the same file as with WeasyPrint's own sheet."""
    assessment = assessed(rubric_of("d"), marks={"2": {"not_applicable": True, "reason": "不具备"}})
    for table in (scorecard(assessment, stages_of(assessment.stages)), form(rubric_of("j3"))):
        ours = pdf.render(table)
        with patch.object(paper, "_base", return_value=UA_STYLESHEET) as asked:
            assert pdf.render(table) == ours
        assert asked.called  # WeasyPrint still asks for it


def test_the_collector_works_again_after_a_batch_and_after_a_failure(rubric_of):
    table = form(rubric_of("j3"))
    assert len(batch.render_many([table])) == 1
    assert gc.isenabled()
    with patch.object(batch, "laid_out", side_effect=MemoryError), pytest.raises(MemoryError):
        batch.render_many([table])
    assert gc.isenabled()
