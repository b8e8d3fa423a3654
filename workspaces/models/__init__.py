from .change import Change
from .clock import Clock
from .due import Due
from .idempotency import IdempotencyKey
from .invitation import Invitation
from .letter import Letter
from .notification import Comment, Notification, Task
from .people import Membership, User
from .signin_link import SigninLink
from .token import Token
from .translation import Translation
from .workspace import Workspace

__all__ = [
    "Change",
    "Clock",
    "Comment",
    "Due",
    "IdempotencyKey",
    "Invitation",
    "Letter",
    "Membership",
    "Notification",
    "SigninLink",
    "Task",
    "Token",
    "Translation",
    "User",
    "Workspace",
]
