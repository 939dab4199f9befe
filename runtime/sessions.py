"""A pack's graphs: loaded on first use, within a budget of memory, shared by threads."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from itertools import count
from pathlib import Path
from typing import Any

from descant.models.spec import Manifest
from descant.runtime.costs import Costs
from descant.runtime.engine_cache import cache_folder
from descant.runtime.errors import DeviceMemoryError
from descant.runtime.graph import Graph
from descant.runtime.graph_source import GraphSource, engine_source, read_graph, solver_source
from descant.runtime.loop_pool import LoopPool
from descant.runtime.pack import Pack, PackFiles
from descant.runtime.prebuilt import LIBRARIES, Prebuilt, find_engine
from descant.runtime.provider_target import Target, check_taken, make_target, open_session
from descant.runtime.providers import Choice
from descant.runtime.solver_graph import SOLVER_STEP
from descant.runtime.tuning import Tuning


class Sessions:
    """All graphs of a pack on one device."""

    def __init__(
        self,
        pack: PackFiles[Manifest],
        choice: Choice,
        threads: int | None = None,
        tuning: Tuning | None = None,
    ) -> None:
        """Take a pack; nothing is loaded yet.

        Args:
            pack: Open; it stays the caller's.
            choice: The device.
            threads: Of ``Tuning``, when the rest of it is not of interest.
            tuning: Threads, memory, loop.
        """
        self.files = pack
        self.choice = choice
        self.tuning = tuning or Tuning(threads)
        self.loops = LoopPool()
        self.costs = Costs()
        self.spare: Sessions | None = None
        """Sessions on a safer device, freed with these."""
        self.trusted: dict[tuple[str, Hashable], bool] = {}
        self.trust_lock = threading.Lock()
        self._recordings = count(1, 2)
        self._target: Target | None = None
        self._loaded: dict[str, tuple[Graph, float]] = {}
        self._capturing: set[str] = set()
        self._warnings: dict[str, None] = {}
        self._engines: dict[str, Prebuilt] = {}
        self._lock = threading.RLock()

    def __getitem__(self, name: str) -> Graph:
        """Return a graph, loading it first when nobody has asked for it lately.

        What has not been used for longest is released when the budget needs it. A graph that
        another thread is computing with stays in memory until that thread has done.

        Raises:
            PackIntegrityError: Its file has changed since the pack was opened.
            PackFormatError: It is not a graph, or reaches outside the pack.
            GraphMismatchError: It differs from its spec.
            DeviceMemoryError: It is larger than the budget or than the device's memory.
            ProviderUnavailableError: The device does not take it.
        """
        with self._lock:
            return self._get(name, name)

    @property
    def pack(self) -> Pack:
        """The pack that makes music; graphs of other kinds have ``files`` alone."""
        assert isinstance(self.files, Pack), "an image branch has no pipeline"
        return self.files

    @property
    def target(self) -> Target:
        """Where graphs compute.

        Raises:
            ProviderUnavailableError: The device's library can't be loaded any more.
        """
        with self._lock:
            if self._target is None:
                self._target = self._make_target()
            return self._target

    @property
    def warnings(self) -> tuple[str, ...]:
        """What users of the clips should know about the graphs that were loaded."""
        with self._lock:
            return tuple(self._warnings)

    @property
    def engines(self) -> dict[str, str]:
        """Of each graph that was loaded, which engine it is or why it is none."""
        with self._lock:
            return {name: found.reason for name, found in self._engines.items()}

    @property
    def loaded_mb(self) -> float:
        """Memory that the loaded graphs take, estimated from their weights."""
        with self._lock:
            return sum(needed for _, needed in self._loaded.values())

    @property
    def loaded(self) -> tuple[str, ...]:
        """Names of the loaded graphs, the one used last at the end."""
        with self._lock:
            return tuple(self._loaded)

    @property
    def uses_device_loop(self) -> bool:
        """Whether latents stay on the device between solver steps."""
        asked = self.tuning.device_loop
        # On a CPU nothing is saved: two cores took as long for the starter's steps either way, and
        # a few tenths of a millisecond longer for each step of a latent diffusion.
        return self.target.memory != "host" if asked is None else asked

    def next_recording(self) -> int:
        """Return a number for CUDA graphs; it and the next are given once."""
        return next(self._recordings)

    def warn(self, text: str) -> None:
        """Add a warning for the users of the clips, once."""
        with self._lock:
            self._warnings[text] = None

    def release(self, name: str) -> None:
        """Free one graph; it is loaded again when it is asked for."""
        with self._lock:
            self.loops.drop(name)
            for key in (name, _plain(name)):
                self._loaded.pop(key, None)

    def capture(self, name: str, on: bool) -> None:
        """Switch CUDA graphs of one graph on or off; it is loaded anew if they were not so."""
        with self._lock:
            if (name in self._capturing) == on:
                return
            self.release(name)
            (self._capturing.add if on else self._capturing.discard)(name)

    def close(self) -> None:
        """Free all sessions; they are loaded again when they are asked for."""
        with self._lock:
            self.loops.clear()
            self._loaded.clear()
        if self.spare is not None:
            self.spare.close()

    def _get(self, name: str, key: str) -> Graph:
        graph, needed = self._loaded.pop(key, (None, 0.0))
        if graph is None:
            source = self._source(name, key)
            needed = source.needed_mb
            self._make_room(name, needed)
            graph = self._load(name, source)
        self._loaded[key] = (graph, needed)
        return graph

    def _make_room(self, name: str, needed_mb: float) -> None:
        budget = self.tuning.memory_budget_mb
        if budget is None:
            return
        if needed_mb > budget:
            raise DeviceMemoryError(
                f"graph {name!r} needs {needed_mb:.0f} MB, and the budget is {budget} MB",
                hint=f"give it {needed_mb:.0f} MB or more, or use a smaller pack",
            )
        while self._loaded and self.loaded_mb + needed_mb > budget:
            self.release(next(iter(self._loaded)).removesuffix(_PLAIN))

    def _source(self, name: str, key: str) -> GraphSource:
        if name == SOLVER_STEP:
            return solver_source()
        if key == name and self.choice.device in LIBRARIES:
            engine = self._engines[name] = find_engine(self.files, name, self.choice.device)
            if engine.path is not None:
                return engine_source(self.files.spec.graphs[name], engine)
        return read_graph(self.files, name)

    def _load(self, name: str, source: GraphSource) -> Graph:
        target = self.target.capturing() if name in self._capturing else self.target
        options = self._options()
        source.add_weights(options)
        session = open_session(source.model, options, target, name)
        if source.engine is not None:
            # An engine is one node, and it is the provider's.
            return Graph(
                name, source.spec, session, target, source.engine.ranges, lambda: self._other(name)
            )
        left = check_taken(session, target, name) if name != SOLVER_STEP else None
        if left is not None:
            self.warn(left)
        return Graph(name, source.spec, session, target)

    def _other(self, name: str) -> Graph:
        """Return the graph from which an engine was built, for lengths that it does not take."""
        with self._lock:
            return self._get(name, _plain(name))

    def _make_target(self) -> Target:
        device = self.choice.device
        cache: Path | None = None
        if device in ("trt-rtx", "tensorrt"):
            cache = cache_folder() / "compiled" / f"{device}-{self.files.sha256[:12]}"
            try:
                cache.mkdir(parents=True, exist_ok=True)
            except OSError:
                cache = None  # it compiles again every time, which is slow and not wrong
        return make_target(device, cache)

    def _options(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.tuning.cores
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.use_deterministic_compute = True
        options.log_severity_level = 3
        # Threads that spin between calls would take the cores that NumPy's stages need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return options


_PLAIN = "|plain"


def _plain(name: str) -> str:
    return name + _PLAIN
