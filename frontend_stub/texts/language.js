// Which language this is, and how it counts.

export const LANGUAGE = "en";

export const many = (n, one, several) => `${n.toLocaleString(LANGUAGE)} ${n === 1 ? one : several}`;
