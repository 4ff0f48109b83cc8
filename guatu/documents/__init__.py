"""Papers: the bulletin, the workbook and the reminders of a judged month. Plain data in, files out."""
