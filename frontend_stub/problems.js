// What can go wrong between the page and the service, as one kind of error.

export const UNREACHABLE = "unreachable";
export const TOO_SLOW = "too_slow";
export const BROKEN_OFF = "broken_off";
export const OTHER = "other";

/** `code` is the service's, or one of those above. */
export class Problem extends Error {
  constructor({ code, status = 0, detail = "", requestId = null, retryAfterS = null, errors = [] }) {
    super(detail || code);
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.requestId = requestId;
    this.retryAfterS = retryAfterS;
    this.errors = errors;
  }

  get isLossOfService() {
    return this.code === UNREACHABLE || this.code === BROKEN_OFF;
  }
}

/** From a status, the text of a body and a way to ask for headers. */
export function problemOf(status, body, header) {
  const told = parsed(body);
  const retryAfter = Number.parseInt(header("Retry-After") ?? "", 10);
  return new Problem({
    code: text(told?.code) ?? `status_${status}`,
    status,
    detail: text(told?.detail) ?? "",
    requestId: text(told?.request_id) ?? header("X-Request-Id"),
    retryAfterS: Number.isFinite(retryAfter) ? retryAfter : null,
    errors: Array.isArray(told?.errors) ? told.errors : [],
  });
}

/** What answers may not be the service, but whatever stands before it. */
function text(value) {
  return typeof value === "string" ? value : null;
}

/** Any failure as a Problem. */
export function asProblem(failure) {
  return failure instanceof Problem ? failure : new Problem({ code: OTHER });
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
