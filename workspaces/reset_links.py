"""Links to a new password for an installation without a mail server: an administrator or `manage.py` hands them out."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from .models import User


def reset_path(user: User) -> str:
    """The path where this person chooses a new password; good once and for a few days."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
