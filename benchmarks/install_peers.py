"""Install the packages that `estimation.py` is timed against, each in an environment of its own.

    python benchmarks/install_peers.py [--into DIR]

balance wants an older numpy and scikit-learn than svy, so there are two environments. DIR is by
default in the system's folder for temporary files: nothing of it is part of the project. R's
`survey` is installed as R packages are: install.packages("survey").
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PEERS = {
    "svy": ("svy==0.35.0", "polars", "pyarrow"),
    "balance": (
        "balance==0.23.0",
        "ipfn==1.4.4",
        "numpy<2",
        "scikit-learn<1.4",
        "pandas<3",
        "pyarrow<20",
        "setuptools<80",
    ),
}
"""What each environment holds; ipfn lives with balance."""
PLACE = Path(tempfile.gettempdir()) / "survey-kit-peers"


def python_of(name: str, place: Path = PLACE) -> Path:
    """The Python of an environment."""
    return place / name / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--into", type=Path, default=PLACE)
    place = parser.parse_args().into
    failed = 0
    for name, packages in PEERS.items():
        venv.create(place / name, with_pip=True)
        command = [python_of(name, place), "-m", "pip", "install", "--quiet", *packages]
        done = subprocess.run(command, check=False)
        failed += done.returncode != 0
        print(f"{name}: {'installed' if done.returncode == 0 else 'could not be installed'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
