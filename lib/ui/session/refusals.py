"""What in an address could not be used, and an address that was refused as somebody else's data.

The refused one is tried again once the browser has said who the visitor is.
"""

from __future__ import annotations

from dataclasses import dataclass

from lib.ui.kit.key import Key
from lib.ui.session import visitor


@dataclass(frozen=True, slots=True)
class _Refused:
    """An address that asked for own data, and the visitor who may not see them."""

    owner: str
    address: dict[str, str]


_SENTENCES: Key[tuple[str, ...]] = Key("refusal_sentences", ())
_REFUSED: Key[_Refused | None] = Key("refused_address", None)


def sentences() -> list[str]:
    """What could not be used of the address that was read last."""
    return list(_SENTENCES.get())


def say(found: list[str]) -> None:
    """Remember these sentences until the next address is read or a person changes the draft."""
    _SENTENCES.set(tuple(found))


def refuse(address: dict[str, str]) -> None:
    """Remember an address whose data belong to somebody else than the present visitor."""
    _REFUSED.set(_Refused(visitor.owner(), address))


def to_try_again() -> dict[str, str]:
    """An address refused as somebody else's data, to be read again once the browser has named another visitor."""
    refused = _REFUSED.get()
    return dict(refused.address) if refused is not None and refused.owner != visitor.owner() else {}


def forget_refused() -> None:
    """Try the refused address no more."""
    _REFUSED.drop()


def forget() -> None:
    """Forget the sentences and the refused address: a person has changed the draft since."""
    _SENTENCES.drop()
    _REFUSED.drop()
