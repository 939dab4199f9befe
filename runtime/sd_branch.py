"""Stable Diffusion as an image branch: a picture -> keys and values that music attends to.

The picture's latents are inverted to noise (DDIM backwards, without guidance); the self-attention
of the UNet's way up at the last step tells keys and values (MeLFusion, Chowdhury et al. 2024,
§ 3.2), and a linear map brings them into the space of the music's denoiser.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from descant.kernels.area_resize import tower_pixels
from descant.models.bpe import VocabularyError
from descant.models.clip_bpe import ClipTokenizer
from descant.models.inversion import inversion_table
from descant.models.sd_spec import AdapterSpec, tap_names
from descant.models.spec import Manifest
from descant.runtime.branch_pack import ADAPTER, BranchPack, open_branch
from descant.runtime.errors import PackFormatError, RequestError
from descant.runtime.providers import Choice
from descant.runtime.sessions import Sessions
from descant.runtime.tuning import Tuning

FloatArray = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Taps = dict[str, FloatArray]
"""Keys and values of each layer, (1, heads, tokens, width of a head), by the graph's names."""
OnStep = Callable[[int, int], None]
"""Called with the steps that are done and how many there are; raises to stop."""
REMEMBERED = 32
"""Pictures whose keys and values are kept, 0.4 MB each for the starter."""


class SdBranch:
    """An open image branch on a device. Threads may share it; they wait for each other."""

    def __init__(self, pack: BranchPack, choice: Choice, tuning: Tuning | None = None) -> None:
        """Use ``SdBranch.open``; this takes a branch that is open already and now owns it."""
        self.pack = pack
        self._sessions = Sessions(pack, choice, tuning=tuning)
        self._tokenizer = _load_tokenizer(pack)
        self._known: OrderedDict[str, tuple[FloatArray, FloatArray]] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: str | Path, choice: Choice, tuning: Tuning | None = None) -> SdBranch:
        """Open a branch's folder.

        Raises:
            PackError: It is missing, malformed or damaged.
        """
        pack = open_branch(path)
        try:
            return cls(pack, choice, tuning)
        except BaseException:
            pack.close()
            raise

    @property
    def side(self) -> int:
        """Pixels of the square picture that it looks at."""
        return self.pack.spec.picture.side

    @property
    def adapter(self) -> AdapterSpec:
        """What connects the branch to a denoiser.

        Raises:
            RequestError: It has none yet.
        """
        adapter = self.pack.spec.adapter
        if adapter is None:
            raise self._unconnected("is not connected to a pack yet")
        return adapter

    def check_fits(self, spec: Manifest) -> None:
        """Refuse a pack to which the branch is not connected.

        Raises:
            RequestError: It is not, or to another version.
        """
        if self.adapter.pack != pack_name(spec):
            raise self._unconnected(
                f"is connected to {self.adapter.pack!r}, not to {pack_name(spec)!r}"
            )

    def keys_values(
        self, pixels: Pixels, /, caption: str = "", on_step: OnStep | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Return what the denoiser's layers attend to, each (layers, heads, tokens, head_dim).

        Args:
            pixels: (H, W, 3) sRGB, best of ``side`` pixels or more.
            caption: What is in the picture, as the inversion's prompt; empty for none.
            on_step: Told of the inversion's steps; a known picture has none.

        Raises:
            RequestError: The branch is not connected to a pack.
            NumericalError: A network returned NaN.
            BackendError: The device can't run it.
        """
        adapter = self.adapter
        told = repr((pixels.shape, caption)).encode()
        key = hashlib.sha256(told + pixels.tobytes()).hexdigest()
        with self._lock:
            if key not in self._known:
                taps = self._invert(pixels, caption, on_step)
                names = tap_names(self.pack.spec.picture.layers)
                heard = {name: taps[name] for layer in adapter.layers for name in names[layer]}
                made = self._sessions[ADAPTER].run(**heard)
                self._known[key] = made["keys"][0], made["values"][0]
                while len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
                self._sessions.close()  # its UNet alone takes several gigabytes
            self._known.move_to_end(key)
            return self._known[key]

    def taps(self, pixels: Pixels, caption: str = "", on_step: OnStep | None = None) -> Taps:
        """Return the branch's own keys and values; see ``keys_values``. Its graphs stay loaded."""
        with self._lock:
            return self._invert(pixels, caption, on_step)

    def close(self) -> None:
        """Free its graphs and let go of its files."""
        with self._lock:
            self._sessions.close()
            self.pack.close()

    def __enter__(self) -> SdBranch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _unconnected(self, what: str) -> RequestError:
        name = self.pack.path.name
        return RequestError(
            f"image branch {name!r} {what}",
            hint=f"run `descant export connect {name} --pack PACK` once",
        )

    def _invert(self, pixels: Pixels, caption: str, on_step: OnStep | None) -> Taps:
        """Take a picture's latents to noise; return keys and values of the last step."""
        spec = self.pack.spec
        tokens = np.array([self._tokenizer.encode(caption).ids], np.int64)
        states = self._sessions["text_encoder"].run(tokens=tokens)["states"]
        picture = to_picture(pixels, spec.picture.side)
        latents = self._sessions["vae_encoder"].run(picture=picture)["latents"]
        for name in ("text_encoder", "vae_encoder"):
            self._sessions.release(name)
        table = inversion_table(spec.inversion)
        graph = self._sessions["unet_step"]
        made: Taps = {}
        for step, timestep in enumerate(table.timesteps):
            made = graph.run(
                latents=latents, timesteps=np.array([timestep], np.float32), states=states
            )
            if on_step is not None:
                on_step(step + 1, len(table))
            latents = np.float32(table.latents[step]) * latents + np.float32(
                table.prediction[step]
            ) * made.pop("prediction")
        return made


def pack_name(spec: Manifest) -> str:
    """Return what an adapter calls the pack that it is for."""
    return f"{spec.id} {spec.version}"


def to_picture(pixels: Pixels, side: int) -> FloatArray:
    """Return (H, W, 3) sRGB pixels as (1, 3, side, side) in -1 … 1; see ``tower_pixels``."""
    shades: FloatArray = tower_pixels(pixels, side)[None].astype(np.float32) / 127.5 - 1.0
    return shades


def _load_tokenizer(pack: BranchPack) -> ClipTokenizer:
    picture = pack.spec.picture
    vocabulary, merges = pack.read("files.vocabulary"), pack.read("files.merges")
    try:
        return ClipTokenizer.from_files(vocabulary, merges, picture.pad_token, picture.text_tokens)
    except VocabularyError as error:
        raise PackFormatError(
            f"image branch {pack.path.name!r}: {error}", hint="import it again"
        ) from error
