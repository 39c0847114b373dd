"""Puts definitions and pages of problems into the wheel; elsewhere they are read in place."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShippedDefinitions(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        for folder in ("workflows", "policies", "replies"):
            build_data["force_include"][folder] = f"aftersales/shipped/{folder}"
        build_data["force_include"]["docs/reference/problems"] = "aftersales/shipped/problems"
