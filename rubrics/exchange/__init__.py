"""A rubric as a workbook that people read and edit, and back without loss.

    write(blueprint) -> bytes          recognises(file) -> bool         read(file) -> Blueprint

The words in it are the format's own, the same in every language. Files are opened through `orgs.files` only. `read`
names every wrong cell at once, in `Refused.sentences`.
"""

from rubrics.exchange.cells import Refused
from rubrics.exchange.reading import read, recognises
from rubrics.exchange.writing import write

__all__ = ("Refused", "read", "recognises", "write")
