"""Tables -> draft rubrics with their doubts, or the reason why they are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rubrics.blueprint import AudiencePlan, Blueprint, CapPlan, ItemPlan
from rubrics.importers.body import Body, read_body
from rubrics.importers.chapters import Chapter, read_chapters, section_plan
from rubrics.importers.checks import duplicate_doubts, number_doubts, step_of, totals
from rubrics.importers.columns import LEFT_OUT, columns
from rubrics.importers.doubts import Code, Doubt, Option, Reason, refusal
from rubrics.importers.duties import kind_of, offices, subjects
from rubrics.importers.grids import Table
from rubrics.importers.headings import SCORES, Role, stated_total
from rubrics.importers.items import EXTRA, holds_parts
from rubrics.importers.keys import keyed
from rubrics.importers.layout import Block, blocks
from rubrics.importers.limits import fitted
from rubrics.importers.reasons import reason
from rubrics.importers.text import compact, lines, narrow, plain
from rubrics.importers.titles import Title, declared_total, footnote, read_title

ROWS = 3000
ZERO = Decimal(0)


class NotARubric(Exception):  # noqa: N818 - an answer, not a fault
    """The file holds no points table. `reason` says why, `sentence` says it to a person."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        return refusal(self.reason)


@dataclass(frozen=True, slots=True)
class Found:
    """One rubric of a file. `skipped`: printed rows and lines that are layout (repeated headings, page numbers)."""

    blueprint: Blueprint
    doubts: tuple[Doubt, ...]
    skipped: tuple[str, ...] = ()


def read_tables(tables: Sequence[Table]) -> tuple[Found, ...]:
    """Every rubric in the tables of a file, in printed order. Raises NotARubric where there is none.

    A table beside rubrics that is none itself is told of as a doubt; it may be the rest of one.
    """
    if not tables:
        raise NotARubric(Reason.NO_TABLE)
    if sum(table.row_count for table in tables) > ROWS:
        raise NotARubric(Reason.TOO_LARGE)
    cut = [list(blocks(number, table)) for number, table in enumerate(tables, start=1)]
    declared = declared_total([line for read in cut for block in read for line in block.titles[:-1]])
    found: list[Found] = []
    left: list[Doubt] = []
    annex = ""
    for number, (table, parts) in enumerate(zip(tables, cut, strict=True), start=1):
        kept = [one for one in (_read(block, annex, declared) for block in parts) if one is not None]
        annex = kept[-1].blueprint.annex if kept else annex
        found += kept
        if not kept:
            facts = {"table": str(number), "reason": reason(table)}
            left.append(Doubt(Code.TABLE, f"{number}:1", facts, (Option.ACCEPT, Option.BY_HAND)))
    if not found:
        raise NotARubric(reason(max(tables, key=lambda table: len(table.cells))))
    found[0] = replace(found[0], doubts=(*found[0].doubts, *left))
    return tuple(found)


def _read(block: Block, annex: str, declared: Decimal | None) -> Found | None:
    """One rubric, or None where hardly a row has points."""
    if not any(slot.role == Role.TEXT for slot in block.slots):
        return None
    body = read_body(block)
    grouped = holds_parts(block, body.entries)
    if not body.entries:
        return None
    chapters, doubts = read_chapters(block, body, grouped=grouped)
    return _found(block, body, chapters, doubts, annex, declared) if _worth_reading(chapters) else None


def _found(
    block: Block,
    body: Body,
    chapters: Sequence[Chapter],
    doubts: Sequence[Doubt],
    annex: str,
    declared: Decimal | None,
) -> Found:
    title = read_title(block.titles)
    note, rest = footnote((*body.notes, *block.notes))
    base = sum((chapter.base for chapter in chapters), ZERO)
    stated = totals(base, body, _declared(block, note) or declared, _extra(chapters))
    items, people, more = _finished(chapters)
    pointed = any(row.points is not None for chapter in chapters for row in chapter.rows)
    blueprint = keyed(
        Blueprint(
            title=title.title,
            sections=tuple(section_plan(chapter, items) for chapter in chapters),
            columns=columns(block.slots, grouped=pointed),
            annex=title.annex or annex,
            subtitle=title.subtitle,
            footnote=note,
            declared_total=stated.declared,
            total_label=body.total_label,
            printed_total=body.total,
            step=step_of(list(items.values())),
            audiences=people or _audiences(title),
            offices=tuple(dict.fromkeys(name for item in items.values() for name in item.offices)),
            caps=tuple(_caps(chapters)),
        )
    )
    blueprint, cut = fitted(blueprint)
    every = [
        *cut,
        *stated.doubts,
        *doubts,
        *more,
        *_table_doubts(block, body),
        *number_doubts(blueprint),
        *duplicate_doubts(list(blueprint.items)),
        *(doubt for chapter in chapters for row in chapter.rows for doubt in row.doubts),
    ]
    unused = [slot.heading for slot in block.slots if slot.role in LEFT_OUT and slot.heading]
    return Found(blueprint, tuple(sorted(every, key=_place)), (*body.skipped, *unused, *rest))


def _declared(block: Block, note: str) -> Decimal | None:
    """The total that the table itself says: above or below it, else in a heading."""
    own = declared_total([*block.titles[-3:], *note.splitlines()])
    return own or next((total for slot in block.slots if (total := stated_total(slot.heading))), None)


def _place(doubt: Doubt) -> tuple[int, ...]:
    """In the order of the rows, what is about the whole first."""
    return tuple(int(part) for part in doubt.ref.replace(":", ".").split(".")) if doubt.ref else (0,)


def _worth_reading(chapters: Sequence[Chapter]) -> bool:
    rows = [row for chapter in chapters for row in chapter.rows]
    telling = sum(bool(row.base) or any(doubt.code in TELLING for doubt in row.doubts) for row in rows)
    return telling * 2 >= len(rows) and any(row.base for row in rows)


TELLING = {Code.BONUS_ROW, Code.GATE_ROW, Code.RULE, Code.POINTS}


def _extra(chapters: Sequence[Chapter]) -> Decimal:
    """What the bonus rows may add at most, as printed: their limits, or that of their section."""
    total = ZERO
    for chapter in chapters:
        limits = [
            Decimal(doubt.facts["base"])
            for row in chapter.rows
            for doubt in row.doubts
            if doubt.facts.get("kind") == "bonus" and "base" in doubt.facts
        ]
        total += chapter.limit if chapter.limit is not None else sum(limits, ZERO)
    return total


def _caps(chapters: Sequence[Chapter]) -> Iterator[CapPlan]:
    for chapter in chapters:
        if chapter.kind in EXTRA and chapter.limit is not None:
            bonus = chapter.kind == "bonus"
            name = _cap_name(chapter)
            yield CapPlan(name, most=chapter.limit) if bonus else CapPlan(name, least=-chapter.limit)


def _cap_name(chapter: Chapter) -> str:
    return chapter.label[:60]


def _finished(
    chapters: Sequence[Chapter],
) -> tuple[dict[str, ItemPlan], tuple[AudiencePlan, ...], list[Doubt]]:
    """The items by reference with departments, kinds and limits; the kinds that the table names; doubts about them."""
    items: dict[str, ItemPlan] = {}
    assessed: dict[str, tuple[str, ...]] = {}
    for chapter in chapters:
        last: tuple[str, ...] = ()
        for row in chapter.rows:
            said = row.entry.text(Role.SUBJECT)
            who, named = subjects(said)
            last = offices(row.entry.text(Role.OFFICE)) or last
            cap = _cap_name(chapter) if chapter.kind in EXTRA and chapter.limit is not None else ""
            for item in row.items:
                assessed[item.source_ref] = who
                subject = "\n".join(lines(said))
                items[item.source_ref] = replace(item, offices=last or named, subject=subject, cap=cap)
    labels = tuple(dict.fromkeys(label for who in assessed.values() for label in who))
    people = tuple(AudiencePlan(kind_of(label) or f"kind-{at}", label[:60]) for at, label in enumerate(labels, start=1))
    kinds = {one.label: one.kind for one in people}
    everyone = frozenset(kinds.values())
    for ref, who in assessed.items():
        mine = frozenset(kinds[label[:60]] for label in who)
        items[ref] = replace(items[ref], kinds=mine if mine != everyone else frozenset())
    unknown = [one.label for one in people if one.kind.startswith("kind-")]
    doubts = [Doubt(Code.KIND, "", {"label": label}, (Option.BY_HAND,)) for label in unknown]
    return items, _one_each(people), doubts


def _one_each(people: Sequence[AudiencePlan]) -> tuple[AudiencePlan, ...]:
    return tuple({one.kind: one for one in reversed(people)}.values())[::-1]


def _audiences(title: Title) -> tuple[AudiencePlan, ...]:
    """Whom the title names, where it is one of the usual kinds."""
    label = title.subtitle.strip("（）()") or narrow(title.title).partition("工会")[0].rpartition(")")[2]
    kind = kind_of(label)
    return (AudiencePlan(kind, label[:60]),) if kind and label else ()


def _table_doubts(block: Block, body: Body) -> Iterator[Doubt]:
    """Rows put right, tables inside cells, columns that are not kept."""
    for entry in body.entries:
        if entry.shifted:
            facts = {"number": compact(entry.text(Role.NUMBER)), "points": compact(entry.text(Role.POINTS))}
            facts["text"] = compact(entry.text(Role.TEXT))[:60]
            yield Doubt(Code.SHIFTED, block.ref(entry.row), facts, (Option.ACCEPT, Option.BY_HAND))
    for row, text in body.lone:
        facts = {"text": compact(text)[:60]}
        yield Doubt(Code.LONE, block.ref(row), facts, (Option.ACCEPT, Option.BY_HAND))
    for row in block.grid.table.nested:
        yield Doubt(Code.NESTED, block.ref(row), {}, (Option.ACCEPT, Option.BY_HAND))
    for slot in block.slots:
        filled = any(
            cell.row == entry.row and cell.text.strip()
            for entry in body.entries
            if not entry.shifted
            for cell in block.grid.across(entry.row, slot.first, slot.last)
        )
        kept = slot.role not in LEFT_OUT and slot.role not in SCORES
        if filled and not kept and slot.role != Role.SECTION_POINTS:
            facts = {"heading": plain(slot.heading) or slot.role.value}
            yield Doubt(Code.COLUMN, "", facts, (Option.ACCEPT, Option.BY_HAND))
