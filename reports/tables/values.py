"""What a card prints, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rubrics.scoring.numbers import format_points


class Role(StrEnum):
    """What a cell holds. Whoever prints it decides how that looks."""

    LABEL = "label"  # part, section
    NUMBER = "number"
    WORDING = "wording"
    POINTS = "points"
    PLAIN = "plain"  # evidence basis, assessed organisations
    OFFICE = "office"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Heading:
    """A printed heading over one or several columns. A leading blank: a diagonal parts its two lines."""

    text: str
    columns: int = 1

    @property
    def diagonal(self) -> tuple[str, str] | None:
        """The two words of a heading that a diagonal parts: over the columns, over the rows."""
        first, _, second = self.text.partition("\n")
        return (first.strip(), second.strip()) if first[:1].isspace() and second.strip() else None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell. `points` stand at the end of a wording, `scores` of the stages where they have no cell."""

    text: str
    points: str = ""
    scores: str = ""

    @property
    def whole(self) -> str:
        apart = "　" if self.points[:1].isnumeric() else ""
        return "".join((self.text, apart, self.points, self.scores))


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell. Of a merged cell only the first row has it.

    column  index of its first column
    rows, columns  how many it spans
    value   the number, where it is one: printed as `format_points(value) + after`
    """

    role: Role
    column: int
    lines: tuple[Line, ...] = ()
    rows: int = 1
    columns: int = 1
    value: Decimal | None = None
    after: str = ""

    @property
    def number(self) -> str:
        return format_points(self.value)

    @property
    def text(self) -> str:
        """The whole text, one line of it for each printed one."""
        if self.value is not None:
            return self.number + self.after
        return "\n".join(line.whole for line in self.lines)


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A row of the table.

    opens  the first row of a section
    """

    cells: tuple[Cell, ...]
    opens: bool = False
    total: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is written behind it; empty: a line to write on."""

    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Where one party signs and seals."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a stage wrote about an item."""

    item: str
    stage: str
    text: str


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A card, blank or filled: one value feeds the PDF and the workbook.

    annex, number, title, subtitle  as the document prints them
    facts     organisation, cycle
    state     why this is not a final result; empty on a blank form and on a final result
    widths    of the columns, in millimetres
    notes     how the printed points were read
    bands     self-assessed and awarded star, where the rubric has bands
    workings  sentences on how rules turned counts into points, by stage
    """

    annex: str
    number: str
    title: str
    subtitle: str
    organization: str
    kind: str
    cycle: str
    year: int | None
    state: str
    facts: tuple[Fact, ...]
    widths: tuple[int, ...]
    headings: tuple[Heading, ...]
    rows: tuple[BodyRow, ...]
    footnote: str
    notes: tuple[str, ...]
    bands: tuple[Fact, ...]
    signatures: tuple[Signature, ...]
    workings: tuple[Fact, ...]
    remarks: tuple[Remark, ...]

    @property
    def filled(self) -> bool:
        return bool(self.organization)
