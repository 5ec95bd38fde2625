import { describe, expect, it } from 'vitest';
import { matchesSeries, suggestPatterns } from './seriesPattern';

describe('matchesSeries', () => {
  it.each([
    ['cpu.percent', 'cpu.percent', true],
    ['cpu', 'cpu.percent', false],
    ['disk.used.percent', 'disk.used.percent{mount=/}', true],
    ['disk.used.percent{*}', 'disk.used.percent{mount=/}', true],
    ['disk.used.percent{mount=/data*}', 'disk.used.percent{mount=/data/a}', true],
    ['disk.used.percent{mount=/data*}', 'disk.used.percent{mount=/}', false],
    ['disk.used.percent{mount=*}', 'disk.used.percent', false],
    ['disk.used.percent{mount="/a,b*"}', 'disk.used.percent{mount="/a,b c"}', true],
    ['x{a=1}', 'x{a=1,b=2}', true],
    ['x{a=.}', 'x{a=1}', false],
    ['x{a=*1*2}', 'x{a=0112}', true],
    [' cpu.percent ', 'cpu.percent', true],
  ])('%s and %s: %s', (pattern, series, matches) => expect(matchesSeries(pattern, series)).toBe(matches));
});

describe('suggestPatterns', () => {
  it('has each name once, with its labels where there are any', () => {
    expect(suggestPatterns(['cpu.percent', 'disk.used.percent{mount=/}', 'disk.used.percent{mount=/data}'])).toEqual([
      'cpu.percent',
      'disk.used.percent',
      'disk.used.percent{mount=/}',
      'disk.used.percent{mount=/data}',
    ]);
    expect(suggestPatterns([])).toEqual([]);
  });
});
