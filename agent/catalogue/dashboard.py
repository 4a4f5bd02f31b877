"""SA-7510 to SA-7539: the dashboard and the people who use it."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-7510": Explanation(
        "Name or password are wrong",
        "Somebody tried to log in to the dashboard. It is not said which of both is wrong.",
        "Try again. An administrator sets another password: `syncagent users password NAME`; "
        "`syncagent users list` shows who is there.",
    ),
    "SA-7511": Explanation(
        "The password is too short or too long",
        "A password for the dashboard has 12 to 256 characters.",
        "Take three or four words that do not belong together.",
    ),
    "SA-7512": Explanation(
        "The user cannot be added",
        "There is a user of that name already, or the name has characters that names do not have.",
        "`syncagent users list` shows who is there; `syncagent users password` changes a password.",
    ),
    "SA-7513": Explanation(
        "Too many attempts to log in",
        "After five wrong passwords a name waits for fifteen minutes, as does an address after "
        "thirty. Who is logged in already notices nothing.",
        "Wait, or restart the agent. When it was not you: the page of what people did shows the "
        "names that were tried.",
    ),
    "SA-7514": Explanation(
        "The request did not come from a page of the dashboard",
        "A form was sent from another page, or under a name that the dashboard does not know. "
        "Pages of others must not be able to press buttons here.",
        "Open the dashboard under its own address and try again. Is it reached under another name "
        "(behind a proxy, for example): add the name to `hosts` in the section `dashboard`.",
    ),
    "SA-7515": Explanation(
        "The form is out of date",
        "The page was open since before the last log-in, or for longer than a session lasts.",
        "Load the page again and repeat what you did.",
    ),
    "SA-7516": Explanation(
        "Your role does not allow that",
        "A viewer looks, an operator decides about records and runs, an admin also sees who did "
        "what and manages who may log in.",
        "Ask an administrator, who gives you another role on the page of users or with "
        "`syncagent users role`.",
    ),
    "SA-7517": Explanation(
        "The dashboard cannot listen",
        "The address is not one of this machine's, the port is taken, or the certificate cannot "
        "be read. The agent goes on without the dashboard.",
        "Correct `host`, `port`, `certificate` in the section `dashboard`, then restart.",
    ),
    "SA-7518": Explanation(
        "There is no such page",
        "The address of the page is wrong, or what it showed is gone.",
        "Begin at the overview.",
    ),
    "SA-7519": Explanation(
        "What is in doubt is decided one by one",
        "Of these records nobody knows whether the other side has them; sent again as a crowd, "
        "some would be there twice.",
        "Look on the other side for each. The page of orders confirms or repeats one order; of "
        "other records choose those that are not there and try these again.",
    ),
    "SA-7520": Explanation(
        "Somebody has to be an admin",
        "The last admin was to be removed or to get another role; then nobody could manage who may "
        "log in.",
        "Make somebody else an admin first. To let nobody in at all remove `port` from the section "
        "`dashboard`.",
    ),
    "SA-7521": Explanation(
        "The two passwords differ",
        "A new password is typed twice, so that a slip of the finger shuts nobody out.",
        "Type it again, in both fields.",
    ),
}
