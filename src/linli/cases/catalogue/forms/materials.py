"""The section of the matter editor that lists the materials."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from linli.cases.catalogue.forms.items import Group, Item, Part, Rows

MATERIALS: Final[tuple[Part, ...]] = (
    Group("need", _("Materials"), items=(Item("no_materials", "yes_no", _("No material is needed at all"), default=False),)),
    Rows(
        "materials",
        _("List of materials"),
        _("Material"),
        items=(
            Item("key", "text", _("Key"), required=True, width="third", help=_("Small letters, digits, _.")),
            Item("name", "text", _("Name"), required=True, width="third"),
            Item(
                "category",
                "choice",
                _("Category"),
                default="proof",
                width="third",
                choices=(("proof", _("proof")), ("application", _("application form")), ("other", _("other"))),
            ),
            Item(
                "form",
                "choice",
                _("Form"),
                default="either",
                width="third",
                choices=(("paper", _("paper")), ("electronic", _("electronic")), ("either", _("either"))),
            ),
            Item(
                "copy_type",
                "choice",
                _("Original or copy"),
                default="checked_original",
                width="third",
                choices=(
                    ("original", _("original")),
                    ("copy", _("copy")),
                    ("both", _("both")),
                    ("checked_original", _("original to be seen")),
                ),
            ),
            Item("copies", "number", _("Copies"), default=1, most=10, width="third"),
            Item(
                "necessity",
                "choice",
                _("Necessity"),
                default=1,
                width="third",
                choices=(("1", _("required")), ("2", _("optional")), ("3", _("may follow"))),
            ),
            Item("tolerate_days", "number", _("May follow within (days)"), default=0, most=60, width="third"),
            Item(
                "source",
                "choice",
                _("Comes from"),
                default="applicant",
                width="third",
                choices=(
                    ("applicant", _("applicant")),
                    ("government", _("an authority")),
                    ("third_party", _("a third party")),
                    ("other", _("other")),
                ),
            ),
            Item("issuer", "text", _("Issuing office"), width="third"),
            Item("license_type", "text", _("Licence that proves it"), width="third"),
            Item("shared_from", "text", _("Shared source that proves it"), width="third"),
            Item("when", "text", _("Only when this field is answered yes"), width="third"),
            Item("level", "number", _("Sensitivity (1 to 5)"), default=3, most=5, width="third"),
            Item("sample", "text", _("Sample"), width="third"),
            Item("blank_form", "text", _("Blank form"), width="third"),
            Item("fill_guide", "long", _("How to fill it in")),
            Item("review_points", "long", _("What the clerk looks at")),
        ),
    ),
)
