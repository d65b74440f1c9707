from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

View = Callable[[HttpRequest], HttpResponse]


def language_middleware(get_response: View) -> View:
    """Speak the language that the person chose here, else Chinese.

    Django's LocaleMiddleware would ask the browser first: office browsers often say English where everybody reads
    Chinese.
    """
    known = {code for code, _ in settings.LANGUAGES}

    def speak(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", language)
        return response

    return speak
