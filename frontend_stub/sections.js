// The sections of a result that is shown.

/** Whether this result is shown already; then its section, or its top, is gone to. */
export function showSection(main, id, section) {
  const article = main.querySelector(`[data-result="${id}"]`);
  if (!article) return false;
  const heading = article.querySelector(section ? `#title-${CSS.escape(section)}` : "h1");
  if (!heading) return true;
  if (section) heading.scrollIntoView();
  else scrollTo(0, 0);
  heading.focus({ preventScroll: true });
  return true;
}
