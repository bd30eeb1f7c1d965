"""The ids Slack gives to blocks and elements whose sender gave none."""

from __future__ import annotations

import secrets
from typing import Any


def with_ids(block: dict[str, Any]) -> dict[str, Any]:
    """The block with a block_id, and action ids on its elements, where the sender gave none."""
    filled = {**block, "block_id": block.get("block_id") or secrets.token_urlsafe(4)}
    for name in ("elements", "actions"):
        if isinstance(filled.get(name), list) and filled.get("type") in ("actions", "card"):
            filled[name] = [_with_action_id(element) for element in filled[name]]
    for name in ("accessory", "element"):
        if isinstance(filled.get(name), dict):
            filled[name] = _with_action_id(filled[name])
    if isinstance(filled.get("child_blocks"), list):
        filled["child_blocks"] = [with_ids(child) for child in filled["child_blocks"]]
    return filled


def _with_action_id(element: dict[str, Any]) -> dict[str, Any]:
    return element if element.get("type") == "image" else {"action_id": secrets.token_urlsafe(4), **element}
