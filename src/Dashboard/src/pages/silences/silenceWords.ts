import type { Day, Recurrence } from '../../api/alertTypes';
import { formatExactly } from '../../lib/duration';
import { dayNames, days } from './silenceForm';

const short = (day: Day) => dayNames[day].slice(0, 3);

/** `Mon–Fri 22:00–06:00, Europe/Berlin`. */
export function describeRecurrence({ days: chosen, start, minutes, timeZone }: Recurrence): string {
  const begin = start.slice(0, 5);
  const [hour = 0, minute = 0] = begin.split(':').map(Number);
  const end = (hour * 60 + minute + minutes) % (24 * 60);
  // A window of a day or more would end on a clock time that says nothing.
  const clock = minutes >= 24 * 60 ? `${begin} for ${formatExactly(minutes * 60)}` : `${begin}–${two(Math.floor(end / 60))}:${two(end % 60)}`;
  return `${describeDays(chosen)} ${clock}, ${timeZone}`;
}

/** `Every day`, `Mon–Fri`, `Mon, Wed, Sat`. */
export function describeDays(chosen: readonly Day[]): string {
  const places = days.flatMap((day, i) => (chosen.includes(day) ? [i] : []));
  if (places.length === 0 || places.length === days.length) return 'Every day';
  const first = places[0] ?? 0;
  const last = places.at(-1) ?? 0;
  const isRun = places.length > 2 && last - first === places.length - 1;
  return isRun ? `${short(days[first] ?? 'mon')}–${short(days[last] ?? 'sun')}` : places.map((i) => short(days[i] ?? 'mon')).join(', ');
}

const two = (value: number) => value.toString().padStart(2, '0');
