"""Addresses of the staff's door: its home, and what apps registered for it."""

from django.urls import URLPattern, path

from linli.cases.casefile.urls import desk_urls as casefile_urls
from linli.cases.catalogue.urls import desk_urls as catalogue_urls
from linli.cases.evaluation.urls import desk_urls as evaluation_urls
from linli.cases.supervision.urls import desk_urls as supervision_urls
from linli.channels.desk.views import home
from linli.foundation.access.urls import desk_urls as access_urls
from linli.foundation.access.urls import live_urls
from linli.foundation.accounts.urls import desk_urls as accounts_urls
from linli.foundation.audit.urls import desk_urls as audit_urls
from linli.foundation.calendar.urls import desk_urls as calendar_urls
from linli.foundation.files.urls import desk_urls as files_urls
from linli.foundation.maps.urls import desk_urls as maps_urls
from linli.foundation.messages.urls import desk_urls as messages_urls
from linli.foundation.privacy.urls import desk_urls as privacy_urls
from linli.foundation.regions.urls import desk_urls as regions_urls
from linli.foundation.signon.urls import desk_urls as signon_urls
from linli.foundation.sync.urls import desk_urls as sync_urls
from linli.foundation.units.urls import desk_urls as units_urls
from linli.registry.bodies.urls import desk_urls as bodies_urls
from linli.registry.collection.urls import desk_urls as collection_urls
from linli.registry.exchange.urls import desk_urls as exchange_urls
from linli.registry.facilities.urls import desk_urls as facilities_urls
from linli.registry.households.urls import desk_urls as households_urls
from linli.registry.imports.urls import desk_urls as imports_urls
from linli.registry.matching.urls import desk_urls as matching_urls
from linli.registry.people.urls import desk_urls as people_urls
from linli.registry.quality.urls import desk_urls as quality_urls
from linli.ui.urls import desk_urls as ui_urls

urlpatterns: list[URLPattern] = [
    path("", home.home, name="desk_home"),
    *live_urls,
    *accounts_urls,
    *casefile_urls,
    *supervision_urls,
    *evaluation_urls,
    *catalogue_urls,
    *people_urls,
    *matching_urls,
    *households_urls,
    *bodies_urls,
    *facilities_urls,
    *imports_urls,
    *exchange_urls,
    *collection_urls,
    *quality_urls,
    *files_urls,
    *messages_urls,
    *privacy_urls,
    *maps_urls,
    *regions_urls,
    *units_urls,
    *calendar_urls,
    *access_urls,
    *sync_urls,
    *signon_urls,
    *audit_urls,
    *ui_urls,
]
