"""Permissions that do not come from a post."""

CITIZEN_PERMISSIONS = frozenset(
    {
        "cases.submit",
        "cases.withdraw_own",
        "cases.rate",
        "cases.draft",
        "mandates.own",
        "accounts.own",
        "files.upload",
        "cases.answer",
        "cases.urge_own",
        "people.correct",
        "privacy.own",
    }
)
TRACKER_PERMISSIONS = frozenset({"cases.rate"})
