"""What no page may do: reach outside, complain in the console, break the security policy, fail."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

ANSWERED = "Failed to load resource: the server responded with a status of"
"""What Chromium writes for every refused answer; the answer itself is judged, so this is heard once."""

POLICY_WATCH = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`security policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


class Watch:
    """Follows browser contexts and keeps every problem they show; `expect` names a status that is meant."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.problems: list[str] = []
        self.requested: list[str] = []
        self._expected: set[int] = set()

    def expect(self, *statuses: int) -> None:
        """From now on a page answered with one of `statuses` is no problem; an asset still is."""
        self._expected |= set(statuses)

    def follow(self, context: BrowserContext) -> None:
        context.add_init_script(POLICY_WATCH)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _request(self, request: Request) -> None:
        self.requested.append(request.url)
        if request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            return
        self.problems.append(f"request to another origin: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status < 400 or not response.url.startswith(f"{self.origin}/"):
            return
        asset = response.url.startswith(f"{self.origin}/static/")
        if asset or response.status >= 500 or response.status not in self._expected:
            self.problems.append(f"answered {response.status}: {response.request.method} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(ANSWERED):
            self.problems.append(f"console {message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"script error: {error.error.message}")
