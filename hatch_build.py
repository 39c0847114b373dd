"""Puts the definition folders into the wheel; an editable install reads them where they stand."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShippedDefinitions(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        for folder in ("workflows", "policies", "replies"):
            build_data["force_include"][folder] = f"aftersales/shipped/{folder}"
