"""The sections of the matter editor that are plain questions: what each page asks, in the order an author thinks of it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from linli.cases.catalogue.forms.items import Choices, Group, Item, Part, Rows
from linli.cases.catalogue.forms.materials import MATERIALS

LEVELS: Final[Choices] = (
    ("city", _("city")),
    ("county", _("county")),
    ("street", _("street or town")),
    ("community", _("community or village")),
)
ITEM_TYPES: Final[Choices] = (
    ("01", _("permit")),
    ("05", _("benefit")),
    ("07", _("confirmation")),
    ("08", _("reward")),
    ("09", _("arbitration")),
    ("10", _("other power")),
    ("20", _("public service")),
)

BASICS: Final[tuple[Part, ...]] = (
    Group(
        key="naming",
        label=_("Name and kind"),
        items=(
            Item(key="name", kind="text", label=_("Name"), required=True),
            Item(key="short", kind="text", label=_("Short name"), required=True),
            Item(key="sub_item", kind="text", label=_("Sub-item")),
            Item(key="line", kind="text", label=_("Department line"), help=_("Two capital letters, such as MZ."), required=True),
            Item(key="item_type", kind="choice", label=_("Type of act"), choices=ITEM_TYPES, required=True),
            Item(
                key="shape",
                kind="choice",
                label=_("Shape"),
                choices=(("application", _("application")), ("complaint", _("complaint"))),
                default="application",
                required=True,
            ),
            Item(key="summary", kind="long", label=_("What it is, in one sentence")),
            Item(key="aliases", kind="lines", label=_("Other names people use"), help=_("One a line.")),
            Item(key="keywords", kind="lines", label=_("Search words"), help=_("One a line.")),
            Item(key="note", kind="long", label=_("Note")),
            Item(key="guide", kind="long", label=_("Guide text"), help=_("Paragraphs, lists with “- ”, tables with “|”, **bold**.")),
        ),
    ),
    Group(
        key="whom",
        label=_("For whom, and where"),
        items=(
            Item(
                key="audience",
                kind="many",
                label=_("For"),
                choices=(("resident", _("residents")), ("body", _("companies and organisations"))),
            ),
            Item(key="service_object", kind="lines", label=_("Codes of the service object"), help=_("One a line; 1 is a natural person.")),
            Item(key="life_events", kind="lines", label=_("Life events"), help=_("One a line.")),
            Item(key="accept_level", kind="many", label=_("Accepted at"), choices=LEVELS),
            Item(key="review_level", kind="many", label=_("Reviewed at"), choices=LEVELS),
            Item(key="decide_level", kind="many", label=_("Decided at"), choices=LEVELS),
            Item(
                key="handle_forms",
                kind="many",
                label=_("Handed in"),
                choices=(
                    ("counter", _("at a counter")),
                    ("online", _("online")),
                    ("kiosk", _("at a kiosk")),
                    ("visit", _("at home")),
                    ("post", _("by post")),
                ),
            ),
            Item(
                key="deliver_forms",
                kind="many",
                label=_("Delivered"),
                choices=(
                    ("counter", _("at a counter")),
                    ("post", _("by post")),
                    ("electronic", _("electronically")),
                    ("notice", _("by public notice")),
                ),
            ),
            Item(key="visit_times", kind="number", label=_("Visits needed"), default=0, most=9),
            Item(key="visit_reason", kind="text", label=_("Why a visit is needed")),
            Item(key="online_depth", kind="number", label=_("Online depth (1 to 7)"), default=5, most=7),
            Item(key="prefill", kind="yes_no", label=_("Fill in what is already known"), default=True),
            Item(key="address", kind="text", label=_("Address")),
            Item(key="office_hours", kind="text", label=_("Office hours")),
            Item(key="quantity_limit", kind="text", label=_("Limit in number")),
        ),
    ),
    Group(
        key="fees",
        label=_("Fee"),
        items=(
            Item(key="charged", kind="yes_no", label=_("A fee is charged"), group="fee", default=False, required=True),
            Item(key="online", kind="yes_no", label=_("It can be paid online"), group="fee", default=False),
            Item(key="standard", kind="text", label=_("Standard"), group="fee"),
            Item(key="basis", kind="text", label=_("Basis of the fee"), group="fee"),
        ),
    ),
)

CONDITIONS: Final[tuple[Part, ...]] = (
    Group(
        key="who",
        label=_("Who may apply"),
        items=(Item(key="conditions", kind="lines", label=_("Conditions in plain words"), help=_("One a line.")),),
    ),
    Rows(
        key="legal_basis",
        label=_("Legal basis"),
        one=_("Legal basis"),
        items=(
            Item(key="title", kind="text", label=_("Title"), required=True, width="full"),
            Item(key="number", kind="text", label=_("Document number"), width="third"),
            Item(key="article", kind="text", label=_("Article"), width="third"),
            Item(
                key="kind",
                kind="choice",
                label=_("Kind"),
                default="document",
                width="third",
                choices=(
                    ("law", _("law")),
                    ("regulation", _("regulation")),
                    ("rule", _("rule")),
                    ("document", _("document")),
                    ("local", _("local rule")),
                ),
            ),
            Item(key="text", kind="long", label=_("Text")),
            Item(key="repealed", kind="date", label=_("Repealed on"), default=None, width="third"),
        ),
    ),
)

FACTS: Final[tuple[Part, ...]] = (
    Rows(
        key="facts",
        label=_("Facts the decision table looks at"),
        one=_("Fact"),
        items=(
            Item(key="key", kind="text", label=_("Key"), required=True, width="third"),
            Item(key="source", kind="text", label=_("Source"), required=True, width="third", help=_("person.age, form.income, case.month")),
            Item(key="label", kind="text", label=_("Label"), required=True, width="third"),
        ),
    ),
    Rows(
        key="parameters",
        label=_("Policy numbers"),
        one=_("Policy number"),
        items=(
            Item(key="key", kind="text", label=_("Key"), required=True, width="third", help=_("The table reads it as params.key.")),
            Item(key="label", kind="text", label=_("Label"), required=True, width="third"),
            Item(key="value", kind="value", label=_("Value"), required=True, width="third"),
            Item(key="unit", kind="text", label=_("Unit"), width="third"),
            Item(key="division", kind="text", label=_("Division code"), width="third"),
            Item(key="valid_from", kind="date", label=_("Valid from"), required=True, width="third"),
            Item(key="valid_to", kind="date", label=_("Valid to"), default=None, width="third"),
            Item(key="note", kind="text", label=_("Note"), width="third"),
        ),
    ),
)

LIMITS: Final[tuple[Part, ...]] = (
    Group(
        key="times",
        label=_("Time limits"),
        items=(
            Item(
                key="handle_kind",
                kind="choice",
                label=_("Handled"),
                required=True,
                width="full",
                choices=(("instant", _("at once")), ("promised", _("within the promised time"))),
            ),
            Item(key="promised", kind="term", label=_("Promised within"), required=True),
            Item(key="statutory", kind="term", label=_("By law within"), required=True),
            Item(key="publicity", kind="term", label=_("Public notice")),
            Item(key="steps_text", kind="lines", label=_("The steps in plain words"), help=_("One a line.")),
        ),
    ),
    Rows(
        key="special_procedures",
        label=_("Special procedures that stop the clock"),
        one=_("Special procedure"),
        items=(
            Item(key="key", kind="text", label=_("Key"), required=True),
            Item(key="name", kind="text", label=_("Name"), required=True),
            Item(key="basis", kind="text", label=_("Basis"), required=True, width="full"),
            Item(key="longest", kind="term", label=_("At the longest"), required=True),
        ),
    ),
)

RESULTS: Final[tuple[Part, ...]] = (
    Rows(
        key="results",
        label=_("What the applicant gets"),
        one=_("Result"),
        items=(
            Item(key="key", kind="text", label=_("Key"), required=True, width="third"),
            Item(key="name", kind="text", label=_("Name"), required=True, width="third"),
            Item(
                key="kind",
                kind="choice",
                label=_("Kind"),
                default="other",
                width="third",
                choices=(("licence", _("licence")), ("approval", _("approval")), ("reply", _("reply")), ("other", _("other"))),
            ),
            Item(key="template", kind="text", label=_("Template"), width="third"),
            Item(key="validity", kind="term", label=_("Valid for"), width="third"),
            Item(key="sample", kind="text", label=_("Sample"), width="third"),
        ),
    ),
    Group(
        key="printed",
        label=_("Papers"),
        items=(
            Item(
                key="papers",
                kind="pairs",
                label=_("Which template prints which paper"),
                help=_(
                    "One a line: receipt = receipt.html. "
                    "Papers: receipt, acceptance, refusal, correction, extension, decision, delivery, result."
                ),
            ),
        ),
    ),
)

EFFECTS: Final[tuple[Part, ...]] = (
    Rows(
        key="effects",
        label=_("What a granted case writes to the register"),
        one=_("Effect"),
        items=(
            Item(
                key="kind",
                kind="choice",
                label=_("Kind"),
                required=True,
                width="third",
                choices=(
                    ("attribute", _("attribute")),
                    ("tag", _("tag")),
                    ("benefit", _("benefit")),
                    ("card", _("card")),
                    ("registration", _("registration")),
                    ("queue", _("queue")),
                ),
            ),
            Item(key="target", kind="text", label=_("Target"), required=True, width="third", help=_("person.benefit.old_age_allowance")),
            Item(
                key="effective_from",
                kind="text",
                label=_("Effective from"),
                default="decision.date",
                width="third",
                help=_("decision.date, case.month, form.x"),
            ),
            Item(
                key="values",
                kind="pairs",
                label=_("Values"),
                help=_("One a line: amount = verdict.amount. A text stands in single quotes."),
            ),
            Item(key="validity", kind="term", label=_("Valid for"), width="third"),
        ),
    ),
)

SERVICE: Final[tuple[Part, ...]] = (
    Group(
        key="contact",
        label=_("Contact"),
        items=(
            Item(key="consult_tel", kind="text", label=_("Telephone for questions")),
            Item(key="complaint_tel", kind="text", label=_("Telephone for complaints")),
            Item(key="evaluation_tags", kind="lines", label=_("Tags of the evaluation"), help=_("One a line.")),
        ),
    ),
    Group(
        key="against",
        label=_("Remedy"),
        optional=("remedy",),
        items=(
            Item(key="review_body", kind="text", label=_("Review by"), group="remedy"),
            Item(key="review_days", kind="number", label=_("Within (days)"), group="remedy", default=60, most=999),
            Item(key="court", kind="text", label=_("Court"), group="remedy"),
            Item(key="court_months", kind="number", label=_("Within (months)"), group="remedy", default=6, most=99),
        ),
    ),
    Rows(
        key="faq",
        label=_("Questions people ask"),
        one=_("Question"),
        items=(
            Item(key="question", kind="text", label=_("Question"), required=True, width="full"),
            Item(key="answer", kind="long", label=_("Answer"), required=True),
        ),
    ),
)

PAGES: Final[dict[str, tuple[Part, ...]]] = {
    "basics": BASICS,
    "conditions": CONDITIONS,
    "materials": MATERIALS,
    "facts": FACTS,
    "limits": LIMITS,
    "results": RESULTS,
    "effects": EFFECTS,
    "service": SERVICE,
}
