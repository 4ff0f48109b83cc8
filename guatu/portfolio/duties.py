"""In what capacity somebody answers for a project. A scheme names them in its own words (`[[role]]`)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Duty(StrEnum):
    """A capacity (责任) in which a person or an organisation answers for a project."""

    CITY_LEADER = "city_leader"
    COUNTY_LEADER = "county_leader"
    CHIEF_COMMANDER = "chief_commander"
    FRONT_COMMANDER = "front_commander"
    LEAD_DEPARTMENT = "lead_department"
    RESPONSIBLE_UNIT = "responsible_unit"
    SECTION = "section"
    RESPONSIBLE_PERSON = "responsible_person"
    LAND_REQUISITION = "land_requisition"
    MASS_WORK = "mass_work"
    COMPANY = "company"
    INSPECTOR = "inspector"


DUTY_NAMES: Mapping[Duty, str] = {
    Duty.CITY_LEADER: "市级包联领导",
    Duty.COUNTY_LEADER: "县级包联领导",
    Duty.CHIEF_COMMANDER: "指挥长",
    Duty.FRONT_COMMANDER: "前线指挥长",
    Duty.LEAD_DEPARTMENT: "牵头部门",
    Duty.RESPONSIBLE_UNIT: "责任单位",
    Duty.SECTION: "责任科室",
    Duty.RESPONSIBLE_PERSON: "责任人",
    Duty.LAND_REQUISITION: "征地拆迁责任人",
    Duty.MASS_WORK: "群众工作组",
    Duty.COMPANY: "项目单位",
    Duty.INSPECTOR: "督查人",
}
"""What each duty is called where the scheme has no word of its own."""

LEDGER_DUTIES: tuple[Duty, ...] = (
    Duty.CITY_LEADER,
    Duty.COUNTY_LEADER,
    Duty.LEAD_DEPARTMENT,
    Duty.RESPONSIBLE_UNIT,
    Duty.COMPANY,
)
"""The duties that a ledger names, each in the field of its own name; the others are assigned on the site."""

ORGANISATION_DUTIES: frozenset[Duty] = frozenset(
    {Duty.LEAD_DEPARTMENT, Duty.RESPONSIBLE_UNIT, Duty.SECTION, Duty.MASS_WORK, Duty.COMPANY}
)
"""The duties that an organisation has; the others are a person's."""
