"""What one message to an address says; several that wait for one address become one text."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent.model import Message

LONGEST = 20
"""Notices that are written out in one text; of the others there is the number."""

RULE = "\n\n" + "-" * 40 + "\n\n"


class Notice(msgspec.Struct, frozen=True):
    """A text for people, ready to be sent; it does not change any more."""

    title: str
    text: str
    good: bool = False
    """Something is over."""
    thread: str = ""
    """Mails about the same alert belong together."""
    several: str = ""
    """The title of a text of which this is the first of several: `{count}` stands for how many."""
    more: str = ""
    """The last line of a text that leaves some out: `{count}` stands for how many."""


_decode = msgspec.json.Decoder(Notice).decode
encode = msgspec.json.Encoder().encode


def joined(messages: Sequence[Message]) -> Notice:
    """One notice of all that wait."""
    notices = [_decode(message.body) for message in messages]
    first = notices[0]
    if len(notices) == 1:
        return first
    texts = [f"{notice.title}\n\n{notice.text}" for notice in notices[:LONGEST]]
    left_out = len(notices) - len(texts)
    if left_out:
        texts.append(first.more.format(count=left_out))
    return Notice(
        title=first.several.format(count=len(notices)),
        text=RULE.join(texts),
        good=all(notice.good for notice in notices),
    )
