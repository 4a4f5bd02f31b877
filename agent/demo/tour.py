"""`syncagent demo`: the main job and its worst moments, shown on real processes and real data."""

from __future__ import annotations

import json
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from agent.api.address import find
from agent.api.client import Client
from agent.demo import erp
from agent.demo.agreement import differences, doubled_effects, erp_facts
from agent.demo.premises import Premises, pending, quiet
from agent.demo.shop import ShopDatabase

POISON = "000013"
RAISE = Decimal("1.10")


class Tour:
    """The steps of the demo, in order. Each shows one thing and checks it."""

    def __init__(self, premises: Premises, console: Console) -> None:
        self.premises = premises
        self.console = console
        self.failures: list[str] = []
        self.client: Client
        self.step = 0

    def walk(self) -> None:
        """Take every step."""
        self.client = self.premises.agent.start()
        for act in (
            self.first_load,
            self.change_a_price,
            self.drop_a_file,
            self.place_an_order,
            self.lose_the_shop,
            self.kill_the_agent,
            self.meet_a_poison_record,
        ):
            self.step += 1
            act()

    def first_load(self) -> None:
        """Everything travels once."""
        self._title("First load: categories, articles, prices, stock and customers of the ERP")
        expected = len(erp_facts(self.premises.erp))
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=self.console) as bar:
            task = bar.add_task("  in the shop", total=expected)
            self.premises.agent.until(
                lambda: self._shown(bar, task) >= expected and quiet(self.client), "all is loaded"
            )
        self._agree()

    def _shown(self, bar: Progress, task: TaskID) -> int:
        count = self._effects()
        bar.update(task, completed=count)
        return count

    def change_a_price(self) -> None:
        """One change, seen in the shop."""
        code, price = erp.article_codes(self.premises.erp)[41], Decimal("123.45")
        self._title(f"A clerk changes the price of article {code} in the ERP to {price}")
        started = time.perf_counter()
        erp.change_price(self.premises.erp, code, price)
        self.premises.agent.until(lambda: self._price(f"BASE|{code}") == price, "the price arrives")
        elapsed = (time.perf_counter() - started) * 1000
        self._say(f"seen in the shop after {elapsed:.0f} ms (the flow looks once a second)")
        self._agree()

    def drop_a_file(self) -> None:
        """A file in the drop folder."""
        target = self.premises.drops / "promo_novembre.csv"
        self._title(f"A price list is dropped as a file: {target.name} (cp1252, decimal comma)")
        started = time.perf_counter()
        partial = target.with_suffix(".part")
        lines = erp.write_price_list_csv(self.premises.erp, partial, factor=Decimal("0.8"))
        partial.rename(target)
        self.premises.agent.until(lambda: self._count_of("PROMO") == lines, "the file arrives")
        elapsed = (time.perf_counter() - started) * 1000
        self._say(
            f"{lines} promotion prices in the shop after {elapsed:.0f} ms, 100 of them to settle"
        )
        archive = self.premises.agent.until(
            lambda: (
                next(self.premises.drops.rglob(f"*{target.name}"), None)
                if not target.exists()
                else None
            ),
            "the file is archived",
        )
        self._say(f"the file lies in {archive.parent.relative_to(self.premises.folder)}/")

    def place_an_order(self) -> None:
        """From the cart to a row in the ERP, and its document's number back in the shop."""
        codes = erp.article_codes(self.premises.erp)
        customer = erp.customer_codes(self.premises.erp)[6]
        self._title(f"Customer {customer} orders three articles in the shop")
        started = time.perf_counter()
        page = self.premises.shop.place_order(customer, dict.fromkeys(codes[20:23], 5))
        found = self.premises.agent.until(
            lambda: erp.documents(self.premises.erp), "the order arrives"
        )
        elapsed = (time.perf_counter() - started) * 1000
        ((reference, (document, lines)),) = found.items()
        self._say(f"order {reference} is document {document} in the ERP after {elapsed:.0f} ms")
        self._expect(lines == 3, f"three lines were ordered, {lines} arrived")
        self.premises.agent.until(
            lambda: document in self.premises.shop.request("GET", page).text, "its number is back"
        )
        self._say("the shop shows its number; a clerk ships it")
        erp.set_order_status(self.premises.erp, document, "S")
        self.premises.agent.until(
            lambda: "shipped" in self.premises.shop.request("GET", page).text, "its status is back"
        )
        job = self.client.tell("request", flow="orders", scope="full")["job"]
        self.premises.agent.until(
            lambda: self.client.ask("progress", job=job)["state"] == "done" and quiet(self.client),
            "everything is read again",
        )
        self._expect(len(erp.documents(self.premises.erp)) == 1, "one order was to be one document")
        self._say("everything was read once more: it is still one document")

    def lose_the_shop(self) -> None:
        """The shop is gone; work goes on; the shop is back."""
        self._title("The shop goes down. Twenty stock counts change meanwhile, one of them thrice")
        before = self._effects()
        self.premises.shop.kill()
        codes = erp.article_codes(self.premises.erp)[100:120]
        for quantity in (7, 8, 9):
            erp.change_stock(self.premises.erp, codes[0], Decimal(quantity))
            time.sleep(1.2)
        for number, code in enumerate(codes[1:], start=1):
            erp.change_stock(self.premises.erp, code, Decimal(1000 + number))
        waiting = self.premises.agent.until(
            lambda: count if (count := pending(self.client)) >= len(codes) else 0, "changes queue"
        )
        self._say(f"{waiting} messages wait: one a key, the newest counts")
        self.premises.shop.start()
        self.premises.agent.until(lambda: quiet(self.client), "all is delivered")
        self._say(f"the shop is back: {self._effects() - before} changes delivered, each once")
        self._expect(self._effects() - before == len(codes), "each change was to arrive once")
        self._agree()

    def kill_the_agent(self) -> None:
        """SIGKILL in the middle of a delivery."""
        self._title("Every price rises by 10 %, and the agent is killed (SIGKILL) in mid-delivery")
        before = self._effects()
        codes = erp.article_codes(self.premises.erp)
        self.premises.shop.plan_fault("delay", times=60, seconds=0.03)
        erp.scale_prices(self.premises.erp, RAISE)
        self.premises.agent.until(
            lambda: self._effects() - before > len(codes) // 4, "delivery is on"
        )
        self.premises.agent.kill()
        sent = self._effects() - before
        self._say(f"killed when {sent} of {2 * len(codes)} prices had arrived")
        self.client = self.premises.agent.start()
        self.premises.agent.until(
            lambda: self._effects() - before >= 2 * len(codes) and quiet(self.client),
            "the rest is delivered",
        )
        self._say(
            f"started again: {self._effects() - before} changes in all, none lost, none twice"
        )
        self._expect(sent < 2 * len(codes), "the agent was to be killed in mid-delivery")
        self._expect(self._effects() - before == 2 * len(codes), "each price was to arrive once")
        self._agree()

    def meet_a_poison_record(self) -> None:
        """One record that cannot go, among others that can."""
        self._title(f"Somebody empties the description of article {POISON}; another one is mended")
        other = "000014"
        erp.rename_article(self.premises.erp, POISON, "")
        erp.rename_article(self.premises.erp, other, "Cacciavite nuovo, più lungo")
        parked = self.premises.agent.until(
            lambda: self.client.ask("messages", state="parked")["messages"], "it is parked"
        )
        for message in parked:
            self._say(f"parked: {message['entity']} {message['key']}: {message['reason']}")
        self.premises.agent.until(lambda: quiet(self.client), "the others go on")
        self._expect([m["key"] for m in parked] == [POISON], "only that record was to be parked")
        self._agree(except_for=frozenset({POISON}))

    # Looking and telling

    def _effects(self) -> int:
        with self._shop() as shop:
            return sum(1 for _ in shop.effects())

    def _price(self, key: str) -> Decimal | None:
        with self._shop() as shop:
            found = shop.read("price", [key])
        return Decimal(json.loads(bytes(found[0].data))["price"]) if found else None

    def _count_of(self, price_list: str) -> int:
        with self._shop() as shop:
            prices = shop.records("price").values()
            return sum(1 for price in prices if price["price_list"] == price_list)

    @contextmanager
    def _shop(self) -> Iterator[ShopDatabase]:
        with closing(ShopDatabase(self.premises.shop.database, readonly=True)) as shop:
            yield shop

    def _agree(self, *, except_for: frozenset[str] = frozenset()) -> None:
        """Compare ERP and shop, and look for doubled effects."""
        paths = self.premises.erp, self.premises.shop.database
        found = differences(*paths, except_for=except_for)
        doubled = doubled_effects(self.premises.shop.database)
        for line in [*found, *(f"done twice: {each}" for each in doubled)]:
            self._expect(False, line)
        if not found and not doubled:
            count = len(erp_facts(self.premises.erp)) - len(except_for)
            self.console.print(
                f"  [green]✓[/] ERP and shop agree on {count} records, no effect twice"
            )

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.failures.append(f"step {self.step}: {otherwise}")
            if len(self.failures) <= 20:
                self.console.print(f"  [red]✗[/] {otherwise}", highlight=False)

    def _title(self, text: str) -> None:
        self.console.print(f"\n[bold]{self.step}. {text}[/]", highlight=False)

    def _say(self, text: str) -> None:
        self.console.print(f"  {text}", highlight=False)


def tour(*, keep: bool) -> int:
    """Take the tour; 0 when all went as promised, 1 with what differed."""
    console = Console()
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="syncagent-demo-") as folder,
        Premises(Path(folder)) as premises,
    ):
        steps = Tour(premises, console)
        try:
            steps.walk()
        except TimeoutError as error:
            steps.failures.append(str(error))
        _sum_up(console, steps, time.monotonic() - started)
        if keep and not steps.failures:
            _keep(console, premises)
    return 1 if steps.failures else 0


def _sum_up(console: Console, steps: Tour, seconds: float) -> None:
    if steps.failures:
        console.print(f"\n[bold red]{len(steps.failures)} things are not as promised:[/]")
        for failure in steps.failures:
            console.print(f"  {failure}", highlight=False)
        return
    console.print(
        f"\n[bold green]All {steps.step} steps went as promised, in {seconds:.0f} s:[/] "
        "nothing lost, nothing done twice.",
        highlight=False,
    )


def _keep(console: Console, premises: Premises) -> None:
    console.print(f"\nShop:          {premises.shop.url}/", highlight=False, soft_wrap=True)
    console.print(f"Local API:     {find(premises.folder)}", highlight=False, soft_wrap=True)
    console.print(f"ERP and files: {premises.folder}", highlight=False, soft_wrap=True)
    console.print(
        f"Ask the agent: syncagent --config {premises.config} status",
        highlight=False,
        soft_wrap=True,
    )
    console.print("Ctrl-C ends everything and removes the folder.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(1.0)
