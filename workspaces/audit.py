"""The change log as sentences for people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from .audit_words import FIELDS, SENTENCES, SUBJECTS, THINGS, VERBS
from .models import Change, Membership

PAGE = 50
_NAMES = ("title", "name", "text", "how_might_we", "statement", "event", "quote", "external_id")
_DETAILS = 5

Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Detail:
    """One field of one row: what stood there and what stands there now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One line of the audit; `subject_kind` and `subject_id` say what it is about."""

    change: Change
    at: datetime
    who: str
    member: Membership | None
    sentence: str
    subject: str
    details: Sequence[Detail] = field(default_factory=tuple)

    @property
    def map_id(self) -> UUID | None:
        return self.change.subject_id if self.change.subject_kind == "journeys.journeymap" else None


@dataclass(frozen=True)
class Page:
    entries: Sequence[Entry]
    next: int | None


def read_log(*, person: Any = None, kind: str = "", subject: Any = None, before: int | None = None) -> Page:
    """A page of the log, the newest first; a bounded number of queries whatever its length."""
    rows = Change.objects.select_related("by__user", "token").order_by("-at", "-id")
    if person:
        rows = rows.filter(by_id=person)
    if kind:
        rows = rows.filter(subject_kind=kind)
    if subject:
        rows = rows.filter(subject_id=subject)
    if before and (last := Change.objects.filter(pk=before).values_list("at", flat=True).first()):
        rows = rows.filter(models.Q(at__lt=last) | models.Q(at=last, pk__lt=before))
    found = list(rows[: PAGE + 1])
    page = found[:PAGE]
    names = _names_of(page)
    return Page([_entry(change, names) for change in page], page[-1].pk if len(found) > PAGE else None)


def kinds_seen() -> list[tuple[str, str]]:
    """The kinds of subject that the log knows, with their words."""
    kinds = Change.objects.order_by().values_list("subject_kind", flat=True).distinct()
    return sorted(((kind, str(SUBJECTS.get(kind, kind))) for kind in kinds), key=lambda pair: pair[1])


def say(deed: str, thing: str = "") -> str:
    """The sentence of a deed: a whole one where the deed has it, else verb and thing."""
    if deed in SENTENCES:
        return str(SENTENCES[deed])
    noun, _dot, verb = deed.partition(".")
    words = str(THINGS.get(noun, noun))
    if thing:
        words = _("%(thing)s “%(name)s”") % {"thing": words, "name": thing}
    return str(VERBS.get(verb, VERBS["changed"])) % {"thing": words}


def _entry(change: Change, names: Names) -> Entry:
    first = change.edits[0] if change.edits else None
    thing = _name(first, names) if first else ""
    who = str(change.by) if change.by else str(change.token.name) if change.token else _("The system")
    subject = names.get((change.subject_kind, str(change.subject_id)), "")
    return Entry(
        change=change,
        at=change.at,
        who=who,
        member=change.by,
        sentence=say(change.deed, _short(thing)),
        subject=_short(subject) if subject != thing else "",
        details=list(_details(change, names)),
    )


def _details(change: Change, names: Names) -> Iterable[Detail]:
    left = _DETAILS
    for line in change.edits:
        model = _model(line["kind"])
        if model is None or not line.get("before") or "deleted_at" in line["before"]:
            continue
        for name, after in line["after"].items():
            label = FIELDS.get(name)
            if label is None or left == 0:
                continue
            left -= 1
            values = (_value(model, name, value, names) for value in (line["before"].get(name), after))
            yield Detail(str(label), *values)


def _value(model: type[models.Model], name: str, value: Any, names: Names) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _short(", ".join(str(item) for item in value))
    target = _target(model, name)
    if target is not None:
        return _short(names.get((target._meta.label_lower, str(value)), "—"))
    choices = dict(getattr(_field(model, name), "flatchoices", None) or [])
    return _short(str(choices.get(value, value)))


def _names_of(changes: Sequence[Change]) -> dict[tuple[str, str], str]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        wanted[change.subject_kind].add(str(change.subject_id))
        for line in change.edits[:_DETAILS]:
            wanted[line["kind"]].add(line["id"])
            model = _model(line["kind"])
            for name, value in [*line["before"].items(), *line["after"].items()]:
                target = _target(model, name) if model and value else None
                if target is not None:
                    wanted[target._meta.label_lower].add(str(value))
    return {(kind, key): name for kind, keys in sorted(wanted.items()) for key, name in _look_up(kind, keys)}


def _look_up(kind: str, keys: set[str]) -> Iterable[tuple[str, str]]:
    model = _model(kind)
    if model is None:
        return
    rows = model._default_manager.filter(pk__in=keys)
    for row in rows.select_related("user") if model is Membership else rows:
        yield str(row.pk), _row_name(row)


def _row_name(row: models.Model) -> str:
    if isinstance(row, Membership):
        return str(row)
    return next((str(value) for name in _NAMES if (value := getattr(row, name, ""))), "")


def _name(line: Mapping[str, Any], names: Names) -> str:
    known = names.get((line["kind"], line["id"]), "")
    return known or next((str(line["after"][name]) for name in _NAMES if line["after"].get(name)), "")


def _model(kind: str) -> type[models.Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name.removesuffix("_id"))
    except FieldDoesNotExist:
        return None


def _target(model: type[models.Model], name: str) -> Any:
    if name in ("successor",):
        return Membership
    found = _field(model, name) if name.endswith("_id") else None
    return found.related_model if found is not None and found.is_relation else None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 90 else text[:89] + "…"
