import { describe, expect, it } from 'vitest';
import type { CatalogueSeries } from '../api/types';
import { findSeries, maxPicked, parsePicked, togglePicked } from './seriesSearch';

const series = (name: string, meaning = ''): CatalogueSeries => ({ name, metric: name, labels: {}, unit: '', kind: 'gauge', meaning, first: '', last: '' });

describe('findSeries', () => {
  const catalogue = [series('disk.used.bytes{mount=/}', 'Space in use on a filesystem.'), series('disk.busy.seconds{device=sda}'), series('load.1m', 'Load average.')];
  const names = (search: string) => findSeries(catalogue, search).map(({ name }) => name);

  it('looks for every word, in any order and case', () => {
    expect(names('USED disk')).toEqual(['disk.used.bytes{mount=/}']);
    expect(names('disk')).toHaveLength(2);
    expect(names('sda')).toEqual(['disk.busy.seconds{device=sda}']);
    expect(names('nothing')).toEqual([]);
  });

  it('knows what a series means', () => expect(names('filesystem space')).toEqual(['disk.used.bytes{mount=/}']));

  it('finds all when nothing is looked for', () => expect(names('  ')).toHaveLength(3));
});

describe('picked series in the address', () => {
  const name = 'disk.used.bytes{mount="/a,b & c"}';

  it('come back from their own text', () => {
    const params = togglePicked(togglePicked(new URLSearchParams('range=1h'), name), 'b');
    expect(params.get('range')).toBe('1h');
    expect(parsePicked(new URLSearchParams(params.toString()))).toEqual([name, 'b']);
    expect(parsePicked(togglePicked(params, name))).toEqual(['b']);
  });

  it('are a few, each once', () => {
    const many = Array.from({ length: 20 }, (_, i) => `series=s${i}&series=s${i}`).join('&');
    expect(parsePicked(new URLSearchParams(many))).toHaveLength(maxPicked);
    expect(parsePicked(togglePicked(new URLSearchParams(many), 'more'))).not.toContain('more');
  });
});
