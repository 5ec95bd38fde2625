/** A process of the server: `GET /api/v1/cluster`. */
export interface Member {
  name: string;
  address: string;
  /** What a newer version may call it is shown as it is. */
  role: 'all' | 'silo' | 'gateway' | (string & {});
  /** `gone` has said nothing for 10 s; `unknown` while the database is away. */
  state: 'active' | 'waiting' | 'gone' | 'unknown' | (string & {});
  since: string;
  heardAt: string;
  version: string | null;
  /** It is the one that answered. */
  isThis: boolean;
  /** Null of one that is not heard. */
  figures: MemberFigures | null;
}

/** Null where a process has no such thing. */
export interface MemberFigures {
  cores: number;
  /** Of all its cores. */
  cpuPercent: number;
  memoryBytes: number;
  heapBytes: number;
  /** Taken from agents. */
  reportsPerSecond: number | null;
  /** Written by its grains. */
  rowsPerSecond: number | null;
  liveConnections: number | null;
  activations: number | null;
  kinds: { kind: string; count: number }[] | null;
  queues: { name: string; waiting: number; bound: number }[] | null;
  databaseMilliseconds: number | null;
  storage: 'ok' | 'failing' | 'full' | (string & {}) | null;
}

export interface ClusterStorage {
  kind: 'sqlite' | 'postgresql';
  isReachable: boolean;
  awaySince: string | null;
  milliseconds: number | null;
  disk: { path: string; freeBytes: number; totalBytes: number; state: 'ok' | 'low' | 'full' } | null;
  history: { totalBytes: number; journalBytes: number; sampleBytes: number; minuteBytes: number; quarterHourBytes: number; waiting: number } | null;
}

export interface Cluster {
  name: string;
  shape: 'single' | 'pair' | 'cluster';
  engine: string;
  at: string;
  members: Member[];
  storage: ClusterStorage;
  backlog: { transitions: number; notifications: number; boundPerAccount: number } | null;
}
