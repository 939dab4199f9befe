"""A bridge that asks an instruction model on this machine, through ONNX Runtime's GenAI library."""

from __future__ import annotations

import json
import mmap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from descant.runtime.captions import MAX_CHARACTERS, MusicPrompt, Scene, one_line, shortened
from descant.runtime.errors import BackendError, RequestError
from descant.runtime.input_file import open_input
from descant.runtime.onnx_guard import check_onnx

CONFIG = "genai_config.json"
MAX_CONFIG_BYTES, MAX_GRAPH_BYTES = 1 << 20, 1 << 31
MAX_NEW_TOKENS = 96
"""Room for ``MAX_CHARACTERS`` in any language that music is described in."""
TIMEOUT_SECONDS = 60.0
STORY_CHARACTERS = 1200
_HINT = f"give a folder with {CONFIG}, an ONNX decoder and its tokenizer's files"
_DRIVER_KEYS = {"custom_ops_library", "library_path"}
"""Settings by which a folder could bring machine code of its own."""

INSTRUCTION = (
    "You turn what a picture, a film or a story shows into a description of music for it. Answer "
    f"in English with one line of less than {MAX_CHARACTERS} characters and nothing else. Use the "
    "words of musicians: guess the mood, name a genre such as ambient, folk, jazz, classical, rock "
    "or synthwave, the instruments and the tempo. Do not repeat the scene."
)
EXAMPLES = (
    (
        "a lighthouse on a cliff in a storm, waves breaking below",
        "tense cinematic orchestra in a minor key, low strings and rolling drums, a lonely french "
        "horn over them, driving tempo",
    ),
    (
        "children running through a sunny meadow with a kite",
        "playful folk with acoustic guitar, whistle and hand claps, bright major key, lively tempo",
    ),
)
"""After the published instruction's idea, a description and an answer each; words of our own."""


class LanguageBridge:
    """A local instruction model; the folder is the one that the library's model builder writes."""

    def __init__(
        self, folder: str | Path, threads: int | None = None, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        """Load a model.

        Args:
            folder: With ``genai_config.json``.
            threads: Cores to use; all when None.
            timeout: Seconds that an answer may take.

        Raises:
            RequestError: It is no such folder, or one that must not be trusted.
            BackendError: The library is missing.
        """
        self.name = f"model {Path(folder).name!r:.60}"
        self._timeout = timeout
        self._context = _check_folder(Path(folder))
        self._og = _library()
        try:
            config = self._og.Config(str(folder))
            config.clear_providers()  # the same words on every machine
            if threads is not None:
                options = {"session_options": {"intra_op_num_threads": threads}}
                config.overlay(json.dumps({"model": {"decoder": options}}))
            self._model = self._og.Model(config)
            self._tokenizer = self._og.Tokenizer(self._model)
        except RuntimeError as error:
            raise RequestError(
                f"bridge model {str(folder)!r:.200} can't be loaded: {str(error)[:200]}", hint=_HINT
            ) from error

    def music_prompt(self, scene: Scene) -> MusicPrompt:
        """Ask the model; its answer is cleaned and cut.

        Raises:
            RequestError: The model takes too few words.
            BackendError: It fails, takes too long, or says nothing.
        """
        text = shortened(answer_line(self._answer(scene)))
        if not text:
            raise BackendError(
                f"{self.name} gave no words for music",
                hint="say it yourself with --music-prompt, or use another model",
            )
        return MusicPrompt(text)

    def _answer(self, scene: Scene) -> str:
        deadline = time.monotonic() + self._timeout
        try:
            ids = self._tokenizer.encode(self._question(scene))
            if len(ids) + MAX_NEW_TOKENS > self._context:
                raise RequestError(
                    f"{self.name} reads {self._context} tokens, the question has {len(ids)}",
                    hint="use a model with a longer context",
                )
            params = self._og.GeneratorParams(self._model)
            params.set_search_options(
                max_length=len(ids) + MAX_NEW_TOKENS, do_sample=False, num_beams=1
            )
            generator = self._og.Generator(self._model, params)
            generator.append_tokens(ids)
            made: list[int] = []
            while not generator.is_done():
                if time.monotonic() > deadline:
                    raise BackendError(
                        f"{self.name} took longer than {self._timeout:g} s",
                        hint="use a smaller model, or say it yourself with --music-prompt",
                    )
                generator.generate_next_token()
                made.append(int(generator.get_next_tokens()[0]))
            return str(self._tokenizer.decode(made))
        except RuntimeError as error:
            raise BackendError(
                f"{self.name} failed: {str(error)[:200]}", hint="use another model"
            ) from error

    def _question(self, scene: Scene) -> str:
        """Write the conversation as the model has learned to read one."""
        turns = [turn for pair in EXAMPLES for turn in pair] + [said(scene)]
        roles = ("user", "assistant")
        talk = [{"role": roles[i % 2], "content": turn} for i, turn in enumerate(turns)]
        told = {"role": "system", "content": INSTRUCTION}
        first = {"role": "user", "content": f"{INSTRUCTION}\n\n{turns[0]}"}
        for messages in ([told, *talk], [first, *talk[1:]]):  # some models know no system
            try:
                return str(
                    self._tokenizer.apply_chat_template(
                        json.dumps(messages), add_generation_prompt=True
                    )
                )
            except RuntimeError:
                continue
        lines = [f"{message['role']}: {message['content']}" for message in [told, *talk]]
        return "\n".join([*lines, "assistant:"])


def said(scene: Scene) -> str:
    """Return what a model is told of a scene."""
    parts = [scene.description]
    if scene.story.strip():
        parts.append(f"Story: {shortened(scene.story, STORY_CHARACTERS)}")
    if scene.prompt.strip():
        parts.append(f"The listener asks for: {shortened(scene.prompt)}")
    return "\n".join(part for part in parts if part)


def answer_line(text: str) -> str:
    """Return the first line of an answer, without thoughts, labels, quotes and list marks."""
    text = text.rpartition("</think>")[2]
    for line in text.splitlines():
        plain = one_line(line).strip("\"'`*#-•“” ")
        label, colon, rest = plain.partition(":")
        if colon and label.strip(" *").lower() in ("music", "music prompt", "answer", "assistant"):
            plain = rest.strip("\"'`*“” ")
        if plain:
            return plain
    return ""


def _check_folder(folder: Path) -> int:
    """Look for what must not be in a folder; return how many tokens its model takes."""
    name = f"bridge model {str(folder)!r:.200}"
    with open_input(folder / CONFIG, "bridge model", _HINT, MAX_CONFIG_BYTES) as stream:
        content = stream.read(MAX_CONFIG_BYTES)
    try:
        config = json.loads(content)
        context, file = config["model"]["context_length"], config["model"]["decoder"]["filename"]
        fits = isinstance(context, int) and context > 0 and isinstance(file, str)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise RequestError(f"{name}: {CONFIG} tells of no text model", hint=_HINT) from error
    if not fits or Path(file).name != file:
        raise RequestError(f"{name}: {CONFIG} tells of no text model in this folder", hint=_HINT)
    if _DRIVER_KEYS & set(_keys(config)):
        raise RequestError(f"{name} brings a library of its own, which is not loaded", hint=_HINT)
    _check_graph(folder / file, name)
    return int(context)


def _keys(value: object) -> Iterator[str]:
    """Give the keys of all objects in a JSON value."""
    if isinstance(value, dict):
        yield from value
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _keys(inner)


def _check_graph(path: Path, name: str) -> None:
    beside = [file.name for file in path.parent.iterdir() if file.is_file()]
    with open_input(path, "bridge model", _HINT, MAX_GRAPH_BYTES) as stream:
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            check_onnx(memoryview(mapped), beside)
        except ValueError as error:
            raise RequestError(f"{name}: {path.name}: {error}", hint=_HINT) from error


def _library() -> Any:
    """Return the library, told once more to keep what it measures to itself."""
    try:
        import onnxruntime_genai
    except ImportError as error:
        raise BackendError(
            "a bridge model needs onnxruntime-genai, which is not installed",
            hint="pip install 'descant[bridge]'",
        ) from error
    if hasattr(onnxruntime_genai, "disable_telemetry_events"):
        onnxruntime_genai.disable_telemetry_events()
    return onnxruntime_genai
