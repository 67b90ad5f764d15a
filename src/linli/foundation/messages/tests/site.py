"""Messages and sign-in mounted as the channels do."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from linli.foundation.accounts import urls as accounts
from linli.foundation.messages import urls as messages


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


urlpatterns = [
    path("desk/", include([path("", home), *accounts.desk_urls, *messages.desk_urls])),
    path("", include([path("", home), *accounts.portal_urls, *messages.portal_urls])),
]
