/** Seconds as people say them, in the largest unit of which there are at least two: `90 s`, `61 min`, `8 h`, `30 d`. */
export const formatDuration = (seconds: number): string =>
  seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7_200
      ? `${Math.round(seconds / 60)} min`
      : seconds < 172_800
        ? `${Math.round(seconds / 3_600)} h`
        : `${Math.round(seconds / 86_400)} d`;

/** How many there are of something, in words: `1 error`, `2 errors`. @param plural for nouns that do more than take an s */
export const pluralize = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;
