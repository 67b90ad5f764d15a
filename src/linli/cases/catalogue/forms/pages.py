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
        "naming",
        _("Name and kind"),
        items=(
            Item("name", "text", _("Name"), required=True),
            Item("short", "text", _("Short name"), required=True),
            Item("sub_item", "text", _("Sub-item")),
            Item("line", "text", _("Department line"), help=_("Two capital letters, such as MZ."), required=True),
            Item("item_type", "choice", _("Type of act"), choices=ITEM_TYPES, required=True),
            Item(
                "shape",
                "choice",
                _("Shape"),
                choices=(("application", _("application")), ("complaint", _("complaint"))),
                default="application",
                required=True,
            ),
            Item("summary", "long", _("What it is, in one sentence")),
            Item("aliases", "lines", _("Other names people use"), help=_("One a line.")),
            Item("keywords", "lines", _("Search words"), help=_("One a line.")),
            Item("note", "long", _("Note")),
            Item("guide", "long", _("Guide text"), help=_("Paragraphs, lists with “- ”, tables with “|”, **bold**.")),
        ),
    ),
    Group(
        "whom",
        _("For whom, and where"),
        items=(
            Item("audience", "many", _("For"), choices=(("resident", _("residents")), ("body", _("companies and organisations")))),
            Item("service_object", "lines", _("Codes of the service object"), help=_("One a line; 1 is a natural person.")),
            Item("life_events", "lines", _("Life events"), help=_("One a line.")),
            Item("accept_level", "many", _("Accepted at"), choices=LEVELS),
            Item("review_level", "many", _("Reviewed at"), choices=LEVELS),
            Item("decide_level", "many", _("Decided at"), choices=LEVELS),
            Item(
                "handle_forms",
                "many",
                _("Handed in"),
                choices=(
                    ("counter", _("at a counter")),
                    ("online", _("online")),
                    ("kiosk", _("at a kiosk")),
                    ("visit", _("at home")),
                    ("post", _("by post")),
                ),
            ),
            Item(
                "deliver_forms",
                "many",
                _("Delivered"),
                choices=(
                    ("counter", _("at a counter")),
                    ("post", _("by post")),
                    ("electronic", _("electronically")),
                    ("notice", _("by public notice")),
                ),
            ),
            Item("visit_times", "number", _("Visits needed"), default=0, most=9),
            Item("visit_reason", "text", _("Why a visit is needed")),
            Item("online_depth", "number", _("Online depth (1 to 7)"), default=5, most=7),
            Item("prefill", "yes_no", _("Fill in what is already known"), default=True),
            Item("address", "text", _("Address")),
            Item("office_hours", "text", _("Office hours")),
            Item("quantity_limit", "text", _("Limit in number")),
        ),
    ),
    Group(
        "fees",
        _("Fee"),
        items=(
            Item("charged", "yes_no", _("A fee is charged"), group="fee", default=False, required=True),
            Item("online", "yes_no", _("It can be paid online"), group="fee", default=False),
            Item("standard", "text", _("Standard"), group="fee"),
            Item(
                "amount",
                "text",
                _("Amount in yuan"),
                help=_("Leave it out where the fee depends on what is asked for; supervision then compares nothing."),
                group="fee",
                default=None,
            ),
            Item("basis", "text", _("Basis of the fee"), group="fee"),
        ),
    ),
)

CONDITIONS: Final[tuple[Part, ...]] = (
    Group("who", _("Who may apply"), items=(Item("conditions", "lines", _("Conditions in plain words"), help=_("One a line.")),)),
    Rows(
        "legal_basis",
        _("Legal basis"),
        _("Legal basis"),
        items=(
            Item("title", "text", _("Title"), required=True, width="full"),
            Item("number", "text", _("Document number"), width="third"),
            Item("article", "text", _("Article"), width="third"),
            Item(
                "kind",
                "choice",
                _("Kind"),
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
            Item("text", "long", _("Text")),
            Item("repealed", "date", _("Repealed on"), default=None, width="third"),
        ),
    ),
)

FACTS: Final[tuple[Part, ...]] = (
    Rows(
        "facts",
        _("Facts the decision table looks at"),
        _("Fact"),
        items=(
            Item("key", "text", _("Key"), required=True, width="third"),
            Item("source", "text", _("Source"), required=True, width="third", help=_("person.age, form.income, case.month")),
            Item("label", "text", _("Label"), required=True, width="third"),
        ),
    ),
    Rows(
        "parameters",
        _("Policy numbers"),
        _("Policy number"),
        items=(
            Item("key", "text", _("Key"), required=True, width="third", help=_("The table reads it as params.key.")),
            Item("label", "text", _("Label"), required=True, width="third"),
            Item("value", "value", _("Value"), required=True, width="third"),
            Item("unit", "text", _("Unit"), width="third"),
            Item("division", "text", _("Division code"), width="third"),
            Item("valid_from", "date", _("Valid from"), required=True, width="third"),
            Item("valid_to", "date", _("Valid to"), default=None, width="third"),
            Item("note", "text", _("Note"), width="third"),
        ),
    ),
)

LIMITS: Final[tuple[Part, ...]] = (
    Group(
        "times",
        _("Time limits"),
        items=(
            Item(
                "handle_kind",
                "choice",
                _("Handled"),
                required=True,
                width="full",
                choices=(("instant", _("at once")), ("promised", _("within the promised time"))),
            ),
            Item("promised", "term", _("Promised within"), required=True),
            Item("statutory", "term", _("By law within"), required=True),
            Item("publicity", "term", _("Public notice")),
            Item("steps_text", "lines", _("The steps in plain words"), help=_("One a line.")),
        ),
    ),
    Rows(
        "special_procedures",
        _("Special procedures that stop the clock"),
        _("Special procedure"),
        items=(
            Item("key", "text", _("Key"), required=True),
            Item("name", "text", _("Name"), required=True),
            Item("basis", "text", _("Basis"), required=True, width="full"),
            Item("longest", "term", _("At the longest"), required=True),
        ),
    ),
)

RESULTS: Final[tuple[Part, ...]] = (
    Rows(
        "results",
        _("What the applicant gets"),
        _("Result"),
        items=(
            Item("key", "text", _("Key"), required=True, width="third"),
            Item("name", "text", _("Name"), required=True, width="third"),
            Item(
                "kind",
                "choice",
                _("Kind"),
                default="other",
                width="third",
                choices=(("licence", _("licence")), ("approval", _("approval")), ("reply", _("reply")), ("other", _("other"))),
            ),
            Item("template", "text", _("Template"), width="third"),
            Item("validity", "term", _("Valid for"), width="third"),
            Item("sample", "text", _("Sample"), width="third"),
        ),
    ),
    Group(
        "printed",
        _("Papers"),
        items=(
            Item(
                "papers",
                "pairs",
                _("Which template prints which paper"),
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
        "effects",
        _("What a granted case writes to the register"),
        _("Effect"),
        items=(
            Item(
                "kind",
                "choice",
                _("Kind"),
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
            Item("target", "text", _("Target"), required=True, width="third", help=_("person.benefit.old_age_allowance")),
            Item(
                "effective_from",
                "text",
                _("Effective from"),
                default="decision.date",
                width="third",
                help=_("decision.date, case.month, form.x"),
            ),
            Item("values", "pairs", _("Values"), help=_("One a line: amount = verdict.amount. A text stands in single quotes.")),
            Item("validity", "term", _("Valid for"), width="third"),
        ),
    ),
)

SERVICE: Final[tuple[Part, ...]] = (
    Group(
        "contact",
        _("Contact"),
        items=(
            Item("consult_tel", "text", _("Telephone for questions")),
            Item("complaint_tel", "text", _("Telephone for complaints")),
            Item("evaluation_tags", "lines", _("Tags of the evaluation"), help=_("One a line.")),
        ),
    ),
    Group(
        "against",
        _("Remedy"),
        optional=("remedy",),
        items=(
            Item("review_body", "text", _("Review by"), group="remedy"),
            Item("review_days", "number", _("Within (days)"), group="remedy", default=60, most=999),
            Item("court", "text", _("Court"), group="remedy"),
            Item("court_months", "number", _("Within (months)"), group="remedy", default=6, most=99),
        ),
    ),
    Rows(
        "faq",
        _("Questions people ask"),
        _("Question"),
        items=(Item("question", "text", _("Question"), required=True, width="full"), Item("answer", "long", _("Answer"), required=True)),
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
