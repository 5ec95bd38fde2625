import { describe, expect, it } from 'vitest';
import type { Cluster, Member, MemberFigures } from '../api/clusterTypes';
import { clusterInWords, kindInWords, kindRowsOf, queueRowsOf, totalsOf } from './clusterView';

const none: MemberFigures = {
  cores: 2,
  cpuPercent: 1,
  memoryBytes: 2,
  heapBytes: 1,
  reportsPerSecond: null,
  rowsPerSecond: null,
  liveConnections: null,
  activations: null,
  kinds: null,
  queues: null,
  databaseMilliseconds: null,
  storage: null,
};

const member = (name: string, role: string, figures: Partial<MemberFigures> | null, state = 'active'): Member => ({
  name,
  address: `${name}:1`,
  role,
  state,
  since: '2026-01-01T00:00:00Z',
  heardAt: '2026-01-01T00:00:00Z',
  version: '1',
  isThis: false,
  figures: figures && { ...none, ...figures },
});

const cluster = (members: Member[], rest: Partial<Cluster> = {}): Cluster => ({
  name: 'statusmonitor',
  shape: 'cluster',
  engine: 'Orleans',
  at: '2026-01-01T00:00:00Z',
  members,
  storage: { kind: 'postgresql', isReachable: true, awaySince: null, milliseconds: 1, disk: null, history: null },
  backlog: null,
  ...rest,
});

const gateway = member('g', 'gateway', { reportsPerSecond: 10.5, liveConnections: 2, queues: [{ name: 'passwords', waiting: 1, bound: 64 }, { name: 'bodies', waiting: 9, bound: 100 }] });
const silo = (name: string, hosts: number) => member(name, 'silo', { rowsPerSecond: hosts, activations: hosts + 1, kinds: [{ kind: 'HostGrain', count: hosts }, { kind: 'FleetGrain', count: 1 }] });
const gone = member('s3', 'silo', null, 'gone');

describe('a cluster', () => {
  it('is told in a sentence that leaves out who is gone', () => {
    expect(clusterInWords(cluster([gateway, silo('s1', 3), silo('s2', 2), gone]))).toBe('A cluster of 2 silos and 1 gateway, engine Orleans.');
    expect(clusterInWords(cluster([member('a', 'all', {})], { shape: 'single', engine: 'Embedded' }))).toBe('One server, engine Embedded.');
    expect(clusterInWords(cluster([member('a', 'all', {}), member('b', 'all', {}, 'waiting')], { shape: 'pair' }))).toBe('2 servers on one database, of which one is active; engine Orleans.');
  });

  it('is summed up over those that are heard', () => {
    expect(totalsOf([gateway, silo('s1', 3), silo('s2', 2), gone])).toEqual({ reportsPerSecond: 10.5, activations: 7, silos: 2, liveConnections: 2 });
  });

  it('claims no sum that nobody has given', () => {
    expect(totalsOf([gone])).toEqual({ reportsPerSecond: null, activations: null, silos: 0, liveConnections: null });
  });
});

describe('kinds of grains', () => {
  it.each([
    ['HostGrain', 'Host'],
    ['AlertDeskGrain', 'Alert desk'],
    ['PubSubRendezvousGrain', 'Pub sub rendezvous'],
    ['HTTPGrain', 'Http'],
    ['Grain', 'Grain'],
  ])('%s is %s', (kind, words) => expect(kindInWords(kind)).toBe(words));

  it('are counted by silo, the most numerous first', () => {
    const extra = member('s2', 'silo', { activations: 4, kinds: [{ kind: 'AccountGrain', count: 4 }] });
    expect(kindRowsOf([gateway, silo('s1', 3), extra, gone]).silos.map(({ name }) => name)).toEqual(['s1', 's2']);
    expect(kindRowsOf([gateway, silo('s1', 3), extra, gone]).rows).toEqual([
      { kind: 'AccountGrain', total: 4, bySilo: [0, 4] },
      { kind: 'HostGrain', total: 3, bySilo: [3, 0] },
      { kind: 'FleetGrain', total: 1, bySilo: [1, 0] },
    ]);
  });
});

describe('what waits', () => {
  it('is of each process, then of all', () => {
    const rows = queueRowsOf(
      cluster([gateway, member('s1', 'silo', { queues: [{ name: 'rows', waiting: 3, bound: 50_000 }, { name: 'from the future', waiting: 1, bound: 2 }] }), gone], {
        backlog: { transitions: 4, notifications: 5, boundPerAccount: 100_000 },
        storage: { kind: 'postgresql', isReachable: true, awaySince: null, milliseconds: 1, disk: null, history: { totalBytes: 1, journalBytes: 1, sampleBytes: 1, minuteBytes: 1, quarterHourBytes: 1, waiting: 6 } },
      }),
    );
    expect(rows.map(({ name, where, waiting, bound }) => [name, where, waiting, bound])).toEqual([
      ['Rows for the disk', 's1', 3, 50_000],
      ['Reports being read', 'g', 9, 100],
      ['Passwords to check', 'g', 1, 64],
      ['Alert changes to tell of', null, 4, null],
      ['Notifications to send', null, 5, null],
      ['Samples to compact', null, 6, null],
    ]);
  });

  it('is told apart by addresses where names are the same', () => {
    expect(queueRowsOf(cluster([gateway, { ...gateway, address: 'g:2' }])).map(({ where }) => where)).toEqual(['g:1', 'g:2', 'g:1', 'g:2']);
  });

  it('needs no place where there is one process, and is left out where it is not known', () => {
    expect(queueRowsOf(cluster([gateway]))).toMatchObject([{ name: 'Reports being read', where: null, isBytes: true }, { name: 'Passwords to check', where: null }]);
  });
});
