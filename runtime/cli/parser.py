"""The command line's words."""

from __future__ import annotations

import argparse
from typing import NoReturn

from descant.runtime.cli import doctor, generate, packs, score
from descant.runtime.cli.app import add_app
from descant.runtime.cli.batch import add_batch
from descant.runtime.cli.bench_parser import add_bench
from descant.runtime.cli.console import prepare_streams
from descant.runtime.cli.explain import add_explain, add_explained
from descant.runtime.cli.export_parser import add_eval, add_export
from descant.runtime.cli.melody_parser import add_melody
from descant.runtime.cli.replay import add_replay
from descant.runtime.providers import DEVICES
from descant.runtime.receipt import package_version


class OneLineParser(argparse.ArgumentParser):
    """Reports a wrong option in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the message with a hint and exit with code 2."""
        line = " ".join(message.split())
        self.exit(2, f"descant: error: {line} (see {self.prog} --help)\n")


class _Version(argparse.Action):
    """Looks the version up only when asked: that costs 20 ms."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        print(f"descant {package_version()}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    prepare_streams()
    parser = OneLineParser(
        prog="descant", description="Music from a sentence or a melody, offline."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=OneLineParser)
    add_app(commands.add_parser("app", help="the desktop app"))
    _add_generate(commands.add_parser("generate", help="make music"))
    explain = commands.add_parser("explain", help="how pictures become words for music")
    add_explain(explain)
    _add_common(explain)
    _add_score(commands.add_parser("score", help="make music for a film"))
    add_melody(
        commands.add_parser("melody", help="melodies: find, record, write down"),
        OneLineParser,
        _add_common,
    )
    batch = commands.add_parser("batch", help="make the clips of a table")
    add_batch(batch)
    _add_common(batch)
    replay = commands.add_parser("replay", help="make a file's music again and compare")
    add_replay(replay)
    _add_common(replay)
    replay.set_defaults(pack=None, device=None)  # those of the file
    _add_packs(commands.add_parser("packs", help="the models"))
    add_export(commands.add_parser("export", help="make packs"), OneLineParser, _add_common)
    add_eval(commands.add_parser("eval", help="measure a pack on held-out music"))
    _add_doctor(commands.add_parser("doctor", help="what works on this machine, and why not"))
    add_bench(commands.add_parser("bench", help="measure this machine"), OneLineParser)
    return parser


def _add_generate(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=generate.run)
    add = parser.add_argument
    add("prompt", nargs="?", default="", metavar="PROMPT", help="what to play, in words")
    add("-o", "--output", required=True, metavar="FILE", help=".wav, .flac or .ogg")
    add("--melody", metavar="FILE.mid", help="play over this melody")
    add("--hum", metavar="FILE", help="a recording of the melody, hummed or played")
    add("--story", default="", metavar="TEXT|@FILE", help="a text that the music goes with")
    add("--audio", metavar="FILE", help="a sound that the music is like")
    add(
        "--image", action="extend", nargs="+", default=[], metavar="FILE",
        help="pictures that the music goes with",
    )  # fmt: skip
    add("--video", metavar="FILE", help="a film that the music goes with, and is as long as")
    add("--image-strength", type=float, metavar="N", help="weight of --image and --video, 0 to 2")
    add("--image-branch", metavar="BRANCH", help="Stable Diffusion in place of the pack's own")
    add("--negative", default="", metavar="TEXT", help="what to move away from")
    add("--seconds", type=float, metavar="N", help="length, 1 to 600")
    add("--bars", type=int, metavar="N", help="length in bars, in place of --seconds")
    add("--loop", action="store_true", help="whole bars whose end leads into their beginning")
    add("--bpm", type=float, metavar="N", help="tempo; overrides the prompt")
    add("--key", metavar="KEY", help="such as 'D minor'; overrides the prompt")
    add("--seed", type=int, metavar="N", help="same seed, same music")
    add("--steps", type=int, metavar="N", help="solver steps: more is finer and slower")
    add("--guidance", type=float, metavar="N", help="weight of the prompt; 1 is off")
    add("--melody-strength", type=float, metavar="N", help="0 ignores the melody, 1 follows it")
    add(
        "--deadline-ms", type=float, metavar="N",
        help="be done in so many milliseconds: with fewer steps, or a preview of the melody",
    )  # fmt: skip
    add("--count", type=int, default=1, metavar="N", help="clips to make, in numbered files")
    add("--candidates", type=int, metavar="N", help="clips to choose the best --count from")
    add("--sampler", metavar="NAME", help="euler, ddim or dpm++, as the pack allows")
    add("--eta", type=float, metavar="N", help="randomness of ddim, 0 to 1")
    _add_recording(parser)
    _add_outputs(parser)
    add("--memory-mb", type=int, metavar="N", help="memory that the loaded graphs may take")
    add_explained(parser)
    _add_common(parser)


def _add_recording(parser: argparse.ArgumentParser) -> None:
    """Add what starts from a recording."""
    add = parser.add_argument
    add("--init", "--vary", metavar="FILE", help="audio to start from")
    add("--strength", type=float, metavar="N", help="how far to leave --vary, 0 to 1")
    add(
        "--inpaint", type=_span, metavar="A:B",
        help="make seconds A to B of --vary anew, keep the rest",
    )  # fmt: skip
    add("--continue", dest="continues", metavar="FILE", help="audio to go on from")
    add("--joined", action="store_true", help="write that audio and what comes after as one file")


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--bit-depth", type=int, choices=(16, 24), default=16, help="of WAV and FLAC")
    add("--plot", metavar="FILE.png", help="draw waveform, mel spectrogram and melody")
    add("--midi", metavar="OUT.mid", help="write the notes that sound")


def _add_score(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=score.run)
    add = parser.add_argument
    add("film", metavar="FILM", help="MP4, MOV, MKV, WebM, AVI, … of up to ten minutes")
    add("-o", "--output", required=True, metavar="FILE", help=".mp4, .m4v, .mov, .mkv or .webm")
    add("--prompt", default="", metavar="TEXT", help="what to play; by default read off the film")
    add("--image-strength", type=float, metavar="N", help="weight of what is seen, 0 to 2")
    add("--story", default="", metavar="TEXT|@FILE", help="a text that the music goes with")
    add("--audio", metavar="FILE", help="a sound that the music is like")
    add("--melody", metavar="FILE.mid", help="play over this melody")
    add("--bpm", type=float, metavar="N", help="tempo; overrides the prompt")
    add("--key", metavar="KEY", help="such as 'D minor'; overrides the prompt")
    add("--seed", type=int, metavar="N", help="same seed, same music")
    sound = parser.add_mutually_exclusive_group()
    sound.add_argument(
        "--mix", type=float, metavar="DB",
        help="music so much louder than the film's own sound, -6 by default",
    )  # fmt: skip
    sound.add_argument("--replace", action="store_true", help="leave the film's own sound out")
    add("--fade", type=float, metavar="S", help="in which the music comes and goes, 2 by default")
    _add_common(parser)


def _span(text: str) -> tuple[float, float]:
    start, _, end = text.partition(":")
    try:
        return float(start), float(end)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not like 2.5:4") from error


def _add_packs(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=OneLineParser)
    listing = commands.add_parser("list", help="packs that are there")
    listing.set_defaults(run=packs.show_list)
    info = commands.add_parser("info", help="what a pack holds")
    info.set_defaults(run=packs.show_info)
    verify = commands.add_parser("verify", help="check every file, load every graph")
    verify.set_defaults(run=packs.verify)
    install = commands.add_parser("install", help="check a pack and copy it to the others")
    install.set_defaults(run=packs.install)
    install.add_argument("source", metavar="FILE", help=".descant file or folder")
    remove = commands.add_parser("remove", help="delete an installed pack")
    remove.set_defaults(run=packs.remove)
    remove.add_argument("pack", metavar="NAME", help="as `descant packs list` names it")
    for command in (info, verify):
        command.add_argument("pack", nargs="?", default="starter", metavar="PACK")
    for command in (listing, install, remove):
        command.add_argument("--folder", metavar="DIR", help="of installed packs")
    for command in (listing, info, verify, install, remove):
        command.add_argument("--json", action="store_true", help="print one JSON object")


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=doctor.run)
    parser.add_argument("--pack", default="starter", metavar="PACK", help="what the trials play")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _add_common(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--pack", default="starter", metavar="PACK", help="name, folder or .descant file")
    add("--device", default="auto", metavar="DEVICE", help=f"one of {', '.join(DEVICES)}")
    add("--threads", type=int, metavar="N", help="cores to use; all by default")
    add("--json", action="store_true", help="print one JSON object")
