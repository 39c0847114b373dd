"""The currency the customer was charged in, and amounts read in it."""

from dataclasses import dataclass
from decimal import Decimal

from aftersales.domain.errors import ValueUnreadable
from aftersales.domain.money import Money
from aftersales.platforms.shopify.payload import Node


@dataclass(frozen=True, slots=True)
class Charged:
    """Reads amounts in `currency`. Where the shop's is another, only `..._set` amounts will do."""

    currency: str
    shop_currency: str

    @classmethod
    def of(cls, order: Node) -> "Charged":
        """The currency of `order`: the presentment currency, else the shop's."""
        shop = order.text("currency")
        currency = order.text("presentment_currency") or _presented(order) or shop
        for key, code in (("currency", shop or currency), ("presentment_currency", currency)):
            if len(code) != 3 or not (code.isascii() and code.isupper()):
                said = f"says `{code[:10]}`" if code else "is missing"
                raise order.wrong(key, f"{said}, so the order has no currency")
        return cls(currency, shop or currency)

    @property
    def is_converted(self) -> bool:
        """Was the customer charged in another currency than the shop's?"""
        return self.currency != self.shop_currency

    def amount(self, node: Node, key: str) -> Money | None:
        """The amount under `key`, as the customer was charged; None where there is none."""
        presented = _presentment(node, key)
        if presented is not None:
            return self._presented(presented)
        plain = node.decimal(key)
        if plain is None:
            return None
        if self.is_converted and plain != 0:
            raise node.wrong(
                key,
                f"is in {self.shop_currency}, but the customer was charged in {self.currency}",
                help=f"give the payload with `{key}_set`, as Shopify sends it today",
            )
        return self.money(node, key, plain)

    def needed(self, node: Node, key: str) -> Money:
        """The amount under `key`. PayloadUnreadable where there is none."""
        amount = self.amount(node, key)
        if amount is None:
            raise node.wrong(key, "is missing")
        return amount

    def zero_if_missing(self, node: Node, key: str) -> Money:
        """The amount under `key`, or nothing."""
        return self.amount(node, key) or self.money(node, key, Decimal(0))

    def transaction(self, node: Node) -> Money:
        """The amount of a transaction, which names its own currency."""
        presented = _presentment(node, "amount")
        if presented is not None:
            return self._presented(presented)
        amount = node.decimal("amount")
        if amount is None:
            raise node.wrong("amount", "is missing")
        currency = node.text("currency") or ("" if self.is_converted else self.currency)
        if currency != self.currency:
            said = f"is in {currency}" if currency else "names no currency"
            raise node.wrong(
                "amount",
                f"{said}, but the customer was charged in {self.currency}",
                help=f"ask Shopify for the transaction in {self.currency}",
            )
        return self.money(node, "amount", amount)

    def money(self, node: Node, key: str, amount: Decimal) -> Money:
        """`amount` in this currency. PayloadUnreadable if it is finer than the smallest unit."""
        try:
            return Money(amount, self.currency)
        except ValueUnreadable as error:
            raise node.wrong(key, f"cannot be read: {error}") from None

    def _presented(self, presented: Node) -> Money:
        code = presented.text("currency_code")
        if code != self.currency:
            raise presented.wrong(
                "currency_code", f"is `{code}`, but the customer was charged in {self.currency}"
            )
        amount = presented.decimal("amount")
        if amount is None:
            raise presented.wrong("amount", "is missing")
        return self.money(presented, "amount", amount)


def _presentment(node: Node, key: str) -> Node | None:
    both = node.node(f"{key}_set")
    return both.node("presentment_money") if both else None


def _presented(order: Node) -> str:
    money = _presentment(order, "total_price")
    return money.text("currency_code") if money else ""
