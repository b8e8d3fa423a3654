"""Names of emotions in the reader's language."""

from django import template
from django.utils.translation import gettext as _

from touchpoints import emotions

register = template.Library()


@register.filter
def feelings(labels: list[str]) -> str:
    return emotions.names_of(labels) or _("no name")
