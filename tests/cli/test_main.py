"""The command line as a whole: help, exit codes, and what is said of a fault of the program."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from survey_kit.cli import COMMANDS


def survey_kit(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "survey_kit", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_command_and_imports_none_of_the_slow_libraries():
    program = (
        "import sys\nsys.argv = ['survey-kit', '--help']\nfrom survey_kit.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print({'pandas', 'numpy', 'scipy', 'statsmodels', 'altair'} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert all(name in done.stdout for name in COMMANDS)
    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str):
    from click.testing import CliRunner

    from survey_kit.cli import group

    told = CliRunner().invoke(group, [name, "--help"])

    assert told.exit_code == 0
    assert told.output.startswith("Usage:")


def test_an_unknown_command_is_a_fault_of_usage():
    done = survey_kit("rnu")

    assert done.returncode == 2
    assert "rnu" in done.stderr


def test_a_missing_file_is_bad_input(tmp_path: Path):
    done = survey_kit("check", "nowhere.yaml", folder=tmp_path)

    assert done.returncode == 3
    assert done.stderr.startswith("nowhere.yaml: ")


def test_a_fault_of_the_program_is_told_without_its_message(tmp_path: Path):
    program = (
        "import sys\nsys.argv = ['survey-kit', 'doctor']\n"
        "import survey_kit.cli.doctor as doctor\n"
        "def broken(*_):\n    raise ValueError('the answer was 555-0100')\n"
        "doctor._line = broken\n"
        "from survey_kit.cli import main\nmain()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert done.returncode == 70
    assert "ValueError" in done.stderr
    assert "555" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_the_system_is_told_with_the_name_of_the_file_and_not_its_path(tmp_path: Path):
    program = (
        "import sys\nsys.argv = ['survey-kit', 'doctor']\n"
        "import survey_kit.cli.doctor as doctor\n"
        "def broken(*_):\n    raise OSError(28, 'No space left on device', '/secret/place/t.xlsx')\n"
        "doctor._line = broken\n"
        "from survey_kit.cli import main\nmain()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert done.returncode == 3
    assert done.stderr.strip() == (
        "t.xlsx: the system says: No space left on device. Check the file, its folder, and the room"
        " on the disk."
    )


def test_a_memory_that_is_too_small_is_told_as_what_it_is(tmp_path: Path):
    program = (
        "import sys\nsys.argv = ['survey-kit', 'doctor']\n"
        "import survey_kit.cli.doctor as doctor\n"
        "def full(*_):\n    raise MemoryError\n"
        "doctor._line = full\n"
        "from survey_kit.cli import main\nmain()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert done.returncode == 3
    assert done.stderr.strip() == (
        "the memory of this machine: it does not hold all that was asked for. "
        "Ask for fewer interviews, or split the file."
    )


def test_a_reader_that_leaves_is_no_fault(tmp_path: Path):
    program = (
        "import sys\nsys.argv = ['survey-kit', 'doctor']\n"
        "import os\nfrom survey_kit.cli import main\n"
        "kept, writing = os.pipe()\nos.close(kept)\nos.dup2(writing, 1)\nmain()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert done.returncode == 1
    assert done.stderr == ""


def test_debug_may_stand_anywhere(tmp_path: Path):
    before = survey_kit("--debug", "check", "nowhere.yaml", folder=tmp_path)
    after = survey_kit("check", "nowhere.yaml", "--debug", folder=tmp_path)

    for done in (before, after):
        assert done.returncode == 1
        assert "Traceback" in done.stderr
        assert "nowhere.yaml: there is no such file" in done.stderr


def test_the_explorer_says_when_its_port_is_taken(root: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = survey_kit(
            "explore", "analysis/community_perceptions", "--port", str(port), folder=root
        )

    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"port {port}: something else is served there, perhaps another explorer. Close it, or name"
        " another port with --port."
    )


def test_a_warning_of_the_program_is_told_without_its_message_and_its_path(tmp_path: Path):
    program = (
        "import sys, warnings\nsys.argv = ['survey-kit', 'doctor']\n"
        "import survey_kit.cli.doctor as doctor\n"
        "doctor.NEEDED, doctor.EXTRAS = ('pandas',), {}\n"
        "def warn(*_):\n"
        "    warnings.warn_explicit('the answer was 555', RuntimeWarning, doctor.__file__, 7)\n"
        "    warnings.warn_explicit('not ours', RuntimeWarning, '/usr/lib/other.py', 8)\n"
        "    return True\n"
        "doctor._line = warn\n"
        "from survey_kit.cli import main\nmain()\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert done.returncode == 0
    assert done.stderr == (
        "survey-kit: a warning of this program (RuntimeWarning at doctor.py:7); please report it.\n"
    )
