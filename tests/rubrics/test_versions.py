"""The next version, copies and overlays: what they carry over, who may make them, and that nothing running changes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation

from assessments.services.cycles import rubric_per_kind
from assessments.workflow import Stage
from orgs.models import Level
from orgs.roles import Role
from orgs.services import Refused
from rubrics import overlays, versions
from rubrics.blueprint import AudiencePlan, CapPlan, GroupPlan, ItemPlan, MeasurePlan, SectionPlan, read, write
from rubrics.drafting.change import Conflict, undo
from rubrics.drafting.codec import digest
from rubrics.models import Document, Item, Rubric
from rubrics.services import STOPS, CheckCode, checks, declared_total, freeze
from tests.factories import cast, fill, load_rubrics, open_cycle_for, organization, person, small_rubric, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
D = Decimal


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def city():
    return organization(None, "city", Level.CITY, "市总工会")


@pytest.fixture
def county(city):
    return organization(city, "county", Level.COUNTY, "县总工会")


@pytest.fixture
def city_admin(city):
    return person((city, Role.ADMIN))


@pytest.fixture
def county_admin(county):
    return person((county, Role.ADMIN))


@pytest.fixture
def issued(city):
    """The city's own rubric, published, that leaves eight points to the counties."""
    document = Document.objects.create(slug="city", title="市文件", owner=city)
    return small_rubric(document=document, declared="43", overlay_points=D(8), printed_total="43", total_label="合计")


def publish(rubric):
    Rubric.objects.filter(pk=rubric.pk).update(published_at=timezone.now())
    rubric.refresh_from_db()
    return rubric


def own_section(*items, name="自设项目"):
    return SectionPlan(name, name, (GroupPlan(tuple(items)),))


def item(key, points="8", **more):
    return ItemPlan(key, f"本县自设 {key}", None if points is None else D(points), **more)


def add_own(rubric, *items, **parts):
    """Writes sections of its own into an overlay, as the editor would."""
    blueprint = read(rubric)
    sections = tuple(section for section in blueprint.sections if section.inherited)
    write(replace(blueprint, sections=(*sections, own_section(*items)), **parts), rubric)
    return Rubric.objects.get(pk=rubric.pk)


def sentences(rubric, code):
    return [check.sentence for check in checks(rubric) if check.code == code]


# --- The next version ------------------------------------------------------------------------------------------------


def test_the_next_version_says_the_same_under_the_next_number(issued, city_admin):
    draft = versions.next_version(city_admin, issued)
    assert read(draft) == read(issued)
    assert (draft.code, draft.version, draft.document, draft.position) == (issued.code, 2, issued.document, 0)
    assert (draft.based_on, draft.published_at, draft.frozen_at) == (issued, None, None)


def test_there_is_one_open_draft_of_a_rubric(issued, city_admin):
    draft = versions.next_version(city_admin, issued)
    assert versions.open_draft(issued) == draft
    with pytest.raises(Refused, match="already a draft"):
        versions.next_version(city_admin, issued)
    publish(draft)
    assert versions.open_draft(issued) is None
    third = versions.next_version(city_admin, issued)  # going back to the first version's wording is fine
    assert (third.version, third.based_on) == (3, issued)


def test_what_came_with_the_software_is_copied_instead(city_admin):
    with pytest.raises(Refused, match="came with the software"):
        versions.next_version(city_admin, small_rubric())
    assert Rubric.objects.count() == 1


def test_only_who_looks_after_the_document_makes_the_next_version(issued, county_admin):
    with pytest.raises(PermissionDenied):
        versions.next_version(county_admin, issued)
    assert Rubric.objects.count() == 1


def test_running_cycles_keep_their_version_and_new_ones_take_the_newest():
    people = cast()
    Document._base_manager.filter(pk=people.rubric.document_id).update(owner=people.city)  # past the guard
    fill(people.chair, people.assessment, Stage.SELF)
    frozen, running = read(people.rubric), snapshot(people.assessment)

    draft = versions.next_version(people.admin, Rubric.objects.get(pk=people.rubric.pk))
    blueprint = read(draft)
    write(replace(blueprint, sections=blueprint.sections[:1], title="新标准"), draft)
    assert rubric_per_kind(people.rubric.document)["township"] == people.rubric  # a draft is nothing to open with
    publish(draft)

    assert read(Rubric.objects.get(pk=people.rubric.pk)) == frozen
    assert snapshot(people.assessment) == running
    assert people.now().rubric == people.rubric
    assert rubric_per_kind(people.rubric.document)["township"] == draft
    later = open_cycle_for(people.city, rubric_per_kind(people.rubric.document), by=people.admin)
    assert {one.rubric for one in later.assessments.all()} == {draft}
    assert {one.rubric for one in people.cycle.assessments.all()} == {people.rubric}


# --- Copies ----------------------------------------------------------------------------------------------------------


def test_every_shipped_rubric_is_copied_whole(county, county_admin):
    load_rubrics()
    for rubric in Rubric.objects.filter(document__owner=None):
        copy = versions.copy(county_admin, rubric, county, "本县考核标准")
        assert read(copy) == replace(read(rubric), title="本县考核标准", annex="")
        assert (copy.document.owner, copy.document.title, copy.version) == (county, "本县考核标准", 1)
        assert (copy.based_on, copy.published_at) == (rubric, None)
        assert set(Item.objects.filter(rubric=copy).values_list("source_ref", flat=True)) == {""}


def test_a_copy_stands_beside_the_others_of_a_document(issued, city, city_admin):
    copy = versions.copy(city_admin, issued, city, "乡镇标准", issued.document)
    assert (copy.document, copy.position) == (issued.document, 1)
    assert copy.code != issued.code


def test_a_copy_is_refused_into_the_document_of_another(issued, county, county_admin):
    with pytest.raises(Refused, match="another union"):
        versions.copy(county_admin, issued, county, "标准", issued.document)
    with pytest.raises(Refused, match="title"):
        versions.copy(county_admin, issued, county, "  ")
    assert Rubric.objects.count() == Document.objects.count() == 1


def test_nobody_copies_for_another_union_or_a_draft_that_they_may_not_read(issued, city, county_admin, county):
    with pytest.raises(PermissionDenied):
        versions.copy(county_admin, issued, city, "标准")
    Rubric.objects.filter(pk=issued.pk).update(published_at=None)
    with pytest.raises(PermissionDenied):
        versions.copy(county_admin, Rubric.objects.get(pk=issued.pk), county, "标准")


def test_the_copy_of_an_overlay_is_free(issued, county, county_admin):
    overlay = publish(versions.overlay(county_admin, issued, county))
    copy = versions.copy(county_admin, overlay, county, "自己的标准")
    assert copy.overlays is None
    assert not any(section.inherited for section in read(copy).sections)


# --- Overlays --------------------------------------------------------------------------------------------------------


def test_an_overlay_carries_the_base_unchanged_and_leaves_nothing_further_down(issued, county, county_admin):
    overlay = versions.overlay(county_admin, issued, county)
    expected = tuple(replace(section, inherited=True) for section in read(issued).sections)
    assert read(overlay) == replace(read(issued), sections=expected, overlay_points=None)
    assert (overlay.overlays, overlay.document.owner, overlay.document.title) == (
        issued,
        county,
        f"{issued.title}（县总工会）",
    )
    assert [check for check in checks(overlay) if check.code in STOPS] == []


def test_the_totals_of_an_overlay_are_the_bases_and_its_own_points(issued, county, county_admin):
    overlay = add_own(versions.overlay(county_admin, issued, county), item("z-1", "5"), item("z-2", "3"))
    assert declared_total(overlay) == D(51)
    assert sentences(overlay, CheckCode.TOTAL) == []
    freeze(publish(overlay))
    stored = Rubric.objects.get(pk=overlay.pk)
    assert (stored.declared_total, stored.printed_total, declared_total(stored)) == (D(51), "51", D(51))


def test_a_difference_that_the_base_prints_stays_named(issued, county, county_admin):
    Rubric.objects.filter(pk=issued.pk).update(declared_total=D(40))
    overlay = add_own(versions.overlay(county_admin, Rubric.objects.get(pk=issued.pk), county), item("z-1"))
    assert sentences(overlay, CheckCode.TOTAL) == ["The items add up to 51 points, the document declares 48."]


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([item("z-1", "8")], []),
        ([item("z-1", "8.5")], ["Its own items give up to 8.5 points, “{base}” leaves it 8."]),
        (
            [
                item("z-1", "7"),
                item(
                    "z-2",
                    None,
                    rule="none",
                    bonus_rule="add_per_unit",
                    bonus_cap=D(2),
                    measures=(MeasurePlan("more", "bonus", "推广", "项", D(1)),),
                ),
            ],
            ["Its own items give up to 9 points, “{base}” leaves it 8."],
        ),
        (
            [
                item(
                    "z-1",
                    None,
                    rule="none",
                    bonus_rule="add_per_unit",
                    measures=(MeasurePlan("more", "bonus", "推广", "项", D(1)),),
                )
            ],
            ["A bonus among its own items has no upper limit, but “{base}” leaves it only 8 points."],
        ),
    ],
)
def test_own_items_give_at_most_what_the_base_leaves(issued, county, county_admin, items, said):
    overlay = add_own(versions.overlay(county_admin, issued, county), *items)
    assert sentences(overlay, CheckCode.OVERLAY) == [sentence.format(base=issued) for sentence in said]


def test_bonuses_with_a_common_limit_count_once(issued, county, county_admin):
    bonus = {
        "rule": "none",
        "bonus_rule": "highest_level",
        "cap": "奖励",
        "measures": (
            MeasurePlan("city", "bonus", "市级", "次", D(2)),
            MeasurePlan("nation", "bonus", "全国", "次", D(5)),
        ),
    }
    overlay = add_own(
        versions.overlay(county_admin, issued, county),
        *(item("z-1", None, **bonus), item("z-2", None, **bonus)),
        caps=(CapPlan("奖励", D(6)),),
    )
    assert overlays.most_added(read(overlay)) == 6
    assert overlays.most_added(replace(read(overlay), caps=(CapPlan("奖励"),))) == 10


def test_a_changed_base_section_stops_it(issued, county, county_admin):
    overlay = versions.overlay(county_admin, issued, county)
    Item.objects.filter(rubric=overlay, key="1-1").update(points=D(4))
    assert sentences(overlay, CheckCode.OVERLAY) == [f"Its sections from “{issued}” are not as they are there."]


def test_an_overlay_is_refused_where_nothing_is_left_to_the_union(issued, city, county, city_admin, county_admin):
    beside = organization(None, "city", Level.CITY)
    with pytest.raises(Refused, match="leaves no points"):
        versions.overlay(city_admin, issued, city)
    with pytest.raises(Refused, match="leaves no points"):
        versions.overlay(person((beside, Role.ADMIN)), issued, beside)
    with pytest.raises(PermissionDenied):
        versions.overlay(county_admin, issued, city)
    for change in ({"overlay_points": None}, {"overlay_points": D(8), "published_at": None}):
        Rubric.objects.filter(pk=issued.pk).update(**change)
        with pytest.raises(Refused, match="leaves no points"):
            versions.overlay(county_admin, Rubric.objects.get(pk=issued.pk), county)
    assert Rubric.objects.count() == Document.objects.count() == 1


def test_a_union_has_one_overlay_of_a_rubric(issued, county, county_admin):
    versions.overlay(county_admin, issued, county)
    with pytest.raises(Refused, match="already has"):
        versions.overlay(county_admin, issued, county)


def test_a_shipped_rubric_that_leaves_points_is_overlaid_by_any_union(county, county_admin):
    shipped = small_rubric(overlay_points=D(5))
    assert versions.overlay(county_admin, shipped, county).overlays == shipped


# --- A newer base ----------------------------------------------------------------------------------------------------


def next_of(issued, by, change):
    draft = versions.next_version(by, issued)
    write(change(read(draft)), draft)
    return publish(draft)


def test_a_newer_base_is_offered_once_it_is_published(issued, county, county_admin, city_admin):
    overlay = versions.overlay(county_admin, issued, county)
    assert versions.newer_base(overlay) is None
    draft = versions.next_version(city_admin, issued)
    assert versions.newer_base(overlay) is None
    with pytest.raises(Refused, match="no newer version"):
        versions.rebase(county_admin, overlay)
    publish(draft)
    assert versions.newer_base(overlay) == draft
    assert versions.newer_base(issued) is None


def test_rebasing_a_draft_takes_the_new_base_and_keeps_own_sections(issued, county, county_admin, city_admin):
    overlay = add_own(
        versions.overlay(county_admin, issued, county),
        item("z-1", "5", offices=("法律部",)),
        offices=(*read(issued).offices, "法律部"),
    )
    own = overlays.own_sections(read(overlay))
    newer = next_of(
        issued, city_admin, lambda old: replace(old, sections=old.sections[1:], declared_total=D(31), footnote="新注")
    )
    rebased = versions.rebase(county_admin, overlay)
    blueprint = read(rebased)
    assert rebased == overlay
    assert rebased.overlays == newer
    assert blueprint.sections == overlays.inherited(read(newer)) + own
    assert (blueprint.footnote, blueprint.declared_total, blueprint.offices[-1]) == ("新注", D(36), "法律部")
    assert [check for check in checks(rebased) if check.code in STOPS] == []


def test_what_was_done_before_a_new_base_came_cannot_be_taken_back(issued, county, county_admin, city_admin):
    overlay = versions.overlay(county_admin, issued, county)
    next_of(issued, city_admin, lambda old: replace(old, footnote="新注"))
    versions.rebase(county_admin, overlay)
    assert [(edit.what, edit.before) for edit in overlay.edits.all()] == [("rebase", None)]
    with pytest.raises(Refused):
        undo(county_admin, overlay, digest(read(overlay)))


def test_a_workbook_takes_the_place_of_a_draft(issued, city_admin):
    draft = versions.next_version(city_admin, issued)
    Item.objects.filter(rubric=draft, key="1-1").update(source_ref="1:4")
    seen, before = digest(read(Rubric.objects.get(pk=draft.pk))), read(draft)
    after = replace(before, title="改过的标准", sections=before.sections[:1])
    versions.take_over(city_admin, draft, seen, after)
    stored = Rubric.objects.get(pk=draft.pk)
    assert read(stored) == after
    assert Item.objects.get(rubric=draft, key="1-1").source_ref == "1:4"
    with pytest.raises(Conflict):
        versions.take_over(city_admin, draft, seen, after)


def test_a_workbook_cannot_change_what_is_inherited(issued, county, county_admin):
    overlay = versions.overlay(county_admin, issued, county)
    mine = read(overlay)
    with pytest.raises(Refused, match="stays as it is there"):
        versions.take_over(county_admin, overlay, digest(mine), replace(mine, sections=mine.sections[1:]))
    assert read(Rubric.objects.get(pk=overlay.pk)) == mine


def test_rebasing_a_published_overlay_makes_its_next_version(issued, county, county_admin, city_admin):
    overlay = publish(add_own(versions.overlay(county_admin, issued, county), item("z-1")))
    freeze(overlay)
    before = read(overlay)
    newer = next_of(issued, city_admin, lambda old: replace(old, footnote="新注"))
    draft = versions.rebase(county_admin, overlay)
    assert (draft.version, draft.overlays, draft.published_at) == (2, newer, None)
    stored = Rubric.objects.get(pk=overlay.pk)
    assert read(stored) == before
    assert stored.overlays == issued


def test_what_only_own_items_name_stays_and_their_taken_keys_change(issued, county, county_admin):
    old = read(issued)
    mine = replace(
        overlays.begin(old),
        audiences=(*old.audiences, AudiencePlan("village", "村")),
        title="县标准",
        sections=(
            *overlays.inherited(old),
            own_section(item("9-1", "4", kinds=frozenset({"system"})), item("9-2", "4", cap="奖励")),
        ),
        caps=(CapPlan("奖励", D(2)),),
    )
    new = replace(
        old, audiences=old.audiences[:1], subtitle="（修订）", sections=(*old.sections, own_section(item("9-1", "1")))
    )
    rebased = overlays.rebase(mine, old, new)
    assert [one.kind for one in rebased.audiences] == ["township", "system", "village"]
    assert (rebased.title, rebased.subtitle, rebased.caps) == ("县标准", "（修订）", (CapPlan("奖励", D(2)),))
    assert [one.key for section in overlays.own_sections(rebased) for one in section.items] == ["9-1-2", "9-2"]
    assert overlays.is_faithful(rebased, new)
