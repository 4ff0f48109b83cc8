"""Accounts opened in bulk, rights given, the first sign-in."""

from __future__ import annotations

import io

import xlsxwriter
from playwright.sync_api import FilePayload, expect

from tests.browser.journey import OpenPage, both_widths, sign_in
from tests.browser.watching import Watch

HEADS = ("单位", "单位类别", "辖区", "姓名", "职务", "角色", "任职日", "账号")


def roster(*lines: tuple[str, ...]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("名单")
    for row, line in enumerate((HEADS, *lines)):
        sheet.write_row(row, 0, line)
    book.close()
    return file.getvalue()


def payload(*lines: tuple[str, ...]) -> FilePayload:
    """A roster as it is chosen in the browser."""
    return {"name": "名单.xlsx", "mimeType": "application/octet-stream", "buffer": roster(*lines)}


def line(person: str, username: str, role: str = "填报单位") -> tuple[str, ...]:
    return ("云溪县水务局", "责任单位", "云溪县", person, f"{person}的岗位", role, "2023-03-01", username)


def test_the_system_administrator_opens_accounts_in_bulk_and_the_clerk_signs_in(
    open_page: OpenPage, watch: Watch
) -> None:
    watch.expect(400)
    page = open_page("system", "/accounts/")
    page.get_by_label("名单", exact=True).set_input_files(
        payload(line("唐听雨", "tangtingyu"), line("唐听雨", "xitong", "局长"))
    )
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("alert")).to_contain_text("有 1 行不能办")
    expect(page.get_by_text("F列“角色”")).to_be_visible()
    expect(page.get_by_role("button", name="确认")).to_have_count(0)

    page.get_by_role("link", name="返回，重新上传").click()
    page.get_by_label("名单", exact=True).set_input_files(
        payload(line("唐听雨", "tangtingyu"), line("唐望雪", "tangwangxue"))
    )
    page.get_by_role("button", name="上传并预览").click()
    expect(
        page.get_by_role("cell", name="新增人员、新设职务，申请角色“填报单位”、任职、开账号", exact=True)
    ).to_be_visible()
    page.get_by_role("button", name="确认，写入 2 行").click()
    expect(page.get_by_role("heading", name="初始密码")).to_be_visible()
    password = page.get_by_role("row", name="tangtingyu").locator("code").inner_text()

    giving = open_page("security", "/rights/?q=云溪县水务局")
    giving.get_by_label("唐听雨的岗位").check()
    giving.get_by_role("button", name="给勾选的职务授权").click()
    expect(giving.get_by_text("已办理 1 个职务的授权")).to_be_visible()

    clerk = open_page(None, "/sign-in/")
    sign_in(clerk, "tangtingyu", password)
    expect(clerk.get_by_text("请先改密码，再办别的")).to_be_visible()
    clerk.get_by_label("现在的密码").fill(password)
    clerk.get_by_label("新密码", exact=True).fill("yun-xi-shui-wu-1")
    clerk.get_by_label("再输一次新密码").fill("yun-xi-shui-wu-1")
    clerk.get_by_role("button", name="改密码").click()
    expect(clerk.get_by_text("密码已改")).to_be_visible()
    expect(clerk.get_by_role("link", name="项目台账")).to_be_visible()


@both_widths
def test_an_organisation_is_found_in_the_tree_with_its_posts(open_page: OpenPage) -> None:
    page = open_page("office", "/organisations/?q=云溪县人民政府")
    page.get_by_role("link", name="云溪县人民政府").click()
    expect(page.get_by_role("heading", name="云溪县人民政府")).to_be_visible()
    expect(page.get_by_role("row", name="县重点办主任")).to_contain_text("温知夏")
    page.get_by_role("link", name="温知夏").click()
    expect(page.get_by_role("heading", name="温知夏")).to_be_visible()


def test_an_account_is_closed_only_with_a_reason(open_page: OpenPage, watch: Watch) -> None:
    watch.expect(400)
    page = open_page("system", "/accounts/?q=jiaotongju")
    row = page.get_by_role("row", name="jiaotongju")
    row.get_by_text("办理").click()
    row.get_by_role("button", name="停用").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明理由")
    expect(page.get_by_role("row", name="jiaotongju")).to_contain_text("启用")


def test_the_office_hands_a_leaders_projects_over_to_the_successor(open_page: OpenPage) -> None:
    page = open_page("office", "/organisations/?q=储明川")
    page.get_by_role("link", name="储明川").click()
    page.get_by_role("link", name="办理交接").click()
    page.get_by_label("接任的人").fill("倪怀瑾")
    page.get_by_label("最后一天").fill("2023-09-30")
    page.get_by_label("理由").fill("分工调整")
    page.get_by_label("依据文件").fill("关于调整包联领导的通知")
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("次日起由 倪怀瑾 负责，共 1 项")).to_be_visible()
    page.get_by_role("button", name="确认交接").click()
    expect(page.get_by_text("储明川的 1 项已交给倪怀瑾")).to_be_visible()
    expect(page.get_by_role("region", name="负责的项目").get_by_role("row")).to_have_count(3)

    before = open_page("office", "/organisations/?q=储明川")
    before.get_by_role("link", name="储明川").click()
    before.get_by_text("先前负责 1 项").click()
    expect(before.get_by_text("2023年1月18日 – 2023年9月30日")).to_be_visible()
