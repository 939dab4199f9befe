"""A game whose music follows the danger, made while the game runs, at 60 frames a second.

    pip install descant pygame
    python examples/game.py                  # arrow keys; Escape ends it
    python examples/game.py --headless 20    # nobody looks: 20 seconds, and how long frames took

The music is made on a thread of its own. With ``--pump`` it is made a few milliseconds in each
frame instead, for games that have no core to spare; with ``--silent`` not at all.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pygame

from descant.runtime import Engine, Request, Soundtrack

SIZE = (640, 360)
FRAMES_PER_SECOND = 60
BUDGET_MS = 4.0
"""Of each frame, for making music: a quarter of it."""
CHUNK = 4096
"""Samples that are handed to the mixer at once, 93 ms."""
ENEMIES = 5
REACH = 220.0
"""Pixels within which an enemy is a danger."""


@dataclass
class World:
    """A player and those who are after it."""

    rng: random.Random = field(default_factory=lambda: random.Random(7))
    player: pygame.Vector2 = field(default_factory=lambda: pygame.Vector2(SIZE) / 2)
    enemies: list[pygame.Vector2] = field(default_factory=list)
    seconds: float = 0.0
    danger: float = 0.0
    """0 … 1, smoothed over a second."""
    escaped: bool = False
    """Whether the danger has passed in this very frame."""

    def update(self, steer: pygame.Vector2, elapsed: float) -> None:
        """Let some time pass."""
        self.seconds += elapsed
        self.player += steer * 160 * elapsed
        self.player.x, self.player.y = self.player.x % SIZE[0], self.player.y % SIZE[1]
        # They come in waves: for half of every twelve seconds they hunt, then they flee.
        hunting = self.seconds % 12 < 6
        while len(self.enemies) < ENEMIES:
            self.enemies.append(pygame.Vector2(self.rng.randrange(SIZE[0]), 0))
        for enemy in self.enemies:
            away = enemy - self.player
            if away.length() > 20:
                enemy += away.normalize() * elapsed * (-70 if hunting else 50)
            enemy.x, enemy.y = min(max(enemy.x, 0), SIZE[0]), min(max(enemy.y, 0), SIZE[1])
        nearest = min((enemy - self.player).length() for enemy in self.enemies)
        before, share = self.danger, min(elapsed, 1.0)
        self.danger += (min(max(1.2 - nearest / REACH, 0.0), 1.0) - self.danger) * share
        self.escaped = before >= 0.5 > self.danger

    def draw(self, screen: pygame.Surface, playing: str) -> None:
        """Show everything, the redder the more dangerous."""
        screen.fill((int(20 + 90 * self.danger), 24, 40))
        pygame.draw.circle(screen, (120, 220, 255), self.player, 10)
        for enemy in self.enemies:
            pygame.draw.circle(screen, (255, 90, 80), enemy, 8)
        pygame.draw.rect(screen, (255, 200, 60), (10, 10, 200 * self.danger, 8))
        pygame.display.set_caption(f"danger {self.danger:.1f} | music: {playing}")


class Speaker:
    """Hands the soundtrack to pygame's mixer, chunk by chunk, without a gap."""

    def __init__(self, music: Soundtrack) -> None:
        pygame.mixer.init(music.sample_rate, -16, 2, 1024)
        self._music = music
        self._channel = pygame.mixer.Channel(0)
        self._chunk = np.empty((music.channels, CHUNK), np.float32)

    def feed(self) -> None:
        """Keep one chunk waiting behind the one that sounds."""
        if self._music.ready and self._channel.get_queue() is None:
            self._music.read_into(self._chunk)
            whole = (self._chunk * 32767).astype(np.int16)
            both = np.ascontiguousarray(np.broadcast_to(whole, (2, CHUNK)).T)
            self._channel.queue(pygame.mixer.Sound(buffer=both.tobytes()))


@dataclass
class FrameTimes:
    """Milliseconds from frame to frame, and of the game's own work, by its processor's time."""

    making: list[tuple[float, float]] = field(default_factory=list)
    made: list[tuple[float, float]] = field(default_factory=list)

    def report(self) -> str:
        """Say how long frames took, with music in the making and without."""
        lines = []
        for name, rows in (("while music is made", self.making), ("otherwise", self.made)):
            if rows:
                (p50, work50), (p99, work99) = np.percentile(rows, [50, 99], axis=0)
                late = sum(frame > 1500 / FRAMES_PER_SECOND for frame, _ in rows)
                lines.append(
                    f"{name:19}: {len(rows)} frames, p50 {p50:.1f} ms, p99 {p99:.1f} ms "
                    f"(work {work50:.1f} and {work99:.1f} ms), {late} late by half a frame"
                )
        return "\n".join(lines)


def steering(seconds: float, headless: bool) -> pygame.Vector2:
    """Return where the player wants to go; a circle when nobody plays."""
    if headless:
        return pygame.Vector2(math.cos(seconds), math.sin(seconds))
    keys = pygame.key.get_pressed()
    x = int(keys[pygame.K_RIGHT]) - int(keys[pygame.K_LEFT])
    y = int(keys[pygame.K_DOWN]) - int(keys[pygame.K_UP])
    return pygame.Vector2(x, y)


def wants_to_leave() -> bool:
    """Whether the window was closed or Escape was pressed."""
    return any(
        event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE)
        for event in pygame.event.get()
    )


def play(music: Soundtrack, options: argparse.Namespace) -> FrameTimes:
    """Run the game until somebody leaves it, or its time is up."""
    screen, clock, world = pygame.display.set_mode(SIZE), pygame.time.Clock(), World()
    speaker, times = Speaker(music), FrameTimes()
    if not (options.pump or options.silent):
        music.start()
    last = time.perf_counter()
    while not wants_to_leave() and (not options.headless or world.seconds < options.headless):
        begin, work = time.perf_counter(), time.thread_time()
        making = not (options.silent or music.done)
        world.update(steering(world.seconds, bool(options.headless)), begin - last)
        music.intensity = world.danger
        if world.escaped:
            music.sting("win")
        if making and options.pump:
            music.advance(BUDGET_MS)
        speaker.feed()
        world.draw(screen, music.playing.name if music.playing else "none yet")
        pygame.display.flip()
        work = time.thread_time() - work
        (times.making if making else times.made).append(((begin - last) * 1000, work * 1000))
        last = begin
        clock.tick(FRAMES_PER_SECOND)
    return times


def main(arguments: Sequence[str] | None = None) -> None:
    """Open the engine, play, and say how long the frames took."""
    parser = argparse.ArgumentParser(description="A game whose music follows the danger.")
    parser.add_argument("--headless", type=float, metavar="SECONDS", help="no window, no sound")
    parser.add_argument("--pump", action="store_true", help="make some of the music in each frame")
    parser.add_argument("--silent", action="store_true", help="make no music, to compare")
    parser.add_argument("--pack", default="starter")
    parser.add_argument("--prompt", default="heroic fantasy adventure, orchestra")
    parser.add_argument("--bars", type=int, default=4)
    options = parser.parse_args(arguments)
    if options.headless:
        os.environ |= {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
    pygame.init()
    wish = Request(prompt=options.prompt, tempo_bpm=120, seed=7)
    # On a thread of its own the music takes one core and leaves the others to the game, which
    # waits meanwhile otherwise: then all cores make its frames the shortest.
    with Engine.open(options.pack, threads=None if options.pump else 1) as engine:
        # On the loading screen: reads the graphs from the disk, which takes longer than a frame.
        engine.generate(Request(prompt="loading", seconds=1, steps=1))
        music = Soundtrack(
            engine, wish, ("calm", "explore", "tense", "battle"), bars=options.bars,
            stingers=("win",),
        )  # fmt: skip
        try:
            times = play(music, options)
        finally:
            music.close()
    pygame.quit()
    print(
        f"{music.progress:.0%} of the music made, {music.position / music.sample_rate:.1f} s heard"
    )
    print(times.report())


if __name__ == "__main__":
    main()
