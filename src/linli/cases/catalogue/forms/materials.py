"""The section of the matter editor that lists the materials."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from linli.cases.catalogue.forms.items import Group, Item, Part, Rows

MATERIALS: Final[tuple[Part, ...]] = (
    Group(
        key="need",
        label=_("Materials"),
        items=(Item(key="no_materials", kind="yes_no", label=_("No material is needed at all"), default=False),),
    ),
    Rows(
        key="materials",
        label=_("List of materials"),
        one=_("Material"),
        items=(
            Item(key="key", kind="text", label=_("Key"), required=True, width="third", help=_("Small letters, digits, _.")),
            Item(key="name", kind="text", label=_("Name"), required=True, width="third"),
            Item(
                key="category",
                kind="choice",
                label=_("Category"),
                default="proof",
                width="third",
                choices=(("proof", _("proof")), ("application", _("application form")), ("other", _("other"))),
            ),
            Item(
                key="form",
                kind="choice",
                label=_("Form"),
                default="either",
                width="third",
                choices=(("paper", _("paper")), ("electronic", _("electronic")), ("either", _("either"))),
            ),
            Item(
                key="copy_type",
                kind="choice",
                label=_("Original or copy"),
                default="checked_original",
                width="third",
                choices=(
                    ("original", _("original")),
                    ("copy", _("copy")),
                    ("both", _("both")),
                    ("checked_original", _("original to be seen")),
                ),
            ),
            Item(key="copies", kind="number", label=_("Copies"), default=1, most=10, width="third"),
            Item(
                key="necessity",
                kind="choice",
                label=_("Necessity"),
                default=1,
                width="third",
                choices=(("1", _("required")), ("2", _("optional")), ("3", _("may follow"))),
            ),
            Item(key="tolerate_days", kind="number", label=_("May follow within (days)"), default=0, most=60, width="third"),
            Item(
                key="source",
                kind="choice",
                label=_("Comes from"),
                default="applicant",
                width="third",
                choices=(
                    ("applicant", _("applicant")),
                    ("government", _("an authority")),
                    ("third_party", _("a third party")),
                    ("other", _("other")),
                ),
            ),
            Item(key="issuer", kind="text", label=_("Issuing office"), width="third"),
            Item(key="license_type", kind="text", label=_("Licence that proves it"), width="third"),
            Item(key="shared_from", kind="text", label=_("Shared source that proves it"), width="third"),
            Item(key="when", kind="text", label=_("Only when this field is answered yes"), width="third"),
            Item(key="level", kind="number", label=_("Sensitivity (1 to 5)"), default=3, most=5, width="third"),
            Item(key="sample", kind="text", label=_("Sample"), width="third"),
            Item(key="blank_form", kind="text", label=_("Blank form"), width="third"),
            Item(key="fill_guide", kind="long", label=_("How to fill it in")),
            Item(key="review_points", kind="long", label=_("What the clerk looks at")),
        ),
    ),
)
