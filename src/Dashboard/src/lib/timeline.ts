/** A distance of more than this many intervals between two samples is a gap, not a line. */
const gapIntervals = 2.5;

/** Distances looked at on either side of a sample to learn how often it was reported there. */
const neighbours = 5;

/**
 * For every sample whether a gap lies before it. The agent may report faster while somebody watches, so one number for
 * the whole window would call every older, slower sample a gap: the usual distance is taken from the neighbourhood.
 */
export function findGaps(times: readonly number[], intervalMs: number | null): boolean[] {
  const distances = times.slice(1).map((time, i) => time - (times[i] ?? time));
  return times.map((_, i) => {
    if (i === 0) return false;
    const usual = median(distances.slice(Math.max(0, i - 1 - neighbours), i + neighbours));
    return (distances[i - 1] ?? 0) > gapIntervals * Math.max(usual, intervalMs ?? 0);
  });
}

/** The x axis of every chart of a host: the sample times with one extra point in each gap, where lines must break. */
export interface Timeline {
  /** Unix seconds, ascending: what uPlot wants. */
  seconds: number[];
  /** The sample each point stands for; -1 marks a gap. */
  sample: number[];
}

export function buildTimeline(times: readonly number[], gapBefore: readonly boolean[]): Timeline {
  const seconds: number[] = [];
  const sample: number[] = [];
  times.forEach((time, i) => {
    if (gapBefore[i]) {
      seconds.push((time + (times[i - 1] ?? time)) / 2000);
      sample.push(-1);
    }

    seconds.push(time / 1000);
    sample.push(i);
  });
  return { seconds, sample };
}

/** Lays one series along the timeline. */
export function alongTimeline(timeline: Timeline, values: readonly (number | null)[]): (number | null)[] {
  return timeline.sample.map((i) => (i < 0 ? null : (values[i] ?? null)));
}

function median(values: number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
