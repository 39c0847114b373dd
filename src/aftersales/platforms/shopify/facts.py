"""The facts that an order fills, as canonical texts. Never a name, an address or a card number."""

from collections.abc import Mapping
from datetime import UTC, datetime

from aftersales.domain.money import Money
from aftersales.platforms.shopify.bundle import Bundle
from aftersales.platforms.shopify.payload import Node

_PROVIDERS = {
    "shopify_payments": "shopify_payments",
    "shopify payments": "shopify_payments",
    "paypal": "paypal",
    "paypal_express": "paypal",
    "paypal express checkout": "paypal",
    "stripe": "stripe",
    "adyen": "adyen",
    "braintree": "braintree",
    "manual": "none",
    "cash": "none",
    "gift_card": "none",
    "bank deposit": "none",
    "money order": "none",
    "cash on delivery (cod)": "none",
}
_NETWORKS = {
    "visa": "visa",
    "mastercard": "mastercard",
    "american express": "amex",
    "amex": "amex",
    "discover": "discover",
}
_CARRIERS = {
    "dhl": "dhl",
    "dhl express": "dhl",
    "dhl ecommerce": "dhl",
    "dpd": "dpd",
    "dpd uk": "dpd",
    "fedex": "fedex",
    "gls": "gls",
    "royal mail": "royal_mail",
    "sf express": "sf_express",
    "ups": "ups",
    "usps": "usps",
    "yanwen": "yanwen",
    "yunexpress": "yunexpress",
}
_MARKETPLACES = ("amazon", "ebay", "tiktok", "etsy", "walmart", "aliexpress", "shopee", "lazada")


def read_facts(bundle: Bundle, total: Money) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """What the order says of itself; a fact it does not tell is left out, never guessed."""
    order = bundle.order
    country = _country(order)
    delivered_at, notes = _delivered(bundle)
    facts = {
        "platform": "shopify",
        "fulfilled_by": "us",
        "order_value": "" if total.is_zero else str(total),
        "country": country,
        "market": country,
        "placed_on": _placed_on(order),
        "sent_at": _iso(_sent(bundle)),
        "delivered_at": _iso(delivered_at),
        "carrier": _carrier(bundle),
        "customer_language": _language(order),
        "buyer": "business" if order.node("company") else "consumer",
        "payment_provider": _provider(bundle),
        "card_network": _network(bundle),
    }
    filled = {name: text for name, text in facts.items() if text}
    return filled, notes + _remarks(order) + _unfilled(facts)


def _country(order: Node) -> str:
    for key in ("shipping_address", "billing_address"):
        address = order.node(key)
        code = address.text("country_code") if address else ""
        if address and code:
            if len(code) != 2 or not (code.isascii() and code.isalpha()):
                raise address.wrong("country_code", f"says `{code[:10]}`, which is not two letters")
            return code.upper()
    return ""


def _placed_on(order: Node) -> str:
    """The date on the shop's own clock, which is the one Shopify writes."""
    at = order.instant("processed_at") or order.instant("created_at")
    return at.date().isoformat() if at else ""


def _parcels(bundle: Bundle) -> list[Node]:
    """The fulfillments that left; cancelled and failed ones did not."""
    return [each for each in bundle.fulfillments if each.text("status") in ("success", "open", "")]


def _sent(bundle: Bundle) -> datetime | None:
    """When the last parcel left, or None where none did."""
    return max(
        filter(None, (each.instant("created_at") for each in _parcels(bundle))), default=None
    )


def _carrier(bundle: Bundle) -> str:
    """The carrier, where all parcels that left have the same."""
    companies = {each.text("tracking_company").lower() for each in _parcels(bundle)} - {""}
    known = {_CARRIERS.get(company, "other") for company in companies}
    return known.pop() if len(known) == 1 else ""


def _delivered(bundle: Bundle) -> tuple[datetime | None, tuple[str, ...]]:
    """When the last parcel arrived; missing as long as one that left has not."""
    arrivals: dict[str, datetime] = {}
    for event in bundle.fulfillment_events:
        at = event.instant("happened_at")
        if event.text("status") == "delivered" and at is not None:
            parcel = event.text("fulfillment_id")
            arrivals[parcel] = min(at, arrivals.get(parcel, at))
    open_ones = [each for each in _parcels(bundle) if each.text("id") not in arrivals]
    if arrivals and not open_ones:
        return max(arrivals.values()), ()
    if any(each.text("shipment_status") == "delivered" for each in open_ones):
        return None, (
            "a parcel was delivered, but not when: add its fulfillment event (`--also event.json`)",
        )
    if arrivals:
        return None, ("some parcels of the order were delivered, others not",)
    return None, ()


def _language(order: Node) -> str:
    """The language of `de-AT` is `de`."""
    language = order.text("customer_locale").replace("_", "-").partition("-")[0].lower()
    return language if len(language) == 2 and language.isascii() and language.isalpha() else ""


def _provider(bundle: Bundle) -> str:
    """The provider, where the order was paid through exactly one that we know."""
    listed = bundle.order.fields.get("payment_gateway_names")
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    names = names or [bundle.order.text("gateway")]
    names += [node.text("gateway") for node in bundle.transactions]
    known = {_PROVIDERS.get(name.strip().lower(), "") for name in names if name.strip()}
    if len(known) > 1:
        known.discard("none")
    return known.pop() if len(known) == 1 else ""


def _network(bundle: Bundle) -> str:
    """The card's network, where the order was paid by cards of exactly one."""
    details = [node.node("payment_details") for node in (bundle.order, *bundle.transactions)]
    companies = {each.text("credit_card_company").lower() for each in details if each} - {""}
    known = {_NETWORKS.get(company, "") for company in companies}
    return known.pop() if len(known) == 1 else ""


def _remarks(order: Node) -> tuple[str, ...]:
    remarks = []
    source = order.text("source_name").lower()
    marketplace = next((name for name in _MARKETPLACES if name in source), None)
    if marketplace:
        remarks.append(
            f"the order came from {marketplace} (`source_name`): "
            "if that platform's rules bind it, say so with `--fact platform=...`"
        )
    if order.text("cancelled_at"):
        remarks.append("the order was cancelled")
    if order.yes("test"):
        remarks.append("this is a test order")
    return tuple(remarks)


def _unfilled(facts: Mapping[str, str]) -> tuple[str, ...]:
    missing = [name for name in ("country", "placed_on", "order_value") if not facts[name]]
    if not missing:
        return ()
    return (f"the order does not tell: {', '.join(missing)}",)


def _iso(at: datetime | None) -> str:
    if at is None:
        return ""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
