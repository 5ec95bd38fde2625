import { currentValue } from '../../lib/hostView';
import type { ChartLine } from './chartLines';

interface ChartLegendProps {
  lines: ChartLine[];
  /** The point under the crosshair, or null for the newest values. */
  index: number | null;
  time: string | null;
  format: (value: number) => string;
}

/** What each line is, and its value at the crosshair. */
export function ChartLegend({ lines, index, time, format }: ChartLegendProps) {
  return (
    <div className="flex items-start justify-between gap-4 text-[13px]">
      <ul className="flex max-h-24 min-w-0 flex-wrap gap-x-3.5 gap-y-0.5 overflow-y-auto">
        {lines.map((line) => {
          const value = index === null ? currentValue(line.values) : (line.values[index] ?? null);
          return (
            <li key={line.key} className="inline-flex items-center gap-1.5 whitespace-nowrap">
              <span className={`min-w-3 shrink-0 ${line.look === 'dashed' ? 'w-4 border-t-2 border-dashed' : line.look === 'stack' ? 'h-2.5 rounded-xs border' : 'border-t-2'}`} style={swatch(line)} aria-hidden="true" />
              <span className="text-ink-soft">{line.label}</span>
              <span className="min-w-[2.6rem] font-medium">{value === null ? '–' : format(value)}</span>
            </li>
          );
        })}
      </ul>
      <span className="shrink-0 text-ink-faint">{time ?? 'latest'}</span>
    </div>
  );
}

function swatch(line: ChartLine) {
  const color = `var(${line.color})`;
  return line.look === 'stack' ? { borderColor: color, backgroundColor: `color-mix(in srgb, ${color} 38%, transparent)` } : { borderColor: color };
}
