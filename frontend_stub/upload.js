// One resume on its way: bytes that were sent, the stages that the service tells of, the outcome.

import { keyHeader } from "./api.js";
import { serviceAnswered, serviceLost } from "./connection.js";
import { eventReader } from "./event_stream.js";
import { BROKEN_OFF, Problem, problemOf, UNREACHABLE } from "./problems.js";

const STILL_HELD = "idempotency_key_in_use";
// A service that died in the middle of a try frees its key after half a minute.
const MOST_WAITS = 20;
const WAIT_MS = 2_000;

/**
 * `watch` is told of `bytes(sent, total)`, `stage(name, state, seconds)` and `held()`, when a try
 * before this one has still to end. The promise gives the prediction or a Problem; `cancel` ends it
 * with an AbortError.
 */
export function sendResume(form, options) {
  let sent = sendOnce(form, options);
  let isCancelled = false;
  const cancel = () => {
    isCancelled = true;
    sent.cancel();
  };
  const answered = async (waits) => {
    try {
      return await sent.outcome;
    } catch (failure) {
      if (failure.code !== STILL_HELD || waits === MOST_WAITS) throw failure;
    }
    options.watch.held();
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    if (isCancelled) throw cancelled();
    sent = sendOnce(form, options);
    return answered(waits + 1);
  };
  return { outcome: answered(0), cancel };
}

function cancelled() {
  return new DOMException("cancelled", "AbortError");
}

function sendOnce(form, { idempotencyKey, watch }) {
  const request = new XMLHttpRequest();
  const outcome = new Promise((resolve, reject) => {
    const told = { prediction: null, problem: null };
    const reader = eventReader((name, content) => take(name, content, told, watch));
    const read = () => {
      try {
        if (isStream(request)) reader(request.responseText);
      } catch {
        told.problem = new Problem({ code: BROKEN_OFF });
      }
      if (told.prediction) resolve(told.prediction);
    };
    request.upload.addEventListener("progress", (event) => watch.bytes(event.loaded, event.total));
    request.addEventListener("progress", read);
    request.addEventListener("load", () => {
      serviceAnswered();
      read();
      reject(told.problem ?? refusal(request));
    });
    request.addEventListener("error", () => reject(lostOn(request)));
    request.addEventListener("abort", () => reject(cancelled()));
  });
  open(request, idempotencyKey);
  request.send(form);
  return { outcome, cancel: () => request.abort() };
}

function open(request, idempotencyKey) {
  request.open("POST", "predict");
  request.setRequestHeader("Accept", "text/event-stream");
  request.setRequestHeader("Idempotency-Key", idempotencyKey);
  for (const [name, value] of Object.entries(keyHeader())) request.setRequestHeader(name, value);
}

function take(name, content, told, watch) {
  if (name === "stage") watch.stage(content.stage, content.state, content.seconds);
  if (name === "prediction") told.prediction = content;
  if (name === "problem") told.problem = problemOf(content.status, JSON.stringify(content), () => null);
}

function isStream(request) {
  return (request.getResponseHeader("Content-Type") ?? "").startsWith("text/event-stream");
}

function refusal(request) {
  if (isStream(request)) return new Problem({ code: BROKEN_OFF });
  return problemOf(request.status, request.responseText, (name) => request.getResponseHeader(name));
}

function lostOn(request) {
  serviceLost();
  return new Problem({ code: request.status ? BROKEN_OFF : UNREACHABLE });
}
