"""The words of ``descant export`` and ``descant eval``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

from descant.runtime.cli import export, imports

AddCommon = Callable[[argparse.ArgumentParser], None]


def add_export(
    parser: argparse.ArgumentParser,
    parser_class: type[argparse.ArgumentParser],
    add_common: AddCommon,
) -> None:
    """Add the commands that make packs."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=parser_class)
    index = commands.add_parser("index", help="a pack that searches your own melodies")
    index.set_defaults(run=export.index)
    index.add_argument("folder", metavar="FOLDER", help="of MIDI files, with its subfolders")
    index.add_argument("-o", "--output", required=True, metavar="PACK", help="folder of the pack")
    index.add_argument(
        "--licence", default="as its owner says", metavar="TEXT", help="of the melodies"
    )
    add_common(index)
    _add_import(commands.add_parser("import", help="a pack of a published checkpoint"))
    _add_connect(
        commands.add_parser("connect", help="an image branch to a pack's denoiser"), add_common
    )
    _add_int8(commands.add_parser("int8", help="a pack whose UNet is faster on a CPU"))
    _add_engine(commands.add_parser("engine", help="a pack's engines for NVIDIA cards"))


def _add_connect(parser: argparse.ArgumentParser, add_common: AddCommon) -> None:
    parser.set_defaults(run=imports.connect)
    add = parser.add_argument
    add("branch", metavar="BRANCH", help="folder that `descant export import sd` has written")
    add("--pictures", type=int, default=60, metavar="N", help="drawn pictures to fit it to")
    add_common(parser)


def _add_int8(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=export.int8)
    add = parser.add_argument
    add("pack", metavar="PACK", help="name, folder or .descant file")
    add("-o", "--output", required=True, metavar="PACK", help="folder, or a file NAME.descant")
    add("--threads", type=int, metavar="N", help="cores to use; all by default")
    add("--json", action="store_true", help="print one JSON object")


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=imports.import_checkpoint)
    add = parser.add_argument
    add(
        "paths", nargs="+", metavar="PATH",
        help="checkpoint, vocab.json, merges.txt, melody.npy, melody.faiss, or folders with them; "
        "or `sd FOLDER`: Stable Diffusion of diffusers, as an image branch; or `clip FOLDER`: a "
        "vision tower for --pack; or `blip FOLDER`: BLIP of transformers, as a captioner",
    )  # fmt: skip
    add("-o", "--output", required=True, metavar="PACK", help="folder, or a file NAME.descant")
    add("--precision", choices=("fp32", "fp16"), default="fp16", help="of the stored weights")
    add("--target", choices=("cpu", "gpu"), default="cpu", help="what computes fp16 weights")
    add("--weights", choices=("ema", "raw"), default="ema", help="of the UNet")
    add("--steps", type=int, metavar="N", help="of sd: of a picture's inversion, 50 by default")
    add("--evaluations", type=int, metavar="N", help="of sd: how many are taken, all by default")
    add("--pack", metavar="PACK", help="of clip: the pack that is to see, starter by default")
    add("--minutes", type=float, metavar="N", help="of clip: for fitting, at most; 10 by default")
    add("--training", metavar="DIR", help="of clip: training data to fit to; else it is drawn")
    add("--json", action="store_true", help="print one JSON object")


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=export.engine)
    add = parser.add_argument
    add("pack", metavar="PACK", help="name, folder or .descant file")
    add("--precision", choices=("fp16", "fp32"), default="fp16", help="what they compute in")
    add("--sm", metavar="LIST", help="compute capabilities; 86,89,120 by default")
    add("--profile", metavar="seconds=MIN:OPT:MAX", help="lengths of clips; the pack's by default")
    add("--graphs", metavar="LIST", help="only these, such as vocoder,vae_decoder")
    add("-o", "--output", metavar="DIR", help="folder of the engines; beside the pack by default")
    add("--json", action="store_true", help="print one JSON object")
    add("--progress", action="store_true", help="tell a program how far it is, by lines of JSON")


def add_eval(parser: argparse.ArgumentParser) -> None:
    """Add the options of the measurement."""
    parser.set_defaults(run=export.evaluate)
    add = parser.add_argument
    add("pack", nargs="?", default="starter", metavar="PACK", help="name, folder or .descant file")
    add("--split", choices=("test", "train"), default="test", help="pieces that are asked for")
    add("--clips", type=int, default=100, metavar="N", help="of each kind of request")
    add("--kinds", metavar="LIST", help="of requests, such as prompt,picture; all by default")
    add("--catalogue", type=int, default=1000, metavar="N", help="real clips to search among")
    add("--seed", type=int, default=0, metavar="N", help="of the music that is made")
    add("--cache", metavar="DIR", help="keeps real music; in the user's cache by default")
    add("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--markdown", action="store_true", help="print the model card's table")
