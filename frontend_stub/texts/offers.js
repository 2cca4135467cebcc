// What else may be asked for in the box of the job search: what it sounds like, the way there, where it leads.
const reads = "Read a resume";
export const offers = {
  searchAnyway: (said) => `Search jobs for “${said}”`,
  ways: {
    improve_resume: ["You want to improve a resume", "Every result says what software misses in it, and what to do about each point.", reads, "/"],
    which_careers_fit: ["You want to know which careers fit", "A resume is needed for that: its result names the career paths it fits, and how sure that is.", reads, "/"],
    what_to_learn_next: ["You want to know what to learn next", "Every result lists next steps with the skills that are still missing.", "Open the history", "/history"],
    salary: ["You ask about pay", "Every result names the median wage of each next step. Postings name theirs where employers do.", "Open the history", "/history"],
    prepare_interview: ["You want to prepare an interview", "The transcript of a practice interview gets a report: what was shown, where, and what would help.", "Go to interviews", "/interviews"],
    show_history: ["You want to see what was read", "All results are in the history.", "Open the history", "/history"],
    compare: ["You want to compare", "Tick two results in the history to see them side by side.", "Open the history", "/history"],
    delete_my_data: ["You want your data deleted", "Single results go from the history; everything at once goes in the settings, after a question.", "Go to the settings", "/settings"],
    export_my_data: ["You want your data", "The settings hand over everything about you as one file.", "Go to the settings", "/settings"],
    talk_to_person: ["You want to talk to a person", "Nobody answers on this page. Ask whoever runs this service. If you think of hurting yourself, call a crisis line or the emergency number now: somebody answers at any hour.", null, null],
    small_talk: ["This box looks for jobs", "Say which kind of work, where, and since when.", null, null],
  },
};
