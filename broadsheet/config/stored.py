"""A stored file as an answer: whole, or the one part of it that was asked for, read piece by piece; players seek by parts."""

import re
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.responders import Response, SlicedFile, StaticFile

ASKED = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
ONE_PART = re.compile(r"bytes=(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{0,18})|-0{0,17}[1-9][0-9]{0,17})")


class StoredFile(StaticFile):  # type: ignore[misc]  # whitenoise has no types
    def get_range_response(self, range_header: str, base_headers: list[tuple[str, str]], file_handle: Any) -> Response:
        """Whitenoise takes a part of one byte to be none."""
        size = int(dict(base_headers)["Content-Length"])
        start, end = self.get_byte_range(range_header, size)
        if start != end:
            return super().get_range_response(range_header, base_headers, file_handle)
        headers = [item for item in base_headers if item[0] != "Content-Length"]
        headers += [("Content-Range", f"bytes {start}-{end}/{size}"), ("Content-Length", "1")]
        return Response(206, headers, SlicedFile(file_handle, start, end) if file_handle else None)


def stored(request: HttpRequest, path: str) -> HttpResponseBase:
    if not Path(path).is_file():
        raise Http404(path)
    kind, packed = guess_type(path)
    file = StoredFile(path, [("Content-Type", "application/octet-stream" if packed else kind or "application/octet-stream")])
    asked = {name: request.META[name] for name in ASKED if name in request.META}
    if not _is_one_part(asked.get("HTTP_RANGE", "")) or request.META.get("HTTP_IF_RANGE", file.etag) != file.etag:
        asked.pop("HTTP_RANGE", None)
    found = file.get_response(request.method, asked)
    answer = HttpResponse(status=found.status) if found.file is None else FileResponse(found.file, status=found.status)
    del answer["Content-Type"]
    for name, value in found.headers:
        answer[name] = value
    answer["Accept-Ranges"] = "bytes"
    return answer


def _is_one_part(asked: str) -> bool:
    """Whatever else stands there (several parts, nonsense) is answered with the whole file."""
    part = ONE_PART.fullmatch(asked)
    return part is not None and not (part["last"] and int(part["last"]) < int(part["first"]))
