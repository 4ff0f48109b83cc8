"""What a workbook that comes from outside may be: of the kind its name says, not too large, without macros."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from guatu.language import gettext as _
from guatu.workbooks.sheets import WorkbookError

MOST_BYTES: Final = 50 * 1024 * 1024
"""The largest file that is taken."""
MOST_UNPACKED: Final = 400 * 1024 * 1024
"""How much the parts of a file may hold together when unpacked."""
MOST_PARTS: Final = 4000

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")


def refuse_unsafe(name: str, content: bytes) -> None:
    """Let pass a workbook (.xlsx, .xls, .ods) that may be opened. Raises WorkbookError that says what to do.

    Refused: another ending; an empty or too large file; a file that unpacks to too much; one with macros; one
    that is of another kind than its name says. Nothing is unpacked, the directory of the archive is enough.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in ("xlsx", "xls", "ods"):
        raise WorkbookError(
            _("“{file}”不是 .xlsx、.xls 或 .ods 工作簿。请用表格软件另存为 .xlsx 后再交。").format(file=name)
        )
    if not content:
        raise WorkbookError(_("“{file}”是空文件。请重新保存后再交。").format(file=name))
    if len(content) > MOST_BYTES:
        raise WorkbookError(
            _("“{file}”有 {size} MB，超过 {most} MB。请分成几个文件，或删去图片后再交。").format(
                file=name, size=-(-len(content) // 1024 // 1024), most=MOST_BYTES // 1024 // 1024
            )
        )
    if ending == "xls":
        _refuse_ole(name, content)
    else:
        _refuse_archive(name, ending, content)


def _refuse_ole(name: str, content: bytes) -> None:
    if not content.startswith(_OLE):
        raise WorkbookError(
            _(
                "“{file}”的内容不是 .xls 工作簿（可能是网页或文本改了名）。请用表格软件打开，另存为 .xlsx 后再交。"
            ).format(file=name)
        )
    if _OLE_MACROS in content:
        raise _macros(name)


def _refuse_archive(name: str, ending: str, content: bytes) -> None:
    if content.startswith(_OLE):
        raise WorkbookError(
            _(
                "“{file}”设有打开密码，或者是旧格式改了名。请在表格软件中取消密码，另存为 .xlsx 后再交。"
            ).format(file=name)
        )
    disguised = WorkbookError(
        _("“{file}”的内容不是 .{ending} 工作簿，或文件已损坏。请用表格软件打开并另存后再交。").format(
            file=name, ending=ending
        )
    )
    if not content.startswith(_ZIP):
        raise disguised
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise disguised from error
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise WorkbookError(
            _("“{file}”解开后太大，没有打开。请删去多余的工作表、图片或空白行列后另存再交。").format(
                file=name
            )
        )
    if any(part.endswith("vbaProject.bin") or part.startswith("Basic/") for part in names):
        raise _macros(name)
    if ("content.xml" if ending == "ods" else "xl/workbook.xml") not in names:
        raise disguised


def _macros(name: str) -> WorkbookError:
    return WorkbookError(_("“{file}”带有宏，没有打开。请另存为不含宏的 .xlsx 后再交。").format(file=name))
