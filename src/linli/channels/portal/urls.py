"""Addresses of the residents' door: its home, and what apps registered for it."""

from django.urls import URLPattern, path

from linli.cases.casefile.urls import portal_urls as casefile_urls
from linli.cases.catalogue.urls import portal_urls as catalogue_urls
from linli.cases.evaluation.urls import portal_urls as evaluation_urls
from linli.channels.portal.views import home
from linli.foundation.accounts.urls import portal_urls as accounts_urls
from linli.foundation.files.urls import portal_urls as files_urls
from linli.foundation.messages.urls import portal_urls as messages_urls
from linli.foundation.privacy.urls import portal_urls as privacy_urls
from linli.foundation.signon.urls import portal_urls as signon_urls
from linli.registry.people.urls import portal_urls as people_urls
from linli.ui.urls import portal_urls as ui_urls

urlpatterns: list[URLPattern] = [
    path("", home.home, name="portal_home"),
    path("robots.txt", home.robots, name="portal_robots"),
    path(".well-known/security.txt", home.security_contact, name="portal_security_contact"),
    *catalogue_urls,
    *casefile_urls,
    *evaluation_urls,
    *accounts_urls,
    *signon_urls,
    *files_urls,
    *messages_urls,
    *privacy_urls,
    *people_urls,
    *ui_urls,
]
