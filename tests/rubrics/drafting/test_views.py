"""The pages of drafts: each works without script, says what is wrong beside it, and never loses another's change."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from orgs.models import Level
from orgs.roles import Role
from rubrics.blueprint import read
from rubrics.drafting import edits
from rubrics.drafting.change import change
from rubrics.drafting.checklist import checklist
from rubrics.drafting.history import What
from rubrics.importers.grids import Cell, Table, to_json
from rubrics.models import Doubt, Rubric, Source
from tests.factories import long_rubric, organization, person
from tests.rubrics.drafting.conftest import draft_like
from tests.rubrics.drafting.test_documents import word

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

CONFLICT, UNPROCESSABLE, FOUND = 409, 422, 302


def as_(user):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def admin(desk):
    return as_(desk.admin)


def url(desk, name="draft", *args):
    return reverse(f"rubrics:{name}", args=[desk.draft.pk, *args])


def item(desk, key):
    return next(item for item in desk.blueprint.items if item.key == key)


def keys(desk):
    return [item.key for item in desk.blueprint.items]


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def posted(client, desk, route, *args, **said):
    return client.post(url(desk, route, *args), {"seen": desk.seen, **said})


# --- The editor -------------------------------------------------------------------------------------------------------


def test_the_editor_shows_every_row_with_its_forms(admin, desk):
    shown = page(admin, url(desk))
    for row in desk.blueprint.items:
        assert row.text in shown
        assert url(desk, "draft_item", row.key) in shown
        assert url(desk, "draft_rule", row.key) in shown


def test_the_editor_has_nothing_inline(admin, desk):
    shown = page(admin, url(desk))
    assert "style=" not in shown
    assert "onclick" not in shown


def with_source(desk):
    cells = (Cell("项目", 1, 1), Cell("内容", 1, 2), Cell("组织", 2, 1, 2), Cell("建会。", 2, 2), Cell("换届。", 3, 2))
    table = Table(("考核标准",), cells, 3, 2)
    file = ContentFile(b"<b>as it was</b>", "原文.docx")
    return Source.objects.create(
        document=desk.document, name="原文.docx", file=file, tables=to_json([table]), uploaded_by=desk.admin
    )


def test_the_original_stands_beside_it_with_merged_cells_until_it_is_hidden(admin, desk):
    with_source(desk)
    shown = page(admin, url(desk))
    assert '<td rowspan="2">组织</td>' in shown
    assert 'id="o1-3"' in shown
    assert "换届。" not in page(admin, url(desk) + "?original=hidden")
    assert "换届。" not in page(admin, url(desk))
    assert "换届。" in page(admin, url(desk) + "?original=shown")


def test_the_file_is_only_ever_a_download(admin, desk):
    answer = admin.get(url(desk, "draft_source", with_source(desk).pk))
    assert b"".join(answer) == b"<b>as it was</b>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_foreign_file_is_not_found(admin, desk):
    other = organization(desk.city, "county", Level.COUNTY)
    document = type(desk.document).objects.create(slug="foreign", title="别人的", owner=other)
    source = Source.objects.create(
        document=document, name="a.docx", file=ContentFile(b"-", "a"), uploaded_by=desk.admin
    )
    assert admin.get(url(desk, "draft_source", source.pk)).status_code == 404


def test_doubts_stand_at_their_rows_with_their_ways(admin, desk):
    doubt = desk.draft.doubts.create(code="nested", options=["accept", "by_hand"], item=desk.draft.items.get(key="1-2"))
    assert url(desk, "draft_settle", doubt.pk) in page(admin, url(desk))
    answer = posted(admin, desk, "draft_settle", doubt.pk, option="accept")
    assert answer["Location"] == url(desk) + "#item-1-2"
    assert url(desk, "draft_settle", doubt.pk) not in page(admin, url(desk))


def test_the_editor_costs_the_same_however_long_the_draft_is(desk, django_assert_max_num_queries):
    found = []
    for items in (5, 60):
        draft = draft_like(long_rubric(items), desk.document, f"long{items}")
        Doubt.objects.bulk_create(
            Doubt(rubric=draft, item=row, code="nested", options=["by_hand"]) for row in draft.items.all()
        )
        with django_assert_max_num_queries(60) as queries:
            page(as_(desk.admin), reverse("rubrics:draft", args=[draft.pk]))
        found.append(len(queries))
    assert found[0] == found[1]


# --- What is typed ----------------------------------------------------------------------------------------------------


def words(row, **said):
    return {"text": row.text, "points": f"{row.points}", "key": row.key, "offices": "、".join(row.offices), **said}


def test_a_row_is_changed_and_the_editor_opens_at_it(admin, desk):
    row = item(desk, "1-1")
    said = words(row, text="依法建会。\r\n按期换届。", points="５．５", offices="办公室，宣传部", number="１.")
    answer = posted(admin, desk, "draft_item", "1-1", **said)
    assert (answer.status_code, answer["Location"]) == (FOUND, url(desk) + "#item-1-1")
    row = item(desk, "1-1")
    assert (row.text, f"{row.points:.2f}", row.offices, row.number) == (
        "依法建会。\n按期换届。", "5.50", ("办公室", "宣传部"), "１.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("text", ""),
        ("points", "五"),
        ("points", "-1"),
        ("points", "0"),
        ("points", "1.234"),
        ("key", "1-2"),
        ("key", "a/b"),
        ("threshold", "没有的话"),
        ("kinds", "nobody"),
        ("number", "123456789"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(admin, desk, field, typed):
    before = desk.blueprint
    answer = posted(admin, desk, "draft_item", "1-1", **words(item(desk, "1-1"), **{field: typed}))
    assert answer.status_code == UNPROCESSABLE
    assert answer.context["form"].errors
    assert desk.blueprint == before


def test_control_characters_pasted_from_word_do_not_get_in(admin, desk):
    posted(admin, desk, "draft_item", "1-1", **words(item(desk, "1-1"), text="一\x0b二\x07三"))
    assert item(desk, "1-1").text == "一\n二 三"


def test_anothers_change_is_a_conflict_that_saves_nothing(admin, desk):
    seen = desk.seen
    change(desk.above, desk.draft, seen, lambda draft: edits.change_facts(draft, title="李市改的"), What.FACTS)
    said = words(item(desk, "1-1"), text="张县的话。", seen=seen)
    answer = admin.post(url(desk, "draft_item", "1-1"), said)
    assert answer.status_code == CONFLICT
    assert "Somebody else has changed this draft" in answer.content.decode()
    assert (item(desk, "1-1").text, desk.blueprint.title) == ("考核内容 1-1", "李市改的")


def test_a_form_that_was_wrong_still_knows_what_the_person_saw(admin, desk):
    seen = desk.seen
    change(desk.above, desk.draft, seen, lambda draft: edits.change_facts(draft, title="李市改的"), What.FACTS)
    answer = admin.post(url(desk, "draft_item", "1-1"), words(item(desk, "1-1"), text="", seen=seen))
    assert (answer.status_code, answer.context["seen"]) == (UNPROCESSABLE, seen)


def test_a_row_is_split_at_a_stop_that_is_proposed(admin, desk):
    change(desk.admin, desk.draft, desk.seen, lambda now: edits.change_item(now, "1-1", text="甲。乙乙。"), What.ITEM)
    form = admin.get(url(desk, "draft_split", "1-1")).context["form"]
    assert (form.initial["first"], form.initial["second"]) == ("甲。", "乙乙。")
    posted(admin, desk, "draft_split", "1-1", first="甲。", first_points="3", second="乙乙。", second_points="2")
    assert [(row.text, row.points) for row in desk.blueprint.items][:2] == [("甲。", 3), ("乙乙。", 2)]


def test_rows_are_grouped_under_printed_points(admin, desk):
    posted(admin, desk, "draft_group", "1-1", last="1-2", points="8", label="8分")
    group = desk.blueprint.sections[0].groups[0]
    assert ([row.key for row in group.items], group.points, group.label) == (["1-1", "1-2"], 8, "8分")


def test_a_section_is_renamed(admin, desk):
    answer = posted(admin, desk, "draft_section", 1, name="发挥作用", label="", points="28分")
    assert answer["Location"] == url(desk) + "#section-2"
    section = desk.blueprint.sections[1]
    assert (section.name, section.label, section.points) == ("发挥作用", "发挥作用", 28)


def test_the_facts_are_changed(admin, desk):
    said = {
        "title": "新标准",
        "step": "0.1",
        "not_applicable_policy": "zero",
        "total_floor": "－5",
        "declared_total": "",
    }
    posted(admin, desk, "draft_facts", **said)
    found = desk.blueprint
    assert (found.title, f"{found.step:.1f}", found.not_applicable_policy, found.total_floor, found.declared_total) == (
        "新标准", "0.1", "zero", -5, None,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["draft_section", "draft_item", "draft_list"])
def test_what_is_not_there_is_not_found(admin, desk, name):
    assert (
        admin.get(url(desk, name, {"draft_section": 9, "draft_item": "9", "draft_list": "unknown"}[name])).status_code
        == 404
    )


# --- Lists ------------------------------------------------------------------------------------------------------------


def table(rows, initial=0):
    """The fields of a form set."""
    said = {"row-TOTAL_FORMS": len(rows), "row-INITIAL_FORMS": initial}
    return said | {f"row-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}


def test_bands_are_ranked_by_their_points(admin, desk):
    rows = [
        {"name": "四星", "lower": "80"},
        {"name": "五星", "lower": "90", "quota": "20"},
        {"name": "三星", "lower": "70", "qualified": "on"},
        {},
    ]
    posted(admin, desk, "draft_list", "bands", **table(rows))
    assert [(one.rank, one.name, one.lower, one.quota and float(one.quota)) for one in desk.blueprint.bands] == [
        (3, "五星", 90, 0.2), (2, "四星", 80, None), (1, "三星", 70, None),
    ]  # fmt: skip
    assert desk.blueprint.qualified_rank == 1


def test_two_bands_from_the_same_points_are_refused_with_a_sentence(admin, desk):
    answer = posted(
        admin, desk, "draft_list", "bands", **table([{"name": "甲", "lower": "1"}, {"name": "乙", "lower": "1"}])
    )
    assert answer.status_code == UNPROCESSABLE
    assert "Two bands begin at" in answer.content.decode()


def test_columns_stand_in_the_order_of_their_places(admin, desk):
    rows = [
        {"source": "text", "heading": "内容", "width": "90", "position": "2"},
        {"source": "section", "heading": "项目", "width": "20", "position": "1"},
        {"source": "self", "heading": "自评", "width": "", "position": "3", "added": "on"},
    ]
    posted(admin, desk, "draft_list", "columns", **table(rows))
    assert [(one.source, one.heading, one.width, one.added) for one in desk.blueprint.columns] == [
        ("section", "项目", 20, False), ("text", "内容", 90, False), ("self", "自评", 20, True),
    ]  # fmt: skip


def test_kinds_are_ticked_and_named_as_the_document_does(admin, desk):
    shown = admin.get(url(desk, "draft_list", "audiences")).context["form"].rows.initial
    assert {row["kind"] for row in shown if row["chosen"]} == {"township", "system"}
    rows = [{"chosen": "on", "kind": "township", "label": "乡镇（街道）"}, {"kind": "system", "label": "系统"}]
    posted(admin, desk, "draft_list", "audiences", **table(rows))
    assert [(one.kind, one.label) for one in desk.blueprint.audiences] == [("township", "乡镇（街道）")]
    assert item(desk, "2-4").kinds == frozenset()


def test_departments_are_renamed_on_the_rows_too(admin, desk):
    names = desk.blueprint.offices
    rows = [{"was": name, "name": "综合部" if name == "办公室" else name} for name in names]
    posted(admin, desk, "draft_list", "offices", **table([*rows, {"name": "法律部"}]))
    assert desk.blueprint.offices == ("综合部", *names[1:], "法律部")
    assert item(desk, "1-1").offices == ("综合部",)


def test_a_common_limit_keeps_its_rows_when_it_is_renamed(admin, desk):
    posted(admin, desk, "draft_list", "caps", **table([{"name": "累计", "most": "2"}]))
    ruling = edits.Ruling(None, "none", "add_per_unit", cap="累计", measures=item(desk, "2-2").measures)
    change(desk.admin, desk.draft, desk.seen, lambda now: edits.set_rule(now, "3-3", ruling), What.RULE)
    posted(
        admin, desk, "draft_list", "caps", **table([{"was": "累计", "name": "以上累计", "most": "2", "least": "-1"}])
    )
    assert item(desk, "3-3").cap == "以上累计"


# --- Rules ------------------------------------------------------------------------------------------------------------


def counted(prefix, *rows):
    said = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    return said | {f"{prefix}-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}


RULES = {
    "deduct_per_unit": ({"points": "4"}, counted("base", {"label": "缺席", "unit": "次", "amount": "0.5"}, {})),
    "sum_of_parts": ({"points": "5"}, counted("base", {"label": "甲", "amount": "3"}, {"label": "乙", "amount": "2"})),
    "rate": ({"points": "5"}, counted("base", {"label": "完成", "unit": "篇", "per": "10"})),
    "n_of_m": ({"points": "5", "needed": "1"}, counted("base", {"label": "甲"}, {"label": "乙"})),
    "levels": ({"points": "5"}, counted("base", {"label": "A", "amount": "5"}, {"label": "D", "amount": "0"})),
    "several_scorers": (
        {"points": "5"},
        counted("base", {"office": "办公室", "amount": "60"}, {"office": "组织部", "amount": "40"}),
    ),
    "tiers": (
        {"points": "5"},
        counted("base", {"label": "建家率", "unit": "%"})
        | counted("tier", {"bound": "50", "points": "1"}, {"bound": "70", "points": "5"}, {}),
    ),
    "tiers_down": (
        {"points": "5"},
        counted("base", {"label": "事故", "unit": "起"})
        | counted("tier", {"bound": "0", "points": "5"}, {"bound": "2", "points": "1"}),
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_base_rule_is_set_by_its_own_parameters(admin, desk, rule):
    facts, rows = RULES[rule]
    answer = posted(admin, desk, "draft_rule", "1-1", rule=rule, bonus_rule="none", gate="", **facts, **rows)
    assert answer.status_code == FOUND, answer.context["form"].errors
    row = item(desk, "1-1")
    assert row.rule == rule
    assert len(row.measures) == sum(name.endswith(("-label", "-office")) for name in rows)
    assert [tier.bound for measure in row.measures for tier in measure.tiers] == sorted(
        (int(value) for name, value in rows.items() if name.endswith("-bound")), reverse=True
    )
    draft = Rubric.objects.get(pk=desk.draft.pk)
    assert "draft" not in [part for part, _name in stops(draft)]


def stops(draft):
    return [(entry.part, entry.name) for entry in checklist(draft, read(draft)).stops]


@pytest.mark.parametrize("bonus", ["add_per_unit", "highest_level", "take_per_unit"])
def test_each_bonus_rule_is_set_beside_the_base_points(admin, desk, bonus):
    rows = counted("bonus", {"label": "经验推广", "unit": "次", "amount": "2"})
    said = {"points": "5", "bonus_cap": "4", "floor": "-3", "claimed": "on"}
    posted(admin, desk, "draft_rule", "1-1", rule="judged", bonus_rule=bonus, gate="", **said, **rows)
    row = item(desk, "1-1")
    assert (row.rule, row.bonus_rule, row.points) == ("judged", bonus, 5)
    penalty = bonus == "take_per_unit"  # which nobody claims
    assert (row.bonus_cap, row.floor, row.claimed) == ((None, -3, False) if penalty else (4, None, True))


@pytest.mark.parametrize("gate", ["required", "veto", "veto_top"])
def test_a_gate_rules_out_everything_else(admin, desk, gate):
    posted(admin, desk, "draft_rule", "1-1", rule="judged", bonus_rule="none", gate=gate, question="是否发生重大事故")
    row = item(desk, "1-1")
    assert (row.gate, row.rule, row.points, row.measures[0].key, row.measures[0].label) == (
        gate, "none", None, "gate", "是否发生重大事故",
    )  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"rule": "deduct_per_unit", "points": "4", **counted("base", {})},
        {"rule": "deduct_per_unit", "points": "4", **counted("base", {"label": "缺席"})},
        {"rule": "deduct_per_unit", "points": "4", "floor": "2", **counted("base", {"label": "缺席", "amount": "1"})},
        {"rule": "tiers", "points": "4", **counted("base", {"label": "率"}), **counted("tier", {})},
        {"rule": "tiers", "points": "4", **counted("base", {"label": "率"}), **counted("tier", {"bound": "5"})},
        {"rule": "n_of_m", "points": "4", **counted("base", {"label": "甲"})},
        {"rule": "rate", "points": "4", **counted("base", {"label": "率", "per": "0"})},
        {"rule": "judged", "points": ""},
    ],
)
def test_a_rule_that_says_too_little_is_not_saved(admin, desk, said):
    before = desk.blueprint
    answer = posted(admin, desk, "draft_rule", "1-1", bonus_rule="none", gate="", **said)
    assert answer.status_code == UNPROCESSABLE
    assert desk.blueprint == before


def test_only_the_parameters_of_the_chosen_kind_are_asked_for(admin, desk):
    shown = page(admin, url(desk, "draft_rule", "1-1") + "?rule=tiers")
    assert 'name="tier-0-bound"' in shown
    assert 'name="base-0-amount"' not in shown
    assert 'name="needed"' not in shown
    shown = page(admin, url(desk, "draft_rule", "1-1") + "?rule=n_of_m")
    assert 'name="needed"' in shown
    assert 'name="tier-0-bound"' not in shown


def test_an_unknown_kind_is_not_taken(admin, desk):
    form = admin.get(url(desk, "draft_rule", "1-1") + "?rule=eval").context["form"]
    assert form.kinds["rule"] == "judged"


def test_an_example_is_worked_out_without_saving(admin, desk):
    before = desk.blueprint
    facts, rows = RULES["deduct_per_unit"]
    said = {"rule": "deduct_per_unit", "bonus_rule": "none", "gate": "", "preview": "1", **facts, **rows}
    answer = posted(admin, desk, "draft_rule", "1-1", **said)
    assert answer.status_code == 200
    assert "缺席 1次 → 3.5 points" in answer.content.decode()
    assert desk.blueprint == before


def test_what_a_row_counts_keeps_its_key_and_shows_again(admin, desk):
    form = admin.get(url(desk, "draft_rule", "1-3")).context["form"]
    assert [row.initial["was"] for row in form.base.initial_forms] == ["absent"]
    rows = counted(
        "base", {"was": "absent", "label": "迟到", "unit": "次", "amount": "1"}, {"label": "早退", "amount": "1"}
    )
    posted(admin, desk, "draft_rule", "1-3", rule="deduct_per_unit", bonus_rule="none", gate="", points="4", **rows)
    assert [(one.key, one.label) for one in item(desk, "1-3").measures] == [("absent", "迟到"), ("base1", "早退")]


# --- What is clicked --------------------------------------------------------------------------------------------------


def clicked(client, desk, op, **said):
    return posted(client, desk, "draft_click", op=op, **said)


def test_rows_move_by_buttons_and_by_dragging(admin, desk):
    clicked(admin, desk, "down", key="1-1")
    assert keys(desk)[:2] == ["1-2", "1-1"]
    clicked(admin, desk, "before", key="1-1", before="1-2")
    assert keys(desk)[:2] == ["1-1", "1-2"]
    clicked(admin, desk, "end", key="1-1", section="2")
    assert keys(desk)[-1] == "1-1"


def test_an_inserted_row_opens_to_be_filled_in(admin, desk):
    answer = clicked(admin, desk, "insert", key="1-1", section="0")
    assert answer["Location"] == url(desk, "draft_item", "1-1a")
    assert keys(desk)[:2] == ["1-1", "1-1a"]


def test_rows_merge_and_go_and_come_back(admin, desk):
    start = keys(desk)
    clicked(admin, desk, "merge", key="1-1")
    clicked(admin, desk, "remove", key="2-4")
    assert keys(desk) == [key for key in start if key not in {"1-2", "2-4"}]
    for _click in range(2):
        posted(admin, desk, "draft_undo")
    assert keys(desk) == start


def test_sections_are_added_moved_and_removed(admin, desk):
    names = [section.name for section in desk.blueprint.sections]
    answer = clicked(admin, desk, "section_insert", section="1")
    assert answer["Location"] == url(desk, "draft_section", 1)
    clicked(admin, desk, "section_up", section="1")
    clicked(admin, desk, "section_down", section="0")
    clicked(admin, desk, "section_remove", section="1")
    assert [section.name for section in desk.blueprint.sections] == names


@pytest.mark.parametrize(
    "said", [{"op": "remove", "key": "9"}, {"op": "section_up", "section": "９"}, {"op": "merge", "key": ""}]
)
def test_a_click_on_nothing_says_so(admin, desk, said):
    before = desk.blueprint
    answer = posted(admin, desk, "draft_click", **said)
    assert answer.status_code == FOUND
    assert "any more" in page(admin, url(desk))
    assert desk.blueprint == before


def test_an_unknown_click_is_not_found(admin, desk):
    assert clicked(admin, desk, "explode").status_code == 404


def test_a_click_on_a_draft_that_has_changed_is_a_conflict(admin, desk):
    assert admin.post(url(desk, "draft_click"), {"op": "up", "key": "1-2", "seen": "before"}).status_code == CONFLICT


# --- Beginning and end ------------------------------------------------------------------------------------------------


def test_the_list_shows_the_drafts_of_ones_unions_with_their_doubts(admin, desk):
    desk.draft.doubts.create(code="nested", options=["by_hand"])
    shown = page(admin, reverse("rubrics:list"))
    assert url(desk) in shown
    assert "1 open doubt" in shown
    assert reverse("rubrics:import") in shown
    assert url(desk) not in page(as_(desk.stranger), reverse("rubrics:list"))
    assert reverse("rubrics:import") not in page(as_(desk.clerk), reverse("rubrics:list"))


def test_the_list_costs_the_same_for_one_draft_and_for_many(desk, django_assert_max_num_queries):
    found = []
    for turn in range(2):
        with django_assert_max_num_queries(30) as queries:
            page(as_(desk.admin), reverse("rubrics:list"))
        found.append(len(queries))
        for number in range(3):
            draft_like(desk.draft, desk.document, f"copy{turn}-{number}").doubts.create(
                code="nested", options=["by_hand"]
            )
    assert found[0] == found[1]


def test_a_file_is_brought_in_through_its_form(admin, desk):
    said = {"owner": desk.county.pk, "title": "", "number": ""}
    answer = admin.post(reverse("rubrics:import"), {**said, "file": word()})
    draft = Rubric.objects.exclude(pk=desk.draft.pk).get(document__owner=desk.county)
    assert answer["Location"] == reverse("rubrics:draft", args=[draft.pk])


def test_a_file_that_is_none_is_told_beside_the_form(admin, desk):
    said = {"owner": desk.county.pk, "file": ContentFile(b"%PDF-1.7", "扫描.docx")}
    answer = admin.post(reverse("rubrics:import"), said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (UNPROCESSABLE, ["file"])


def test_for_another_union_nothing_is_brought_in(admin, desk):
    other = organization(desk.city, "county", Level.COUNTY)
    answer = admin.post(reverse("rubrics:import"), {"owner": other.pk, "file": word()})
    assert list(answer.context["form"].errors) == ["owner"]


def test_the_checklist_leads_to_each_place_and_keeps_the_button_back(admin, desk):
    change(desk.admin, desk.draft, desk.seen, lambda now: edits.set_audiences(now, []), What.AUDIENCES)
    shown = page(admin, url(desk, "draft_publish"))
    assert url(desk, "draft_list", "audiences") in shown
    assert "disabled" in shown
    assert posted(admin, desk, "draft_publish").status_code == UNPROCESSABLE


def test_publishing_asks_how_totals_are_read_and_then_nothing_can_be_edited(admin, desk):
    change(
        desk.admin, desk.draft, desk.seen, lambda now: edits.change_facts(now, declared_total=Decimal(100)), What.FACTS
    )
    assert 'name="total_policy"' in page(admin, url(desk, "draft_publish"))
    answer = posted(admin, desk, "draft_publish", total_policy="as_printed")
    assert answer["Location"] == reverse("rubrics:detail", args=[desk.draft.pk])
    for name in ("draft", "draft_facts", "draft_publish", "draft_delete"):
        assert admin.get(url(desk, name)).status_code == CONFLICT


def test_a_draft_is_deleted_after_a_question(admin, desk):
    assert "gone for good" in page(admin, url(desk, "draft_delete"))
    answer = posted(admin, desk, "draft_delete")
    assert answer["Location"] == reverse("rubrics:list")
    assert not Rubric.objects.filter(pk=desk.draft.pk).exists()


def test_who_administers_several_unions_chooses_for_which(desk):
    both = person((desk.city, Role.ADMIN), (desk.county, Role.ADMIN))
    form = as_(both).get(reverse("rubrics:import")).context["form"]
    assert set(form.fields["owner"].queryset) == {desk.city, desk.county}
