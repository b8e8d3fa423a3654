"""The customers behind a number of a report. A list's name says which number: "reached-2", "dropped-2", "progress-2" (steps
from 0), "entered-2026-08-17" and "converted-2026-08-17" (a bucket of the trend), "visits-<stage>", "open-<stage>",
"stuck-<stage>" (times in a stage).

A list is its report's own question, asked again with names.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from analytics import questions
from analytics.models import Report
from analytics.reports.funnel import bucket_bounds
from cjm.lib.refusals import NotFound, Refusal
from customers.listing import NamedList

_WAIT = 10.0


def list_behind(report_id: UUID, name: str) -> NamedList:
    """The list of a stored report's number; raises NotFound where there is no such report or number."""
    report = Report.objects.filter(pk=report_id).first()
    if report is None:
        raise NotFound(_("There is no such report; it may have expired. Ask the question again."))
    kind, _dash, which = name.partition("-")
    find = {"funnel": _of_funnel, "time-in-stage": _of_stage}.get(report.kind)
    found = find(report, kind, which) if find else None
    if found is None:
        raise NotFound(_("There is no such number in this report."))
    return found


def _of_funnel(report: Report, kind: str, which: str) -> NamedList | None:
    if kind in ("entered", "converted"):
        return _of_bucket(report, kind, which)
    steps = report.question["steps"]
    if kind not in ("reached", "dropped", "progress") or not which.isdecimal() or int(which) >= len(steps):
        return None
    number = int(which)
    answer, as_of = _ask(report, histogram=None, trend=None, breakdown=None)
    step = steps[number].get("name") or steps[number]["event"] or _("any event")
    if kind == "reached":
        return NamedList(_("Reached: %(step)s") % {"step": step}, answer["customers"][number], as_of)
    if kind == "dropped":
        return NamedList(_("Left before: %(step)s") % {"step": step}, answer["dropped"][number], as_of)
    return NamedList(_("Still on the way to: %(step)s") % {"step": step}, _on_the_way(answer, number), as_of)


def _on_the_way(answer: Mapping[str, Any], number: int) -> Sequence[str]:
    """Those who reached the step before, not this one, and did not drop out."""
    gone = {*answer["customers"][number], *answer["dropped"][number]}
    return [one for one in answer["customers"][number - 1] if one not in gone] if number else []


def _of_bucket(report: Report, kind: str, which: str) -> NamedList | None:
    """Attempts that began in a bucket are those of the same funnel asked over the bucket alone."""
    trend, question = report.question.get("trend"), report.question
    try:
        day = date.fromisoformat(which)
    except ValueError:
        return None
    if not trend:
        return None
    low, high = bucket_bounds(day, trend["interval"], question["timezone"])
    low = low if question["from"] is None else max(low, question["from"])
    high = high if question["to"] is None else min(high, question["to"])
    answer, as_of = _ask(report, histogram=None, trend=None, breakdown=None, **{"from": low, "to": high})
    step = trend["from_step"] if kind == "entered" else trend["to_step"]
    title = _("Entered from %(day)s on") if kind == "entered" else _("Entered from %(day)s on and went further")
    return NamedList(title % {"day": date_format(day, "j E Y")}, answer["customers"][step], as_of)


def _of_stage(report: Report, kind: str, which: str) -> NamedList | None:
    if kind not in ("visits", "open", "stuck"):
        return None
    answer, as_of = _ask(report)
    stage = next((one for one in answer["stages"] if one["stage"] == which), None)
    if stage is None:
        return None
    title = {
        "visits": _("Were on the stage: %(stage)s"),
        "open": _("Still on the stage: %(stage)s"),
        "stuck": _("Stuck longer than 90%% of those who went on took: %(stage)s"),
    }[kind]
    names = {"visits": "customers", "open": "open_customers", "stuck": "stuck_customers"}[kind]
    return NamedList(title % {"stage": stage["name"]}, stage[names], as_of)


def _ask(report: Report, **changed: Any) -> tuple[Mapping[str, Any], str]:
    """The report's question with names, and the local time of the answer."""
    found = questions.again(report, wait=_WAIT, list_customers=True, **changed)
    if found.state != Report.State.DONE or found.answer is None:
        raise Refusal("still_counting", _("The list is still being counted; open it again in a moment."), status=503)
    return found.answer, _time(found.answered_at)


def _time(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "H:i") if moment else ""
