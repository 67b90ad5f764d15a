"""What permissions mean in plain words. A role is built from the business ones; those of the three administrators are never mixed with them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop

GROUPS: dict[str, dict[str, str]] = {
    gettext_noop("Cases: at the counter"): {
        "cases.view": gettext_noop("See the cases of the own area and line"),
        "cases.submit_counter": gettext_noop("Take in applications at the counter"),
        "cases.answer": gettext_noop("Hand in corrected papers for an applicant"),
        "files.upload": gettext_noop("Attach scans and files"),
        "cases.claim": gettext_noop("Claim tasks of the own office, and give them back"),
        "cases.withdraw": gettext_noop("Withdraw an application at the applicant's wish"),
        "cases.deliver": gettext_noop("Hand over results and note the delivery"),
    },
    gettext_noop("Cases: deciding"): {
        "cases.accept": gettext_noop("Accept an application"),
        "cases.refuse": gettext_noop("Refuse to take an application in"),
        "cases.correct": gettext_noop("Ask once for everything that is missing"),
        "cases.review": gettext_noop("Review and give an opinion"),
        "cases.decide": gettext_noop("Decide"),
        "cases.return": gettext_noop("Return a case to an earlier step"),
        "cases.transfer": gettext_noop("Transfer a case to another office"),
        "cases.sign": gettext_noop("Add a signer, and sign"),
        "cases.suspend": gettext_noop("Suspend and resume the time limit"),
    },
    gettext_noop("Supervision"): {
        "cases.urge": gettext_noop("Urge an office"),
        "supervision.view": gettext_noop("See the board, performance and all cards of the area"),
        "supervision.card": gettext_noop("Issue and answer cards"),
        "supervision.appeal": gettext_noop("Appeal against a card"),
        "evaluation.callback": gettext_noop("Call back after a bad rating"),
    },
    gettext_noop("People and accounts"): {
        "people.view": gettext_noop("Find people of the area; numbers stay masked"),
        "people.reveal": gettext_noop("See a number in full, for a purpose that is recorded"),
        "people.edit": gettext_noop("Enter people and decide on corrections"),
        "people.correct": gettext_noop("Offer values of a source, by its rank"),
        "imports.load": gettext_noop("Bring files of other offices, load them and take them back"),
        "imports.review": gettext_noop("Decide whom a doubtful row is about"),
        "accounts.raise": gettext_noop("Confirm an account at the counter"),
        "mandates.register": gettext_noop("Register mandates, guardians and legal representatives"),
    },
    gettext_noop("Matters and exports"): {
        "catalogue.edit": gettext_noop("Write matters and their processes"),
        "catalogue.publish": gettext_noop("Publish matters"),
        "export.request": gettext_noop("Ask for exports"),
        "export.approve": gettext_noop("Approve exports"),
    },
    gettext_noop("Administration"): {
        "admin.accounts": gettext_noop("Enter staff, ask for appointments, put roles in force"),
        "admin.units": gettext_noop("Change units, posts and functional zones"),
        "admin.calendar": gettext_noop("Change the work calendar"),
        "admin.packs": gettext_noop("Load packs"),
        "admin.messages": gettext_noop("See what was sent"),
        "admin.roles": gettext_noop("Grant appointments, draft roles, end posts"),
        "audit.view": gettext_noop("Read the audit trail"),
    },
}
"""Heading -> permission -> words (msgids). "export.approve" may go to an administrator as well: exports are approved on the form, unseen."""

WORDS = {permission: words for group in GROUPS.values() for permission, words in group.items()}
ADMINISTRATORS_ONLY = frozenset(p for p in WORDS if p.startswith(("admin.", "audit.")))
BUSINESS = frozenset(WORDS) - ADMINISTRATORS_ONLY


def in_words(permissions: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, [(permission, words)]) of what a role holds, in the order above; permissions without words come last under their own name."""
    held = set(permissions)
    found = [(heading, [(p, words) for p, words in group.items() if p in held]) for heading, group in GROUPS.items()]
    other = sorted(held - set(WORDS))
    return [(heading, rows) for heading, rows in [*found, ("", [(p, p) for p in other])] if rows]
