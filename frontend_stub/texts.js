// Every word that the page says, but for its title before it runs and what it says without JavaScript (index.html).
// A translation is these files again, with the same shape; those of interviews and offers are fetched with their views.

import { history, trend, compare, deletion } from "./texts/history.js";
import { jobs } from "./texts/jobs.js";
import { LANGUAGE, many } from "./texts/language.js";
import { problems } from "./texts/problems.js";
import { ats, confidence, match, notes, paths, profile, result, steps, why } from "./texts/result.js";
import { key, settings } from "./texts/settings.js";
import { upload } from "./texts/upload.js";

export { LANGUAGE };

export const texts = {
  brand: "Resume reading",
  skip: "Skip to content",
  main: "Main",
  nav: { upload: "New", history: "History", jobs: "Jobs", interviews: "Interviews", settings: "Settings" },
  foot: "Guidance for people, never a reason to reject anybody automatically.",
  routes: "All routes of the service",
  connection: {
    lost: "The service cannot be reached at the moment. It is being asked again; nothing you see here is lost.",
    offline: "This device is offline. The page goes on when the connection is back.",
    back: "The service is back.",
  },

  states: {
    loading: "Loading",
    slow: "This takes longer than usual. It is still being worked on.",
    tryAgain: "Try again",
    requestId: (id) => `Request ${id}`,
    notFoundTitle: "There is no such page",
    notFound: "The address may be incomplete.",
    toStart: "Go to the start",
    inSeconds: (s) => `Try again in ${many(s, "second", "seconds")}.`,
  },

  upload, confidence, result, paths, why, ats, steps, match, notes, profile,
  jobs, history, trend, compare, deletion, key, settings, problems,
};
