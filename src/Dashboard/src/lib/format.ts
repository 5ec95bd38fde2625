/** Shown where a value is not known. */
export const noValue = '–';

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** `1536` → `1.5 KiB`. Three digits at most, so that a column of them stays narrow. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return noValue;
  let value = Math.abs(bytes);
  let unit = 0;
  // 999.5 and more would print as four digits or as "1000", so the next unit takes over there.
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit++;
  }

  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${bytes < 0 ? '−' : ''}${trimZeros(value.toFixed(digits))} ${byteUnits[unit] ?? ''}`;
}

export function formatByteRate(bytesPerSecond: number | null | undefined): string {
  return bytesPerSecond === null || bytesPerSecond === undefined ? noValue : `${formatBytes(bytesPerSecond)}/s`;
}

/** One digit after the point below 10, where it still tells something. */
export function formatPercent(percent: number | null | undefined): string {
  if (percent === null || percent === undefined) return noValue;
  return `${percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)}%`;
}

export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return noValue;
  const size = Math.abs(value);
  if (size >= 1e9) return `${trimZeros((value / 1e9).toFixed(2))} G`;
  if (size >= 1e6) return `${trimZeros((value / 1e6).toFixed(2))} M`;
  if (size >= 1e5) return `${trimZeros((value / 1e3).toFixed(1))} k`;
  return Number.isInteger(value) ? value.toString() : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

export function formatMegahertz(megahertz: number | null | undefined): string {
  if (megahertz === null || megahertz === undefined) return noValue;
  return megahertz >= 1000 ? `${(megahertz / 1000).toFixed(2)} GHz` : `${megahertz.toFixed(0)} MHz`;
}

/** The two largest parts of a duration: `3 d 4 h`, `12 min`, `45 s`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return noValue;
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (days >= 100) return `${days} d`;
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes > 0) return `${minutes} min`;
  return `${whole} s`;
}

/** How long ago, in its largest part: `5 s ago`. A moment that seems to lie ahead is a clock's tolerance: `0 s ago`. */
export function formatAgo(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** `4:59` for a countdown. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toString().padStart(2, '0')}`;
}

/** How long to wait, to say in a sentence; rounded up, as nobody should come back too early: `45 seconds`, `2 minutes`. */
export function waitInWords(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 120) return plural(seconds, 'second', 'seconds');
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? plural(minutes, 'minute', 'minutes') : plural(Math.ceil(minutes / 60), 'hour', 'hours');
}

/** A day or a moment as people of this browser write it. */
export function formatDate(time: string): string {
  return new Date(time).toLocaleDateString(undefined, { dateStyle: 'medium' });
}

export function formatMoment(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** How long until then, in its largest part: `in 5 h`. */
export function formatUntil(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  if (seconds < 60) return `in ${seconds} s`;
  if (seconds < 3600) return `in ${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `in ${Math.floor(seconds / 3600)} h`;
  return `in ${Math.floor(seconds / 86_400)} d`;
}

/** A value with its unit as the server names units; `perSecond` for a counter that was turned into a rate. */
export function formatValue(value: number | null | undefined, unit: string, perSecond = false): string {
  if (value === null || value === undefined) return noValue;
  switch (unit) {
    case 'percent':
      return formatPercent(value);
    case 'bytes':
      return perSecond ? formatByteRate(value) : formatBytes(value);
    case 'megahertz':
      return formatMegahertz(value);
    case 'seconds':
      // Seconds per second is the share of time spent.
      return perSecond ? formatPercent(value * 100) : formatDuration(value);
    default: {
      const text = unit ? `${formatNumber(value)} ${unit}` : formatNumber(value);
      return perSecond ? `${text}/s` : text;
    }
  }
}

export function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
