// What crosses the wire about alerts. Times are ISO 8601 texts and durations seconds unless a name says otherwise.

/** From most to least. */
export type Severity = 'critical' | 'warning' | 'info';

export type RuleKind = 'threshold' | 'rate' | 'forecast' | 'offline' | 'rebooted' | 'noData' | 'classic';

export type Condition = 'above' | 'atOrAbove' | 'below' | 'atOrBelow';

export type MissingData = 'keep' | 'resolve' | 'fire';

/** Which hosts a rule is for. */
export interface RuleScope {
  kind: 'all' | 'group' | 'tag' | 'host';
  name?: string | null;
  hostId?: number | null;
}

/** What somebody decides about a rule. */
export interface RuleBody {
  name: string;
  kind: RuleKind;
  scope: RuleScope;
  /** The name of a series, or a pattern of several; null where the kind has none. */
  series?: string | null;
  condition: Condition;
  threshold: number;
  clearThreshold?: number | null;
  forSeconds: number;
  keepFiringForSeconds: number;
  severity: Severity;
  missingData: MissingData;
  cooldownSeconds: number;
  repeatSeconds: number;
  withinSeconds?: number | null;
  enabled: boolean;
}

export interface Rule extends RuleBody {
  id: number;
  /** Which of the rules that every account begins with. */
  default?: string | null;
  /** Of a classic rule, what it looks at: `cpu`, `memory` or `disk`. */
  metric?: string | null;
  /** Null for a default. */
  createdAt: string | null;
}

/** When a rule would have fired. Unix milliseconds. */
export interface Episode {
  from: number;
  /** Null if it had not ended. */
  to: number | null;
  peak: number | null;
}

export interface PreviewSeries {
  name: string;
  unit: string;
  times: number[];
  min: (number | null)[];
  mean: (number | null)[];
  max: (number | null)[];
  episodes: Episode[];
}

/** What a rule would have done in the past of a host. Times are Unix milliseconds. */
export interface RulePreview {
  hostId: number;
  from: number;
  to: number;
  /** Milliseconds that one point stands for; 0 for samples as they came. */
  step: number;
  fired: number;
  resolution: 'sample' | 'minute' | 'quarterHour';
  series: PreviewSeries[];
}

export type IncidentState = 'open' | 'acknowledged' | 'resolved';

export interface IncidentRule extends Pick<Rule, 'id' | 'name' | 'kind' | 'condition' | 'threshold' | 'clearThreshold' | 'forSeconds'> {
  /** Of the series' values. */
  unit?: string | null;
}

export interface Incident {
  id: string;
  host: { id: number; name: string };
  /** As it was when the incident began. */
  rule: IncidentRule;
  severity: Severity;
  series: string | null;
  state: IncidentState;
  openedAt: string;
  resolvedAt: string | null;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  /** What it began with. */
  value: number | null;
  /** The worst so far. */
  peak: number | null;
  flapping: boolean;
  noData: boolean;
  /** Only samples that came late tell of it; nobody was told. */
  foundLate: boolean;
  comments: number;
  mayChange: boolean;
}

export interface IncidentEvent {
  at: string;
  /** A word; `lib/incidentWords.ts` has the words for people. */
  kind: string;
  /** Null for what the server did. */
  actor: string | null;
  text: string | null;
  value: number | null;
}

export interface ProcessSighting {
  id: number;
  name: string;
  /** Of one core. */
  cpuPercent: number;
  memoryBytes: number;
}

export type NotificationState = 'queued' | 'sent' | 'dead';

export interface IncidentStory extends Incident {
  events: IncidentEvent[];
  /** What ran when it began. */
  processes: ProcessSighting[];
  notifications: { channel: string | null; title: string; state: NotificationState; at: string; attempts: number; error: string | null }[];
  forecastAt?: string | null;
}

export interface IncidentQuery {
  /** `active` is open and acknowledged together; none is all. */
  state?: (IncidentState | 'active')[];
  severity?: Severity[];
  host?: number;
  rule?: number;
  q?: string;
  /** Where the page before ended. */
  after?: string;
  limit?: number;
}

export interface IncidentPage {
  incidents: Incident[];
  counts: { open: number; acknowledged: number };
  next: string | null;
}

/** The server's word that something of these has changed; nothing named means that it can be anything. */
export interface AlertsChanged {
  incidents: string[];
  hosts: number[];
}

export type Day = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Windows that come again. */
export interface Recurrence {
  /** Empty is every day. */
  days: Day[];
  /** `22:00` */
  start: string;
  minutes: number;
  /** IANA name. */
  timeZone: string;
}

/** What somebody decides about a silence. What is empty matches all. */
export interface SilenceBody {
  comment: string;
  hosts: number[];
  groups: string[];
  tags: string[];
  rules: number[];
  from: string;
  to: string | null;
  recurrence: Recurrence | null;
}

export interface Silence extends SilenceBody {
  id: number;
  createdBy: string;
  active: boolean;
  /** When the next window begins. */
  next: string | null;
}

export type ChannelKind = 'telegram' | 'email' | 'webhook' | 'ntfy' | 'slack' | 'discord';

export interface ChannelBody {
  name: string;
  kind: ChannelKind;
  enabled: boolean;
  /** Of a channel that is there already, a secret that is not in here stays as it is. */
  settings: Record<string, string>;
}

export interface Channel extends ChannelBody {
  id: number;
  /** Names of the settings that are set but never shown. */
  secrets: string[];
  createdAt: string;
  /** For rules of the older StatusMonitor alone. */
  classic: boolean;
}

export interface ChannelList {
  channels: Channel[];
  available: {
    telegram: {
      enabled: boolean;
      bot: string | null;
      /** Why the bot does not work. */
      problem?: string | null;
    };
  };
}

export interface ChannelTest {
  outcome: 'accepted' | 'retry' | 'refused';
  error: string | null;
}

export interface TelegramLink {
  code: string;
  /** Opens the chat with the bot; null if the bot's name is not known. */
  url: string | null;
  /** Adds the bot to a group and links that. */
  groupUrl?: string | null;
  bot: string | null;
  expiresAt: string;
}

export interface Escalation {
  afterSeconds: number;
  channels: number[];
}

/** Which alerts go where. What is empty matches all, but for the channels: none is nowhere. */
export interface Route {
  severities: Severity[];
  groups: string[];
  tags: string[];
  rules: number[];
  channels: number[];
  escalations: Escalation[];
  /** What it matches is not looked at by the routes after it. */
  last: boolean;
}

export interface Routing {
  groupBy: 'all' | 'group' | 'tag' | 'none';
  groupSeconds: number;
  routes: Route[];
}

export interface Notification {
  id: string;
  /** Null if it is there no more. */
  channel: { id: number; name: string; kind: ChannelKind } | null;
  title: string;
  state: NotificationState;
  createdAt: string;
  dueAt: string;
  attempts: number;
  error: string | null;
  incidents: string[];
}

export interface NotificationList {
  notifications: Notification[];
  /** How many are dead in all. */
  dead: number;
}
