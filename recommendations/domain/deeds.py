"""The verbs in words, as their buttons begin: what refusals and the reference call them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DEEDS = {
    ("action", "assign"): _("Assign"),
    ("action", "take_over"): _("Take over"),
    ("assignment", "accept"): _("Accept"),
    ("assignment", "accept_partly"): _("Accept in part"),
    ("assignment", "consider"): _("Under consideration"),
    ("assignment", "decline"): _("Decline"),
    ("assignment", "withdraw"): _("Withdraw the assignment"),
    ("assignment", "end"): _("End the assignment"),
    ("assignment", "set_target"): _("Set the target date"),
    ("assignment", "assess"): _("Assess the reported status"),
    ("assignment", "report"): _("Report unasked"),
    ("round", "open"): _("Open the round"),
    ("round", "close"): _("Close the round"),
    ("round", "hold"): _("Hold publication"),
    ("round", "release"): _("Release for publication"),
    ("round", "extend"): _("Extend the round"),
    ("round", "reopen"): _("Reopen the round"),
    ("duty", "set_due"): _("Change the due date"),
    ("duty", "ask"): _("Ask for more time"),
    ("duty", "grant"): _("Grant more time"),
    ("duty", "refuse"): _("Refuse"),
    ("duty", "waive"): _("Waive"),
    ("update", "clear"): _("Clear this text for sending"),
    ("update", "submit"): _("Send to the coordinator"),
    ("update", "withdraw"): _("Withdraw"),
    ("update", "return"): _("Return for changes"),
    ("update", "approve"): _("Approve"),
    ("update", "reopen"): _("Reopen for the agency"),
    ("update", "correct"): _("Correct this update"),
    ("update", "retract"): _("Retract this text"),
    ("update", "comment"): _("Comment"),
    ("update", "answer_comment"): _("Send the answer"),
    ("update", "close_comment"): _("Close the comment"),
    ("update", "take_suggestion"): _("Use this text"),
}
"""What is done, by kind of object and verb."""
