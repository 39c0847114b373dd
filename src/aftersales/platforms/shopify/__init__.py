"""Shopify orders in: a payload as Shopify sends it becomes lines, facts and what was paid.

Pure functions over parsed JSON. Which facts are filled, and what a missing field does, is told in
`docs/reference/shopify.md`.
"""

from aftersales.platforms.shopify.choose import chosen
from aftersales.platforms.shopify.lines import OrderItem
from aftersales.platforms.shopify.order import ShopifyOrder, read_order
from aftersales.platforms.shopify.payload import parse_payload

__all__ = ["OrderItem", "ShopifyOrder", "chosen", "parse_payload", "read_order"]
