/** The words of one line of Markdown without its marks, for terminals and comments: no back-ticks, no targets of links. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\((https?:[^)]*)\)/g, '$1 ($2)')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '');
}
