import type { Series } from '../api/types';
import { ratePerSecond } from './rates';
import { columnOf, type SampleTable } from './sampleWindow';
import { labelText, parseSeriesName } from './seriesName';
import { alongTimeline, buildTimeline, findGaps, type Timeline } from './timeline';

export interface KnownSeries extends Series {
  index: number;
  /** The dotted name without labels. */
  base: string;
  /** The label values, empty without labels. */
  label: string;
}

/** How many of the newest samples are asked for a current value: collectors may skip one, but a vanished disk must go. */
const currentSamples = 3;

/**
 * One moment of a host, as the charts read it: series by name, counters as rates, gaps marked. Computes a series when
 * it is first asked for, so what nobody draws costs nothing.
 */
export class HostView {
  readonly timeline: Timeline;
  readonly times: readonly number[];
  private readonly gapBefore: boolean[];
  private readonly byName = new Map<string, KnownSeries>();
  private readonly byBase = new Map<string, KnownSeries[]>();
  private readonly computed = new Map<number, (number | null)[]>();

  constructor(private readonly table: SampleTable, intervalMs: number | null) {
    this.times = table.times;
    this.gapBefore = findGaps(this.times, intervalMs);
    this.timeline = buildTimeline(this.times, this.gapBefore);
    table.series.forEach((series, index) => {
      const { base, labels } = parseSeriesName(series.name);
      const known = { ...series, index, base, label: labelText(labels) };
      this.byName.set(series.name, known);
      const family = this.byBase.get(base);
      if (family) family.push(known);
      else this.byBase.set(base, [known]);
    });
  }

  get newest(): number | null {
    return this.times.at(-1) ?? null;
  }

  get allSeries(): KnownSeries[] {
    return [...this.byName.values()];
  }

  has(base: string): boolean {
    return this.byBase.has(base);
  }

  /** Every series of one dotted name, in the natural order of their labels (core 2 before core 10). */
  family(base: string): KnownSeries[] {
    return (this.byBase.get(base) ?? []).toSorted((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
  }

  /** Gauges as they are, counters per second; one value per sample. */
  values(series: KnownSeries): (number | null)[] {
    let values = this.computed.get(series.index);
    if (!values) {
      const column = columnOf(this.table, series.index);
      values = series.kind === 'counter' ? ratePerSecond(this.times, column, this.gapBefore) : column;
      this.computed.set(series.index, values);
    }

    return values;
  }

  valuesOf(name: string): (number | null)[] {
    const series = this.byName.get(name);
    return series ? this.values(series) : this.times.map(() => null);
  }

  along(values: readonly (number | null)[]): (number | null)[] {
    return alongTimeline(this.timeline, values);
  }

  current(series: KnownSeries): number | null {
    return currentValue(this.values(series));
  }

  currentOf(name: string): number | null {
    const series = this.byName.get(name);
    return series ? this.current(series) : null;
  }
}

/** The newest value, unless the series has been silent for several samples. */
export function currentValue(values: readonly (number | null)[]): number | null {
  for (let i = values.length - 1; i >= Math.max(0, values.length - currentSamples); i--) {
    const value = values[i] ?? null;
    if (value !== null) return value;
  }

  return null;
}
