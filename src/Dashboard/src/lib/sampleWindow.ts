import type { HostSnapshot, SampleValues, Series } from '../api/types';

/** Samples by time; every row holds one value per series, or ends early. */
export interface SampleTable {
  series: Series[];
  times: number[];
  rows: SampleValues[];
}

/** The values of one series, one per time. */
export function columnOf(table: SampleTable, seriesIndex: number): (number | null)[] {
  return table.rows.map((row) => row[seriesIndex] ?? null);
}

/**
 * The newest samples of one host, by time. Rows rather than columns: a late sample is then one insertion,
 * and a chart reads only the few series it draws. Changes in place; the owner tells the viewers.
 */
export class SampleWindow {
  readonly series: Series[];
  readonly times: number[];
  private readonly rows: SampleValues[];

  constructor(snapshot: Pick<HostSnapshot, 'series' | 'times' | 'values'>) {
    this.series = [...snapshot.series];
    this.times = [...snapshot.times];
    this.rows = snapshot.times.map((_, i) => snapshot.values.map((column) => column[i] ?? null));
  }

  get newest(): number | null {
    return this.times.at(-1) ?? null;
  }

  /**
   * Puts new series at their place of the catalogue; some may be there already, as a snapshot can overtake an update.
   * False if others are missing before them, and values can no longer be told apart.
   */
  addSeries(added: readonly Series[], first: number): boolean {
    if (added.length > 0 && first > this.series.length) return false;
    added.forEach((series, i) => (this.series[first + i] = series));
    return true;
  }

  /** Puts a sample where its time belongs; the same time again replaces. */
  insert(at: number, values: SampleValues): void {
    const index = this.findIndex(at);
    const isRepeat = this.times[index] === at;
    this.times.splice(index, isRepeat ? 1 : 0, at);
    this.rows.splice(index, isRepeat ? 1 : 0, values);
  }

  /** Forgets what is older than the window. It ends at the newest sample, so that a silent host keeps its last picture. */
  trim(keepMs: number): void {
    if (this.newest === null) return;
    const first = this.findIndex(this.newest - keepMs);
    this.times.splice(0, first);
    this.rows.splice(0, first);
  }

  /** What is here now, untouched by later changes. The rows themselves never change. */
  copy(): SampleTable {
    return { series: [...this.series], times: [...this.times], rows: [...this.rows] };
  }

  /** The place of the first sample that is not older than `at`. */
  private findIndex(at: number): number {
    // Nearly every sample is the newest one.
    if (this.newest === null || at > this.newest) return this.times.length;
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.times[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }

    return low;
  }
}
