"""The project's own Shopify samples, fresh for each test that changes them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aftersales.platforms.shopify import parse_payload

FOLDER = Path(__file__).parents[2] / "examples" / "shopify"


def sample(name: str) -> Any:
    """The parsed sample `examples/shopify/NAME.json`."""
    return parse_payload((FOLDER / f"{name}.json").read_bytes())


def order_with(**fields: Any) -> Mapping[str, Any]:
    """The usual sample order with some fields replaced; None takes one away."""
    order = sample("order")["order"]
    order |= fields
    return {"order": {key: value for key, value in order.items() if value is not None}}
