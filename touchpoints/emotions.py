"""Names of emotions that have a usual value; a point may carry these codes or words of its own."""

from django.utils.translation import gettext_lazy as _

EMOTIONS = {
    "delight": (_("Delight"), 2.0),
    "joy": (_("Joy"), 1.5),
    "success": (_("Success"), 1.5),
    "enthusiasm": (_("Enthusiasm"), 1.5),
    "pride": (_("Pride"), 1.5),
    "satisfaction": (_("Satisfaction"), 1.0),
    "relief": (_("Relief"), 1.0),
    "hope": (_("Hope"), 0.5),
    "interest": (_("Interest"), 0.5),
    "curiosity": (_("Curiosity"), 0.5),
    "neutral": (_("Calm"), 0.0),
    "doubt": (_("Doubt"), -0.5),
    "anxiety": (_("Anxiety"), -1.0),
    "irritation": (_("Irritation"), -1.5),
    "disappointment": (_("Disappointment"), -1.5),
    "frustration": (_("Frustration"), -2.0),
}


def name_of(label: str) -> str:
    """A known code in the reader's language, other words as they are."""
    return str(EMOTIONS[label][0]) if label in EMOTIONS else label


def names_of(labels: list[str]) -> str:
    return ", ".join(name_of(label) for label in labels)


def code_of(text: str) -> str:
    """The code whose name this is, so that a known emotion is translated; other words as they are."""
    wanted = text.strip().casefold()
    return next((code for code, (name, _valence) in EMOTIONS.items() if str(name).casefold() == wanted), text.strip())
