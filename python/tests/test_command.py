"""The program that comes along: its streams, its exit codes, how it stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import run

import opine_survey

SCRIPT = Path(sys.executable).parent / "opine"


def test_it_is_a_command() -> None:
    if not SCRIPT.exists():
        pytest.skip("the module is not installed")
    done = subprocess.run([SCRIPT, "interval", "63", "-n", "1500"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("63%, 95% interval 60.5–65.4")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--version"], 0),
        (["check", "egf2023", "--strict"], 1),
        (["interval", "630", "-n", "1500"], 2),
        (["estimate", "no-such.csv", "prop(q1)"], 3),
    ],
)
def test_exit_codes_are_those_of_the_program(args: list[str], code: int) -> None:
    assert run(*args).returncode == code


def test_standard_input_and_pipes() -> None:
    rows = run("estimate", "-", "prop(q1)", "--by", "party", "--csv", stdin=Path("poll.csv").read_bytes())
    assert rows.returncode == 0 and rows.stdout.startswith(b"source,")
    chart = run("chart", "stacked", "-", "-o", "-", stdin=rows.stdout)
    assert chart.returncode in (0, 2)


def test_a_reader_that_has_had_enough_is_no_error() -> None:
    args = [sys.executable, "-m", "opine_survey", "estimate", "poll.csv", "prop(id)", "--csv"]
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"error" not in process.stderr.read()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_the_program() -> None:
    reader, writer = os.pipe()
    # whoever started the tests may have had the signal ignored, which what they start inherits
    process = subprocess.Popen(
        [sys.executable, "-m", "opine_survey", "estimate", "-", "mean(x)"],
        stdin=reader,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    os.close(reader)
    try:
        # more than a pipe holds: once it is written, the program is reading, and waits for the end
        os.write(writer, b"x\n" + b"1\n2\n" * 100_000)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
    finally:
        process.kill()
        process.wait()
        os.close(writer)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_raises_within_long_work(tmp_path: Path) -> None:
    fifo = tmp_path / "never.csv"
    os.mkfifo(fifo)
    script = f"""
import opine_survey, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
signal.alarm(1)
try:
    opine_survey.open({str(fifo)!r})
except KeyboardInterrupt:
    print("stopped", flush=True)
    import os
    os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout == "stopped\n", done.stderr


def test_python_goes_on_while_the_library_works() -> None:
    import threading

    poll = opine_survey.open("poll.csv", weights="weight")
    rows: list[object] = []
    threads = [threading.Thread(target=lambda: rows.append(poll.estimate("prop(q1)", by="party").rows)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows) == 4 and all(one == rows[0] for one in rows)
