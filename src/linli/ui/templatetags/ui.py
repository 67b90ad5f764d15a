"""Tags of the design system: built assets, icons, form fields, dialogs, sortable heads, page ranges. A builtin in every template."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.widgets import Input
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from linli.ui.engine import assets

register = template.Library()

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    # Django puts a group's class on its container as well, so groups get none; `.ui-choices input` is styled instead.
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.MultiWidget, "form-control"),
    (Input, "form-control"),
    (forms.Textarea, "form-control"),
)


_MESSAGE_TONES = {"error": "danger", "warning": "warning", "success": "success"}
# Spelled with the word icon so that the front end's sprite finds them (frontend/build/sprite.ts).
_TONE_ICONS = {
    "neutral": {"icon": "info-circle"},
    "info": {"icon": "info-circle"},
    "progress": {"icon": "progress"},
    "success": {"icon": "circle-check"},
    "warning": {"icon": "alert-triangle"},
    "danger": {"icon": "alert-circle"},
}


@register.filter
def ui_tone(level_tag: str) -> str:
    """Tone of a message of django.contrib.messages."""
    return _MESSAGE_TONES.get(level_tag, "info")


@register.filter
def tone_icon(tone: str) -> str:
    """The icon that says the same as the tone's colour."""
    return _TONE_ICONS.get(tone, _TONE_ICONS["neutral"])["icon"]


@register.simple_tag
def asset(name: str) -> SafeString:
    """Link and script tags of a built entry; raises `AssetsNotBuiltError` when there is none."""
    entry = assets.entry(name)
    styles = format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(file),) for file in entry.styles))
    scripts = format_html_join("\n", '<script type="module" src="{}"></script>', ((static(file),) for file in entry.scripts))
    return format_html("{}\n{}", styles, scripts)


@register.simple_tag
def asset_styles(name: str) -> SafeString:
    """Only the link tags of a built entry (paper has no scripts)."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(file),) for file in assets.entry(name).styles))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite. Without `label` it is decoration and hidden from screen readers."""
    return _drawn(name, label, assets.sprite_file())


@functools.lru_cache(maxsize=1024)
def _drawn(name: str, label: str, sprite: str) -> SafeString:
    """The same few hundred icons stand on every page."""
    address = f"{static(sprite)}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', address)


@register.simple_tag
def badge(label: str, tone: str = "neutral") -> SafeString:
    """A label with a tone, for the rows of a list (`ui/components/badge.html` has an icon as well)."""
    return format_html('<span class="ui-badge ui-tone-{}">{}</span>', tone or "neutral", label)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget with the class of its kind; Django adds aria-describedby and aria-invalid."""
    widget = field.field.widget
    kind = next((name for base, name in _CLASSES if isinstance(widget, base)), "")
    names = [widget.attrs.get("class", ""), kind, "is-invalid" if kind and field.errors else ""]
    return field.as_widget(attrs={"class": " ".join(name for name in names if name)})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """A single box: its label stands after it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether to say "optional" at the label: a field one may leave empty and that is not a box to tick."""
    return not field.field.required and not is_checkbox(field)


@register.filter
def focus_id(field: BoundField) -> str:
    """Id of the element an error-summary link leads to: the control, or the first one of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.inclusion_tag("ui/components/field.html", name="field")
def field_tag(field: BoundField, hint: str = "") -> dict[str, object]:
    """A form field with label, help and error."""
    return {"field": field, "hint": hint}


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(*form_list: BaseForm) -> dict[str, object]:
    """All errors of the forms, each linking to its field; draws nothing when there are none."""
    fields = [field for form in form_list for field in form if field.errors]
    general = [message for form in form_list for message in form.non_field_errors()]
    hidden = [message for form in form_list for field in form.hidden_fields() for message in field.errors]
    return {"fields": [field for field in fields if not field.is_hidden], "general": [*general, *hidden]}


@register.simple_block_tag
def dialog(content: str, dialog_id: str, title: str, size: str = "") -> SafeString:
    """A modal dialog around the block; an element with `data-dialog-open="<dialog_id>"` opens it. `size` is empty or "wide"."""
    return SafeString(render_to_string("ui/components/dialog.html", {"content": content, "id": dialog_id, "title": title, "size": size}))


@register.inclusion_tag("ui/components/sort_header.html", takes_context=True)
def sort_header(context: Context, label: str, key: str, align: str = "") -> dict[str, object]:
    """A table head that sorts by `key` through the query parameter `sort` ("-key" for descending) and starts again at page one."""
    request: Any = context["request"]
    now = request.GET.get("sort", "")
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{key}" if now == key else key
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return {"label": label, "url": f"?{query.urlencode()}", "direction": direction, "align": align}


@register.filter
def elided(page: Page[Any]) -> Iterable[int | str]:
    """Page numbers around the current one; gaps are an ellipsis."""
    numbers: Iterator[int | str] = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return numbers
