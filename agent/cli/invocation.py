"""One call of the command line: its configuration, its terminal, its access to the agent."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click
from click.shell_completion import CompletionItem

from agent.cli.terminal import Terminal
from agent.errors import Misconfigured

if TYPE_CHECKING:
    from agent.api.client import Client
    from agent.daemon import Agent

ENVIRONMENT_VARIABLE = "SYNCAGENT_CONFIG"


class Access(Protocol):
    """A way to the agent: the daemon's API, or an agent in this process. Both answer alike."""

    def ask(self, question: str, /, **arguments: object) -> dict[str, Any]:
        """The answer to a question."""
        ...

    def tell(self, command: str, /, **arguments: object) -> dict[str, Any]:
        """Have something done."""
        ...


class Invocation:
    """What the options before and after the command's name said."""

    def __init__(self) -> None:
        self.named: Path | None = None
        self.terminal = Terminal()

    @property
    def config_path(self) -> Path:
        """The configuration file. Raises SA-1001 where there is none."""
        if self.named:
            if not self.named.exists():
                raise Misconfigured("SA-1001", f"{self.named} does not exist")
            return self.named
        places = default_places()
        for place in places:
            if place.exists():
                return place
        raise Misconfigured(
            "SA-1001",
            "there is no configuration: " + " and ".join(map(str, places)) + " do not exist",
            hint="name it with --config, or begin with `syncagent config example > config.yaml`",
        )

    def daemon(self) -> Client:
        """The running daemon. Raises SA-7201 where none runs."""
        from agent.api.client import no_daemon  # noqa: PLC0415 - `--help` needs click alone

        client = self.daemon_if_any()
        if client is None:
            raise no_daemon()
        return client

    def daemon_if_any(self) -> Client | None:
        """The running daemon, if one runs."""
        from agent.api.address import is_announced  # noqa: PLC0415 - `--help` needs click alone
        from agent.cli.glance import state_folder  # noqa: PLC0415 - the same

        state = state_folder(self.config_path)
        if not is_announced(state):
            return None
        from agent.api.client import connect  # noqa: PLC0415 - 30 ms that only asking needs

        return connect(state)

    @contextmanager
    def agent(self) -> Iterator[Agent]:
        """An agent in this process, under the store's lock (SA-6001 where another has it)."""
        from agent import telemetry  # noqa: PLC0415 - 0.3 s that only work of our own needs
        from agent.daemon import Agent  # noqa: PLC0415 - the same

        with telemetry.silence():
            agent = Agent.open(self.config_path)
            try:
                yield agent
            finally:
                agent.close()

    @contextmanager
    def access(self) -> Iterator[Access]:
        """The daemon where one runs, else an agent in this process."""
        client = self.daemon_if_any()
        if client is not None:
            yield client
            return
        with self.agent() as agent:
            yield InThisProcess(agent)


class InThisProcess:
    """An agent of our own, for as long as the command runs."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    def ask(self, question: str, /, **arguments: object) -> dict[str, Any]:
        """As the daemon would answer it."""
        from agent.api.operations import OPERATIONS  # noqa: PLC0415 - `--help` needs click alone

        return OPERATIONS[question].call(self._agent, arguments)

    tell = ask

    def run(self, job: int, on_progress: Callable[[int, int], None]) -> None:
        """Do a job that was asked for, and deliver what it found."""
        self._agent.run_here(job, on_progress)


def default_places() -> list[Path]:
    """Where a configuration is looked for when none is named."""
    if os.name == "posix":
        shared = Path("/etc/syncagent")
    else:
        import platformdirs  # noqa: PLC0415 - Windows only

        shared = platformdirs.site_config_path("syncagent", appauthor=False)
    return [Path("config.yaml"), shared / "config.yaml"]


def person() -> str:
    """Who sits at the keyboard, for the record of what people decided."""
    return os.environ.get("SUDO_USER") or getpass.getuser()


class Command(click.Command):
    """A command that takes the common options also after its name."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.params += common_options()


class Group(click.Group):
    """A group of commands such as `outbox list`."""

    command_class = Command
    group_class = type


def common_options(environment: str | None = None) -> list[click.Parameter]:
    """`--config` and `--json`, for every command and the program itself.

    Only the program looks at the environment: a command would overrule what stands before it.
    """
    return [
        click.Option(
            ["--config", "-c"],
            type=click.Path(dir_okay=False, path_type=Path),
            envvar=environment,
            expose_value=False,
            callback=_take_config,
            help="The configuration file (also from SYNCAGENT_CONFIG; else ./config.yaml, "
            "then /etc/syncagent/config.yaml).",
        ),
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_take_json,
            help="Answer with one JSON document on standard output.",
        ),
    ]


def _take_config(context: click.Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.ensure_object(Invocation).named = value


def _take_json(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(Invocation).terminal.as_json = True


class FlowName(click.ParamType[str]):
    """A flow's name; a shell completes it from the configuration."""

    name = "flow"

    def shell_complete(
        self, context: click.Context, _parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The flows of the configuration that begin like this."""
        from agent.cli.glance import flow_names  # noqa: PLC0415 - only for a shell

        config = context.ensure_object(Invocation).config_path
        return [CompletionItem(name) for name in flow_names(config) if name.startswith(incomplete)]


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)
