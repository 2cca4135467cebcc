// Which view an address opens, and what only that view needs: fetched when it is opened first.

import { styled } from "./style_sheets.js";

/** Also fetched while a resume is read, so that its result has nothing to wait for. */
export const resultParts = parts(() => import("./views/result.js"), "resultView", "pieces", "result");

export const ROUTES = [
  [/^\/$/, parts(() => import("./views/upload.js"), "uploadView")],
  [/^\/result\/([0-9a-f-]{36})(?:\/([a-z]+))?$/, resultParts],
  [/^\/history$/, parts(() => import("./views/history.js"), "historyView", "pieces", "history")],
  [/^\/compare$/, parts(() => import("./views/compare.js"), "compareView", "pieces", "history")],
  [/^\/jobs$/, parts(() => import("./views/jobs.js"), "jobsView", "pieces", "history")],
  [/^\/interviews$/, parts(() => import("./views/interviews.js"), "interviewsView", "history", "interviews")],
  [/^\/interviews\/(.+)$/, parts(() => import("./views/interview.js"), "interviewView", "pieces", "history", "interviews")],
  [/^\/settings$/, parts(() => import("./views/settings.js"), "settingsView", "history")],
];

/** Rejects with a TypeError where the service does not hand them out. */
function parts(load, name, ...styles) {
  return async () => {
    const [module] = await Promise.all([load(), styled(styles)]);
    return module[name];
  };
}
