import type { Panel, Row } from './panel.ts';

/** Where a panel stands, in Grafana's grid of 24 columns. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const columns = 24;
const heights: Readonly<Record<Panel['kind'], number>> = { number: 4, graph: 8, states: 6, table: 6 };

/** A row's heading and panels with their places. */
export interface PlacedRow {
  readonly row: Row;
  readonly position: GridPosition;
  readonly panels: readonly { readonly panel: Panel; readonly position: GridPosition }[];
}

/** Rows below each other, panels of a row beside each other, as many as fit; a line is as high as its highest panel. */
export function layOut(rows: readonly Row[]): PlacedRow[] {
  let y = 0;
  return rows.map((row) => {
    const position = { x: 0, y, w: columns, h: 1 };
    y += 1;
    let [x, lineHeight] = [0, 0];
    const panels = row.panels.map((panel) => {
      const [w, h] = [panel.width ?? 8, heights[panel.kind]];
      if (x + w > columns) {
        y += lineHeight;
        [x, lineHeight] = [0, 0];
      }
      const place = { x, y, w, h };
      x += w;
      lineHeight = Math.max(lineHeight, h);
      return { panel, position: place };
    });
    y += lineHeight;
    return { row, position, panels };
  });
}
