"""Year-end files (年度考核档案): what a year said of a unit, a leader or a project, frozen, proposed and signed."""
