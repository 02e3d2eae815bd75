"""What an operator has the press do, with a bar of progress; each answers a sentence of what was done."""

from datetime import datetime

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from broadsheet.press import actions, queries


def bar_of_progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), transient=True)


def press_all(bar: Progress, *, at: datetime) -> str:
    ids = queries.all_printable(at)
    counted = bar.add_task("Articles", total=len(ids))
    run = actions.press_many(ids, at=at, progress=lambda count: bar.advance(counted, count), anew=True)
    return f"{run.pressed} articles and {actions.press_all_pages(at=at)} pages printed."


def press_missed(bar: Progress, *, at: datetime) -> str:
    found = actions.press_stale(at=at, press_one=lambda article_id: actions.press(article_id, at=at))
    pages, dropped = actions.print_due(at=at), actions.drop_superseded(at=at)
    return f"{found} articles were not as they should be; {pages} pages printed again, {dropped} old snapshots dropped."


def squeeze_all(bar: Progress, *, at: datetime) -> str:
    total = queries.unsqueezed_count()
    counted = bar.add_task("Snapshots", total=total)
    return f"{actions.squeeze(most=total, progress=lambda count: bar.advance(counted, count))} snapshots squeezed."
