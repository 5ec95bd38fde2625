import { describe, expect, it } from 'vitest';
import type { ChartLine } from './chartLine';
import { meanOf, summarise } from './chartSummary';

const line = (values: ChartLine['values'], band?: ChartLine['band']): ChartLine => ({ key: 'a', label: 'Total', color: '', look: 'line', values, ...(band && { band }) });
const percent = (value: number) => `${value}%`;

describe('summarise', () => {
  it('says mean, lowest and highest of each line', () => {
    expect(summarise([line([1, null, 3]), { ...line([5, undefined, 5]), label: 'User' }], percent)).toBe('Total: mean 2%, from 1% to 3%. User: mean 5%, from 5% to 5%.');
  });

  it('knows the spikes that a mean hides', () => {
    expect(summarise([line([10, 20], { min: [0, null], max: [99, 30] })], percent)).toBe('Total: mean 15%, from 0% to 99%.');
  });

  it('leaves out what has no values', () => {
    expect(summarise([line([null, undefined])], percent)).toBe('No data in this range.');
    expect(summarise([], percent)).toBe('No data in this range.');
  });
});

describe('meanOf', () => {
  it('counts only what is known', () => {
    expect(meanOf([1, null, undefined, 3])).toBe(2);
    expect(meanOf([null])).toBeNull();
  });
});
