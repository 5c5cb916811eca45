"""What names, branch codes, e-mail addresses, telephone numbers and passwords may be, and how an address is counted."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from domain.identity.errors import InvalidBranchCode, InvalidEmail, InvalidName, InvalidPhone, WeakPassword

MAX_NAME_LENGTH: Final = 120
MAX_PHONE_LENGTH: Final = 40
MAX_DEVICE_LENGTH: Final = 200
MAX_ADDRESS_LENGTH: Final = 64
MIN_PASSWORD_LENGTH: Final = 10
MAX_PASSWORD_LENGTH: Final = 200

_BRANCH_CODE: Final = re.compile("[A-Z0-9](?:[A-Z0-9-]{0,18}[A-Z0-9])?")

# Control characters, halves of surrogate pairs, line and paragraph separators.
_UNWRITABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Marks that turn the direction of writing let one name be displayed as another.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_name(name: str, *, field: tuple[str, ...] = InvalidName.field) -> str:
    """The name without surrounding space; refused when empty, too long or not writable on one line."""
    cleaned = unicodedata.normalize("NFC", name).strip()
    if not 1 <= len(cleaned) <= MAX_NAME_LENGTH:
        raise InvalidName(f"a name has 1 to {MAX_NAME_LENGTH} characters", field=field)
    if not _is_writable(cleaned):
        raise InvalidName("a name has no control characters", field=field)
    return cleaned


def clean_branch_code(code: str) -> str:
    """The code in capitals, as it is printed on paper."""
    cleaned = code.strip().upper()
    if not _BRANCH_CODE.fullmatch(cleaned):
        raise InvalidBranchCode("a branch code has 1 to 20 letters, digits and hyphens, such as NBO-01")
    return cleaned


def clean_email(email: str) -> str:
    """The address in lower case and ASCII (an international domain in its ``xn--`` form), so that it is found again."""
    try:
        valid = validate_email(email.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InvalidEmail(str(error)) from None
    assert valid.ascii_email is not None, "without SMTPUTF8 every address has an ASCII form"
    return valid.ascii_email.lower()


def email_to_look_up(email: str) -> str | None:
    """The form under which an address that somebody typed at sign-in is in the books; None when it cannot be there."""
    try:
        return clean_email(email)
    except InvalidEmail:
        return None


def clean_phone(phone: str) -> str:
    """The number in the form of E.164, such as ``+254712345678``; refused when no network gives such a number out.

    It begins with ``+`` and the country, because the same digits are different telephones in different countries.
    """
    written = unicodedata.normalize("NFKC", phone).strip()
    try:
        if len(written) > MAX_PHONE_LENGTH or not written.startswith("+"):
            raise InvalidPhone("a telephone number begins with + and the country, such as +254712345678")
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        raise InvalidPhone("this is not a telephone number") from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise InvalidPhone("no network has such a telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def check_new_password(password: str, *, email: str, field: tuple[str, ...] = WeakPassword.field) -> None:
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        message = f"a password has {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters"
        raise WeakPassword(message, field=field)
    if not password.strip():
        raise WeakPassword("a password is more than blanks", field=field)
    if password.strip().casefold() == email.casefold():
        raise WeakPassword("a password must not be the e-mail address", field=field)


def clean_device(device: str | None) -> str | None:
    """What a client says of the device it runs on, cut to size: shown in the list of sessions, believed nowhere."""
    writable = "".join(character for character in device or "" if _is_writable(character))
    return writable.strip()[:MAX_DEVICE_LENGTH].strip() or None


def masked_email(email: str) -> str:
    """``a***@example.com``: enough to recognise one's own, too little to write to."""
    local, at, domain = email.rpartition("@")
    if not at or not local or not email.isascii() or not email.isprintable():
        return "***"
    return f"{local[0]}***@{domain[:100]}"


def masked_phone(phone: str) -> str:
    """``+254******678``: enough to recognise one's own, too little to call."""
    return f"{phone[:4]}{'*' * (len(phone) - 7)}{phone[-3:]}" if len(phone) > 7 else "***"


def counted_address(address: str | None) -> str | None:
    """The unit in which attempts from an address are counted: one IPv4 address, or the /64 network of an IPv6 one."""
    if address is None:
        return None
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:MAX_ADDRESS_LENGTH]
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False))


def _is_writable(text: str) -> bool:
    return not any(unicodedata.category(character) in _UNWRITABLE or character in _TURNING for character in text)
