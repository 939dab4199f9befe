"""Connect an image branch to a pack that has one of its own."""

from __future__ import annotations

from descant.export.errors import ExportInputError
from descant.export.sd_adapter import OnPicture, connect
from descant.export.sd_fitting import Attention
from descant.models.sd_spec import AdapterSpec
from descant.runtime.families import IMAGE_BRANCH
from descant.runtime.image_branch import FlowBranch, KeysValues, Pixels
from descant.runtime.pieces import drain
from descant.runtime.sd_branch import SdBranch, pack_name
from descant.runtime.sessions import Sessions


def connect_pack(
    branch: SdBranch, sessions: Sessions, pictures: int, on_picture: OnPicture
) -> AdapterSpec:
    """Connect a branch to a pack that has an image branch of its own; see ``connect``.

    Raises:
        ExportInputError: The pack has none.
    """
    spec = sessions.pack.spec
    if IMAGE_BRANCH not in spec.graphs:
        raise ExportInputError(
            f"pack {spec.id!r} has no synapse to connect an image branch to",
            hint="Take a pack of the starter's second version.",
        )
    _, layers, heads, _, head_dim = spec.graphs[IMAGE_BRANCH].outputs["keys"].shape
    attention = Attention(int(layers), int(heads), int(head_dim))
    flow = FlowBranch(sessions)

    def see(pixels: Pixels) -> KeysValues:
        return drain(flow.keys_values(pixels))

    return connect(branch, see, attention, pack_name(spec), pictures, on_picture)
