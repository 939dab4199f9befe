# setup.py - gives each top-level folder its import name; everything else is in pyproject.toml
"""Map the folders at the top level to the packages of the ``descant`` namespace."""

from setuptools import find_packages, setup

FOLDERS = ("models", "kernels", "runtime", "export", "desktop")

setup(
    packages=[f"descant.{folder}" for folder in FOLDERS]
    + [f"descant.{folder}.{sub}" for folder in FOLDERS for sub in find_packages(folder)],
    package_dir={"descant": "."},
)
