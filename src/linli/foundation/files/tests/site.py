"""Files mounted as the channels do."""

from django.urls import include, path

from linli.foundation.files import urls as files

urlpatterns = [path("desk/", include(files.desk_urls)), path("", include(files.portal_urls))]
