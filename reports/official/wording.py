"""The sentences of an official report, from its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from assessments.models import Notice, ObjectionState
from assessments.publications import Window, window, window_in_words
from reports.official.figures import Figures, Tally
from rubrics.scoring.numbers import format_points

BETWEEN, BETWEEN_KINDS = "、", "，"
"""Names of kinds have 、 in them."""


def scope(figures: Figures) -> list[str]:
    total = figures.total
    kinds = [_("%(kind)s: %(count)d") % {"kind": one.name, "count": one.all} for one in figures.kinds]
    told = [
        _("%(all)d organisations took part in this assessment, of these %(kinds)s.")
        % {"all": total.all, "kinds": BETWEEN_KINDS.join(kinds)},
        _("%(count)d organisations have a result.") % {"count": total.assessed},
    ]
    if total.withdrawn:
        told.append(_("%(count)d withdrew for reasons given and have none.") % {"count": total.withdrawn})
    return ["".join(told), spread(total)]


def spread(total: Tally) -> str:
    found = total.spread
    if found is None:
        return _("No organisation has a result.")
    if total.maximum is None:
        return _("Full points differ by kind, so averages are given for each kind.")
    return _("Out of %(maximum)s points, the average is %(mean)s, the highest %(most)s and the lowest %(least)s.") % {
        "maximum": format_points(total.maximum),
        "mean": f"{found.mean:.2f}",
        "most": format_points(found.most),
        "least": format_points(found.least),
    }


def grades(figures: Figures, rules: Iterable[str]) -> list[str]:
    total = figures.total
    awarded = [_("%(band)s: %(count)d") % {"band": band, "count": count} for band, count in total.bands.items()]
    none = total.assessed - sum(total.bands.values())
    told = _("By the rubrics and the quota were awarded: %(bands)s.") % {"bands": BETWEEN.join(awarded)}
    if none:
        told += _("%(count)d were awarded no band.") % {"count": none}
    if total.limited:
        told += _("%(count)d reached the best band by points and were awarded the next one, limited by the quota.") % {
            "count": total.limited
        }
    return [told, _("Rules of grading: %(rules)s") % {"rules": "".join(rules)}]


def qualification(total: Tally, annex: str) -> str:
    told = _("%(qualified)d organisations qualified, %(failed)d did not.") % {
        "qualified": total.qualified,
        "failed": total.failed,
    }
    if total.failed:
        told += _("Who did not, and what has to be made up, stands in %(annex)s.") % {"annex": annex}
    return told


def spot_checks(figures: Figures) -> str:
    found = figures.checked
    if not found.draws:
        return _("No spot checks were made before the results were published.")
    told = _(
        "%(draws)d draws were made for spot checks, %(drawn)d organisations were drawn and %(reviewed)d reviewed."
    ) % {
        "draws": found.draws,
        "drawn": found.drawn,
        "reviewed": found.reviewed,
    }
    if found.apart is None:
        return told
    if not found.differ:
        return told + _("All reviews came to the same points as the assessment.")
    return told + _(
        "%(same)d reviews came to the same points as the assessment, %(differ)d to others; on average they are "
        "%(apart)s points apart."
    ) % {"same": found.reviewed - found.differ, "differ": found.differ, "apart": f"{found.apart:.2f}"}


def notices(found: list[Notice]) -> list[str]:
    """The newest first. Where there were several, only the last results count."""
    told = []
    if len(found) > 1:
        told.append(
            _("The results were corrected and put on public notice %(times)d times; this report goes by the last.")
            % {"times": len(found)}
        )
    told.append(_("Days of the public notice: %(window)s") % {"window": window_in_words(found[0])})
    return told


def objections(counts: Mapping[str, int], notice: Notice) -> str:
    over = window(notice) == Window.OVER
    if not counts["all"]:
        return _("No objection came in.") if over else _("No objection has come in so far.")
    open_ = counts[ObjectionState.OPEN] + counts[ObjectionState.RECHECKING]
    told = npgettext(
        "official report", "%(count)d objection came in", "%(count)d objections came in", counts["all"]
    ) % {"count": counts["all"]}
    parts = [
        (counts[ObjectionState.UPHELD], pgettext("objections", "%(count)d upheld")),
        (counts[ObjectionState.REJECTED], pgettext("objections", "%(count)d not upheld")),
        (counts[ObjectionState.TAKEN_BACK], pgettext("objections", "%(count)d taken back")),
        (open_, pgettext("objections", "%(count)d not settled yet")),
    ]
    said = BETWEEN.join(words % {"count": count} for count, words in parts if count)
    return _("%(told)s: %(parts)s.") % {"told": told, "parts": said}


def losses(figures: Figures) -> str:
    if not figures.lost:
        return _("No judged item has lost a point.")
    return _("The items that lose most points on average, by kind of organisation, stand in the table.")
