// Server-sent events out of a text that grows (HTML Living Standard, 9.2).

/** A reader; each call takes all of the text so far and hands the new events to `onEvent`. */
export function eventReader(onEvent) {
  let read = 0;
  return (text) => {
    for (let end = blockEnd(text, read); end !== -1; end = blockEnd(text, read)) {
      const block = text.slice(read, end);
      read = end + 2;
      const event = eventOf(block);
      if (event) onEvent(event.name, event.content);
    }
  };
}

function blockEnd(text, from) {
  return text.indexOf("\n\n", from);
}

function eventOf(block) {
  const fields = block.split("\n").filter((line) => !line.startsWith(":"));
  const values = (name) => fields.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trimStart());
  const lines = values("data");
  if (lines.length === 0) return null;
  return { name: values("event")[0] ?? "message", content: JSON.parse(lines.join("\n")) };
}
