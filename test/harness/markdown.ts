/** A fenced block of a Markdown document. */
export interface Fence {
  /** What follows the backticks: `bash`, `bash run`. */
  readonly info: string;
  readonly text: string;
  /** Of its first backticks, from 1. */
  readonly line: number;
}

/** The fenced blocks of a document, in their order. */
export function fencesOf(markdown: string): Fence[] {
  return [...markdown.matchAll(/^```(\S.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    info: (match[1] ?? '').trim(),
    text: match[2] ?? '',
    line: markdown.slice(0, match.index).split('\n').length,
  }));
}

/** A document without its fenced blocks: what is prose. */
const proseOf = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```$/gm, '');

/** The headings of a document, with their marks: `## Verify`. */
export const headingsOf = (markdown: string): string[] => proseOf(markdown).match(/^#+ .*$/gm) ?? [];

/** Where the links of a document lead. */
export const linksOf = (markdown: string): string[] =>
  [...proseOf(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

/** The anchors that GitHub gives the headings of a document. */
export const anchorsOf = (markdown: string): string[] =>
  headingsOf(markdown).map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
