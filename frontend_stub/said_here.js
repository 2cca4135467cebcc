// Transcripts that were sent from this tab: the service's reports hold only the lines they judge by.

const turnsOf = new Map();

export function rememberTurns(interviewId, turns) {
  turnsOf.set(interviewId, turns);
}

/** Null for an interview of another visit. */
export function turnsSaidHere(interviewId) {
  return turnsOf.get(interviewId) ?? null;
}
