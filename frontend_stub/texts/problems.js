// Refusals and failures by code: what happened, and what to do.

const simpler = "Export the document again in a simpler form, without drawings.";
const again = "Upload the resume again.";
const tell = "Tell whoever runs the service";
export const noSource = ["No job source is set up", "Whoever runs this service can set a job board's key, or import postings with “python -m ml_service jobs import FILE”."];

export const problems = {
  no_file: ["No file arrived", "Choose a resume and send it again."],
  too_large: ["The file is too large", "Export the resume again with smaller pictures, or without them, and try that."],
  unsupported_type: ["This is not a PDF or DOCX", "Open it in the program it was written in and save it as PDF or DOCX. Renaming the file does not change what it is."],
  empty_document: ["The document holds no text", "Check that the right file was chosen."],
  no_text_layer: ["The pages are pictures", "This looks like a scan: software finds no text in it. Export the resume from the program it was written in. Employers' software cannot read it either."],
  encrypted: ["The document is locked", "Save a copy without a password and upload that."],
  corrupt: ["The document is damaged", "Export it again from the program it was written in."],
  too_many_pages: ["The document is too long", "Upload the resume alone, without certificates and work samples."],
  parse_timeout: ["Reading it took too long", simpler],
  parse_memory: ["Reading it took too much memory", simpler],
  not_a_resume: ["This does not look like a resume", "No work, education or skills were found. Check that the right file was chosen."],
  rate_limited: ["Too many requests in a short time", "Wait a little; nothing is lost."],
  overloaded: ["The service is busy", "Too many resumes are being read at this moment. Try again shortly."],
  upload_timeout: ["The upload took too long", "Check the connection and send it again."],
  user_erased: ["Everything was erased meanwhile", "The history was erased while this was being read, so it was not kept. Send it again if you want it kept."],
  unauthorized: ["An API key is needed", "Type the key into the settings."],
  forbidden: ["This key may not do that", "Ask whoever runs the service for a key with the right scope."],
  invalid_request: ["Something in the request is not right", ""],
  prediction_not_found: ["There is no such result", "It may have been deleted, or the address is incomplete."],
  interview_not_found: ["There is no such interview", "It may have been deleted, or the address is incomplete."],
  interview_exists: ["Another interview has this name", "Score it again as a new one."],
  interview_services_unavailable: ["Interviews cannot be scored now", "Neither of the services that read them answers. Try again in a moment; nothing was kept."],
  precondition_failed: ["It was changed elsewhere", "What is kept now is shown; change that."],
  text_not_stored: ["The text was not kept", "This service was told not to keep the text of resumes."],
  model_changed: ["Another model is loaded now", again],
  model_not_found: ["The model is gone", again],
  model_unavailable: ["The model is not loaded", "Try again in a moment. If it stays so, tell whoever runs the service."],
  weights_mismatch: ["The model cannot be used", `${tell}: its weights are not the ones that were expected.`],
  embedding_space_mismatch: ["The model cannot be used", `${tell}.`],
  storage_unavailable: ["The history cannot be reached", "Nothing was saved. Try again in a moment."],
  jobs_not_configured: noSource,
  jobs_unavailable: ["The job board did not answer", "Try again later."],
  jobs_quota_exhausted: ["The job board's quota is used up", "Try again later."],
  idempotency_key_in_use: ["It is still being read", "The same upload is in work already. Try again in a moment."],
  idempotency_key_reused: ["This upload was sent before", "Choose the file again."],
  internal_error: ["The service failed on this", "Try again. If it fails again, tell whoever runs the service the request below."],
  unreachable: ["The service cannot be reached", "Nothing is lost. It is being asked again; try again when it is back."],
  too_slow: ["The service did not answer in time", "Try again in a moment."],
  broken_off: ["The answer broke off", "The service or the connection went away in between. Trying again is safe: nothing is kept twice."],
  other: ["That did not work", "Try again in a moment."],
};
