// The result that an upload has just brought, so that it is shown without being asked for again.

let handed = null;

export function handOver(prediction, { notice = null } = {}) {
  handed = { prediction, etag: null, notice };
}

/** Once; null for any other id. */
export function takeHandedOver(id) {
  if (handed?.prediction.prediction_id !== id) return null;
  const taken = handed;
  handed = null;
  return taken;
}
