"""Static files for both doors, and those of a front end that was rebuilt while the city runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import MissingFileError


class BuiltFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise ships no types
    """WhiteNoise lists the files once, at the start. Names under `assets/` it does not know are looked up in the built folder, and a file
    that a later build has removed is not found rather than an error."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        url = request.path_info
        if url not in self.files:
            self._look_up(url)
        file = self.files.get(url)
        if file is not None:
            try:
                return self.serve(file, request)  # type: ignore[no-any-return]
            except FileNotFoundError:
                del self.files[url]
        return self.get_response(request)  # type: ignore[no-any-return]

    def _look_up(self, url: str) -> None:
        prefix = f"{self.static_prefix}assets/"
        if not url.startswith(prefix) or not self.url_is_canonical(url):
            return
        path: Any = Path(settings.FRONTEND_MANIFEST).parents[1] / "assets" / url[len(prefix) :]
        try:
            self.files[url] = self.find_file_at_path(str(path), url)
        except (MissingFileError, OSError, ValueError):  # no such name, a folder, a name no file can have
            return
