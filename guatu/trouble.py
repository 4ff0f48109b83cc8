"""Why the system refused a file, in words that people can act on."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Final

from guatu.language import gettext


def _(message: str) -> str:
    """Mark a sentence of the list for translation; `reason_of` translates it when it is used."""
    return message


_REASONS: Final[Mapping[int, str]] = {
    errno.ENOENT: _("上级文件夹不存在"),
    errno.EEXIST: _("同名的文件已经存在，它不是文件夹"),
    errno.ENOTDIR: _("路径中有一段是文件，不是文件夹"),
    errno.EISDIR: _("它是文件夹，不是文件"),
    errno.EACCES: _("没有权限"),
    errno.EPERM: _("没有权限"),
    errno.EROFS: _("磁盘是只读的"),
    errno.ENOSPC: _("磁盘已满"),
    errno.EBUSY: _("文件正被其他程序占用"),
    errno.ENAMETOOLONG: _("名称太长"),
}


def reason_of(error: OSError) -> str:
    """The reason for people; what the system itself says where the list does not know it."""
    known = _REASONS.get(error.errno or 0)
    return gettext(known) if known else str(error.strerror or error)
