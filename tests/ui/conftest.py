"""Small scripts under AppTest."""

from helpers.app_tests import quick_app_tests

__all__ = ["quick_app_tests"]
