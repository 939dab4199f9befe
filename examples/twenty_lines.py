"""A game's music in twenty lines: one tune, calm and in battle, as it would be heard."""

import numpy as np
import soundfile

from descant.runtime import Engine, Request, Soundtrack

with Engine.open("starter") as engine:
    wish = Request(prompt="heroic fantasy adventure, orchestra", tempo_bpm=120, seed=7)
    music = Soundtrack(engine, wish, ("calm", "battle"), bars=4, stingers=("win",)).render()

heard = [music.read(6 * music.sample_rate)]  # six seconds of calm
music.intensity = 1.0  # the enemy comes: battle from the next bar on
heard.append(music.read(8 * music.sample_rate))
music.sting("win")  # from the next beat on
music.choose("calm")
heard.append(music.read(6 * music.sample_rate))
soundfile.write("adventure.wav", np.concatenate(heard, axis=1).T, music.sample_rate)
key = music.clips["calm"].receipt["music"]["key"]
print(f"adventure.wav: {music.beat:.0f} beats in {key}")
