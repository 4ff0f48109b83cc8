"""Papers that go out: the bulletin in versions, the reminders to the silent."""
