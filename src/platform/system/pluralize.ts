/** How many there are of something, in words: `1 error`, `2 errors`. @param plural for nouns that do more than take an s */
export const pluralize = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;
