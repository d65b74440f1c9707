"""A printed table as a plain grid: what the readers of files give and everything else works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and the area it covers. `text` is as printed, line breaks included; rows and columns count from 1."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """One table, with the lines around it.

    title_lines  the paragraphs before it (since the table before), or the rows of a sheet before its heading
    cells        row by row; a merged area is one cell at its top left; what no cell covers is not there
    notes        the paragraphs after it that belong to it
    name         the sheet's name; blank in a Word file
    nested       rows that had a table inside a cell, which was not read
    """

    title_lines: tuple[str, ...]
    cells: tuple[Cell, ...]
    row_count: int
    column_count: int
    notes: tuple[str, ...] = ()
    name: str = ""
    nested: tuple[int, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table to look things up in."""

    table: Table

    @cached_property
    def _area(self) -> dict[tuple[int, int], Cell]:
        return {
            (row, column): cell
            for cell in self.table.cells
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }

    def at(self, row: int, column: int) -> Cell | None:
        return self._area.get((row, column))

    def across(self, row: int, first: int = 1, last: int = 0) -> list[Cell]:
        """The cells that cover a row, left to right."""
        found: dict[Cell, None] = {}
        for column in range(first, (last or self.table.column_count) + 1):
            cell = self.at(row, column)
            if cell is not None:
                found[cell] = None
        return list(found)

    def texts(self, row: int) -> list[str]:
        """What begins in a row, blanks left out."""
        return [cell.text for cell in self.across(row) if cell.row == row and cell.text.strip()]

    def line(self, row: int) -> str:
        return " | ".join(" ".join(text.split()) for text in self.texts(row))


def to_json(tables: Iterable[Table]) -> list[dict[str, Any]]:
    """What a JSON field keeps. `from_json(to_json(tables)) == tuple(tables)`"""
    return [
        {
            "title_lines": list(table.title_lines),
            "cells": [[one.text, one.row, one.column, one.rows, one.columns] for one in table.cells],
            "row_count": table.row_count,
            "column_count": table.column_count,
            "notes": list(table.notes),
            "name": table.name,
            "nested": list(table.nested),
        }
        for table in tables
    ]


def from_json(stored: Iterable[dict[str, Any]]) -> tuple[Table, ...]:
    return tuple(
        Table(
            title_lines=tuple(one["title_lines"]),
            cells=tuple(Cell(*cell) for cell in one["cells"]),
            row_count=one["row_count"],
            column_count=one["column_count"],
            notes=tuple(one["notes"]),
            name=one["name"],
            nested=tuple(one["nested"]),
        )
        for one in stored
    )


def place(ref: str) -> tuple[int, int]:
    """The table and the row that a reference names, from 1: '2:15' and '2:15.3' (its third part) -> (2, 15)."""
    table, _colon, row = ref.partition(":")
    return int(table), int(row.partition(".")[0])
