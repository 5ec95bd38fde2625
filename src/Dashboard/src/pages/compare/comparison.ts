import type { FleetHistory, HistorySeries } from '../../api/types';
import { palette, type ChartLine, type Gap } from '../../charts/chartLine';
import { deviceOf } from '../../charts/historyLines';
import { sumSeries } from '../../lib/rates';
import { countsInSum } from '../../lib/seriesName';

/** Bands of more hosts than this lie on top of each other and tell nothing. */
const maxBands = 2;

export interface Comparison {
  /** Unix seconds of all hosts' points, ascending. */
  seconds: number[];
  /** One line a host. */
  lines: ChartLine[];
  /** When nobody could be heard. That one of them was silent is seen by its line alone. */
  gaps: Gap[];
  /** Unit of the values. */
  unit: string;
  /** What each line is made of, where a host has several of the series. */
  combined: 'none' | 'sum' | 'highest';
}

/** Lays the hosts' lines over each other. Their samples were taken at different moments: each line goes on through the points of the others. */
export function compareHosts({ hosts }: FleetHistory): Comparison {
  const times = [...new Set(hosts.flatMap((host) => host.times))].toSorted((a, b) => a - b);
  const placeOf = new Map(times.map((time, i) => [time, i]));
  const along = (own: readonly number[], values: readonly (number | null)[]) => {
    const laid = new Array<number | null | undefined>(times.length).fill(undefined);
    own.forEach((time, i) => (laid[placeOf.get(time) ?? 0] = values[i] ?? null));
    return widenGaps(laid);
  };
  const lines = hosts.map((host, i): ChartLine => {
    const { mean, min, max } = combine(host.series);
    return {
      key: host.id.toString(),
      label: hosts.some((other) => other.id !== host.id && other.name === host.name) ? `${host.name} (#${host.id})` : host.name,
      color: palette(i),
      look: 'line',
      values: along(host.times, mean),
      ...(min && max && hosts.length <= maxBands && { band: { min: along(host.times, min), max: along(host.times, max) } }),
    };
  });
  const all = hosts.flatMap((host) => host.series);
  const isCombined = hosts.some((host) => host.series.length > 1);
  return {
    seconds: times.map((time) => time / 1000),
    lines,
    gaps: hosts.flatMap((host) => host.gaps).filter((gap, i, every) => gap.reason === 'server-away' && every.findIndex((other) => other.reason === gap.reason && other.from === gap.from) === i),
    unit: all[0]?.unit ?? '',
    combined: !isCombined ? 'none' : isShare(all[0]) ? 'highest' : 'sum',
  };
}

/** One empty point stands for a whole gap. Beside the points of others it would be bridged again: everything around it up to the next value is empty. */
function widenGaps(values: (number | null | undefined)[]): (number | null | undefined)[] {
  for (let from = 0; from < values.length; from++) {
    if (typeof values[from] === 'number') continue;
    let to = from;
    while (to < values.length && typeof values[to] !== 'number') to++;
    if (values.slice(from, to).includes(null)) values.fill(null, from, to);
    from = to;
  }

  return values;
}

/** One line of a host's several: shares are not added up, there the fullest counts. */
function combine(series: readonly HistorySeries[]): Pick<HistorySeries, 'mean' | 'min' | 'max'> {
  const [first] = series;
  if (!first) return { mean: [] };
  if (series.length === 1) return first;
  if (isShare(first)) return { mean: highestOf(series.map(({ mean }) => mean)) };
  return { mean: sumSeries(series.filter((each) => countsInSum(each.metric, deviceOf(each))).map(({ mean }) => mean)) };
}

const isShare = (series: HistorySeries | undefined) => series?.unit === 'percent';

function highestOf(columns: readonly (readonly (number | null)[])[]): (number | null)[] {
  return (columns[0] ?? []).map((_, i) => columns.reduce<number | null>((best, column) => {
    const value = column[i] ?? null;
    return value === null ? best : Math.max(best ?? value, value);
  }, null));
}
