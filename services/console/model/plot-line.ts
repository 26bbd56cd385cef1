// One series of figures in a picture, whatever draws it.
export interface PlotLine {
  readonly label: string;
  /** One a point; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly look: "line" | "dashed" | "bars" | "area";
  /** One of figures.css; left out: that of its place. */
  readonly tone?: number;
}
