"""What a page may be sent: a file is kept up to the bound and a little, and the form refuses it in its own words."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import load_handler
from django.http.multipartparser import MultiPartParser
from django.test.client import BOUNDARY, encode_multipart

BOUND = 1 << 20
CHUNK = 1 << 16


def sent(settings, size, *, in_memory):
    settings.UPLOAD_MAX_BYTES = BOUND
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 64 << 20 if in_memory else 0
    body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("a.csv", b"x" * size), "name": "y"})
    meta = {"CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}", "CONTENT_LENGTH": len(body)}
    handlers = [load_handler(path, None) for path in settings.FILE_UPLOAD_HANDLERS]
    posted, files = MultiPartParser(meta, io.BytesIO(body), handlers).parse()
    assert posted["name"] == "y"
    return files["file"]


@pytest.mark.parametrize("in_memory", [True, False])
def test_a_file_within_the_bound_comes_whole(settings, in_memory):
    file = sent(settings, BOUND, in_memory=in_memory)
    assert (file.size, len(file.read())) == (BOUND, BOUND)


@pytest.mark.parametrize("in_memory", [True, False])
def test_of_a_larger_one_no_more_is_kept_than_shows_that_it_is_larger(settings, in_memory):
    file = sent(settings, 9 * BOUND, in_memory=in_memory)
    kept = len(file.read())
    assert file.size == kept
    assert BOUND < kept <= BOUND + 2 * CHUNK
