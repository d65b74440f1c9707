import html

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone, translation

from rubrics.models import Rubric
from rubrics.rows import rows
from rubrics.services import freeze
from rubrics.wording import rules
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def reader(client):
    client.force_login(get_user_model().objects.create(username="reader", full_name="读者"))
    return client


def queries_of(client, url, django_assert_max_num_queries, most):
    with django_assert_max_num_queries(most) as found:
        assert client.get(url).status_code == 200
    return len(found)


def copy_of(rubric, number):
    """Another document with a rubric like it, as far as the list shows it."""
    document = type(rubric.document).objects.create(slug=f"copy-{number}", title="副本")
    copy = Rubric.objects.create(document=document, code=f"copy-{number}", title="副本", published_at=timezone.now())
    copy.audiences.create(kind="street", label="街道")
    section = copy.sections.create(position=1, name="节", label="节")
    for position in range(1, 6):
        copy.items.create(section=section, position=position, key=str(position), text="条。", points=1)
    return copy


@pytest.mark.parametrize("name", ["list", "detail"])
def test_a_stranger_is_asked_to_log_in(client, rubric, name):
    url = reverse(f"rubrics:{name}", args=[rubric.pk] if name == "detail" else [])
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("name", ["list", "detail"])
def test_pages_are_read_only(reader, rubric, name):
    assert reader.post(reverse(f"rubrics:{name}", args=[rubric.pk] if name == "detail" else [])).status_code == 405


def test_an_unknown_rubric_is_not_found(reader):
    assert reader.get(reverse("rubrics:detail", args=[1])).status_code == 404


def test_the_list_without_rubrics_says_so(reader):
    assert "empty-state" in reader.get(reverse("rubrics:list")).content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(reader, rubric, django_assert_max_num_queries):
    url = reverse("rubrics:list")
    one = queries_of(reader, url, django_assert_max_num_queries, 8)
    for number in range(3):
        copy_of(rubric, number)
    assert queries_of(reader, url, django_assert_max_num_queries, 8) == one


def test_a_rubric_costs_the_same_however_long_it_is(reader, rubric, django_assert_max_num_queries):
    url = reverse("rubrics:detail", args=[rubric.pk])
    short = queries_of(reader, url, django_assert_max_num_queries, 21)
    section = rubric.sections.last()
    for position in range(10, 30):
        item = rubric.items.create(section=section, position=position, key=str(position), text="条。", points=1)
        item.offices.add(rubric.offices.get())
    assert queries_of(reader, url, django_assert_max_num_queries, 21) == short


def test_a_frozen_rubric_is_read_once_in_a_process(reader, rubric, django_assert_max_num_queries):
    url = reverse("rubrics:detail", args=[rubric.pk])
    draft = queries_of(reader, url, django_assert_max_num_queries, 21)
    freeze(rubric)
    reader.get(url)
    assert queries_of(reader, url, django_assert_max_num_queries, 21) < draft


def test_every_kind_of_row_says_its_rule_on_the_page(reader):
    rubric = make.rubric_of_every_kind()
    with translation.override("zh-hans"):
        page = html.unescape(reader.get(reverse("rubrics:detail", args=[rubric.pk])).content.decode())
        found = {row.key: rules(row) for row in rows(rubric)}
    assert sum(map(len, found.values())) > 25
    assert [sentence for sentences in found.values() for sentence in sentences if sentence not in page] == []


@pytest.mark.usefixtures("documents")
class TestDocuments:
    def page(self, client, code):
        return client.get(reverse("rubrics:detail", args=[Rubric.objects.get(code=code).pk])).content.decode()

    def test_the_list_names_every_rubric_with_its_points(self, reader):
        page = reader.get(reverse("rubrics:list")).content.decode()
        for rubric in Rubric.objects.all():
            assert str(rubric) in page
        assert "固工发〔2023〕86号" in page
        assert page.count("102") == 2
        assert "党群、政府、政法系统" in page

    @pytest.mark.parametrize(
        "code", ["sy", "c1", "c2", "c3", "c4", "d", *(f"g{n}" for n in range(1, 7)), "j1", "j2", "j3"]
    )
    def test_every_word_of_every_rubric_is_on_its_page(self, reader, code):
        page = self.page(reader, code).replace("<mark>", "").replace("</mark>", "")
        rubric = Rubric.objects.get(code=code)
        for item in rubric.items.all():
            assert item.text in page, item
        for section in rubric.sections.all():
            assert section.label in page

    def test_bands_and_quota(self, reader):
        page = self.page(reader, "g1")
        assert "五星级" in page
        assert "20" in page

    def test_threshold_and_note(self, reader):
        assert "<mark>劳动合同签订率100%</mark>" in self.page(reader, "sy")
        assert "原文到“代表大会报”为止" in self.page(reader, "g1")

    def test_nothing_inline_and_nothing_from_elsewhere(self, reader):
        page = self.page(reader, "d")
        assert "style=" not in page
        assert "//" not in page.replace("<!DOCTYPE html>", "")
