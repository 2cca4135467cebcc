// Settings, and the key.

export const key = {
  why: "This service answers only callers with a key. Ask whoever runs it for one. It is kept for this tab only.",
  label: "API key",
  use: "Use this key",
};

export const settings = {
  title: "Settings",
  who: "Whose history",
  whoHelp: "The history hangs on this name. The browser made a random one; to see a history from another browser, put its name here.",
  whoLabel: "Name of the history",
  whoSave: "Use this name",
  whoSaved: "From now on the history of this name is shown.",
  key: "API key",
  keyHelp: "Only needed where the service asks for one. Kept for this tab only; closing it forgets the key.",
  keySave: "Keep for this tab",
  keySaved: "The key is kept for this tab.",
  keyForget: "Forget the key",
  keyForgotten: "The key is forgotten.",
  keyThere: "A key is kept for this tab.",
  mine: "Everything about me",
  exportHelp: "One JSON file with every result, its text, notes and jobs, every interview with its transcript, and who did what to them when.",
  export: "Export everything",
  exporting: "The export is being fetched.",
  exported: "The export is in your downloads.",
  eraseHelp: "Erases every result of this history with its text and jobs, and every interview with its transcript, at once and for good.",
  erase: "Erase everything",
  eraseTitle: "Erase everything?",
  eraseSure: "All results of this history, their texts, notes and jobs, and all interviews are erased at once. This cannot be undone.",
  eraseYes: "Erase everything now",
  eraseNo: "Keep it",
  erased: "Everything was erased.",
  service: "The service",
  parts: { intents: "Understanding requests", database: "History", reader: "Reading documents", encoder: "Language model", career_models: "Career model", jobs: "Jobs" },
  partStates: { ready: "ready", not_ready: "not ready", not_configured: "not set up" },
};
