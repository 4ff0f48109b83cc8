"""The same readers and writers for programs: JSON over HTTP, described by OpenAPI, opened with a token."""
