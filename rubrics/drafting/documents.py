"""A file as issued becomes a document with its drafts: whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from orgs.files import FileRefused, Format, guarded, identify, reading
from orgs.files.legacy import to_docx
from orgs.services.base import Refused, require
from rubrics import exchange
from rubrics.blueprint import Blueprint
from rubrics.drafting.wellformed import fault
from rubrics.importers import grids
from rubrics.importers.docx import read_docx
from rubrics.importers.read import Found, NotARubric, read_tables
from rubrics.importers.xlsx import read_xlsx
from rubrics.models import Document, Doubt, Rubric, Source
from rubrics.permissions import may_create
from rubrics.versions import new_document, new_draft, set_free

if TYPE_CHECKING:
    from orgs.models import Organization, User

TAKEN = (Format.DOCX, Format.XLSX, Format.DOC)
TITLE_LENGTH, NAME_LENGTH = 120, 200


def import_document(
    by: User, owner: Organization, file: File[bytes], *, title: str = "", number: str = ""
) -> list[Rubric]:
    """Every rubric of an uploaded .docx, .xlsx or .doc as a draft of `owner`, with the doubts about it.

    title, number  of the document, as the person says; a blank title is the first rubric's, else the file's name
    The file is kept as it was uploaded, with the tables read of it, so that the original stands beside the draft.
    A rubric that was exported as a workbook comes back as it was, without doubts.
    Raises Refused with the sentence of whoever refuses it: what the file is, or why its tables are no rubric; and
    exchange.Refused, which names every wrong cell of such a workbook.
    """
    require(by, may_create, owner)
    name = PurePath((file.name or "").replace("\\", "/")).name[-NAME_LENGTH:]
    if exchange.recognises(file):
        return [_from_workbook(owner, set_free(exchange.read(file)), title, number)]
    try:
        tables = read_file(file, name)
        found = read_tables(tables)
    except (FileRefused, NotARubric) as refusal:
        raise Refused(refusal.sentence) from refusal
    for one in found:
        if reason := fault(one.blueprint):
            raise Refused(_("The table can't be taken over: %(reason)s") % {"reason": reason})
    titled = title or found[0].blueprint.title or PurePath(name).stem
    source = Source(
        name=name, tables=grids.to_json(tables), skipped=[line for one in found for line in one.skipped], uploaded_by=by
    )
    return _write(owner, found, source, file, (titled[:TITLE_LENGTH], number))


def read_file(file: IO[bytes], name: str) -> tuple[grids.Table, ...]:
    """The tables of a file that may come from anywhere. Raises FileRefused."""
    found = identify(file, name, TAKEN)
    with reading():
        match found:
            case Format.DOC:
                return read_docx(guarded(to_docx(file)))
            case Format.XLSX:
                return read_xlsx(guarded(file))
            case _:
                return read_docx(guarded(file))


@transaction.atomic
def _from_workbook(owner: Organization, blueprint: Blueprint, title: str, number: str) -> Rubric:
    document = new_document(owner, title or blueprint.title or str(owner))
    Document.objects.filter(pk=document.pk).update(number=number)
    return new_draft(document, blueprint)


def _write(
    owner: Organization, found: tuple[Found, ...], source: Source, file: File[bytes], names: tuple[str, str]
) -> list[Rubric]:
    file.seek(0)
    source.file.save(source.name, file, save=False)
    try:
        with transaction.atomic():
            title, number = names
            document = new_document(owner, title)
            document.number, document.source = number, source.name[:TITLE_LENGTH]
            document.save(update_fields=("number", "source"))
            source.document = document
            source.save(force_insert=True)
            return [_draft(document, one, title) for one in found]
    except BaseException:
        source.file.storage.delete(str(source.file.name))
        raise


def _draft(document: Document, found: Found, title: str) -> Rubric:
    blueprint = found.blueprint
    draft = new_draft(document, blueprint if blueprint.title else replace(blueprint, title=title))
    items = {ref: pk for ref, pk in draft.items.values_list("source_ref", "pk") if ref}
    Doubt.objects.bulk_create(
        Doubt(
            rubric=draft,
            item_id=items.get(doubt.ref),
            position=position,
            code=doubt.code,
            facts=dict(doubt.facts),
            options=list(doubt.options),
        )
        for position, doubt in enumerate(found.doubts)
    )
    return draft
