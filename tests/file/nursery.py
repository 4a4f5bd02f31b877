"""Lives of the agent that end at a step of their own: a process that forks, and children that die.

`python -m tests.file.nursery FILE` reads numbers from its standard input. For each it forks a child
that delivers what FILE says, doubtful messages looked up first, and kills itself before the step of
that number: before and after each call that the connector makes into C, the system's among them.
It answers with the ids of the accepted messages, or with `killed`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from agent.contract import AnyTarget
from agent.model import Message, Op
from connectors.file import KIND

ROOT = Path(__file__).resolve().parents[2]
CONNECTOR = str(ROOT / "connectors" / "file")


def written(
    path: Path, connection: dict[str, Any], options: dict[str, Any], messages: Sequence[Message]
) -> Path:
    """What a child is to deliver, as a file."""
    told = [
        {
            "id": each.id,
            "version": each.version,
            "entity": each.entity,
            "key": each.key,
            "op": each.op,
            "body": each.body.decode(),
            "doubtful": each.doubtful,
        }
        for each in messages
    ]
    given = {"connection": connection, "options": options, "messages": told}
    path.write_text(json.dumps(given), encoding="utf-8")
    return path


def target_and_messages(path: Path) -> tuple[AnyTarget, list[Message]]:
    given = json.loads(path.read_bytes())
    messages = [
        Message(
            id=each["id"],
            version=each["version"],
            flow="flow",
            entity=each["entity"],
            key=each["key"],
            op=Op(each["op"]),
            body=each["body"].encode(),
            doubtful=each["doubtful"],
        )
        for each in given["messages"]
    ]
    assert KIND.target
    target = KIND.target(
        KIND.connection.model_validate(given["connection"]),
        KIND.target_options.model_validate(given["options"]),
    )
    return target, messages


def settle(target: AnyTarget, messages: Sequence[Message]) -> list[str]:
    """What the engine does with a claim: ask for what is doubtful, deliver what is left."""
    doubtful = [each for each in messages if each.doubtful]
    receipts = list(target.look_up(doubtful)) if doubtful else []
    settled = {receipt.message_id for receipt in receipts}
    receipts += target.deliver([each for each in messages if each.id not in settled])
    return [receipt.message_id for receipt in receipts if receipt.accepted]


class Fate:
    """Kills the process before the step of a number."""

    def __init__(self, step: int) -> None:
        self.left = step

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        del argument
        if event in {"c_call", "c_return"} and frame.f_code.co_filename.startswith(CONNECTOR):
            self.left -= 1
            if self.left < 0:
                os.kill(os.getpid(), signal.SIGKILL)


def live(path: Path, step: int, answer: int) -> None:
    """A child's life."""
    target, messages = target_and_messages(path)
    sys.setprofile(Fate(step))
    accepted = settle(target, messages)
    sys.setprofile(None)
    os.write(answer, json.dumps(accepted).encode())


def main() -> None:
    path = Path(sys.argv[-1])
    if sys.argv[1] == "mute":
        settle(*target_and_messages(path))
        os.kill(os.getpid(), signal.SIGKILL)
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            live(path, int(line), writing)
            os._exit(0)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        told = os.read(reading, 65536).decode()
        os.close(reading)
        sys.stdout.write(f"{told if status == 0 else 'killed'}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
