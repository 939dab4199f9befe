"""Which pack and device make the music: chosen on more than one page, kept in the settings."""

from __future__ import annotations

from descant.desktop.context import AppContext
from descant.runtime import StoredPack


def use_pack(context: AppContext, pack: StoredPack) -> None:
    """Make music with a pack from now on, and after the next start."""
    name = pack.name if pack.is_built_in else str(pack.path)
    context.settings.update(pack=name)
    context.queue.set_engine(name, context.settings.value.device)


def use_device(context: AppContext, device: str) -> None:
    """Compute on a device from now on, and after the next start."""
    context.settings.update(device=device)
    context.queue.set_engine(context.settings.value.pack, device)


def same_pack(pack: StoredPack, chosen: str) -> bool:
    """Whether what the settings name is this pack."""
    return chosen in (str(pack.path), pack.name if pack.is_built_in else str(pack.path))
