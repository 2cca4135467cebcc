// Changes to what is kept of a result, made only to what the reader has seen of it.

import { api } from "./api.js";
import { Problem } from "./problems.js";

const MOVED = "precondition_failed";
const MOST_TRIES = 4;

const turns = new WeakMap();

/** Does `work` after all that was begun on `held` before, so that it finds the ETag that those left. */
export function inTurn(held, work) {
  const turn = (turns.get(held) ?? Promise.resolve()).then(work);
  turns.set(held, turn.catch(() => {}));
  return turn;
}

/**
 * Applies `changes` and renews `held` with what is kept then, and `sight`, which is
 * `{prediction}` as the reader sees it. What else moved meanwhile, jobs that arrived, is no matter.
 * A Problem with code precondition_failed means that somebody else changed the same; both are renewed too.
 */
export function change(held, changes, sight) {
  return inTurn(held, async () => {
    for (let tried = 0; tried < MOST_TRIES; tried += 1) {
      if (isMoved(held, changes, sight)) break;
      if (await isMade(held, changes)) return see(held, sight);
    }
    see(held, sight);
    throw new Problem({ code: MOVED, status: 412 });
  });
}

function isMoved({ prediction }, changes, sight) {
  const [kept, seen] = [prediction, sight.prediction].map((each) => (name) => JSON.stringify(each[name]));
  return Object.keys(changes).some((name) => kept(name) !== seen(name) && kept(name) !== JSON.stringify(changes[name]));
}

/** False when the state that is kept was another one; `held` is that one then. */
async function isMade(held, changes) {
  const id = held.prediction.prediction_id;
  try {
    if (held.etag) {
      Object.assign(held, await api.change(id, changes, held.etag));
      return true;
    }
  } catch (failure) {
    if (failure.code !== MOVED) throw failure;
  }
  Object.assign(held, await api.prediction(id));
  return false;
}

function see(held, sight) {
  sight.prediction = held.prediction;
}
