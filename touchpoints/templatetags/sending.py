"""A mark for forms that add: the same mark sent twice adds once."""

from uuid import uuid4

from django import template

register = template.Library()


@register.simple_tag
def once() -> str:
    return str(uuid4())
