"""The command `daftari`: the processes, and what an operator does by hand."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
import uvloop
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api import configuration
from api.choices import Environment
from api.demo import people, story
from api.embedded import EmbeddedServerError, running_urls
from api.logs import configure_logs
from api.processes.crew import CrewNotStarted, serve_as_crew
from api.processes.foundation import MissingServer, bring_database_up, database_of
from api.processes.worker import work as run_worker
from api.settings import Settings
from domain.events import log, retention
from domain.events.replay import HistoryIncomplete, Replayed, replay_figures
from domain.identity import directory, service
from domain.identity.actor import SYSTEM
from domain.identity.models import Branch, User
from domain.identity.permissions import Permission, Role
from domain.kit import checks, clock
from domain.kit.errors import DomainError
from domain.ledger.verification import verify_everything
from domain.privacy import archives
from domain.wallets import settings as wallet_settings
from domain.wallets.service import wallet_of

T = TypeVar("T")

# Commands that need the schema import it themselves: building it takes longer than most of what the others do.

cli = typer.Typer(name="daftari", help="Daftari: five businesses, one ledger, live.", no_args_is_help=True)
console = Console(highlight=False)


def main() -> None:
    """The entry point; expected failures are one sentence and exit code 1."""
    try:
        cli()
    except (CrewNotStarted, DomainError, EmbeddedServerError, HistoryIncomplete, MissingServer, log.GapInLog) as problem:
        console.print(f"[red]{problem}[/red]")
        sys.exit(1)


def settings_now() -> Settings:
    """The settings of this process; with a `daftari dev` running on the same home, its servers' addresses too."""
    settings = _settings()
    configure_logs(as_json=settings.logs_as_json, level=settings.log_level)
    if settings.database_url is None or settings.redis_url is None:
        urls = running_urls(settings.home)
        if urls is not None:
            update = {"database_url": SecretStr(urls[0]), "redis_url": SecretStr(urls[1])}
            settings = settings.model_copy(update=update)
    return settings


def _settings() -> Settings:
    """What the environment says; what is wrong with it is told in a sentence each."""
    try:
        return Settings()
    except ValidationError as error:
        for sentence in sentences(error):
            console.print(sentence, style="red", markup=False, soft_wrap=True)
        sys.exit(1)


def sentences(error: ValidationError) -> Iterator[str]:
    """What is wrong, a sentence each; of one variable alone, its name first."""
    for problem in error.errors():
        told = problem["msg"].removeprefix("Value error, ")
        if problem["loc"]:
            yield f"{configuration.variable(str(problem['loc'][0]))}: {told}"
        else:
            yield from told.split("\n")


def run(process: Callable[[Settings], Awaitable[T]], settings: Settings | None = None) -> T:
    async def go() -> T:
        return await process(settings or settings_now())

    return uvloop.run(go())


@cli.command()
def serve(
    processes: Annotated[
        int | None, typer.Option(min=1, max=64, help="How many share the port (DAFTARI_PROCESSES): one for each core.")
    ] = None,
    in_crew: Annotated[bool, typer.Option("--in-crew", hidden=True)] = False,
) -> None:
    """Run one server, or several on one port. Needs DATABASE_URL and REDIS_URL; start as many as you like."""

    def listening(address: str) -> None:
        console.print(f"Listening on {address}/graphql")

    async def go(settings: Settings) -> None:
        size = processes or settings.processes
        if size > 1 and not in_crew:
            await serve_as_crew(settings, size, say=console.print)
            return
        from api.processes.serve import serve as run_server

        await run_server(settings, in_crew=in_crew, listening=listening)

    run(go)


@cli.command()
def worker() -> None:
    """Run the worker: the relay, the listeners and the jobs. A second one stands by."""
    run(lambda settings: run_worker(settings, working=lambda: console.print("Working. Ctrl-C stops.")))


@cli.command()
def dev(
    traffic: Annotated[bool | None, typer.Option(help="Let simulated users act (DAFTARI_DEMO_TRAFFIC).")] = None,
) -> None:
    """Run everything in one process, with PostgreSQL, Valkey and a simulated M-Pesa unless the environment names others."""
    from api.processes import dev as development

    settings = _settings()
    configure_logs(as_json=settings.logs_as_json, level="WARNING" if settings.log_level == "INFO" else settings.log_level)
    acting = bool(settings.demo_traffic) if traffic is None else traffic
    with ExitStack() as stack:
        settings = development.with_embedded_servers(settings, stack, console.print)
        run(
            lambda chosen: development.develop(
                chosen, say=console.print, ready=_first_screen(acting, settings.app), traffic=acting
            ),
            settings,
        )
        console.print("Stopped.")


def _first_screen(traffic: bool, app: bool) -> Callable[[str, str | None], None]:
    def show(address: str, simulator: str | None) -> None:
        console.print()
        console.print("[bold]Daftari is ready.[/bold]  Ctrl-C stops it.")
        if app:
            console.print(f"  Live       [cyan]{address}[/cyan]   sign in as anybody of the demo")
        console.print(
            f"  GraphiQL   [cyan]{address}/graphql[/cyan]   sign in as a demo user in one click, open an example tab"
        )
        console.print(f"  API        {address}/graphql   (POST, GET, WebSocket graphql-transport-ws, event streams)")
        console.print(f"  Health     {address}/health/ready   {address}/metrics")
        if simulator is not None:
            console.print(f"  M-Pesa     [cyan]{simulator}[/cyan]   simulated: its page tells which telephones to try")
        table = Table(title=f"Demo logins, all with the password {people.PASSWORD}", title_justify="left")
        for heading in ("e-mail", "who", "what"):
            table.add_column(heading)
        for person in people.EVERYBODY:
            table.add_row(person.email, person.name, person.note)
        console.print(table)
        console.print(
            "Try this: in one window follow [bold]newInvoiceListed[/bold] as an investor; in another, as a seller,"
        )
        console.print("run [bold]createInvoice[/bold]; then fund it with [bold]fundInvoice[/bold] and watch both wallets.")
        console.print("Or follow [bold]approvalQueueUpdated[/bold] as a branch manager, where a loan waits for you.")
        console.print("Or follow [bold]lowStock[/bold] as the storekeeper, and sell packets of flour as the sales clerk.")
        console.print("Or follow [bold]reconciliationFeed[/bold] as the administrator, and pay for a session as a client.")
        console.print(
            "Simulated users are acting."
            if traffic
            else "`daftari dev --traffic` lets simulated users act, so that feeds move."
        )

    return show


@cli.command("mpesa-simulator")
def mpesa_simulator(
    host: Annotated[str, typer.Option(help="Where to listen. It lets everybody in: keep it on this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes any free one.", min=0, max=65535)] = 8600,
    seed: Annotated[
        str | None, typer.Option(help="The same seed, the same fates. Another one each time unless said.")
    ] = None,
    delay: Annotated[float, typer.Option(help="Seconds until a customer has decided.", min=0)] = 3.0,
    late: Annotated[float, typer.Option(help="Seconds by which late callbacks are late.", min=0)] = 90.0,
    reversal: Annotated[float, typer.Option(help="Seconds until a payment is taken back.", min=0)] = 30.0,
    confirm: Annotated[bool, typer.Option(help="Confirm prompts that were paid at the Paybill's address as well.")] = False,
    rate: Annotated[list[str] | None, typer.Option(help="A rate in percent, as duplicate=5. May be given often.")] = None,
) -> None:
    """Run a simulated M-Pesa, which misbehaves as the real one does. Its page tells what it is and what to try."""
    from api.mpesa.simulator.process import PlaceTaken, config_of, simulate

    settings = settings_now()
    if settings.environment is Environment.PRODUCTION:
        raise MissingServer("nobody is paid by a simulator; in production MPESA_URL is Safaricom's")
    try:
        config = config_of(
            seed=seed, delay_s=delay, late_s=late, reversal_s=reversal, confirms_prompts=confirm, rates=rate or []
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None

    def listening(address: str) -> None:
        console.print(f"M-Pesa is simulated on {address} with the seed {config.seed}. Ctrl-C stops it.", soft_wrap=True)

    try:
        run(lambda _: simulate(config, host=host, port=port, listening=listening), settings)
    except PlaceTaken as taken:
        console.print(f"[red]{taken}[/red]")
        sys.exit(1)


@cli.command()
def migrate(
    target: Annotated[str | None, typer.Argument(help="app.migration, to go to; app.__first__ goes back.")] = None,
) -> None:
    """Bring the database to the newest state, or one room to a given migration."""

    async def go(settings: Settings) -> None:
        await bring_database_up(settings, console.print, target)
        console.print("The database is up to date." if target is None else f"The database is at {target}.")

    run(go)


@cli.command()
def seed() -> None:
    """Tell the demo story in an empty development installation."""

    async def go(settings: Settings) -> None:
        if not settings.shows_demo_users:
            raise MissingServer("demo people belong in development; set DAFTARI_ENVIRONMENT=development")
        async with database_of(settings):
            if await story.already_told():
                console.print("The demo story has been told here before; nothing was changed.")
            else:
                await story.tell(console.print)

    run(go)


@cli.command("configuration")
def show_configuration() -> None:
    """Tell every variable of the environment, what it does and what it is unless said."""
    sys.stdout.write(configuration.reference())


@cli.command("export-contract")
def export_contract() -> None:
    """Write for client teams what is made from the schema, as `python -m schema.contract` does; exits with 1 when
    something does not hold."""
    from api.contract import whole_contract

    contract = whole_contract()
    findings = contract.findings(clock.today())
    for finding in findings:
        console.print(str(finding), style="red", markup=False, soft_wrap=True)
    for name in contract.write():
        console.print(f"Wrote {contract.folder.name}/{name}")
    if findings:
        raise typer.Exit(1)


@cli.command("verify-ledger")
def verify_ledger() -> None:
    """Recompute every invariant of every room; exits with 1 when one is violated."""

    async def go(settings: Settings) -> bool:
        async with database_of(settings):
            with Progress(console=console, transient=True) as progress:
                bar = progress.add_task("checking", total=len(checks.every_check()) + len(checks.every_proof()))
                results = await verify_everything(lambda check: progress.update(bar, advance=1, description=check.name))
                violated = {(result.check.domain, result.check.promise): result.violations for result in results}
                for proof in checks.every_proof():
                    progress.update(bar, advance=1, description=proof.name)
                    violated[proof.domain, proof.promise] = await proof.prove()
        for (domain, promise), violations in violated.items():
            mark = "[red]VIOLATED[/red]" if violations else "[green]holds[/green]"
            console.print(f"{mark}  {domain}: {promise}")
            for violation in violations:
                console.print(f"    {violation}")
        return not any(violated.values())

    if not run(go):
        sys.exit(1)


@cli.command()
def replay(
    after: Annotated[int, typer.Option(help="The position after which to begin.")] = 0,
    archive: Annotated[Path | None, typer.Option(help="The folder of archived partitions.")] = None,
    figures: Annotated[
        bool,
        typer.Option(
            "--figures",
            help="Rebuild every figure of every dashboard from history instead, and compare it with what is shown.",
        ),
    ] = False,
) -> None:
    """Print the history as JSON lines, out of the archive and the log, in order and without a gap.

    With --figures it prints what history comes to, figure by figure as of the position where the log ends, and exits with 1
    if a dashboard shows anything else.
    """
    if figures:
        if after:
            raise typer.BadParameter("figures follow from all of history", param_hint="--after")
        if not run(lambda settings: _replay_figures(settings, archive)):
            sys.exit(1)
        return

    async def go(settings: Settings) -> None:
        async with database_of(settings):
            async for logged in retention.read_history(archive or settings.archive, after):
                sys.stdout.write(f'{{"position":{logged.position},"event":"{logged.name}","payload":{logged.payload}}}\n')

    run(go)


async def _replay_figures(settings: Settings, archive: Path | None) -> bool:
    """Print what history comes to; returns whether every dashboard shows just that."""
    async with database_of(settings):
        replayed = await replay_figures(archive or settings.archive)
    for line in lines_of(replayed):
        sys.stdout.write(f"{line}\n")
    return not replayed.differences


def lines_of(replayed: Replayed) -> Iterator[str]:
    """Every figure, then each that is shown as something else, and how many there are."""
    differences = replayed.differences
    for figure, value in replayed.figures.items():
        yield f"{figure} = {value}"
    for each in differences:
        yield f"DIFFERS  {each.figure}: shown {each.shown}, by history {each.replayed}"
    position = f"position {replayed.position}"
    if replayed.waiting:
        position += f" and {replayed.waiting} events that wait for theirs"
    yield f"{len(replayed.figures)} figures as of {position}; {len(differences)} differ from what is shown"


@cli.command("archive-events")
def archive_events(
    folder: Annotated[Path | None, typer.Option(help="Where to; the home's archive unless said otherwise.")] = None,
) -> None:
    """Export and detach the partitions of the log that lie before the retention."""

    async def go(settings: Settings) -> None:
        async with database_of(settings):
            archive, kept = folder or settings.archive, timedelta(days=settings.event_retention_days)
            for archived in await retention.archive_old_partitions(archive, retention=kept):
                console.print(f"{archived.partition}: {archived.events} events to {archived.path}")

    run(go)


@cli.command("redact-archives")
def redact_archives(
    folder: Annotated[Path | None, typer.Option(help="Where they are; the home's archive unless said otherwise.")] = None,
) -> None:
    """Take everybody whose personal data were erased out of the archives of the log."""

    async def go(settings: Settings) -> int:
        async with database_of(settings):
            return await archives.redact_archives(folder or settings.archive)

    console.print(f"{run(go)} events were changed.")


@cli.command("new-epoch")
def new_epoch() -> None:
    """Declare that history was restored or truncated: cursors from before are refused from now on."""

    async def go(settings: Settings) -> log.Place:
        async with database_of(settings):
            return await log.begin_new_epoch()

    console.print(f"Epoch {run(go).epoch} has begun.")


@cli.command("create-user")
def create_user(
    email: str,
    name: Annotated[str, typer.Option(prompt=True)],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    branch: Annotated[str | None, typer.Option(help="The code of the branch that the user belongs to.")] = None,
) -> None:
    """Make a user with a wallet, for instance the first administrator."""

    async def go(settings: Settings) -> User:
        async with database_of(settings):
            branch_id = None if branch is None else await _branch_of_code(branch)
            user = await service.create_user(
                SYSTEM, name=name, email=email, password=password, roles=role, branch_id=branch_id
            )
            await wallet_of(user.id, wallet_settings.current().default_currency)
            return user

    console.print(f"Made {run(go).email}.")


async def _branch_of_code(code: str) -> UUID:
    found = await Branch.get_or_none(code=code.upper())
    if found is None:
        raise MissingServer(f"there is no branch {code}; `daftari open-branch` opens one")
    return found.id


@cli.command("open-branch")
def open_branch(code: str, name: str) -> None:
    """Open a branch, for instance the first one, whose manager can then be made."""

    async def go(settings: Settings) -> Branch:
        async with database_of(settings):
            return await service.open_branch(SYSTEM, code=code, name=name)

    opened = run(go)
    console.print(f"Opened {opened.name} as {opened.code}.")


@cli.command("create-api-key")
def create_api_key(
    email: str,
    name: Annotated[str, typer.Option(help="What the key is for.")],
    scope: Annotated[list[Permission], typer.Option(help="May be given several times.")],
) -> None:
    """Make an API key for a user. It is shown once and kept nowhere."""

    async def go(settings: Settings) -> Any:
        async with database_of(settings):
            user = await User.get_or_none(email=email.lower())
            if user is None:
                raise MissingServer(f"there is no user {email}")
            actor = await directory.actor_of_user(user.id)
            return await service.create_api_key(actor, name=name, scopes=scope, expires_at=None)

    console.print(run(go).key)


if __name__ == "__main__":
    main()
