import type { Channel, Escalation, Route, Routing, Rule } from '../../api/alertTypes';
import { severities, severityNames } from '../../lib/alertWords';
import { formatExactly, joinDuration, splitDuration, type DurationDraft } from '../../lib/duration';

/** The server's limits. */
export const maxRoutes = 50;
export const maxEscalations = 5;

export interface EscalationDraft {
  after: DurationDraft;
  channels: number[];
}

export interface RouteDraft extends Omit<Route, 'escalations'> {
  escalations: EscalationDraft[];
}

export const newRoute: Route = { severities: [], groups: [], tags: [], rules: [], channels: [], escalations: [], last: false };

export function routeDraft(route: Route): RouteDraft {
  return { ...route, escalations: route.escalations.map(({ afterSeconds, channels }) => ({ after: splitDuration(afterSeconds, 'min'), channels })) };
}

/** What is stored, or which escalation is not complete. They are told in the order of their times. */
export function routeOf(draft: RouteDraft): { route: Route } | { faults: (string | null)[] } {
  const read = draft.escalations.map(({ after, channels }): Escalation | string => {
    const seconds = joinDuration(after);
    if (seconds === null || seconds <= 0) return 'Enter after how long.';
    return channels.length === 0 ? 'Choose who is told.' : { afterSeconds: seconds, channels };
  });
  const faults = read.map((each) => (typeof each === 'string' ? each : null));
  if (faults.some((fault) => fault !== null)) return { faults };
  const escalations = read.filter((each) => typeof each !== 'string').toSorted((a, b) => a.afterSeconds - b.afterSeconds);
  return { route: { ...draft, severities: severities.filter((severity) => draft.severities.includes(severity)), escalations } };
}

/** Routes with one of them in another place: they are looked at in order. */
export function moveRoute(routes: readonly Route[], from: number, to: number): Route[] {
  const moved = [...routes];
  const [route] = moved.splice(from, 1);
  if (route) moved.splice(to, 0, route);
  return moved;
}

/** What a route matches: `Critical alerts of hosts tagged production`. */
export function describeMatch({ severities: chosen, groups, tags, rules }: Route, known: readonly Pick<Rule, 'id' | 'name'>[]): string {
  const severity = chosen.length > 0 ? `${inWords(chosen.map((each) => severityNames[each]), 'and')} alerts` : 'All alerts';
  const rule = rules.length > 0 ? ` of ${inWords(rules.map((id) => known.find((each) => each.id === id)?.name ?? `rule ${id}`), 'or')}` : '';
  const group = groups.length > 0 ? ` in group ${inWords(groups, 'or')}` : '';
  const tag = tags.length > 0 ? ` with tag ${inWords(tags, 'or')}` : '';
  return `${severity}${rule}${group || tag ? ' on hosts' : ''}${group}${tag}`;
}

export function describeChannels(ids: readonly number[], known: readonly Pick<Channel, 'id' | 'name'>[]): string {
  return ids.length === 0 ? 'nobody' : inWords(ids.map((id) => known.find((each) => each.id === id)?.name ?? `channel ${id} (gone)`), 'and');
}

export function describeEscalation({ afterSeconds, channels }: Escalation, known: readonly Pick<Channel, 'id' | 'name'>[]): string {
  return `After ${formatExactly(afterSeconds)} without acknowledgement also ${describeChannels(channels, known)}`;
}

export const groupings: { value: Routing['groupBy']; name: string; hint: string }[] = [
  { value: 'all', name: 'All of one rule together', hint: 'Many hosts that are lost within the time make one message.' },
  { value: 'group', name: 'By the hosts’ group', hint: 'One message for each group.' },
  { value: 'tag', name: 'By the hosts’ first tag', hint: 'One message for each tag.' },
  { value: 'none', name: 'Each by itself', hint: 'A message for every alert, however many there are.' },
];

function inWords(names: readonly string[], last: 'and' | 'or'): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1) ?? ''}`;
}
