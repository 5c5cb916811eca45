/**
 * What every chart has around it: a title, a sentence that says what one would see, a legend, and all of its numbers as a
 * table that anybody can open and a screen reader reads instead of the drawing.
 */
import { useId, type CSSProperties, type ReactNode } from "react";

import styles from "./charts.module.css";

export interface Series {
  readonly name: string;
  /** One for each label; null where there is none. */
  readonly values: readonly (string | number | null)[];
  /** Which of the theme's colours, from 1; its place in the list when left out. */
  readonly colour?: number;
}

export interface ChartProps {
  readonly title: string;
  /** What one sees, in a sentence; it is read out instead of the drawing. */
  readonly description: string;
  /** What stands along the axis. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** How a value is written in the table and beside the pointer. */
  readonly format: (value: string | number) => string;
  /** What the labels are, as the table's first heading. */
  readonly labelHeading?: string;
  /** The title is for screen readers alone, where a heading right above says the same. */
  readonly hideTitle?: boolean;
  readonly height?: number;
}

export function colourOf(series: Series, index: number): CSSProperties {
  return { "--series": `var(--series-${series.colour ?? index + 1})` } as CSSProperties;
}

interface FrameProps extends Omit<ChartProps, "height"> {
  /** Draws with the ids of the title and the description. */
  readonly children: (labelledBy: string) => ReactNode;
}

export function Frame({
  title,
  description,
  labels,
  series,
  format,
  labelHeading = "",
  hideTitle = false,
  children,
}: FrameProps): ReactNode {
  const id = useId();
  return (
    <figure className={styles.frame}>
      <figcaption className={hideTitle ? styles.unseen : styles.title} id={`${id}t`}>
        {title}
      </figcaption>
      <p className={styles.unseen} id={`${id}d`}>
        {description}
      </p>
      {series.length > 1 && <Legend series={series} />}
      {children(`${id}t ${id}d`)}
      <details className={styles.numbers}>
        <summary>
          Numbers<span className={styles.unseen}> of {title}</span>
        </summary>
        <NumbersTable {...{ title, labels, series, format, labelHeading }} />
      </details>
    </figure>
  );
}

function Legend({ series }: { readonly series: readonly Series[] }): ReactNode {
  return (
    <ul className={styles.legend} aria-hidden="true">
      {series.map((each, index) => (
        <li key={each.name} style={colourOf(each, index)}>
          <span className={styles.swatch} />
          {each.name}
        </li>
      ))}
    </ul>
  );
}

type NumbersTableProps = Pick<ChartProps, "title" | "labels" | "series" | "format" | "labelHeading">;

function NumbersTable({ title, labels, series, format, labelHeading }: NumbersTableProps): ReactNode {
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label={`Numbers of ${title}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{labelHeading === "" ? <span className={styles.unseen}>What</span> : labelHeading}</th>
            {series.map((each) => (
              <th scope="col" key={each.name}>
                {each.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, row) => (
            <tr key={`${row}${label}`}>
              <th scope="row">{label}</th>
              {series.map((each) => {
                const value = each.values[row];
                return <td key={each.name}>{value === null || value === undefined ? "–" : format(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
