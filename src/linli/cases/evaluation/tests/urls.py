"""The whole city's addresses with the call-backs below /desk/, whether or not the desk mounts them already."""

from django.urls import include, path

from linli.cases.evaluation.urls import desk_urls
from linli.config.urls import urlpatterns as city

urlpatterns = [path("desk/", include(desk_urls)), *city]
