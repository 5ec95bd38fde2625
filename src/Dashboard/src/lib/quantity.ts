import { formatBytes } from './format';

const prefixes: Record<string, number> = { k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15, ki: 1024, mi: 1024 ** 2, gi: 1024 ** 3, ti: 1024 ** 4, pi: 1024 ** 5 };

/** A number as people type it: `90`, `90%`, `1.5 GiB`, `100M`, `20 MB/s`. Null if it is none. */
export function parseQuantity(text: string): number | null {
  const parts = /^([+-]?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?)\s*([a-z%/]*)$/i.exec(text.trim());
  if (!parts) return null;
  const number = Number((parts[1] ?? '').replace(',', '.'));
  const unit = (parts[2] ?? '').toLowerCase().replace(/\/s$/, '').replace(/^(.*?)b$/, '$1');
  if (unit === '' || unit === '%') return number;
  const factor = prefixes[unit];
  return factor === undefined ? null : number * factor;
}

/** What the values of a series are in, as far as its name tells: by the server's own rule the unit is its last word. */
export function unitOf(series: string | null | undefined): string {
  const name = (series ?? '').split('{')[0] ?? '';
  if (name.endsWith('.percent')) return 'percent';
  if (name.endsWith('.bytes')) return 'bytes';
  if (name.endsWith('.mhz')) return 'megahertz';
  return name.endsWith('.seconds') ? 'seconds' : '';
}

/** A bound as it was set: unlike a measured value it is not rounded to what fits. */
export function formatBound(value: number, unit: string, perSecond = false): string {
  const rate = perSecond ? '/s' : '';
  const plain = Number(value.toPrecision(12)).toString();
  switch (unit) {
    case 'percent':
      return `${plain}%${rate}`;
    case 'bytes':
      return `${formatBytes(value)}${rate}`;
    case 'megahertz':
      return `${plain} MHz${rate}`;
    case 'seconds':
      return `${plain} s${rate}`;
    default:
      return unit ? `${plain} ${unit}${rate}` : `${plain}${rate}`;
  }
}
