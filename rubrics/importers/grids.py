"""A printed table as a plain grid: what the readers of files give and everything else works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
