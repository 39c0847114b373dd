"""HTML pages in one file: no script, nothing loaded from elsewhere, readable light and dark.

A report is a template in `templates/` and a function that calls `page` with plain values:

    {% import "pictures.html" as pictures %}
    {% extends "page.html" %}
    {% block body %}<h2>{{ heading }}</h2>{{ pictures.bar(0.4) }}{% endblock %}

`pictures.html` draws bars, columns and pairs of them; `style.css` has the classes. What a template
writes is escaped; a name that was not given is an error of ours, never an empty place.
"""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

# What could reorder or hide text. A page is read by whoever approves what it says.
_HIDING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def page(title: str, body_template: str, **values: object) -> str:
    """The page made of the template `body_template`, which extends `page.html`, and `values`.

    Whatever authors wrote is text on it: tags, quotes and what would turn the reading order.
    """
    return _environment().get_template(body_template).render(title=title, **values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("aftersales.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: object) -> object:
    """A value as it stands on a page; what a macro drew is left as it is."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return _HIDING.sub("\N{REPLACEMENT CHARACTER}", value)
    return value
