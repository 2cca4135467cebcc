// Changes to what is kept of a result, made only to the state that the reader has seen.

import { api } from "./api.js";

/**
 * Applies `changes` and renews `held` with what is kept then.
 * A Problem with code precondition_failed means that somebody else was faster; `held` is renewed too.
 */
export async function change(held, changes) {
  const id = held.prediction.prediction_id;
  held.etag ??= (await api.prediction(id)).etag;
  try {
    Object.assign(held, await api.change(id, changes, held.etag));
  } catch (failure) {
    if (failure.code === "precondition_failed") Object.assign(held, await api.prediction(id));
    throw failure;
  }
}
