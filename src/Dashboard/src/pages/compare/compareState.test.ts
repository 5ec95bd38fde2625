import { describe, expect, it } from 'vitest';
import { comparePath, maxHosts, parseCompareState, withCompareState } from './compareState';

const parse = (text: string) => parseCompareState(new URLSearchParams(text));

describe('comparison in the address', () => {
  it('comes back from its own text, and keeps the range', () => {
    const state = { hosts: [3, 1], series: ['cpu.percent', 'disk.used.percent{mount="/a,b"}'] };
    const params = withCompareState(new URLSearchParams('range=6h&host=9&series=x'), state);
    expect(params.get('range')).toBe('6h');
    expect(parse(params.toString())).toEqual(state);
  });

  it('has the usual charts where it names none', () => {
    expect(parse('host=1').series).toContain('cpu.percent');
    expect(comparePath([1, 2])).toBe('/compare?host=1&host=2');
    expect(withCompareState(new URLSearchParams(), { hosts: [1], series: parse('').series }).has('series')).toBe(false);
  });

  it('takes each host once, and no more than there is room for', () => {
    expect(parse('host=2&host=1&host=2&host=x&host=-1&host=').hosts).toEqual([2, 1]);
    expect(parse(Array.from({ length: 20 }, (_, i) => `host=${i + 1}`).join('&')).hosts).toHaveLength(maxHosts);
    expect(parse('series=a&series=a&series=').series).toEqual(['a']);
  });
});
