"""What an adapter says of a payload that it cannot use."""

from aftersales.domain.errors import AftersalesError


class PayloadUnreadable(AftersalesError):
    """A payload could not be read as what it should be."""

    def __init__(self, path: str, what: str, *, help: str) -> None:
        """`path` is the place in the payload, `what` is wrong there, `help` is what to do."""
        super().__init__(f"`{path}` {what}; {help}")
        self.path = path
        self.what = what
        self.help = help
