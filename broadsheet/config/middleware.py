"""What readers' pages may load and run, said on Django's answers as the gate says it on its own."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from broadsheet.gate.answers import CONTENT_SECURITY

HEADER = "Content-Security-Policy"
DESK = "/admin/"  # Wagtail's own pages need scripts within the page


class ReadersPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if not request.path.startswith(DESK) and HEADER not in answer:
            answer[HEADER] = CONTENT_SECURITY
        return answer
