"""Form fields, error summary, pages, sorting and dialogs as a screen reader meets them."""

from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from lxml import html

from linli.ui.engine import menu
from linli.ui.engine.context import Shell
from linli.ui.types import Door, DoorRequest

pytestmark = pytest.mark.usefixtures("built")


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card", widget=forms.TextInput(attrs={"class": "wide"}))
    way = forms.ChoiceField(label="Way", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="Agree")

    def clean(self) -> dict[str, Any]:
        self.add_error(None, "These do not go together.")
        return self.cleaned_data


def render(source: str, **context: Any) -> Any:
    return html.fromstring("<div>" + Template("{% load i18n ui %}" + source).render(Context(context)) + "</div>")


def test_a_field_ties_label_help_and_error_to_its_control() -> None:
    tree = render("{% field form.name %}", form=Sample({}))
    control = tree.get_element_by_id("id_name")
    assert tree.xpath("//label")[0].get("for") == "id_name"
    assert control.get("aria-invalid") == "true"
    assert control.get("aria-describedby") == "id_name_helptext id_name_error"
    assert tree.get_element_by_id("id_name_helptext").text_content() == "As on the card"
    assert tree.get_element_by_id("id_name_error").text_content().strip() == "This field is required."
    assert control.get("class") == "wide form-control is-invalid"


def test_a_right_field_has_no_error_and_only_optional_ones_say_so() -> None:
    tree = render("{% field form.name %}{% field form.note %}", form=Sample())
    assert tree.get_element_by_id("id_name").get("aria-invalid") is None
    assert not tree.find_class("ui-error")
    assert [label.text_content().strip() for label in tree.xpath("//label")] == ["Name", "Note (optional)"]


def test_a_group_is_a_fieldset_with_a_legend_described_by_its_error() -> None:
    tree = render("{% field form.way %}", form=Sample({}))
    (fieldset,) = tree.xpath("//fieldset")
    assert fieldset.get("aria-describedby") == "id_way_error"
    assert fieldset.xpath("legend")[0].text_content().strip() == "Way"
    assert len(fieldset.xpath(".//input[@type='radio']")) == 2


def test_the_error_summary_links_each_error_to_an_element_that_exists() -> None:
    tree = render('{% include "ui/components/form.html" %}', form=Sample({}))
    (summary,) = tree.find_class("ui-error-summary")
    assert summary.get("role") == "alert"
    targets = [link.get("href")[1:] for link in summary.xpath(".//a")]
    assert targets == ["id_name", "id_way_0", "id_agree"]
    assert all(tree.get_element_by_id(target).tag == "input" for target in targets)
    assert summary.xpath(".//li")[0].text == "These do not go together."


def test_no_errors_draw_no_summary() -> None:
    assert not render("{% error_summary form %}", form=Sample()).find_class("ui-error-summary")


def test_pages_keep_the_filter_and_mark_the_current_one() -> None:
    request = RequestFactory().get("/list/?state=open&page=2")
    source = Template('{% load i18n ui %}{% include "ui/components/pagination.html" %}')
    tree: Any = html.fromstring(source.render(RequestContext(request, {"page": Paginator(range(50), 10).page(2)})))
    assert tree.xpath("//a[@rel='next']/@href") == ["?state=open&page=3"]
    assert tree.xpath("//a[@aria-current='page']")[0].text_content() == "2"


def test_a_sorted_head_says_its_direction_and_turns_round() -> None:
    request = RequestFactory().get("/list/?sort=due&page=4&state=open")
    head = render('<table><tr>{% sort_header "Due" "due" %}{% sort_header "Name" "name" %}</tr></table>', request=request)
    due, name = head.xpath("//th")
    assert (due.get("aria-sort"), due.xpath("a/@href")) == ("ascending", ["?sort=-due&state=open"])
    assert (name.get("aria-sort"), name.xpath("a/@href")) == (None, ["?sort=name&state=open"])


def test_a_dialog_is_named_by_its_title_and_escapes_it() -> None:
    tree = render('{% dialog "ask" title %}<p>{{ text }}</p>{% enddialog %}', title="<b>Why?", text="<i>")
    (dialog,) = tree.xpath("//dialog")
    assert tree.get_element_by_id(dialog.get("aria-labelledby")).text_content() == "<b>Why?"
    assert dialog.xpath(".//p")[0].text_content() == "<i>"


def test_components_have_no_inline_styles_or_handlers() -> None:
    folder = Path(menu.__file__).parents[1] / "templates"
    for path in folder.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert " style=" not in source, path
        assert " onclick=" not in source, path
        assert "<script" not in source, path


def test_the_door_follows_the_path_unless_the_channel_says_otherwise() -> None:
    request = DoorRequest()
    request.path = "/desk/inbox/"
    assert Shell(request).template == "ui/desk/shell.html"
    request.door = Door.PORTAL
    assert Shell(request).template == "ui/portal/shell.html"
