"""What can be done about branches, users, their sessions and their keys."""

from domain.identity.service.api_keys import (
    CreatedApiKey,
    NewSecret,
    create_api_key,
    revoke_api_key,
    rotate_api_key,
    rotated_again,
    update_api_key,
)
from domain.identity.service.branches import (
    assign_branch,
    close_branch,
    open_branch,
    rename_branch,
    reopen_branch,
    require_open_branch,
)
from domain.identity.service.passwords import change_password
from domain.identity.service.profile import set_phone
from domain.identity.service.sessions import end_session, refresh_session, sign_out, sign_out_everywhere
from domain.identity.service.sign_in import SignedIn, sign_in
from domain.identity.service.users import (
    NewUser,
    change_roles,
    create_user,
    deactivate_user,
    prepare_user,
    reactivate_user,
    register_prepared,
    register_user,
)

__all__ = [
    "CreatedApiKey",
    "NewSecret",
    "NewUser",
    "SignedIn",
    "assign_branch",
    "change_password",
    "change_roles",
    "close_branch",
    "create_api_key",
    "create_user",
    "deactivate_user",
    "end_session",
    "open_branch",
    "prepare_user",
    "reactivate_user",
    "refresh_session",
    "register_prepared",
    "register_user",
    "rename_branch",
    "reopen_branch",
    "require_open_branch",
    "revoke_api_key",
    "rotate_api_key",
    "rotated_again",
    "set_phone",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "update_api_key",
]
