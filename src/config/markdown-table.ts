/** A Markdown table of a heading row and others, with aligned columns, as the formatter of this repository has it. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = [heading, ...rows].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = heading.map((_, column) =>
    Math.max(3, ...escaped.map((cells) => cells[column]?.length ?? 0)),
  );
  const [head = '', ...body] = escaped.map((cells) =>
    line(widths.map((width, column) => (cells[column] ?? '').padEnd(width))),
  );
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
