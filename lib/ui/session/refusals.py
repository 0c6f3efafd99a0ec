"""What in an address could not be used: sentences for the page, and an address that asked for somebody else's data."""

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
    """An address refused as somebody else's data, once the browser has named another visitor; else nothing."""
    refused = _REFUSED.get()
    return dict(refused.address) if refused is not None and refused.owner != visitor.owner() else {}


def forget_refused() -> None:
    """Try the refused address no more."""
    _REFUSED.drop()


def forget() -> None:
    """Forget sentences and address: a person has changed the draft, and the address does not matter any more."""
    _SENTENCES.drop()
    _REFUSED.drop()
