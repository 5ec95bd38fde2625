import type { IncidentEvent, NotificationState } from '../api/alertTypes';

/** How an event looks in the timeline. */
export type EventTone = 'bad' | 'good' | 'warn' | 'person' | 'quiet';

interface EventWords {
  /** Goes on from the name of who did it, where somebody did. */
  words: string;
  tone: EventTone;
}

const known: Record<string, EventWords> = {
  fired: { words: 'The alert fired', tone: 'bad' },
  resolved: { words: 'The alert is over', tone: 'good' },
  dataLost: { words: 'There are no values any more', tone: 'warn' },
  dataBack: { words: 'There are values again', tone: 'quiet' },
  flappingBegan: { words: 'It changes too often: no more is told until it keeps still', tone: 'warn' },
  flappingEnded: { words: 'It keeps still again', tone: 'quiet' },
  evidence: { words: 'The agent told which processes ran', tone: 'quiet' },
  foundLate: { words: 'Found in values that came late; nobody was told', tone: 'quiet' },
  classic: { words: 'A classic rule was broken', tone: 'bad' },
  acknowledged: { words: 'acknowledged it', tone: 'person' },
  unacknowledged: { words: 'took the acknowledgement back', tone: 'person' },
  comment: { words: 'commented', tone: 'person' },
  silenced: { words: 'Not told: a silence holds', tone: 'quiet' },
  untold: { words: 'It was over before anybody was told', tone: 'quiet' },
  notFailed: { words: 'A notification could not be delivered', tone: 'warn' },
  escalated: { words: 'Nobody took it up: others were told', tone: 'warn' },
  repeated: { words: 'People were told again', tone: 'quiet' },
};

/** What happened; a kind that is not known is said as it is. */
export function describeEvent({ kind }: Pick<IncidentEvent, 'kind'>): EventWords {
  return known[kind] ?? { words: kind.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`), tone: 'quiet' };
}

/** The value to show beside what happened; none where the text says it in a sentence. */
export const valueBeside = ({ text, value }: Pick<IncidentEvent, 'text' | 'value'>): number | null => (text ? null : value);

export const notificationStateNames: Record<NotificationState, string> = { queued: 'Waiting', sent: 'Delivered', dead: 'Failed' };
