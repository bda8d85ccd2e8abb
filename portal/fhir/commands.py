"""`flask --app wsgi fhir import PATH…`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError
from tqdm import tqdm

from portal.access import SYSTEM
from portal.database import db
from portal.fhir.importing import Import, Refusal
from portal.fhir.reading import bundle_files
from portal.fhir.storing import Change, Kind
from portal.settings.configuration import Settings

commands = AppGroup("fhir", help="FHIR R4 in.")


@commands.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def import_bundles(context: click.Context, paths: tuple[Path, ...]) -> None:
    """Read transaction Bundles: files, or folders with *.json files at any depth.

    Patients, practitioners, organizations, locations and finished encounters are kept; what is
    known by its identifier is updated. Nothing of a refused file is kept, the other files are still
    read, and the exit status is 1.
    """
    settings: Settings = current_app.extensions["settings"]
    run = Import(db.session(), by=SYSTEM, hospital=settings.hospital, clock=_now)
    files = []
    for file, fault in bundle_files(paths):
        if fault:
            run.refuse(file, fault)
        else:
            files.append(file)
    try:
        _with_progress(run, files)
    except OperationalError as error:
        click.echo(f"The database does not answer ({error.orig}).", err=True)
        click.echo(
            "Each file is kept completely or not at all, so you can import the same files again.",
            err=True,
        )
        context.exit(1)
    _tell(run)
    context.exit(1 if run.refusals else 0)


def _with_progress(run: Import, files: list[Path]) -> None:
    told = 0
    with tqdm(total=_size(files), unit="B", unit_scale=True, disable=None, desc="Importing") as bar:
        for file in run.take(files):
            bar.update(_size([file]))
            told = _tell_refusals(run, told)
    _tell_refusals(run, told)


def _tell_refusals(run: Import, told: int) -> int:
    for refusal in run.refusals[told:]:
        with tqdm.external_write_mode(file=sys.stderr):
            click.echo(_line(refusal), err=True)
    return len(run.refusals)


def _line(refusal: Refusal) -> str:
    name = click.format_filename(refusal.file)
    shown = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name
    )
    return f"{shown}: {refusal.fault}"


def _tell(run: Import) -> None:
    click.echo(f"{run.taken} files imported, {len(run.refusals)} refused.")
    for kind in Kind:
        counts = [
            f"{number} {change.value}"
            for change in Change
            if (number := run.outcome.changes[kind, change])
        ]
        if counts:
            click.echo(f"  {kind.value}: {', '.join(counts)}")
    if run.outcome.unresolved:
        click.echo(
            f"  {run.outcome.unresolved} encounters name a practitioner or a place that is in none of"
            " the files; they are kept without"
        )
    if run.outcome.left_out:
        kinds = ", ".join(f"{kind} {number}" for kind, number in run.outcome.left_out.most_common())
        click.echo(f"  not read yet: {kinds}")


def _size(files: list[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.is_file())


def _now() -> datetime:
    return datetime.now(UTC)
