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
        "maps.view": gettext_noop("See the map: divisions, grids, and what else the post may see on it"),
        "people.reveal": gettext_noop("See a number in full, for a purpose that is recorded"),
        "people.daily": gettext_noop("Open files of residents without saying what for: it is the daily work"),
        "people.groups": gettext_noop("Keep the groups of people who need care, up to the own level"),
        "people.edit": gettext_noop("Enter people and decide on corrections"),
        "people.merge": gettext_noop("Make one person of two rows, and two of one again"),
        "people.correct": gettext_noop("Offer values of a source, by its rank"),
        "bodies.view": gettext_noop("Find organisations of the area"),
        "bodies.edit": gettext_noop("Enter organisations, correct them, say who is what in them"),
        "facilities.view": gettext_noop("See public facilities of the area"),
        "facilities.edit": gettext_noop("Enter facilities, change them, confirm who is responsible"),
        "collection.visit": gettext_noop("Make visits, note and correct on the spot"),
        "collection.oversee": gettext_noop("See how far visits are, decide what was noted"),
        "sync.send": gettext_noop("Note things off line on a phone, and send them later"),
        "imports.load": gettext_noop("Bring files of other offices, load them and take them back"),
        "imports.review": gettext_noop("Decide whom a doubtful row is about"),
        "imports.connect": gettext_noop("Connect databases of other offices, run and pause them"),
        "quality.view": gettext_noop("See how good the data of the area are, and what is wrong"),
        "quality.mend": gettext_noop("Say of a problem that it is mended, or why it stays"),
        "quality.run": gettext_noop("Have the register examined, compare it with other databases"),
        "privacy.file": gettext_noop("Take down what residents ask about their data"),
        "privacy.decide": gettext_noop("Decide what residents ask about their data, see what ends by itself"),
        "accounts.raise": gettext_noop("Confirm an account at the counter"),
        "mandates.register": gettext_noop("Register mandates, guardians and legal representatives"),
    },
    gettext_noop("Matters and exports"): {
        "catalogue.edit": gettext_noop("Write matters and their processes"),
        "catalogue.publish": gettext_noop("Publish matters"),
        "export.request": gettext_noop("Ask for exports"),
        "export.approve": gettext_noop("Approve exports"),
        "exchange.view": gettext_noop("See the catalogue of shared data, and who uses it"),
        "exchange.manage": gettext_noop("Apply for other offices' use of the register, and suspend it"),
        "exchange.approve": gettext_noop("Decide on other offices' use of the register"),
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
