import type { Cluster, Member } from '../api/clusterTypes';
import { plural } from './format';

/** What the server is made of, in a sentence. */
export function clusterInWords({ shape, engine, members }: Cluster): string {
  const heard = members.filter((member) => member.state !== 'gone');
  switch (shape) {
    case 'single':
      return `One server, engine ${engine}.`;
    case 'pair':
      return `${plural(heard.length, 'server', 'servers')} on one database, of which one is active; engine ${engine}.`;
    case 'cluster': {
      const silos = heard.filter((member) => member.role === 'silo').length;
      const gateways = heard.filter((member) => member.role === 'gateway').length;
      return `A cluster of ${plural(silos, 'silo', 'silos')} and ${plural(gateways, 'gateway', 'gateways')}, engine ${engine}.`;
    }
  }
}

export const roleWords: Record<string, string> = { all: 'Server', silo: 'Silo', gateway: 'Gateway' };

/** Sums over those that are heard; null where none of them has such a thing. */
export interface ClusterTotals {
  reportsPerSecond: number | null;
  activations: number | null;
  silos: number;
  liveConnections: number | null;
}

export function totalsOf(members: Member[]): ClusterTotals {
  const figures = members.flatMap((member) => member.figures ?? []);
  const sum = (values: (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  return {
    reportsPerSecond: sum(figures.map((each) => each.reportsPerSecond)),
    activations: sum(figures.map((each) => each.activations)),
    silos: figures.filter((each) => each.activations !== null).length,
    liveConnections: sum(figures.map((each) => each.liveConnections)),
  };
}

/** `HostGrain` → `Host`, `AlertDeskGrain` → `Alert desk`. */
export function kindInWords(kind: string): string {
  const words = kind
    .replace(/Grain$/, '')
    .replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .toLowerCase();
  return words === '' ? kind : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Activations of a kind, and how many each silo has of them, in the order of the silos. */
export interface KindRow {
  kind: string;
  total: number;
  bySilo: number[];
}

/** The silos that are heard, and what they have, the most numerous kind first. */
export function kindRowsOf(members: Member[]): { silos: Member[]; rows: KindRow[] } {
  const silos = members.filter((member) => member.figures?.kinds);
  const kinds = new Map<string, number[]>();
  silos.forEach((silo, i) => {
    for (const { kind, count } of silo.figures?.kinds ?? []) {
      const bySilo = kinds.get(kind) ?? silos.map(() => 0);
      bySilo[i] = count;
      kinds.set(kind, bySilo);
    }
  });
  const rows = [...kinds].map(([kind, bySilo]) => ({ kind, bySilo, total: bySilo.reduce((sum, count) => sum + count, 0) }));
  return { silos, rows: rows.toSorted((a, b) => b.total - a.total || a.kind.localeCompare(b.kind)) };
}

/** Something that waits. */
export interface QueueRow {
  /** Which queue, and of which process if there are several that have it. */
  key: string;
  name: string;
  where: string | null;
  waiting: number;
  /** Beyond it more is refused, or waits where it comes from; null if there is no such number. */
  bound: number | null;
  isBytes: boolean;
}

const queueNames: Record<string, string> = { rows: 'Rows for the disk', bodies: 'Reports being read', passwords: 'Passwords to check' };

/** All queues, those of processes first. */
export function queueRowsOf({ members, backlog, storage }: Cluster): QueueRow[] {
  // Processes of one machine may have one name.
  const isNamed = new Set(members.map((member) => member.name)).size === members.length;
  const rows = Object.keys(queueNames).flatMap((queue) =>
    members.flatMap((member) =>
      (member.figures?.queues ?? [])
        .filter(({ name }) => name === queue)
        .map(({ name, waiting, bound }): QueueRow => ({
          key: `${name} ${member.name} ${member.address}`,
          name: queueNames[name] ?? name,
          where: members.length === 1 ? null : isNamed ? member.name : member.address,
          waiting,
          bound,
          isBytes: name === 'bodies',
        })),
    ),
  );
  const shared = (key: string, name: string, waiting: number): QueueRow => ({ key, name, where: null, waiting, bound: null, isBytes: false });
  if (backlog) rows.push(shared('transitions', 'Alert changes to tell of', backlog.transitions), shared('notifications', 'Notifications to send', backlog.notifications));
  if (storage.history) rows.push(shared('compaction', storage.kind === 'postgresql' ? 'Samples to compact' : 'Pieces to compact', storage.history.waiting));
  return rows;
}
