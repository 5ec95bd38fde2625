// What crosses the wire, for REST and the hub alike. Times are ISO 8601 texts unless a name says otherwise.

import type { Severity } from './alertTypes';

export type HostStatus = 'pending' | 'online' | 'late' | 'offline';

export type FleetSort = 'name' | 'status' | 'cpu' | 'memory' | 'disk' | 'network' | 'lastSeen';

/** What the signed-in account may do with a host; each includes the one before. */
export type HostAccess = 'read' | 'full' | 'owner';

export interface FleetQuery {
  search?: string;
  status?: HostStatus;
  group?: string;
  tag?: string;
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
  group: string | null;
  tags: string[];
  access: HostAccess;
  lastSeen: string | null;
  cpuPercent: number | null;
  memoryPercent: number | null;
  /** The fullest filesystem. */
  diskPercent: number | null;
  rxBytesPerSecond: number | null;
  txBytesPerSecond: number | null;
  load1: number | null;
  uptimeSeconds: number | null;
  /** Alerts that are open, acknowledged or not; and the worst of them. */
  firing: number;
  severity: Severity | null;
  /** CPU over the last 15 minutes, oldest first. Only a page brings it, a change does not. */
  cpuSpark?: (number | null)[] | null;
}

export interface FleetPage {
  counts: FleetCounts;
  /** Hosts that fit the query, on this page or another. */
  matched: number;
  rows: HostRow[];
  /** Groups and tags of all hosts that can be seen, sorted; at most 200 each. */
  groups: string[];
  tags: string[];
  serverTime: string;
}

/** A page, with the question that it answers. */
export interface WatchedFleet extends FleetPage {
  asked: FleetQuery;
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
  group: string | null;
  tags: string[];
  access: HostAccess;
  /** Null for a host that has nobody. */
  owner: { id: number; username: string } | null;
  /** Null for a host from before this was kept. */
  createdAt: string | null;
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

/** The watched host was deleted, or is no longer shared with this account. */
export interface HostGone {
  id: number;
}

export interface HostChange {
  name?: string;
  /** Empty takes the host out of its group. */
  group?: string;
  tags?: string[];
}

export interface NewHost {
  id: number;
  name: string;
  /** Shown this once; the server keeps only a hash. */
  token: string;
  tokenExpiresAt: string;
}

/** A token of a host's agent; its text is not kept. */
export interface TokenInfo {
  id: number;
  createdAt: string;
  /** Until when it must be used for the first time. */
  expiresAt: string;
  isActivated: boolean;
  lastUsedAt: string | null;
}

export interface NewToken {
  id: number;
  token: string;
  expiresAt: string;
}

export type ShareAccess = Exclude<HostAccess, 'owner'>;

export interface HostShare {
  accountId: number;
  username: string;
  access: ShareAccess;
}

export type Role = 'user' | 'administrator';

export interface Account {
  id: number;
  username: string;
  role: Role;
  isDisabled: boolean;
  createdAt: string;
}

/** What signing in and every refresh answer; the refresh token itself is a cookie that no script can read. */
export interface SessionGrant {
  accessToken: string;
  expiresIn: number;
  account: Account;
}

export interface SignInOptions {
  selfRegistration: boolean;
}

export interface SessionInfo {
  id: string;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
  address: string | null;
  userAgent: string | null;
  isCurrent: boolean;
}

export interface EnrolmentToken {
  id: number;
  label: string;
  group: string | null;
  tags: string[];
  uses: number;
  usesLeft: number;
  createdAt: string;
  expiresAt: string;
}

export interface NewEnrolmentToken extends EnrolmentToken {
  /** Shown this once; the server keeps only a hash. */
  token: string;
}

export interface EnrolmentTerms {
  label?: string;
  group?: string;
  tags?: string[];
  uses: number;
  validHours: number;
}

export interface User extends Account {
  hosts: number;
}

export interface UserQuery {
  search?: string;
  offset?: number;
  limit?: number;
}

export interface UserPage {
  total: number;
  matched: number;
  users: User[];
}

export interface NewUser extends Account {
  /** Only if the server made it up. */
  password?: string;
}

/** What becomes of the hosts of a deleted account. */
export type OrphanedHosts = 'transfer' | 'delete';

export interface AuditEntry {
  id: number;
  at: string;
  /** Null if nobody was signed in; without an id it is the name somebody claimed. */
  actor: { id: number | null; name: string | null } | null;
  /** A dotted word such as `account.login`; `lib/auditWords.ts` has the words for people. */
  action: string;
  target: { kind: string; id: string | null; name: string | null } | null;
  address: string | null;
  outcome: string;
  detail: string | null;
}

export interface AuditQuery {
  actor?: string;
  action?: string;
  targetKind?: string;
  targetId?: string;
  outcome?: string;
  from?: string;
  to?: string;
  before?: number;
  limit?: number;
}

export interface AuditPage {
  entries: AuditEntry[];
  /** What `before` must be for the entries that follow; null if there are none. */
  next: number | null;
}

/** A series that a host has, or had. */
export interface CatalogueSeries extends Series {
  /** The dotted name without labels. */
  metric: string;
  labels: Record<string, string>;
  /** One sentence, or empty. */
  meaning: string;
  first: string;
  last: string;
}

/** One series over the times of an answer; null where it has no value. */
export interface HistorySeries extends Series {
  metric: string;
  labels: Record<string, string>;
  view: 'value' | 'rate';
  mean: (number | null)[];
  /** Not there where every point is a single sample. */
  min?: (number | null)[];
  max?: (number | null)[];
}

/** A stretch without samples, Unix milliseconds, and why. */
export interface HistoryGap {
  from: number;
  to: number;
  reason: 'server-away' | 'host-offline';
}

/** What several series of a host were like over time. */
export interface History {
  tier: 'raw' | 'minute' | 'quarterHour';
  /** Milliseconds that one point stands for; 0 for samples as they came. */
  step: number;
  /** How often the host reports, milliseconds. */
  interval: number | null;
  /** Unix milliseconds, ascending, with a time without values in each gap. */
  times: number[];
  series: HistorySeries[];
  gaps: HistoryGap[];
}

/** The same of several hosts, each with times of its own. */
export interface FleetHistory {
  step: number;
  hosts: (Pick<History, 'times' | 'series' | 'gaps'> & { id: number; name: string })[];
}

/** RFC 9457. */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  errors?: Record<string, string[]>;
}
