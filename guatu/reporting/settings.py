"""The settings of the checks of reports; the same as those of the ledger."""

from guatu.portfolio.settings import DEFAULT_SETTINGS, CheckSettings

__all__ = ["DEFAULT_SETTINGS", "CheckSettings"]
