"""How ingest bodies are read: JSON, gzipped or not, of at most 5 MB when unpacked."""

import zlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from cjm.lib.refusals import Refusal
from workspaces.rest_defaults import read_json

INGEST_LIMIT = settings.API_BODY_LIMIT * 5 // 2
_GZIP = b"\x1f\x8b"


class IngestParser(BaseParser):
    """JSON whatever the content type says; gzip is known by its first bytes."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        body = stream.read(INGEST_LIMIT + 1)
        if body.startswith(_GZIP):
            body = _unpack(body)
        if len(body) > INGEST_LIMIT:
            raise Refusal("too_large", _("The body is larger than 5 MB."), status=413)
        return read_json(body)


def _unpack(body: bytes) -> bytes:
    """At most one byte more than the limit, so that a small archive cannot fill the memory."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(body, INGEST_LIMIT + 1)
    except zlib.error as error:
        raise Refusal("invalid_gzip", _("The body is no whole gzip archive.")) from error
    if not unpacker.eof and len(unpacked) <= INGEST_LIMIT:
        raise Refusal("invalid_gzip", _("The body is no whole gzip archive."))
    return unpacked
