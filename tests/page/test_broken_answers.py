"""Answers that break off, say nothing that can be read, or are somebody else's."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.documents import resume_pdf
from tests.page.browser import Visitor
from tests.page.seeds import SOFTWARE_DEVELOPER

# A body that ends in the middle, as when the connection is cut after the headers.
CUT_BODIES = """
const whole = window.fetch;
window.fetch = async (address, options) => {
  if (!String(address).startsWith("predictions")) return whole(address, options);
  const body = new ReadableStream({
    start(ends) {
      ends.enqueue(new TextEncoder().encode('{"data": ['));
      ends.error(new TypeError("network error"));
    },
  });
  return new Response(body, { status: 200, headers: { "Content-Type": "application/json" } });
};
"""
TIME_RUNS_FASTER = """
const { timeout } = AbortSignal;
AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms / 400);
"""
STRANGE_PROBLEMS: list[Any] = [
    None,
    "no",
    [],
    {"code": "toString"},
    {"code": 7, "detail": {"a": 1}, "errors": "none", "request_id": ["r"]},
    {"code": "invalid_request", "errors": [None, {}]},
]


def test_a_body_that_breaks_off_is_said_to_and_asked_for_again(visitor: Visitor) -> None:
    visitor.page.add_init_script(CUT_BODIES)
    visitor.page.goto("/#/history")
    visitor.page.reload()

    expect(visitor.alert()).to_contain_text("The answer broke off")
    expect(visitor.alert().get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize("body", ["", '{"data": [', "<html>sign in</html>"])
def test_a_body_that_cannot_be_read_is_a_failure_like_others(visitor: Visitor, body: str) -> None:
    visitor.page.route("**/predictions?*", lambda route: route.fulfill(status=200, body=body))
    visitor.page.get_by_role("link", name="History").click()
    expect(visitor.alert()).to_contain_text("That did not work")
    visitor.page.unroute_all()
    visitor.alert().get_by_role("button", name="Try again").click()

    expect(visitor.page.get_by_text("Nothing has been read yet")).to_be_visible()


@pytest.mark.parametrize("problem", STRANGE_PROBLEMS)
def test_a_refusal_of_any_shape_is_shown(visitor: Visitor, problem: Any) -> None:
    refusal = {"status": 422, "json": problem}
    visitor.page.route("**/predictions?*", lambda route: route.fulfill(**refusal))
    visitor.page.route("**/predict", lambda route: route.fulfill(**refusal))
    visitor.choose_bytes("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
    expect(visitor.alert().get_by_role("heading")).not_to_be_empty()
    expect(visitor.alert()).not_to_contain_text("object")
    visitor.page.get_by_role("link", name="History").click()

    expect(visitor.page.locator("h1")).not_to_be_empty()
    expect(visitor.alert()).not_to_contain_text("function")


@pytest.mark.parametrize("stream", ['event: prediction\ndata: {"x\n\n', "data: {}\n\n", ""])
def test_a_stream_that_is_none_ends_the_waiting(visitor: Visitor, stream: str) -> None:
    visitor.page.route(
        "**/predict", lambda route: route.fulfill(body=stream, content_type="text/event-stream")
    )
    visitor.choose_bytes("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))

    expect(visitor.alert()).to_contain_text("The answer broke off")


def test_a_large_export_is_waited_for(visitor: Visitor) -> None:
    """With a clock that runs 400 times faster: two minutes would be over in 0.3 seconds."""
    visitor.page.add_init_script(TIME_RUNS_FASTER)
    visitor.page.goto("/#/settings")
    visitor.page.reload()

    def late(route: Route) -> None:
        visitor.page.wait_for_timeout(1_500)
        route.fulfill(body='{"predictions": []}', content_type="application/json")

    visitor.page.route("**/export", late)
    with visitor.page.expect_download():
        visitor.page.get_by_role("button", name="Export everything").click()

    expect(visitor.page.get_by_text("The export is in your downloads.")).to_be_visible()
