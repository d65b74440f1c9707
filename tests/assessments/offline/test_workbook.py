"""The workbook there and back: the same marks as typing, nobody's save lost, every damage named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell import MergedCell

from assessments import services
from assessments.models import Assessment, Mark, MarkRevision
from assessments.offline import layout
from assessments.offline.asked import answers
from assessments.results import Content
from assessments.sentences import RECORD
from assessments.workflow import Action, Stage, State
from orgs.roles import Role
from rubrics.convert import to_kernel
from rubrics.rows import headings, rows
from rubrics.scoring.numbers import format_points
from tests import factories as make
from tests.assessments.offline.books import Person, contents, fates, refusals

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SELF, ASSESS, REVIEW = Stage.SELF, Stage.ASSESS, Stage.REVIEW
NARROW, WIDE = "0123456789.", "０１２３４５６７８９．"


@pytest.fixture
def cast():
    return make.cast(rubric=make.rubric_of_every_kind())


@pytest.fixture
def clerk(cast):
    return Person(cast.clerk, cast.assessment, SELF)


# --- The same as typing ---


def spelled(value):
    """A number as people and spreadsheets write it."""
    text = format_points(value)
    return st.sampled_from([float(value), text, f" {text}\n", text.translate(str.maketrans(NARROW, WIDE))])


def said(answer):
    """(what stands in the cell, what is typed into the field on the page)."""
    if answer.taken is None:
        return st.sampled_from([(None, ""), *answer.options.items()])
    most = min(int((answer.taken.maximum or 40) / answer.taken.step), 40)
    values = st.integers(0, most).map(lambda units: units * answer.taken.step)
    return st.one_of(
        st.just((None, "")), values.flatmap(lambda value: spelled(value).map(lambda cell: (cell, f"{value:f}")))
    )


@st.composite
def fillings(draw, rubric):
    """Answers on every row: by name what the cell holds, and what the field."""
    kernel = to_kernel(rubric).by_key
    cells, fields = {}, {}
    for row in rows(rubric):
        key, asked = row.key, answers(row, kernel[row.key])
        fields[f"v-{key}"] = ""
        drops = row.points is not None and draw(st.integers(0, 5)) == 0
        reason = draw(st.sampled_from(["企业停产", "=无 此 类", "本单位无此项"])) if drops else ""
        remark = draw(st.sampled_from(["", "见台账", "第一行\n第二行", "=1+1", "1/2"]))
        for answer in asked:
            cell, field = (None, "") if drops else draw(said(answer))
            cells[answer.name], fields[answer.name] = cell, field
        cells[f"r-{key}"], fields[f"r-{key}"] = remark or None, remark
        if row.points is not None:
            cells[f"na-{key}"], cells[f"why-{key}"] = ("是", reason) if drops else (None, None)
        if drops:
            fields |= {f"na-{key}": "on", f"why-{key}": reason}
    return cells, fields


def test_filling_in_the_workbook_is_the_same_as_typing(cast):
    chair = make.person((cast.neighbour, Role.CHAIR))
    other = Assessment.objects.select_related("rubric", "kind").get(cycle=cast.cycle, organization=cast.neighbour)
    offline, online = Person(cast.chair, cast.now(), SELF), Person(chair, other, SELF)

    @settings(max_examples=6)
    @given(fillings(cast.rubric))
    def compared(filling):
        cells, fields = filling
        versions = {f"v-{m.item.key}": str(m.version) for m in Mark.objects.filter(sheet__assessment=other)}
        assert (
            online.typed(fields | {name: "0" for name in fields if name.startswith("v-")} | versions).status_code == 302
        )
        book = offline.download()
        for name, value in cells.items():
            book[name] = value
            if isinstance(value, str):
                book.form[book.at(name)].data_type = "s"
        preview = offline.upload(book)
        assert refusals(preview) == {}
        if "changed" in fates(preview):
            assert offline.confirm(preview).status_code == 302
        assert contents(offline.assessment, SELF) == contents(other, SELF)
        sheets = [one.sheets.get(stage=SELF) for one in (offline.assessment, other)]
        assert len({(one.points, one.base, one.bonus, one.scored) for one in sheets}) == 1
        assert fates(offline.upload(offline.download())).keys() == {"same"}

    compared()


def test_later_stages_and_departments_fill_in_theirs(cast):
    make.fill(cast.chair, cast.assessment, SELF)
    make.save(cast.chair, cast.assessment, SELF, "2-3", not_applicable=True, reason="没有职工", counts={})
    services.move(make.again(cast.chair), cast.assessment, Action.SUBMIT)

    department = Person(cast.department_assessor, cast.now(), ASSESS)
    book = department.download()
    offices = {row.key for row in rows(cast.rubric) if make.OFFICE in row.departments}
    assert set(book.items) == offices
    assert book.items["3-1"] == ["c-3-1-office"]
    assert book.form[book.at("c-3-1-staff")].protection.locked
    book["p-1-1"], book["c-3-1-office"], book["r-3-1"] = "14.5分", 20, "现场察看"
    preview = department.upload(book)
    assert fates(preview) == {"changed": ["1-1", "3-1"], "same": ["1-2", "2-4"]}
    department.confirm(preview)

    book = Person(cast.staff_assessor, cast.now(), ASSESS).download()
    assert (book["c-3-1-office"], book["c-3-1-staff"]) == (20, None)
    book["c-3-1-staff"] = 25
    staff = Person(cast.staff_assessor, cast.now(), ASSESS)
    staff.confirm(staff.upload(book))
    stored = contents(cast.now(), ASSESS)
    assert stored["3-1"] == Content(counts={"office": Decimal(20), "staff": Decimal(25)}, remark="现场察看")

    assessor = Person(cast.assessor, cast.now(), ASSESS)
    book = assessor.download()
    head = {cell.value for row in book.form.iter_rows(max_row=6) for cell in row}
    assert {headings(cast.rubric)[SELF], "填什么", "不适用", "备注"} <= head
    assert "不适用：没有职工" in {cell.value for row in book.form.iter_rows() for cell in row}
    book["na-2-3"] = "是"
    assessor.confirm(assessor.upload(book))
    assert contents(cast.now(), ASSESS)["2-3"] == Content(not_applicable=True, reason="没有职工")

    make.bring_to(cast, State.REVIEWING)
    reviewer = Person(cast.reviewer, cast.now(), REVIEW)
    book = reviewer.download()
    book["l-2-5"] = "良好（8分）"
    reviewer.confirm(reviewer.upload(book))
    assert contents(cast.now(), REVIEW) == {"2-5": Content(counts={"b": Decimal(1)})}


def test_what_a_formula_gives_counts_if_it_is_a_number(cast, clerk):
    """As a spreadsheet saves it: the formula and what it gave."""
    import re
    import zipfile
    from io import BytesIO

    book = clerk.download()
    book["p-1-1"], book["c-1-2-absent"], book["l-2-5"] = "=10+2.5", "=2/0", "=1+1"
    gave = {book.at("p-1-1"): "12.5", book.at("l-2-5"): "2"}
    content = book.saved().read()
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = part.decode()
                for cell, value in gave.items():
                    text = re.sub(rf'(<c r="{cell}"[^>]*>.*?)<v ?/?>(</v>)?', rf"\1<v>{value}</v>", text, count=1)
                part = text.encode()
            new.writestr(name, part)
    preview = clerk.upload(SimpleUploadedFile("算.xlsx", file.getvalue()))
    assert fates(preview)["changed"] == ["1-1"]
    assert set(refusals(preview)) == {book.at("c-1-2-absent"), book.at("l-2-5")}
    assert refusals(preview)[book.at("c-1-2-absent")] == (
        "Item 1-2: The formula here gives no number. Type what it should say."
    )
    clerk.confirm(preview)
    assert contents(cast.now(), SELF) == {"1-1": Content(points=Decimal("12.5"))}


# --- Cells that can't be taken ---


def test_each_cell_that_says_nothing_is_named_and_the_others_are_taken(clerk):
    book = clerk.download()
    wrong = {
        "p-1-1": ("满分", "Item 1-1: “满分” is not a number. Please type it like 4 or 4.5."),
        "c-1-2-absent": (1.5, "Item 1-2 缺席: 1.5 is not a whole number."),
        "c-1-3-rate": (8.5, "Item 1-3 职代会: 8.5 is more than the maximum of 8."),
        "c-1-3-team": (1.25, "Item 1-3 厂务公开: 1.25 does not fit: marks go in steps of 0.5, up to 4."),
        "c-2-1-built": ("1/2", "Item 2-1 建家率: “1/2” is not a number. Please type it like 4 or 4.5."),
        "c-2-2-letters": (-1, "Item 2-2 越级上访: A mark can't be negative."),
        "c-2-3-trained": (
            dt.datetime(2026, 1, 2),  # noqa: DTZ001  # as a spreadsheet keeps 1/2
            "Item 2-3: The spreadsheet made a date of it. Set the cell to “text” and type it again.",
        ),
        "na-2-4": ("不", "Item 2-4: “不” is none of: 是."),
        "l-2-5": ("很好", "Item 2-5: “很好” is none of: 优秀（10分）、良好（8分）、合格（5分）、不合格（0分）."),
        "why-3-1": ("停产", "Item 3-1: there is a reason, but not the word that it does not apply."),
        "r-4-1": ("长" * 2001, "Item 4-1: Too long: at most 2000 characters."),
        "c-5-1-gate": ("大概有", "Item 5-1: “大概有” is none of: 具备、不具备."),
    }
    for name, (value, _sentence) in wrong.items():
        book[name] = value
    book["c-4-2-late"] = 2
    preview = clerk.upload(book)
    assert refusals(preview) == {book.at(name): sentence for name, (_value, sentence) in wrong.items()}
    assert fates(preview)["changed"] == ["4-2"]
    assert not MarkRevision.objects.exists()


def test_a_percentage_is_what_it_shows(clerk):
    book = clerk.download()
    book["c-2-3-trained"] = 0.635
    book.form[book.at("c-2-3-trained")].number_format = "0.00%"
    clerk.confirm(clerk.upload(book))
    assert contents(clerk.assessment, SELF) == {"2-3": Content(counts={"trained": Decimal("63.5")})}


def test_an_item_that_does_not_apply_has_a_reason_and_no_mark(clerk):
    book = clerk.download()
    book["na-1-1"], book["na-1-2"], book["c-1-2-absent"], book["why-1-2"] = "是", "是", 2, "无"
    preview = clerk.upload(book)
    assert refusals(preview) == {
        book.at("why-1-1"): "Item 1-1: say why it does not apply.",
        book.at("na-1-2"): "Item 1-2: it is said not to apply and yet filled in. Leave only one of the two.",
    }


# --- What others entered meanwhile ---


def test_what_others_saved_meanwhile_is_kept_unless_one_s_own_is_ticked(cast, clerk):
    for key in ("1-1", "2-2"):
        make.save(
            cast.chair, cast.assessment, SELF, key, **{"points": "5"} if key == "1-1" else {"counts": {"letters": "1"}}
        )
    book = clerk.download()
    make.save(cast.chair, cast.assessment, SELF, "1-1", "6")
    make.save(cast.chair, cast.assessment, SELF, "2-2", counts={"letters": "0"})
    make.save(cast.chair, cast.assessment, SELF, "1-2", counts={"absent": "3"})
    book["p-1-1"], book["c-1-2-absent"], book["c-2-3-trained"] = 9, 1, 80
    preview = clerk.upload(book)
    found = fates(preview)
    assert (found["changed"], found["overtaken"], found["kept"]) == (["2-3"], ["1-1", "1-2"], ["2-2"])
    html = preview.content.decode()
    assert str(cast.chair) in html
    assert clerk.confirm(preview, "1-2").status_code == 302
    assert contents(cast.now(), SELF) == {
        "1-1": Content(points=Decimal(6)),
        "1-2": Content(counts={"absent": Decimal(1)}),
        "2-2": Content(counts={"letters": Decimal(0)}),
        "2-3": Content(counts={"trained": Decimal(80)}),
    }


def test_a_save_between_preview_and_confirmation_is_shown_too(cast, clerk):
    book = clerk.download()
    book["p-1-1"], book["c-2-2-letters"] = 9, 0
    preview = clerk.upload(book)
    make.save(cast.chair, cast.assessment, SELF, "1-1", "6")
    again = clerk.confirm(preview)
    assert again.status_code == 409
    assert fates(again) == {"changed": ["2-2"], "overtaken": ["1-1"]}
    assert contents(cast.now(), SELF) == {"1-1": Content(points=Decimal(6))}
    assert clerk.confirm(again, "1-1").status_code == 302
    assert contents(cast.now(), SELF) == {
        "1-1": Content(points=Decimal(9)),
        "2-2": Content(counts={"letters": Decimal(0)}),
    }


def test_what_was_signed_off_meanwhile_is_refused_and_the_rest_taken(cast):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.assessor, cast.assessment, ASSESS)
    assessor = Person(cast.assessor, cast.now(), ASSESS)
    book = assessor.download()
    services.sign_off(make.again(cast.department_assessor), cast.assessment, cast.office)
    book["p-1-1"], book["c-3-1-office"], book["c-2-2-letters"] = 3, 3, 2
    preview = assessor.upload(book)
    assert (fates(preview)["changed"], fates(preview)["refused"]) == (["2-2"], ["1-1", "3-1"])
    assert refusals(preview) == {
        book.at("p-1-1"): "Item 1-1: the department has signed off. Take the sign-off back first.",
        book.at("c-3-1-office"): "Item 3-1: “办公室（分）” is entered by another department, or has been signed off.",
    }
    assert assessor.confirm(preview).status_code == 302
    assert contents(cast.now(), ASSESS)["2-2"] == Content(counts={"letters": Decimal(2)})


# --- Workbooks of other sheets, and damaged ones ---


def told(response):
    assert response.status_code == 422
    return list(response.context["refused"])


def test_a_workbook_of_another_sheet_is_refused_by_name(cast, clerk):
    ours = clerk.download()
    chair = make.person((cast.neighbour, Role.CHAIR))
    other = Assessment.objects.get(cycle=cast.cycle, organization=cast.neighbour)
    assert told(clerk.upload(Person(chair, other, SELF).download())) == [
        f"This is the workbook of {other.name}; here is the sheet of {cast.assessment.name}."
    ]
    for fact, value, sentence in (
        ("cycle_name", "去年", f"This is a workbook of the cycle “去年”; here is “{cast.cycle.name}”."),
        ("stage", "review", "This is a workbook of the stage “Review”; here is “Self-score”."),
        ("assessment", "999", "This workbook comes from another installation of this software. Download it here."),
    ):
        book = clerk.download()
        book.fact(fact, value)
        assert told(clerk.upload(book)) == [sentence]
    book = clerk.download()
    book.fact("rubric", f"{cast.rubric.pk}@2026-01-01T08:00:00+00:00")
    book.fact("rubric_title", "旧标准 1")
    (sentence,) = told(clerk.upload(book))
    assert sentence.startswith(
        "This workbook was made from the rubric “旧标准 1, as of 2026-01-01 08:00:00”; here “各类"
    )
    make.bring_to(cast, State.ASSESSING)
    assert clerk.upload(ours).status_code == 409  # the sheet has closed
    assert Person(cast.assessor, cast.now(), ASSESS).upload(ours).status_code == 422


def test_moved_and_changed_heads_refuse_the_whole(clerk):
    book = clerk.download()
    book.form.insert_cols(4)
    sentences = told(clerk.upload(book))
    assert sentences[0] == "Cell E5: “填什么” stood here when the workbook was made; now it says “分值”."
    book = clerk.download()
    book.form["C5"].value = "别的"
    assert told(clerk.upload(book)) == [
        "Cell C5: “考核内容” stood here when the workbook was made; now it says “别的”."
    ]
    book = clerk.download()
    book.form.delete_cols(1)
    assert told(clerk.upload(book)) == ["The row of headings is missing, or its hidden column is."]
    book = clerk.download()
    del book.book[layout.FORM]
    assert told(clerk.upload(book)) == ["The sheet “填写” is missing."]


def test_deleted_copied_and_changed_lines_are_named_and_the_others_taken(clerk):
    book = clerk.download()
    book["p-1-1"], book["c-2-2-letters"], book["c-2-3-trained"] = 9, 1, 80
    changed, copied = book.rows["c-2-2-letters"], book.rows["c-2-1-built"]
    book.form[f"C{changed}"].value = "改过的字"
    end = book.form.max_row + 2
    book.form[f"A{end}"].value = "c-2-1-built"
    book.form[f"{book.letters['value']}{end + 1}"].value = 5
    book.form["A" + str(book.rows["c-1-2-absent"])].value = None
    preview = clerk.upload(book)
    twice = "Item 2-1 stands here twice. Delete the copy, or download the workbook again."
    assert refusals(preview) == {
        f"C{changed}": "This cell was changed; it named item 2-2.",
        f"{book.letters['value']}{copied}": twice,
        f"{book.letters['value']}{end}": twice,
        f"{book.letters['value']}{end + 1}": "This line belongs to no item of the form. It was not taken.",
        "": "Item 1-2: the line “缺席（次）” is missing; it was deleted.",
    }
    assert fates(preview)["changed"] == ["1-1", "2-3"]


def test_lines_may_stand_in_another_order(clerk):
    """Sorting moves the hidden codes along."""
    book = clerk.download()
    book["p-1-1"] = 9
    row = book.rows["p-1-1"]
    for merged in list(book.form.merged_cells.ranges):
        book.form.unmerge_cells(str(merged))
    book.form.insert_rows(row)
    preview = clerk.upload(book)
    assert (fates(preview)["changed"], refusals(preview)) == (["1-1"], {})


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.xlsx", b"", "The file is empty."),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "This is a table in the old format"),
        ("伪.xlsx", b"PK\x03\x04 not a zip", "The file is damaged"),
        ("文.xlsx", "甲,乙\n".encode(), "The content is not that of an office file."),
    ],
)
def test_other_files_are_refused_by_the_door_for_all_files(clerk, name, content, sentence):
    page = clerk.upload(SimpleUploadedFile(name, content))
    assert page.status_code == 200
    (error,) = page.context["form"].errors["file"]
    assert error.startswith(sentence)
    assert not MarkRevision.objects.exists()


def test_a_foreign_workbook_and_a_damaged_machine_sheet(clerk):
    from io import BytesIO

    from openpyxl import Workbook

    file = BytesIO()
    Workbook().save(file)
    assert told(clerk.upload(SimpleUploadedFile("a.xlsx", file.getvalue()))) == [
        "This workbook was not downloaded here. Download the one of this sheet, and fill in that."
    ]
    far = clerk.download()
    far.form["XFD1048576"] = "远"
    (sentence,) = told(clerk.upload(far))
    assert sentence.startswith("A sheet reaches down to cell XFD1048576.")
    for damage in ("letter", "version"):
        book = clerk.download()
        kind, column = ("column", 3) if damage == "letter" else ("item", 3)
        next(row for row in book.machine.iter_rows() if row[0].value == kind)[column - 1].value = "AAAAA"
        assert told(clerk.upload(book)) == [
            "The hidden sheet of this workbook was changed. Download the workbook again."
        ]


# --- How it is made ---


def test_only_answers_are_open_and_choices_are_offered(cast, clerk):
    make.save(cast.chair, cast.assessment, SELF, "2-5", counts={"b": "1"}, remark="=cmd")
    with override("en"):
        book = clerk.download()
    cells = (cell for row in book.form.iter_rows() for cell in row if not isinstance(cell, MergedCell))
    open_ = {cell.coordinate for cell in cells if not cell.protection.locked}
    kernel = to_kernel(cast.rubric).by_key
    names = [answer.name for row in rows(cast.rubric) for answer in answers(row, kernel[row.key])]
    beside = [f"r-{row.key}" for row in rows(cast.rubric)]
    beside += [f"{name}-{row.key}" for row in rows(cast.rubric) if row.points is not None for name in ("na", "why")]
    assert open_ == {book.at(name) for name in (*names, *beside)}
    assert book.form.protection.sheet
    assert book.form.freeze_panes == "C6"
    assert book.machine.sheet_state == "hidden"
    assert book.form.column_dimensions["A"].hidden
    assert (book["l-2-5"], book["r-2-5"]) == ("良好（8分）", "=cmd")
    with override(RECORD):
        rules = {str(cell): rule for rule in book.form.data_validations.dataValidation for cell in rule.cells.ranges}
    assert rules[book.at("l-2-5")].formula1 == '"优秀（10分）,良好（8分）,合格（5分）,不合格（0分）"'
    assert (rules[book.at("p-1-1")].formula2, rules[book.at("r-1-1")].formula1) == ("15", "2000")
    sums = [cell.value for cell in book.form[book.letters["value"]] if str(cell.value).startswith("=")]
    assert sums[-1].startswith("=IF(COUNT(")
    assert all(value.startswith("=IF(COUNT(") for value in sums)


def test_a_closed_sheet_has_none(cast, clerk):
    assert clerk.client.get(reverse("assessments:workbook", args=[cast.assessment.pk, ASSESS])).status_code == 403
    make.bring_to(cast, State.ASSESSING)
    assert clerk.client.get(clerk.url("workbook")).status_code == 409


def test_the_number_of_queries_does_not_grow_with_the_items(django_assert_max_num_queries):
    few, many = (make.cast(rubric=make.long_rubric(items)) for items in (3, 60))
    counted = []
    for one in (few, many):
        person = Person(one.clerk, one.assessment, SELF)
        book = person.download()
        for name in book.rows:
            book[name] = 1
        with django_assert_max_num_queries(60) as asked:
            preview = person.upload(book)
        counted.append(len(asked))
        assert len(fates(preview)["changed"]) in (3, 60)
    assert counted[0] == counted[1]
