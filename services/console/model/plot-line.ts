// One line, row of bars or area of a picture: what is drawn, without how.

export interface PlotLine {
  readonly label: string;
  /** One a point; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly look: "line" | "dashed" | "bars" | "area";
  /** One of figures.css; left out: that of its place. */
  readonly tone?: number;
}
