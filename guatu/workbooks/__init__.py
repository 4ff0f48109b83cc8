"""Any office's workbook in: sheets, headers, units and rows, with a finding for every doubt."""
