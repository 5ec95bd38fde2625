import { describe, expect, it } from 'vitest';
import type { CatalogueSeries } from '../../api/types';
import { parseSeriesName } from '../../lib/seriesName';
import { choosePanels, detailsOf, detailText, exportedSeries, nameDetail, parseDetail, selectorsOf, type HistoryPanel } from './historyPanels';

const known = (name: string): CatalogueSeries => {
  const { base, labels } = parseSeriesName(name);
  return { name, metric: base, labels: Object.fromEntries(labels.map((label) => [label.name, label.value])), unit: '', kind: 'gauge', meaning: '', first: '', last: '' };
};
const panels = (...names: string[]) => choosePanels(names.map(known));
const only = (...names: string[]): HistoryPanel => {
  const [panel, ...others] = panels(...names);
  expect(others).toEqual([]);
  if (!panel) throw new Error('There is no panel.');
  return panel;
};

describe('choosePanels', () => {
  it('has what the host has, in its usual order', () => {
    expect(panels('load.1m', 'cpu.percent', 'something.else', 'net.rx.bytes{nic=eth0}').map(({ key }) => key)).toEqual(['cpu', 'network', 'load']);
    expect(panels()).toEqual([]);
  });

  it('has only the parts that are there', () => expect(only('cpu.percent', 'cpu.user.percent').total.map(({ label }) => label)).toEqual(['Total', 'User']));

  it('knows the devices in natural order, whichever part they have', () => {
    const panel = only('net.rx.bytes{nic=eth10}', 'net.tx.bytes{nic=eth2}', 'net.rx.bytes{nic=eth2}');
    expect(panel.devices).toEqual(['eth2', 'eth10']);
    expect(panel.seriesOf['eth2']).toEqual(['net.rx.bytes{nic=eth2}', 'net.tx.bytes{nic=eth2}']);
  });

  it('takes the top of the axis only from what is there', () => {
    expect(only('memory.used.bytes').top).toBeNull();
    expect(only('memory.used.bytes', 'memory.total.bytes').top).toBe('memory.total.bytes');
  });

  it('is not made by the top of an axis alone', () => expect(panels('memory.total.bytes')).toEqual([]));
});

describe('details of a panel', () => {
  const names = (panel: HistoryPanel) => detailsOf(panel).map((detail) => nameDetail(panel, detail));

  it('are the whole, all, and each', () => expect(names(only('cpu.percent', 'cpu.core.percent{core=0}', 'cpu.core.percent{core=1}'))).toEqual(['Total', 'All cores', 'Core 0', 'Core 1']));

  it('are one where there is nothing to choose', () => {
    expect(names(only('load.1m'))).toEqual(['Total']);
    expect(names(only('net.rx.bytes{nic=eth0}'))).toEqual(['Total']);
    expect(names(only('disk.used.percent{mount=/}'))).toEqual(['All filesystems']);
  });

  it('come back from their own text, and from another’s as the first', () => {
    const panel = only('disk.used.percent{mount=/}', 'disk.used.percent{mount=/home}');
    for (const detail of detailsOf(panel)) expect(parseDetail(panel, detailText(detail))).toEqual(detail);
    expect(parseDetail(panel, 'total')).toEqual({ kind: 'each' });
    expect(parseDetail(panel, 'one:/gone')).toEqual({ kind: 'each' });
  });
});

describe('selectorsOf', () => {
  it('asks for what is drawn', () => {
    const panel = only('cpu.percent', 'cpu.core.percent{core=0}', 'cpu.core.percent{core=1}');
    expect(selectorsOf(panel, { kind: 'total' })).toEqual(['cpu.percent']);
    expect(selectorsOf(panel, { kind: 'each' })).toEqual(['cpu.core.percent']);
    expect(selectorsOf(panel, { kind: 'one', device: '1' })).toEqual(['cpu.core.percent{core=1}']);
    expect(selectorsOf(panel, { kind: 'one', device: 'gone' })).toEqual([]);
  });

  it('asks for the top of the axis as well', () => expect(selectorsOf(only('swap.used.bytes', 'swap.total.bytes'), { kind: 'total' })).toEqual(['swap.used.bytes', 'swap.total.bytes']));
});

describe('exportedSeries', () => {
  it('has what the charts show, each once, and what was picked', () => {
    const catalogue = ['cpu.percent', 'cpu.core.percent{core=0}', 'net.rx.bytes{nic=a}', 'own{x=1}'].map(known);
    expect(exportedSeries(catalogue, ['own{x=1}', 'gone'])).toEqual(['own{x=1}', 'cpu.percent', 'net.rx.bytes', 'cpu.core.percent']);
  });

  it('leaves out what would be too much for one request', () => {
    const cores = Array.from({ length: 201 }, (_, i) => `cpu.core.percent{core=${i}}`);
    expect(exportedSeries([...cores, 'cpu.percent', 'disk.used.percent{mount=/}'].map(known), [])).toEqual(['cpu.percent', 'disk.used.percent']);
  });
});
