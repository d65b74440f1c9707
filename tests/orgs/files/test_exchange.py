"""Kinds of organisation come in through the admin, and through the same door as every other workbook."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs.models import OrganizationKind
from tests.orgs.files.build import with_sheet, xlsx

IMPORT = "admin:orgs_organizationkind_import"
KINDS = [["code", "name", "position"], ["any", "任意", 1]]


def sent(client, content):
    return client.post(reverse(IMPORT), {"format": "0", "import_file": SimpleUploadedFile("a.xlsx", content)})


@pytest.mark.django_db
def test_a_sound_workbook_is_shown_and_imported(admin_client):
    shown = sent(admin_client, xlsx(KINDS))
    assert shown.status_code == 200
    confirmed = shown.context["confirm_form"].initial
    admin_client.post(reverse("admin:orgs_organizationkind_process_import"), confirmed)
    assert list(OrganizationKind.objects.values_list("code", "name", "position")) == [("any", "任意", 1)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            with_sheet('<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
            "The cells A1:XFD1048576 are merged into one. Undo that, and upload the file again.",
        ),
        (
            b"code,name\n",
            "The file is damaged and can't be read. Open it in WPS or Office, save it again, and upload that file.",
        ),
    ],
)
def test_another_is_refused_in_the_form(admin_client, content, sentence):
    admin_client.post(reverse("set_language"), {"language": "en"})
    answer = sent(admin_client, content)
    assert answer.context["form"].errors == {"import_file": [sentence]}
    assert not OrganizationKind.objects.exists()
