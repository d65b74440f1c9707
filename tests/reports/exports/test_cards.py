"""Batches of scorecards: every card once, under a name people can read, with what its reader sees on the single one."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.models import Assessment
from assessments.services import Refused
from assessments.workflow import State
from orgs.models import Membership, Organization
from reports.exports.cards import MERGED, PDFS, SPECS, WORKBOOKS, reading
from reports.models import Export
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TWINS = "同名/街道:㐂𠮷工会"
OTHER = "另一街道工会"


@pytest.fixture
def cast():
    """Two townships of one name in the first county, one in the second; the first has its result."""
    cast = make.cast()
    make.bring_to(cast, State.FINAL)
    for organization, name in ((cast.township, TWINS), (cast.neighbour, TWINS), (cast.other_township, OTHER)):
        Assessment.objects.filter(organization=organization).update(name=name)
    for county, name in ((cast.county, "白云县/总工会"), (cast.other_county, "青山县总工会")):
        Organization.objects.filter(pk=county.pk).update(name=name)
    return cast


def asked(cast, **other):
    return {"cycle": cast.cycle.pk, "kind": None, "branch": None, "final": False, **other}


def built(spec, user, wanted, folder, per_part=2):
    """The file as the workers make it, in parts of two cards."""
    keys = spec.units(user, wanted)
    paths = []
    for start in range(0, len(keys), per_part):
        paths.append(folder / f"part{start}")
        spec.make(user, wanted, keys[start : start + per_part], paths[-1])
    spec.join(wanted, paths, folder / "whole")
    return folder / "whole"


def single(client, user, assessment):
    client.force_login(user)
    return client.get(reverse("reports:scorecard_pdf", args=[assessment])).content


def texts(content):
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def files(path):
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        assert all(member.flag_bits & 0x800 for member in archive.infolist())  # names are UTF-8, and say so
        return {member.filename: archive.read(member) for member in archive.infolist()}


def test_a_zip_has_a_folder_for_each_county_and_every_card_once(cast, client, tmp_path):
    found = files(built(PDFS, make.again(cast.admin), asked(cast), tmp_path))
    last = f"{cast.rubric.title}_2026"
    twin = f"白云县 总工会/同名 街道 㐂𠮷工会_{last}"
    assert list(found) == [f"{twin}.pdf", f"{twin} (2).pdf", f"青山县总工会/{OTHER}_{last}.pdf"]
    keys = reading.units(make.again(cast.admin), asked(cast))
    assert len(keys) == 3
    for key, content in zip(keys, found.values(), strict=True):
        alone, ours = (PdfReader(BytesIO(one)) for one in (single(client, cast.admin, key), content))
        assert texts(content) == [page.extract_text() for page in alone.pages]
        assert ours.metadata == alone.metadata
        assert ours.root_object["/Lang"] == "zh-CN"
        fonts = ours.pages[0]["/Resources"]["/Font"].values()
        descriptors = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in (one.get_object() for one in fonts)]
        assert all({"/FontFile2", "/FontFile3"} & set(one) for one in descriptors)


def test_equal_names_are_told_apart_by_the_code_of_the_organisation(cast, tmp_path):
    Organization.objects.filter(pk=cast.neighbour.pk).update(code="81210000MC000001XA")
    wanted = asked(cast, branch=cast.county.pk)
    found = files(built(WORKBOOKS, make.again(cast.admin), wanted, tmp_path, per_part=1))
    last = f"{cast.rubric.title}_2026.xlsx"
    twin = "白云县 总工会/同名 街道 㐂𠮷工会"
    assert list(found) == [f"{twin}_{last}", f"{twin}_81210000MC000001XA_{last}"]
    sheets = [load_workbook(BytesIO(content)).worksheets[0] for content in found.values()]
    assert all(any(TWINS in str(cell.value) for row in sheet.iter_rows() for cell in row) for sheet in sheets)


def test_organisations_right_under_the_union_lie_together(tmp_path):
    cast = make.cast()
    names = ("市图书馆工会", "市博物馆工会")
    for name in names:
        make.organization(cast.city, cast.rubric.audiences.first().kind, name=name)
    cycle = make.open_cycle_for(cast.city, {cast.rubric.audiences.first().kind: cast.rubric}, by=cast.admin)
    found = files(built(WORKBOOKS, make.again(cast.admin), {**asked(cast), "cycle": cycle.pk}, tmp_path))
    folders = {name.partition("/")[2].partition("_")[0]: name.partition("/")[0] for name in found}
    assert {folders[name] for name in names} == {f"{cast.city.name}直属"}
    assert folders[cast.township.name] == cast.county.name


def test_names_are_cut_to_what_every_system_takes(cast):
    table = reading.cards(make.again(cast.admin), asked(cast), [cast.assessment.pk])[0].table
    name = reading.card_name(replace(table, organization="长𠮷" * 60, title="标准" * 60), "81210000MC000001XA")
    assert len(name.encode()) <= reading.NAME_BYTES
    assert name.startswith("长𠮷长𠮷")
    assert "_81210000MC000001XA_标准" in name
    assert name.endswith("_2026")


def test_one_pdf_has_every_page_and_a_bookmark_for_every_organisation(cast, client, tmp_path):
    admin = make.again(cast.admin)
    path = built(MERGED, admin, asked(cast), tmp_path)
    singles = [texts(single(client, cast.admin, key)) for key in reading.units(admin, asked(cast))]
    reader = PdfReader(path, strict=True)
    assert [page.extract_text() for page in reader.pages] == [page for card in singles for page in card]
    second = len(singles[0])
    third = second + len(singles[1])
    (county, marks), (other, others) = zip(reader.outline[::2], reader.outline[1::2], strict=True)
    page = reader.get_destination_page_number
    assert [(one.title, page(one)) for one in (county, other)] == [("白云县 总工会", 0), ("青山县总工会", third)]
    assert [(one.title, page(one)) for one in (*marks, *others)] == [(TWINS, 0), (TWINS, second), (OTHER, third)]
    assert reader.metadata.title == cast.cycle.name
    assert reader.page_mode == "/UseOutlines"


def test_a_card_says_no_more_than_its_reader_may_see(cast, client, tmp_path):
    """An organisation sees the later stages only in a result, its assessor as soon as they are filled in."""
    Assessment.objects.filter(pk=cast.assessment.pk).update(state=State.REVIEWING)
    seen = []
    for who in (cast.clerk, cast.assessor):
        content = next(iter(files(built(PDFS, make.again(who), asked(cast), tmp_path)).values()))
        assert texts(content) == texts(single(client, who, cast.assessment.pk))
        seen.append(texts(content))
    assert seen[0] != seen[1]


def test_units_are_what_the_person_sees_and_asked_for(cast):
    others = {one.organization_id: one.pk for one in Assessment.objects.filter(cycle=cast.cycle)}
    own, neighbour, other = (others[one.pk] for one in (cast.township, cast.neighbour, cast.other_township))
    admin, stranger = make.again(cast.admin), make.again(cast.stranger)
    assert reading.units(admin, asked(cast)) == [own, neighbour, other]
    assert reading.units(admin, asked(cast, final=True)) == [own]
    assert reading.units(admin, asked(cast, branch=cast.other_county.pk)) == [other]
    assert reading.units(stranger, asked(cast)) == [other]
    assert reading.units(admin, asked(cast, kind=cast.assessment.kind_id)) == [own, neighbour, other]
    with pytest.raises(Refused):
        reading.units(stranger, asked(cast, final=True))
    for nobody in (make.again(cast.unposted), make.again(cast.superuser)):
        with pytest.raises(PermissionDenied):
            reading.units(nobody, asked(cast))
    with pytest.raises(PermissionDenied):
        reading.units(stranger, asked(cast, branch=cast.county.pk))


def test_a_part_is_refused_after_the_right_is_lost(cast, tmp_path):
    keys = reading.units(make.again(cast.admin), asked(cast))
    Membership.objects.filter(user=cast.admin).delete()
    for spec in SPECS:
        with pytest.raises(PermissionDenied):
            spec.make(make.again(cast.admin), asked(cast), keys, tmp_path / "part")
    assert not (tmp_path / "part").exists()
    with pytest.raises(PermissionDenied):  # neither is a card of another's slipped in
        PDFS.make(make.again(cast.stranger), asked(cast), keys, tmp_path / "part")


def test_more_than_one_file_holds_is_refused(cast, monkeypatch):
    monkeypatch.setattr(reading, "MOST", 2)
    with pytest.raises(Refused):
        reading.units(make.again(cast.admin), asked(cast))


def test_the_page_says_how_many_and_has_the_file_made(cast, client):
    url = reverse("reports:cards", args=[cast.cycle.pk])
    client.force_login(cast.admin)
    page = client.get(url, {"branch": cast.county.pk})
    assert page.context["count"] == 2
    assert client.get(url, {"which": "final"}).context["count"] == 1
    assert f'href="{url}"' in client.get(reverse("cycles:detail", args=[cast.cycle.pk])).content.decode()
    answer = client.post(url, {"branch": cast.county.pk, "file": MERGED.kind})
    export = Export.objects.get()
    assert answer.url == reverse("reports:export", args=[export.pk])
    assert (export.kind, export.total, export.asked) == (MERGED.kind, 2, asked(cast, branch=cast.county.pk))
    assert client.post(url, {"file": "none"}).status_code == 404
    client.force_login(cast.clerk)
    assert f'href="{url}"' not in client.get(reverse("cycles:detail", args=[cast.cycle.pk])).content.decode()
    client.force_login(cast.unposted)
    assert client.get(url).status_code == 404
