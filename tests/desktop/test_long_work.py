"""Long work reports, ends, fails and stops by signals; it never touches the window's thread."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from descant.desktop.long_work import LongWork, Report
from descant.runtime import PackError


def test_reports_and_result_come_on_the_windows_thread(qtbot: QtBot) -> None:
    threads: list[int] = []
    shares: list[float] = []

    def work(report: Report) -> int:
        report(0.5)
        return threading.get_ident()

    job = LongWork(work)
    job.progressed.connect(shares.append)
    job.done.connect(lambda _: threads.append(threading.get_ident()))
    with qtbot.waitSignal(job.done, timeout=5000) as ended:
        job.start()
    assert shares == [0.5]
    assert threads == [threading.get_ident()]
    assert ended.args is not None
    assert ended.args[0] != threading.get_ident()


def test_errors_become_sentences(qtbot: QtBot) -> None:
    def work(report: Report) -> None:
        raise PackError("file 'a' is damaged", hint="get the pack again")

    job = LongWork(work)
    with qtbot.waitSignal(job.failed, timeout=5000) as ended:
        job.start()
    assert ended.args == ["File 'a' is damaged.", "Get the pack again."]


def test_a_stop_ends_it_at_the_next_report(qtbot: QtBot) -> None:
    begun = threading.Event()

    def work(report: Report) -> None:
        while True:
            begun.set()
            report(0.1)

    job = LongWork(work)
    with qtbot.waitSignal(job.cancelled, timeout=5000):
        job.start()
        assert begun.wait(5)
        job.cancel()
    assert job.wait(5)
