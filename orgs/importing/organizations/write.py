"""The rows of a checked list -> one call of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orgs.models import Organization, OrganizationKind, Outcome
from orgs.services.base import BATCH, batches
from orgs.services.creating import NewOrganization
from orgs.services.lists import ChangedOrganization, Led, write_organizations

if TYPE_CHECKING:
    from orgs.importing.spec import Tell
    from orgs.models import Upload

LED = "industrial_union"
Row = tuple[int, str, dict[str, Any], int | None]


def write(upload: Upload, tell: Tell) -> None:
    """See `ListSpec.write`."""
    wanted = upload.rows.filter(outcome__in=(Outcome.NEW, Outcome.CHANGED))
    rows: list[Row] = list(wanted.values_list("number", "outcome", "values", "target").iterator(BATCH))
    new = _new({number: values for number, outcome, values, _target in rows if outcome == Outcome.NEW})
    changed = [_changed(target, values, new) for _number, outcome, values, target in rows if outcome == Outcome.CHANGED]
    led = _led(rows, new)
    rows.clear()
    write_organizations(upload.by, list(new.values()), changed, tell, led)


def _new(rows: dict[int, dict[str, Any]]) -> dict[int, NewOrganization]:
    """By row. A superior that is a row itself is made first, whatever the order of the file."""
    kinds = OrganizationKind.objects.in_bulk()
    keys = sorted({values["parent"][1] for values in rows.values() if values["parent"][0] == "key"})
    parents: dict[int, Organization] = {}
    for batch in batches(keys):
        parents |= Organization.objects.in_bulk(batch)
    made: dict[int, NewOrganization] = {}
    for number in rows:
        waiting = [] if number in made else [number]
        while waiting:
            values = rows[waiting[-1]]
            where, key = values["parent"]
            if where == "row" and key not in made:
                waiting.append(key)
                continue
            facts = {name: value for name, value in values.items() if name not in {"parent", "kind", LED}}
            parent = made[key] if where == "row" else parents[key]
            made[waiting.pop()] = NewOrganization(kind=kinds[values["kind"]], parent=parent, **facts)
    return made


def _led(rows: list[Row], new: dict[int, NewOrganization]) -> Led:
    """The second superiors that the list gives or takes away."""
    found: dict[int | NewOrganization, int | NewOrganization | None] = {}
    for number, _outcome, values, target in rows:
        if LED in values:
            where, key = values[LED] or ("", None)
            found[target or new[number]] = new[key] if where == "row" and key else key
    return found


def _changed(target: int | None, values: dict[str, Any], new: dict[int, NewOrganization]) -> ChangedOrganization:
    if target is None:
        raise TypeError(values)
    facts = {name: value for name, value in values.items() if name != LED}
    where, key = facts.pop("parent", ("", None))
    words = facts.pop("sort_key", "")
    return ChangedOrganization(target, facts, new[key] if where == "row" else key, words)
