"""Old documents: converted by a LibreOffice in a process of its own, or refused with the way out."""

import io
import os
import tempfile
import time
from pathlib import Path

import docx
import pytest

from orgs.files import FileRefused, guarded, legacy
from tests.orgs.files.build import ole, word

DOC = ole("Root Entry", "WordDocument")
FAILED = "The old document could not be converted. Save it as .docx in WPS or Word, and upload that."
FAKE = """#!/bin/sh
# answers as LibreOffice does: the last argument is the document, the one after --outdir the folder
while [ $# -gt 1 ]; do
  case $1 in --outdir) out=$2 ;; -env:UserInstallation=*) profile=${1#*=} ;; esac
  shift
done
mkdir -p "$out"
echo "$profile|$1|$HOME" > "$SEEN"
"""


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Puts a `soffice` with this body on the path, and the temporary folders under an own one, to be seen empty."""
    folder, scratch = tmp_path / "bin", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    def install(body):
        program = folder / "soffice"
        program.write_text(FAKE.replace("$SEEN", str(tmp_path / "seen")) + body)
        program.chmod(0o755)
        return tmp_path

    yield install
    assert list(scratch.iterdir()) == []


def test_converted_and_checked(office):
    folder = office('cp "$(dirname "$0")/../prepared.docx" "$out/in.docx"\n')
    (folder / "prepared.docx").write_bytes(word("转换"))
    made = legacy.to_docx(io.BytesIO(DOC))
    assert docx.Document(guarded(made)).paragraphs[0].text == "转换"
    profile, document, home = (folder / "seen").read_text().strip().split("|")
    assert profile == f"file://{home}/profile"
    assert document == f"{home}/in.doc"
    assert home != os.environ["HOME"]


def test_the_document_is_handed_over_whole(office):
    folder = office(f'cp "$1" "{Path(tempfile.gettempdir())}"; cp "$1" "$(dirname "$0")/../handed"\n')
    with pytest.raises(FileRefused):
        legacy.to_docx(io.BytesIO(DOC))
    assert (folder / "handed").read_bytes() == DOC
    (Path(tempfile.gettempdir()) / "in.doc").unlink()


@pytest.mark.parametrize("body", ["exit 1\n", "exit 0\n", 'echo x > "$out/in.docx"; exit 1\n', "kill -9 $$\n"])
def test_what_it_can_not_convert_is_refused(office, body):
    office(body)
    with pytest.raises(FileRefused) as refused:
        legacy.to_docx(io.BytesIO(DOC))
    assert refused.value.sentence == FAILED


def test_its_result_is_judged_like_an_upload(office):
    office('printf x > "$out/in.docx"\n')
    with pytest.raises(FileRefused) as refused:
        legacy.to_docx(io.BytesIO(DOC))
    assert refused.value.sentence == "The content is not that of an office file. Here .docx is taken."


def test_one_that_never_ends_is_ended_with_its_helpers(office, monkeypatch):
    monkeypatch.setattr(legacy, "SECONDS", 0.5)
    folder = office('sleep 1000 & echo $! > "$(dirname "$0")/../helper"; wait\n')
    began = time.monotonic()
    with pytest.raises(FileRefused) as refused:
        legacy.to_docx(io.BytesIO(DOC))
    assert refused.value.sentence == FAILED
    assert time.monotonic() - began < 60, "it waited for what sleeps a thousand seconds"
    helper = int((folder / "helper").read_text())
    deadline = time.monotonic() + 60
    while _runs(helper) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(helper)


def test_without_libreoffice_a_sentence_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileRefused) as refused:
        legacy.to_docx(io.BytesIO(DOC))
    assert refused.value.sentence == (
        "Documents in the old format (.doc) can't be read on this server. Save it as .docx, and upload that."
    )


def _runs(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
