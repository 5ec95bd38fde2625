export interface SeriesLabel {
  name: string;
  value: string;
}

export interface SeriesName {
  /** The dotted name without labels. */
  base: string;
  labels: SeriesLabel[];
}

/**
 * Takes the canonical text of a series apart: `disk.used.bytes{mount="/mnt/a,b"}`. The server has checked the text;
 * one that still does not fit is kept whole as a name, because a series nobody understands must stay visible.
 */
export function parseSeriesName(text: string): SeriesName {
  const brace = text.indexOf('{');
  if (brace < 0) return { base: text, labels: [] };

  const labels: SeriesLabel[] = [];
  let at = brace + 1;
  while (at < text.length && text[at] !== '}') {
    const equals = text.indexOf('=', at);
    if (equals < 0) return { base: text, labels: [] };
    const name = text.slice(at, equals);
    const read = text[equals + 1] === '"' ? readQuoted(text, equals + 2) : readPlain(text, equals + 1);
    if (!read) return { base: text, labels: [] };
    labels.push({ name, value: read.value });
    at = text[read.end] === ',' ? read.end + 1 : read.end;
  }

  return at === text.length - 1 ? { base: text.slice(0, brace), labels } : { base: text, labels: [] };
}

/** The label values of a series as a person reads them: `eth0`, or `state=open, port=80` if there are several. */
export function labelText(labels: SeriesLabel[]): string {
  const [first] = labels;
  if (!first) return '';
  if (labels.length === 1) return first.value;
  return labels.map((label) => `${label.name}=${label.value}`).join(', ');
}

/** Whether one of several series belongs into their sum: what a machine says to itself is no traffic. */
export function countsInSum(base: string, label: string): boolean {
  return !(base.startsWith('net.') && /^lo\d*$/.test(label));
}

function readPlain(text: string, from: number): { value: string; end: number } | null {
  let end = from;
  while (end < text.length && text[end] !== ',' && text[end] !== '}') end++;
  return end < text.length ? { value: text.slice(from, end), end } : null;
}

function readQuoted(text: string, from: number): { value: string; end: number } | null {
  let value = '';
  for (let at = from; at < text.length; at++) {
    const c = text[at] ?? '';
    if (c === '"') return { value, end: at + 1 };
    value += c === '\\' ? (text[++at] ?? '') : c;
  }

  return null;
}
