"""The examples of docs/scoring.md compute what they say. Each ## chapter starts afresh."""

import doctest
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "scoring.md"
CHAPTERS = re.findall(r"^## (.+?)$(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("title", "text"), CHAPTERS, ids=[title for title, _text in CHAPTERS])
def test_examples(title: str, text: str) -> None:
    code = "\n".join(re.findall(r"^```python$(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(code, {}, title, str(PAGE), 0)
    assert examples.examples, "each rule is shown by an example"
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples, out=report.append)
    assert not report, "".join(report)
