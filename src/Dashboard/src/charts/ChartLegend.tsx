import { currentValue } from '../lib/hostView';
import { gapWords, type ChartLine, type GapReason } from './chartLine';
import { meanOf } from './chartSummary';
import { gapColors } from './gapHatching';

interface ChartLegendProps {
  lines: ChartLine[];
  /** What the hatched stretches mean. */
  reasons: GapReason[];
  /** What the shaded stretches mean; null if there are none. */
  shaded: string | null;
  /** The value under the crosshair; null while nobody points at the chart. */
  valueOf: ((line: ChartLine) => number | null) | null;
  index: number | null;
  time: string | null;
  resting: 'latest' | 'average';
  format: (value: number) => string;
}

/** What each line is, and its value at the crosshair. */
export function ChartLegend({ lines, reasons, shaded, valueOf, index, time, resting, format }: ChartLegendProps) {
  const restingValue = (line: ChartLine) => (resting === 'latest' ? currentValue(line.values.map((value) => value ?? null)) : meanOf(line.values));
  return (
    <div className="flex items-start justify-between gap-4 text-[13px]">
      <ul className="flex max-h-24 min-w-0 flex-wrap gap-x-3.5 gap-y-0.5 overflow-y-auto">
        {lines.map((line) => {
          const value = valueOf ? valueOf(line) : restingValue(line);
          return (
            <li key={line.key} className="inline-flex max-w-full items-center gap-1.5 whitespace-nowrap">
              <span className={`min-w-3 shrink-0 ${line.look === 'dashed' ? 'w-4 border-t-2 border-dashed' : line.look === 'stack' ? 'h-2.5 rounded-xs border' : 'border-t-2'}`} style={swatch(line)} aria-hidden="true" />
              <span className="min-w-0 truncate text-ink-soft" title={line.label}>
                {line.label}
              </span>
              <span className="min-w-[2.6rem] shrink-0 font-medium">
                {value === null ? '–' : format(value)}
                {value !== null && index !== null && <Spread line={line} index={index} format={format} />}
              </span>
            </li>
          );
        })}
        {reasons.map((reason) => (
          <li key={reason} className="inline-flex items-center gap-1.5 whitespace-nowrap text-ink-soft">
            <span className="h-2.5 w-4 shrink-0 rounded-xs border" style={hatching(reason)} aria-hidden="true" />
            {gapWords[reason]}
          </li>
        ))}
        {shaded !== null && (
          <li className="inline-flex items-center gap-1.5 whitespace-nowrap text-ink-soft">
            <span className="h-2.5 w-4 shrink-0 rounded-xs border-l border-fill-bad bg-fill-bad/20" aria-hidden="true" />
            {shaded}
          </li>
        )}
      </ul>
      <span className="shrink-0 text-right text-ink-faint">{time ?? resting}</span>
    </div>
  );
}

/** From where to where the values went that a point is the mean of. */
function Spread({ line, index, format }: { line: ChartLine; index: number; format: (value: number) => string }) {
  const low = line.band?.min[index] ?? null;
  const high = line.band?.max[index] ?? null;
  if (low === null || high === null || low === high) return null;
  return <span className="ml-1.5 font-normal text-ink-faint">{`${format(low)} – ${format(high)}`}</span>;
}

function swatch(line: ChartLine) {
  const color = `var(${line.color})`;
  return line.look === 'stack' ? { borderColor: color, backgroundColor: `color-mix(in srgb, ${color} 38%, transparent)` } : { borderColor: color };
}

function hatching(reason: GapReason) {
  const { ground, stroke } = gapColors[reason];
  const line = `color-mix(in srgb, var(${stroke}) 45%, transparent)`;
  return { borderColor: line, background: `repeating-linear-gradient(135deg, var(${ground}) 0 3px, ${line} 3px 4px)` };
}
