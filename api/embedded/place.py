"""Where an embedded server keeps its files, and as which user it runs.

Every server has a data directory inside the project's home. It holds what we write (log, password, url) and normally
also what the server writes (`files`). When we are root, the servers run as an unprivileged user; when that user cannot
reach the data directory, because some directory above it is private, the server's files live in a place of their own
outside, and a file named `where` in the data directory remembers it.
"""

import contextlib
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED_USER = "nobody"
PLACE_PREFIX = "daftari-"
LOG_LIMIT_BYTES = 10_000_000


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot do what was asked; the message says why and what helps."""


@dataclass(frozen=True)
class Account:
    """The user as whom a server runs."""

    user_id: int
    group_id: int

    def can_enter(self, path: Path) -> bool:
        """Asks the kernel in that user's name, because permission bits alone know nothing of ACLs and of FUSE."""
        if os.geteuid() != 0:
            return os.access(path, os.X_OK)
        asked = subprocess.run(
            ["test", "-x", path], check=False, cwd="/", user=self.user_id, group=self.group_id, extra_groups=[]
        )
        return asked.returncode == 0


def account_for(files: Path) -> Account:
    """Ourselves, unless we are root: then the owner of the existing files, or the unprivileged user for new ones."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    with contextlib.suppress(FileNotFoundError):
        owner = files.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    try:
        nobody = pwd.getpwnam(UNPRIVILEGED_USER)
    except KeyError:
        raise EmbeddedServerError(
            f"PostgreSQL refuses to run as root and this machine has no user '{UNPRIVILEGED_USER}' to run it as. "
            "Start Daftari as an ordinary user."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


@dataclass(frozen=True)
class Place:
    """The directories of one server: `data` is ours, `root` holds the server's side and may lie elsewhere."""

    data: Path
    root: Path
    account: Account

    @property
    def files(self) -> Path:
        """What the server itself writes."""
        return self.root / "files"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def url_file(self) -> Path:
        """Holds the address of the running server, for commands that want to join it."""
        return self.data / "url"

    def give(self, path: Path) -> None:
        """Hand a file or directory to the server's user."""
        if os.geteuid() == 0:
            os.chown(path, self.account.user_id, self.account.group_id)

    def password(self) -> str:
        """Made once and kept beside the data, readable for us alone."""
        file = self.data / "password"
        if not file.exists():
            write_private(file, secrets.token_urlsafe(32))
        return file.read_text()

    def tidy(self) -> None:
        """Before a start: the address of a killed server is no longer true, and the log has a limit."""
        self.url_file.unlink(missing_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))


def write_private(file: Path, text: str) -> None:
    """Write a secret whole or not at all, readable for its owner alone."""
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
    new.replace(file)


def find_place(data: Path) -> Place:
    """The place of this data directory, made when it does not exist yet."""
    data = data.resolve()
    with ours_alone(data):
        return _find_place(data)


@contextlib.contextmanager
def ours_alone(data: Path) -> Iterator[None]:
    """Say it in a sentence when the directory turns out to be somebody else's."""
    try:
        yield
    except PermissionError as error:
        raise EmbeddedServerError(
            f"{data} belongs to another user ({error.filename}: {error.strerror}). "
            "Start Daftari as that user, or set DAFTARI_HOME to a directory of your own."
        ) from error


def _find_place(data: Path) -> Place:
    data.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        data.mkdir()
        data.chmod(0o711)  # The server's user passes through; what lies inside is private.
    where = data / "where"
    if where.exists():
        root = Path(where.read_text())
        if not (_is_ours(root) and root.name.startswith(PLACE_PREFIX)):
            raise EmbeddedServerError(
                f"the files of {data} were kept in {root}, which is gone. Bring it back, or delete {where} to start empty."
            )
        return Place(data, root, account_for(root / "files"))
    account = account_for(data / "files")
    if account.can_enter(data):
        return Place(data, data, account)
    if (data / "files").exists():
        raise EmbeddedServerError(
            f"the files in {data} can no longer be reached by the user they belong to (id {account.user_id}), because "
            "a directory above them has become private. Open it again, or move the project to an open directory."
        )
    root = _make_outside(data, account)
    where.write_text(str(root))
    return Place(data, root, account)


def _make_outside(data: Path, account: Account) -> Path:
    """A directory outside, always the same for the same data directory. Temporary data stay in temporary places."""
    temporary = Path(tempfile.gettempdir()).resolve()
    parents = [temporary] if data.is_relative_to(temporary) else [Path("/var/lib"), Path("/var/tmp"), temporary]
    name = f"{PLACE_PREFIX}{data.name}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    for parent in parents:
        root = parent / name
        with contextlib.suppress(OSError):
            root.mkdir(exist_ok=True)
            root.chmod(0o711)
            if _is_ours(root) and account.can_enter(root):
                return root
    raise EmbeddedServerError(
        f"{data} lies in a private directory, and none of {', '.join(map(str, parents))} can take its files instead. "
        "Set DAFTARI_HOME to a directory that every user may enter."
    )


def _is_ours(root: Path) -> bool:
    """A true directory that we made: in a shared place such as /tmp somebody else could have been first."""
    return root.is_dir() and not root.is_symlink() and root.stat().st_uid == os.geteuid()


def remove_place(place: Place) -> None:
    """Delete a server's data for good, wherever they live."""
    if place.root != place.data:
        shutil.rmtree(place.root)
    shutil.rmtree(place.data)
