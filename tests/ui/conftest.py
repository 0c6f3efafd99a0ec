"""Small scripts under AppTest."""

from helpers.app_tests import components_found_once

__all__ = ["components_found_once"]
