// What crosses the wire, for REST and the hub alike. Times are ISO 8601 texts unless a name says otherwise.

export type HostStatus = 'pending' | 'online' | 'late' | 'offline';

export type FleetSort = 'name' | 'status' | 'cpu' | 'memory' | 'disk' | 'network' | 'lastSeen';

export interface FleetQuery {
  search?: string;
  status?: HostStatus;
  sort?: FleetSort;
  descending?: boolean;
  offset?: number;
  limit?: number;
}

export interface FleetCounts {
  total: number;
  online: number;
  late: number;
  offline: number;
  pending: number;
}

export interface HostRow {
  id: number;
  name: string;
  status: HostStatus;
  lastSeen: string | null;
  cpuPercent: number | null;
  memoryPercent: number | null;
  /** The fullest filesystem. */
  diskPercent: number | null;
  rxBytesPerSecond: number | null;
  txBytesPerSecond: number | null;
  load1: number | null;
  uptimeSeconds: number | null;
  /** CPU over the last 15 minutes, oldest first. Only a page brings it, a change does not. */
  cpuSpark?: (number | null)[] | null;
}

export interface FleetPage {
  counts: FleetCounts;
  /** Hosts that fit the query, on this page or another. */
  matched: number;
  rows: HostRow[];
  serverTime: string;
}

export interface FleetChange {
  counts: FleetCounts;
  rows: HostRow[];
}

export interface Series {
  /** Canonical text, such as `cpu.core.percent{core=3}`. */
  name: string;
  unit: string;
  kind: 'gauge' | 'counter';
}

export interface AgentInfo {
  version: string | null;
  hostname: string | null;
  os: string | null;
  kernel: string | null;
  architecture: string | null;
  cpu: string | null;
}

export type SampleValues = (number | null)[];

export interface HostSnapshot {
  id: number;
  name: string;
  status: HostStatus;
  lastSeen: string | null;
  intervalSeconds: number | null;
  bootId: string | null;
  /** The agent's clock minus the server's. */
  clockOffsetSeconds: number | null;
  agent: AgentInfo | null;
  serverTime: string;
  series: Series[];
  /** Unix milliseconds, ascending. */
  times: number[];
  /** `values[series][time]`. */
  values: SampleValues[];
}

export interface HostSamples {
  id: number;
  /** Where the first of the new series stands in the catalogue. */
  firstNewSeries: number;
  newSeries: Series[];
  samples: {
    /** Unix milliseconds. Older than the newest sample when the agent had to keep it back. */
    at: number;
    /** One value per series of the catalogue, in its order; may end early. */
    values: SampleValues;
  }[];
}

export interface HostStatusChange {
  id: number;
  status: HostStatus;
  lastSeen: string | null;
}

export interface Resync {
  /** The host whose updates were dropped, or null for the fleet. */
  hostId: number | null;
}

export interface NewHost {
  id: number;
  name: string;
  /** Shown this once; the server keeps only a hash. */
  token: string;
  tokenExpiresAt: string;
}

/** RFC 9457. */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  errors?: Record<string, string[]>;
}
